import * as v from "valibot";
import { described, titled } from "../../http/described.ts";
import { problem } from "../../http/problem.ts";
import { readJson } from "../../http/read-json.ts";
import { json } from "../../http/reply.ts";
import type { Call } from "../../endpoint/call.ts";
import { endpoint } from "../../endpoint/endpoint.ts";
import { behind } from "../../endpoint/guard.ts";
import { loginToken } from "../../endpoint/login-token.ts";
import { isAlertMailOn, setAlertMail } from "../../operations/people/account-settings.ts";
import type { LoginToken } from "../../operations/tokens/sessions.ts";
import { unconditionally } from "../guard/access.ts";
import { conflict } from "../refusals.ts";

const schema = titled(
	"AlertMail",
	v.strictObject({
		enabled: described(v.boolean("is true or false"), "Whether new alerts are mailed to administrators."),
	}),
);

/** `GET /v1/alerts/mail`: false, too, where the deployment sends no mail. */
async function readAlertMail({ services }: Call, { facts }: LoginToken): Promise<Response> {
	return json(200, { enabled: (await isAlertMailOn(facts.accountId, services)) ?? false });
}

export const readAlertMailEndpoint = endpoint(behind(loginToken, unconditionally(readAlertMail)), {
	tag: "Settings",
	summary: "Whether new alerts are mailed to the administrators",
	description: "By the login token of anybody who belongs to the account.",
	credentials: ["bearer"],
	login: "own",
	answers: {
		200: { description: "As it stands. Where the deployment sends no mail it is false.", schema },
		400: { description: "Two credentials that differ." },
		401: { description: "No login token, or one that is not valid any more." },
	},
});

/** `PUT /v1/alerts/mail`, by an administrator's own login token. */
async function writeAlertMail({ request, address, services }: Call, { facts }: LoginToken): Promise<Response> {
	const body = await readJson(request, schema);
	if (!body.ok) return body.response;
	const actor = { subject: facts.subject, accountId: facts.accountId, permissions: [], address };
	switch (await setAlertMail(body.value.enabled, actor, services)) {
		case "set":
			return json(200, { enabled: body.value.enabled });
		case "not_permitted":
			return problem(403, "This needs the login token of an administrator of the account.", {
				code: "administrator_needed",
			});
		case "off":
			return conflict("This deployment sends no mail: whoever runs it can set MAIL_FROM.");
	}
}

export const writeAlertMailEndpoint = endpoint(behind(loginToken, unconditionally(writeAlertMail)), {
	tag: "Settings",
	summary: "Have new alerts mailed to the administrators",
	description:
		"By the login token of an administrator of the account. Each administrator whose e-mail address is verified gets a letter for " +
		"each alert that is new; what it is about stands in the console alone.",
	credentials: ["bearer"],
	login: "admin",
	body: { media: ["application/json"], schema, example: { enabled: true } },
	answers: {
		200: { description: "As it stands now.", schema },
		400: { description: "The body is not as documented, or two credentials differ." },
		401: { description: "No login token, or one that is not valid any more." },
		403: { description: "The login token is not an administrator's." },
		409: { description: "This deployment sends no mail." },
		413: { description: "The body is larger than 64 KiB." },
	},
});
