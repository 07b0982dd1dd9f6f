import type { ComponentChildren } from "preact";
import { randomId } from "../../crypto/random.ts";
import { type Headers, page } from "../../http/reply.ts";
import { isFormNonce } from "../../operations/form-nonce.ts";
import { makeRecoveryCodes, recoveryCodesOf } from "../../operations/people/recovery-codes.ts";
import { noProof, proofIn, unproved, waysToProve } from "../frame/proof.ts";
import { sentAlready } from "../frame/refusal.ts";
import { forWaysIn, type OwnVisit } from "../frame/visit.ts";
import { newCodesView, RecoveryCodesSection, recoveryCodesView } from "./recovery-codes.tsx";

/** Of the page of sign-in and security. */
export async function recoveryCodesSection({ frame, signedIn, services }: OwnVisit): Promise<ComponentChildren> {
	return RecoveryCodesSection({ frame, codes: await recoveryCodesOf(signedIn.person, services) });
}

/** `GET`, `POST …/security/recovery-codes` with `password`: makes ten and shows them, this once. */
export const recoveryCodesPage = forWaysIn("security", async (visit) => {
	const { services, signedIn, actor, form, frame } = visit;
	if (!visit.isPost) return ask(visit, 200, null);
	const nonce = form.get("nonce");
	if (!isFormNonce(nonce)) return sentAlready(visit);
	const proof = proofIn(visit);
	if (!proof) return ask(visit, 400, noProof);
	const { person, id: knownAs } = signedIn;
	const { address } = actor;
	const made = await makeRecoveryCodes({ person, knownAs }, { proof, nonce, address }, services);
	switch (made.kind) {
		case "made":
			return page(200, newCodesView({ frame, codes: made.codes, issuer: services.config.issuer }));
		case "wrong":
		case "limited":
		case "busy":
			return ask(visit, ...unproved(made, proof));
	}
});

async function ask(visit: OwnVisit, status: number, error: string | null, headers?: Headers): Promise<Response> {
	const { services, signedIn, frame } = visit;
	const [codes, ways] = await Promise.all([recoveryCodesOf(signedIn.person, services), waysToProve(visit)]);
	return page(status, recoveryCodesView({ frame, codes, nonce: randomId(services.random), ways, error }), headers);
}
