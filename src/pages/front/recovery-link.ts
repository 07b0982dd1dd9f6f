import { readOwnForm } from "../../http/own-form.ts";
import { type Headers, page, seeOther } from "../../http/reply.ts";
import type { Call } from "../../endpoint/call.ts";
import { refusedForm, shellOf } from "../../endpoint/shell.ts";
import { recoverByLink } from "../../operations/people/recover.ts";
import { findLink } from "../../operations/people/recovery-links.ts";
import { askToRecoverByLink } from "../../operations/people/recover-by-passkey.ts";
import { readBrowserCookie } from "../../http/cookies.ts";
import type { FieldErrors } from "../../ui/error-summary.tsx";
import { problemView } from "../../ui/problem.tsx";
import { askingBrowser, wantsPasskey, wayInOf } from "./passkey-in-form.ts";
import { notAsked } from "./recover.ts";
import { recoverByPasskeyView } from "./recover.tsx";
import { type RecoveryLinkField, recoveryLinkView } from "./recovery-link.tsx";

/** `GET /recover/:link`: looking at it uses nothing up, since mail programs do. */
export function recoveryLinkPage(call: Call): Promise<Response> {
	return show(call, 200, {});
}

/** `POST /recover/:link` with `new_password`, or `with=passkey` and then `new_passkey` */
export async function takeRecoveryLinkPage(call: Call): Promise<Response> {
	const { request, services, params, address } = call;
	const form = await readOwnForm(request, services.config.issuer);
	if (!form.ok) return page(form.status, problemView(refusedForm(form, await shellOf(call))));
	const sealed = params.link ?? "";
	const purpose = "recover by link";
	if (wantsPasskey(form.params)) {
		const { browser, cookie } = askingBrowser(purpose, call);
		const second = form.params.get("second") ?? "";
		const given = { second, browser, address, kept: readBrowserCookie(request) };
		const asked = await askToRecoverByLink(sealed, given, services);
		if (asked.kind === "wrong") return gone(call);
		if (asked.kind !== "asked") return show(call, ...notAsked(asked, (await shellOf(call)).words));
		return page(
			200,
			recoverByPasskeyView({ shell: await shellOf(call), action: `/recover/${sealed}`, fields: {}, asked }),
			cookie,
		);
	}
	const wayIn = wayInOf(form.params, form.params.get("new_password") ?? "", purpose, call);
	const given = { wayIn, held: form.params.get("held") ?? "", address };
	const recovered = await recoverByLink(sealed, given, services);
	const { passkey, rules, common } = (await shellOf(call)).words;
	switch (recovered.kind) {
		case "recovered":
			return seeOther(`/recover?done=${wayIn.kind}`);
		case "wrong":
			return gone(call);
		case "not_made":
			return show(call, 400, { new_password: passkey.notMade });
		case "refused":
			return show(call, 400, { new_password: rules.password[recovered.problem] });
		case "busy":
			return show(call, 503, { new_password: common.busy }, { "retry-after": "1" });
	}
}

async function show(call: Call, status: number, errors: FieldErrors<RecoveryLinkField>, headers?: Headers) {
	const { services, params } = call;
	const sealed = params.link ?? "";
	const link = await findLink(sealed, services);
	if (link?.state !== "good") return gone(call);
	const { username } = link.person;
	return page(
		status,
		recoveryLinkView({ shell: await shellOf(call, call.url.pathname), action: `/recover/${sealed}`, username, errors }),
		headers,
	);
}

/** Whatever is the matter with it. */
async function gone(call: Call): Promise<Response> {
	const shell = await shellOf(call);
	return page(404, problemView({ shell, ...shell.words.recover.gone }));
}
