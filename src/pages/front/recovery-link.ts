import { passwordProblems } from "../../domain/new-password.ts";
import { readOwnForm } from "../../http/own-form.ts";
import { type Headers, page, seeOther } from "../../http/reply.ts";
import type { Call } from "../../endpoint/call.ts";
import { recoverByLink } from "../../operations/people/recover.ts";
import { findLink } from "../../operations/people/recovery-links.ts";
import { problemView } from "../../ui/problem.tsx";
import { recoveryLinkView } from "./recovery-link.tsx";

/** `GET /recover/:link`: looking at it uses nothing up, since mail programs do. */
export function recoveryLinkPage(call: Call): Promise<Response> {
	return show(call, 200, null);
}

/** `POST /recover/:link` with `new_password` */
export async function takeRecoveryLinkPage(call: Call): Promise<Response> {
	const { request, services, params, address } = call;
	const form = await readOwnForm(request, services.config.issuer);
	if (!form.ok) return page(form.status, problemView(form));
	const password = form.params.get("new_password") ?? "";
	const recovered = await recoverByLink(params.link ?? "", { password, address }, services);
	switch (recovered.kind) {
		case "recovered":
			return seeOther("/recover?done=password");
		case "wrong":
			return gone();
		case "refused":
			return show(call, 400, passwordProblems[recovered.problem]);
		case "busy":
			return show(call, 503, "The server is busy. Please try again.", { "retry-after": "1" });
	}
}

async function show({ services, params }: Call, status: number, error: string | null, headers?: Headers) {
	const sealed = params.link ?? "";
	const link = await findLink(sealed, services);
	if (link?.state !== "good") return gone();
	const { username } = link.person;
	return page(status, recoveryLinkView({ action: `/recover/${sealed}`, username, error }), headers);
}

/** Whatever is the matter with it. */
function gone(): Response {
	const detail =
		"This link is good no more, or is not whole. Each is good once, for 24 hours, and for the password of then.";
	const what =
		"If you have just set a new password, sign in with it. Else have another link made, or take another way.";
	return page(404, problemView({ title: "No way back in", detail, what }));
}
