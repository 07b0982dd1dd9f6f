import { rateLimitHeaders } from "../../http/rate-limit.ts";
import { type Headers, page } from "../../http/reply.ts";
import { askForVerification, verificationOf } from "../../operations/people/verify-address.ts";
import { tryAgain } from "../../ui/instant.tsx";
import { doneAt } from "../frame/address.ts";
import { refuseVisit } from "../frame/refusal.ts";
import { forOneself } from "../frame/visit.ts";
import { verificationView } from "./verification.tsx";

/** `GET`, `POST /console/:slug/settings/profile/email` with `password`: a link to the address that the person has entered. */
export const verificationPage = forOneself("settings", async (visit) => {
	const { services, signedIn, actor, form, frame } = visit;
	const { person } = signedIn;
	const state = verificationOf(person, services);
	if (state !== "can_be") return refuseVisit(visit, 409, "No link to be had", whyNot[state]);
	const email = person.profile?.email ?? "";
	const again = (status: number, error: string | null, headers: Headers = {}) =>
		page(status, verificationView({ frame, email, error }), headers);
	if (!visit.isPost) return again(200, null);
	const password = form.get("password") ?? "";
	if (password === "") return again(400, "Enter your password.");
	const asked = await askForVerification(person, { password, address: actor.address, knownAs: signedIn.id }, services);
	switch (asked.kind) {
		case "on_its_way":
			return doneAt(`${frame.base}/settings/profile`, "email_link");
		case "wrong":
			return again(403, "This is not your password.");
		case "limited":
			return again(429, `This was tried too often. ${tryAgain(asked.retryAfter)}`, rateLimitHeaders(asked));
		case "busy":
			return again(503, "The server is busy. Please try again.");
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
