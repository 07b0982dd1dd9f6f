import { type Headers, page } from "../../http/reply.ts";
import { makeLinkAsOperator } from "../../operations/people/recovery-links.ts";
import type { FieldErrors } from "../../ui/error-summary.tsx";
import { noProof, proofIn, unproved, waysToProve } from "../frame/proof.ts";
import { notForRole } from "../frame/refusal.ts";
import { askForLinkView, linkMadeView } from "../frame/recovery-link.tsx";
import { visitAsOperator } from "../frame/visit-as-operator.ts";
import { onlyOperators } from "./operators.ts";

/** `GET`, `POST /operator/recovery` with `username` and `password`: a link to a new password, for anybody. */
export const operatorRecoveryPage = visitAsOperator("recovery", async (visit) => {
	const { services, operator, form, frame } = visit;
	const username = (form.get("username") ?? "").trim();
	const proof = proofIn(visit);
	const ask = async (status: number, errors: FieldErrors<"username" | "password">, headers?: Headers) => {
		const ways = await waysToProve(visit);
		const fields = { action: "/operator/recovery", cancel: "/operator", name: null, username, ways };
		return page(status, askForLinkView({ frame, ...fields, errors }), headers);
	};
	if (!visit.isPost) return ask(200, {});
	const missing = {
		...(username === "" && { username: "Enter their user name." }),
		...(!proof && { password: noProof }),
	};
	if (!proof || missing.username !== undefined) return ask(400, missing);
	const made = await makeLinkAsOperator(username, proof, operator, services);
	switch (made.kind) {
		case "made":
			return page(200, linkMadeView({ frame, url: made.url, expiresAt: made.expiresAt, back: "/operator/recovery" }));
		case "wrong":
		case "limited":
		case "busy": {
			const [status, password, headers] = unproved(made, proof);
			return ask(status, { password }, headers);
		}
		case "unknown":
		case "beyond":
			return ask(404, { username: "Nobody here has this user name." });
		case "self":
			return ask(409, { username: "You know your password: change it in your settings." });
		case "not_permitted":
			return notForRole(visit, onlyOperators);
	}
});
