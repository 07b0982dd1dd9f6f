import * as v from "valibot";
import { passwordProblems } from "../../domain/new-password.ts";
import type { Person } from "../../domain/person.ts";
import type { Call } from "../../endpoint/call.ts";
import { endpoint } from "../../endpoint/endpoint.ts";
import { described, titled } from "../../http/described.ts";
import { fieldProblem } from "../../http/problem.ts";
import { empty } from "../../http/reply.ts";
import type { Proof } from "../../operations/checks/prove-person.ts";
import { changePassword, removePassword } from "../../operations/people/my-password.ts";
import type { Body } from "../guard/access.ts";
import { anyProof, proofSchema, refuseProof } from "../proof.ts";
import { conflict } from "../refusals.ts";
import { forProof } from "./for-person.ts";

const schema = titled(
	"ChangePassword",
	v.strictObject({ ...anyProof, new_password: described(v.string("is a string"), passwordProblems.length) }),
);

const asked = {
	403: { description: "The login token of a key, or the proof is wrong." },
	413: { description: "The body is larger than 64 KiB." },
	429: { description: "Too many wrong proofs; `Retry-After` says when to try again." },
};

/** `PUT /v1/profile/password` */
async function writePassword(
	{ address, services }: Call,
	person: Person,
	{ new_password: next }: Body<typeof schema>,
	proof: Proof,
): Promise<Response> {
	const outcome = await changePassword({ person, signIn: null }, { proof, next, address }, services);
	switch (outcome.kind) {
		case "changed":
			return empty(204);
		case "same":
			return fieldProblem("wrong_members", "new_password", "This is the password that you have already.");
		case "refused":
			return fieldProblem("wrong_members", "new_password", passwordProblems[outcome.problem]);
		default:
			return refuseProof(outcome, proof);
	}
}

export const writePasswordEndpoint = endpoint(forProof(schema, writePassword), {
	tag: "Profile",
	summary: "Change your password",
	description:
		"By a person's own login token and the password of now, or another proof. Every browser is signed out, and each login session of the password has " +
		"ended, that of this token too; recovery codes end as well. What you allowed integrations and applications stays.",
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
		...asked,
	},
});

/** `POST /v1/profile/password/remove` */
async function endPassword(
	{ address, services }: Call,
	person: Person,
	_: Body<typeof proofSchema>,
	proof: Proof,
): Promise<Response> {
	const outcome = await removePassword({ person, signIn: null }, { proof, address }, services);
	switch (outcome.kind) {
		case "removed":
		case "none":
			return empty(204);
		case "last":
			return conflict("Add a passkey first: without one you could not sign in any more.");
		default:
			return refuseProof(outcome, proof);
	}
}

export const removePasswordEndpoint = endpoint(forProof(proofSchema, endPassword), {
	tag: "Profile",
	summary: "Remove your password",
	description:
		"By a person's own login token, and a proof; not without a passkey, by which you sign in from then on. It ends what a new password " +
		"would, the login session of this token with it.",
	credentials: ["bearer"],
	login: "own",
	body: { media: ["application/json"], schema: proofSchema, example: { password: "correct horse battery staple" } },
	answers: {
		204: { description: "There is none any more." },
		400: { description: "No proof, or several; or two credentials differ." },
		401: { description: "No login token, or one that is not valid any more." },
		...asked,
		409: { description: "You have no passkey." },
	},
});
