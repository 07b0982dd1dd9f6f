import { randomId } from "../../crypto/random.ts";
import { rateLimitHeaders } from "../../http/rate-limit.ts";
import { type Headers, page } from "../../http/reply.ts";
import { isFormNonce } from "../../operations/form-nonce.ts";
import { makeRecoveryCodes, recoveryCodesOf } from "../../operations/people/recovery-codes.ts";
import { tryAgain } from "../../ui/instant.tsx";
import { sentAlready } from "../frame/refusal.ts";
import { forOneself, type OwnVisit } from "../frame/visit.ts";
import { newCodesView, recoveryCodesView } from "./recovery-codes.tsx";

/** `GET`, `POST …/settings/recovery-codes` with `password`: makes ten and shows them, this once. */
export const recoveryCodesPage = forOneself("settings", async (visit) => {
	const { services, signedIn, actor, form, frame } = visit;
	if (!visit.isPost) return ask(visit, 200, null);
	const password = form.get("password") ?? "";
	const nonce = form.get("nonce");
	if (!isFormNonce(nonce)) return sentAlready(visit);
	if (password === "") return ask(visit, 400, "Enter your password.");
	const { person, id: knownAs } = signedIn;
	const { address } = actor;
	const made = await makeRecoveryCodes({ person, knownAs }, { password, nonce, address }, services);
	switch (made.kind) {
		case "made":
			return page(200, newCodesView({ frame, codes: made.codes, issuer: services.config.issuer }));
		case "wrong":
			return ask(visit, 403, "This is not your password.");
		case "limited":
			return ask(visit, 429, `Too many wrong passwords. ${tryAgain(made.retryAfter)}`, rateLimitHeaders(made));
		case "busy":
			return ask(visit, 503, "The server is busy. Please try again.");
	}
});

async function ask(visit: OwnVisit, status: number, error: string | null, headers?: Headers): Promise<Response> {
	const { services, signedIn, frame } = visit;
	const codes = await recoveryCodesOf(signedIn.person, services);
	return page(status, recoveryCodesView({ frame, codes, nonce: randomId(services.random), error }), headers);
}
