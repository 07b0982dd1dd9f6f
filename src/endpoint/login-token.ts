import { checkLoginToken, type LoginToken } from "../operations/tokens/sessions.ts";
import { asProblem, bearerAlone, type Guard, invalidToken } from "./guard.ts";

/** For whoever shows their own login token (contract 001). */
export const loginToken: Guard<LoginToken> = {
	form: asProblem,
	caller: ({ facts }) => facts,
	read: bearerAlone("Send a login token as Authorization: Bearer."),
	async check({ value }, { url, services }) {
		const checked = await checkLoginToken(value, url.pathname, services);
		if (checked.kind === "good") return { kind: "admitted", who: checked.token };
		const isExpired = checked.kind === "expired";
		return invalidToken(isExpired ? "The token has expired." : "The token is not a login token that is still valid.");
	},
};
