import * as v from "valibot";
import { described, titled } from "../../http/described.ts";
import { json } from "../../http/reply.ts";
import type { Call } from "../../endpoint/call.ts";
import { endpoint } from "../../endpoint/endpoint.ts";
import { behind } from "../../endpoint/guard.ts";
import { loginToken } from "../../endpoint/login-token.ts";
import type { LoginToken } from "../../operations/tokens/sessions.ts";
import type { Actor } from "../../operations/actor.ts";
import { isSecondFactorRequired, requireSecondFactor } from "../../operations/people/account-settings.ts";
import { hasSecondFactor } from "../../operations/people/ways-in.ts";
import { bodyEndpointForAdministrator, forAdministrators } from "../guard/administrator.ts";
import { unconditionally } from "../guard/access.ts";
import { conflict } from "../refusals.ts";

const schema = titled(
	"SecondFactor",
	v.strictObject({
		required: described(
			v.boolean("is true or false"),
			"Whether the account opens to nobody who signs in by one factor alone.",
		),
	}),
);

/** `GET /v1/second_factor` */
async function readSecondFactor({ services }: Call, { facts }: LoginToken): Promise<Response> {
	return json(200, { required: await isSecondFactorRequired(facts.accountId, services) });
}

export const readSecondFactorEndpoint = endpoint(behind(loginToken, unconditionally(readSecondFactor)), {
	tag: "Settings",
	summary: "Whether the account asks its people for a second factor",
	description: "By the login token of anybody who belongs to the account.",
	credentials: ["bearer"],
	login: "own",
	answers: {
		200: { description: "As it stands.", schema },
		400: { description: "Two credentials that differ." },
		401: { description: "No login token, or one that is not valid any more." },
	},
});

/** `PUT /v1/second_factor`, by an administrator's own login token. */
async function writeSecondFactor({ services }: Call, actor: Actor, { required }: { required: boolean }) {
	// Nobody shuts themselves out.
	if (required && !(await hasSecondFactor(actor.subject, services))) {
		return conflict("Set up a second factor for yourself first: a passkey, or one-time codes.");
	}
	const set = await requireSecondFactor(required, actor, services);
	return set === "set" ? json(200, { required }) : forAdministrators();
}

export const writeSecondFactorEndpoint = bodyEndpointForAdministrator(writeSecondFactor, {
	tag: "Settings",
	summary: "Ask the account's people for a second factor",
	description:
		"By the login token of an administrator who has one: a passkey, or one-time codes. From then on the console of the account, the " +
		"consent of its people to clients, devices, and a login by password are open to whoever signed in by two factors. Tokens that " +
		"were given before go on. It counts everywhere within half a minute.",
	body: { schema, example: { required: false } },
	answers: {
		200: { description: "As it stands now.", schema },
		400: { description: "The body is not as documented, or two credentials differ." },
		409: { description: "Whoever asks has no second factor yet." },
	},
});
