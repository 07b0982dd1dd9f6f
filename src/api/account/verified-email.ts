import * as v from "valibot";
import { described, titled } from "../../http/described.ts";
import { problem } from "../../http/problem.ts";
import { readJson } from "../../http/read-json.ts";
import { json } from "../../http/reply.ts";
import type { Call } from "../../endpoint/call.ts";
import { endpoint } from "../../endpoint/endpoint.ts";
import { behind } from "../../endpoint/guard.ts";
import { loginToken } from "../../endpoint/login-token.ts";
import { verifyEmail } from "../../operations/people/people.ts";
import type { LoginToken } from "../../operations/tokens/sessions.ts";
import { notFound, overtaken } from "../refusals.ts";

const email = described(
	v.nullable(v.pipe(v.string("is a string or null"), v.maxLength(254, "is too long"))),
	"The address that is said to be theirs; null for none.",
);
const schema = titled("VerifyEmail", v.strictObject({ email }));

/** `PUT /v1/people/{id}/verified_email`, by an administrator's own login token: no permission that software can have says it. */
async function writeVerifiedEmail({ request, params, address, services }: Call, { facts }: LoginToken) {
	const body = await readJson(request, schema);
	if (!body.ok) return body.response;
	const { email: said } = body.value;
	const actor = { subject: facts.subject, accountId: facts.accountId, permissions: [], address };
	const saved = await verifyEmail(params.id ?? "", () => said, actor, services);
	switch (saved.kind) {
		case "saved":
			return json(200, { email: said });
		case "malformed":
			return problem(400, "email: Enter an e-mail address such as ada@example.com.");
		case "not_permitted":
			return problem(403, "This needs the login token of an administrator of the account.", {
				code: "administrator_needed",
			});
		case "unknown":
			return notFound("person");
		case "overtaken":
		case "stale":
			return overtaken();
	}
}

export const writeVerifiedEmailEndpoint = endpoint(behind(loginToken, writeVerifiedEmail), {
	tag: "People",
	summary: "Say which e-mail address is a person's",
	description:
		"By the login token of an administrator of the account, of somebody who belongs to it. While that address is the one that they " +
		"have entered in their profile, applications of this account are told `email_verified: true`, within 30 seconds; those of other " +
		"accounts are not. `null` removes it. Whether it is what they have entered is not answered.",
	path: { id: "The person, by the `sub` of their tokens." },
	credentials: ["bearer"],
	login: "admin",
	body: { media: ["application/json"], schema, example: { email: "ada@acme.example" } },
	answers: {
		200: {
			description: "The address, as it stands now.",
			schema: titled("VerifiedEmail", v.object({ email })),
		},
		400: { description: "It is no e-mail address, or two credentials differ." },
		401: { description: "No login token, or one that is not valid any more." },
		403: { description: "The login token is not an administrator's." },
		404: { description: "Nobody of that id belongs to the account." },
		409: { description: "It is changed all the time." },
		413: { description: "The body is larger than 64 KiB." },
	},
});
