import { type Headers, page } from "../../http/reply.ts";
import { askForVerification, verificationOf } from "../../operations/people/verify-address.ts";
import { doneAt } from "../frame/address.ts";
import { noProof, proofIn, unproved, waysToProve } from "../frame/proof.ts";
import { refuseVisit } from "../frame/refusal.ts";
import { forWaysIn } from "../frame/visit.ts";
import { verificationView } from "./verification.tsx";

/** `GET`, `POST /console/:slug/settings/profile/email` with `password`: a link to the address that the person has entered. */
export const verificationPage = forWaysIn("settings", async (visit) => {
	const { services, signedIn, actor, frame } = visit;
	const { person } = signedIn;
	const state = verificationOf(person, services);
	if (state !== "can_be") return refuseVisit(visit, 409, "No link to be had", whyNot[state]);
	const email = person.profile?.email ?? "";
	const again = async (status: number, error: string | null, headers: Headers = {}) =>
		page(status, verificationView({ frame, email, ways: await waysToProve(visit), error }), headers);
	if (!visit.isPost) return again(200, null);
	const proof = proofIn(visit);
	if (!proof) return again(400, noProof);
	const asked = await askForVerification(person, { proof, address: actor.address, knownAs: signedIn.id }, services);
	switch (asked.kind) {
		case "on_its_way":
			return doneAt(`${frame.base}/settings/profile`, "email_link");
		case "wrong":
		case "limited":
		case "busy":
			return again(...unproved(asked, proof));
		case "none":
		case "verified":
		case "off":
			return refuseVisit(visit, 409, "No link to be had", whyNot[asked.kind]);
	}
});

const whyNot = {
	none: "Enter an e-mail address in your profile first.",
	verified: "Your address is verified already.",
	off: "This deployment sends no mail.",
} as const;
