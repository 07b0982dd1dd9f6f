import * as v from "valibot";
import { passwordProblems } from "../../domain/new-password.ts";
import type { Person } from "../../domain/person.ts";
import type { Call } from "../../endpoint/call.ts";
import { endpoint } from "../../endpoint/endpoint.ts";
import { described, titled } from "../../http/described.ts";
import { fieldProblem } from "../../http/problem.ts";
import { readJson } from "../../http/read-json.ts";
import { empty } from "../../http/reply.ts";
import { changePassword } from "../../operations/people/my-password.ts";
import { password } from "../keys/fields.ts";
import { forPerson } from "./for-person.ts";
import { refusePassword } from "./recovery.ts";

const schema = titled(
	"ChangePassword",
	v.strictObject({ password, new_password: described(v.string("is a string"), passwordProblems.length) }),
);

/** `PUT /v1/profile/password` */
async function writePassword({ request, address, services }: Call, person: Person): Promise<Response> {
	const body = await readJson(request, schema);
	if (!body.ok) return body.response;
	const { new_password: next, ...given } = body.value;
	const proof = { kind: "password", ...given } as const;
	const outcome = await changePassword({ person, signIn: null }, { proof, next, address }, services);
	switch (outcome.kind) {
		case "changed":
			return empty(204);
		case "same":
			return fieldProblem("wrong_members", "new_password", "This is the password that you have already.");
		case "refused":
			return fieldProblem("wrong_members", "new_password", passwordProblems[outcome.problem]);
		default:
			return refusePassword(outcome);
	}
}

export const writePasswordEndpoint = endpoint(forPerson(writePassword), {
	tag: "Profile",
	summary: "Change your password",
	description:
		"By a person's own login token and the password of now. Every browser is signed out, and each login session of the password has " +
		"ended, that of this token too; recovery codes end as well. What you allowed integrations and applications stays. It is removed " +
		"in the console, once you have a passkey.",
	credentials: ["bearer"],
	login: "own",
	body: {
		media: ["application/json"],
		schema,
		example: { password: "correct horse battery staple", new_password: "plum trees by the river" },
	},
	answers: {
		204: { description: "It is the new one from now on." },
		400: {
			description:
				"The new password is too short, known to all the world, or the one of before; or two credentials differ.",
		},
		401: { description: "No login token, or one that is not valid any more." },
		403: { description: "The login token of a key, or the password is wrong." },
		413: { description: "The body is larger than 64 KiB." },
		429: { description: "Too many wrong passwords; `Retry-After` says when to try again." },
	},
});
