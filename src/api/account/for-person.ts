import type * as v from "valibot";
import { byAllOf, byPasskey } from "../../domain/authentication.ts";
import type { Person } from "../../domain/person.ts";
import type { Call, Handler } from "../../endpoint/call.ts";
import { behind } from "../../endpoint/guard.ts";
import { loginToken } from "../../endpoint/login-token.ts";
import { problem } from "../../http/problem.ts";
import { readJson } from "../../http/read-json.ts";
import type { Proof } from "../../operations/checks/prove-person.ts";
import { personOf } from "../../operations/people/person-settings.ts";
import { hasToShowSecondFactor } from "../../operations/people/ways-in.ts";
import { type Body, unconditionally } from "../guard/access.ts";
import { type ProofGiven, readProof } from "../proof.ts";

/**
 * Only a token that somebody got for their own password will do: what a person lets an application do does not include
 * to say who they are, and a key is nobody.
 */
export function forPerson(handle: (call: Call, person: Person) => Promise<Response> | Response): Handler {
	return behind(loginToken, async (call, { facts }) => {
		const person = await personOf(facts.subject, call.services);
		return person ? handle(call, person) : notAPerson();
	});
}

/**
 * What makes a way in, or takes one away. The token says nothing of how its person got it: by all that is asked of them beside their
 * password, and that is one factor where their second is a passkey.
 */
export function forWaysIn(handle: (call: Call, person: Person) => Promise<Response> | Response): Handler {
	return forPerson(async (call, person) => {
		if (!(await hasToShowSecondFactor(person.id, byAllOf(person), call.services))) return handle(call, person);
		return problem(403, "You have a second factor: sign in to the console by it, and do it there.", {
			code: "second_factor_needed",
		});
	});
}

/** The same where something is shown once more in the body: a passkey is both factors, whatever the token is by. */
export function forProvenWayIn<Schema extends v.GenericSchema<unknown, ProofGiven>>(
	schema: Schema,
	handle: Proven<Schema>,
	proofIn?: ProofIn<Schema>,
): Handler {
	const handled: Proven<Schema> = async (call, person, given, proof) => {
		const shown = proof.kind === "passkey" ? byPasskey : byAllOf(person);
		if (!(await hasToShowSecondFactor(person.id, shown, call.services))) return handle(call, person, given, proof);
		const detail = "You have a second factor: show a passkey, or sign in to the console by it, and do it there.";
		return problem(403, detail, { code: "second_factor_needed" });
	};
	return forProof(schema, handled, proofIn);
}

type Proven<Schema extends v.GenericSchema> = (
	call: Call,
	person: Person,
	given: Body<Schema>,
	proof: Proof,
) => Promise<Response> | Response;

/** Where a body has a member of the same name that is no proof. */
type ProofIn<Schema extends v.GenericSchema> = (given: Body<Schema>) => ProofGiven;

/** {@link forPerson}, with a JSON body that the documented schema has accepted, and the proof in it. */
export function forProof<Schema extends v.GenericSchema<unknown, ProofGiven>>(
	schema: Schema,
	handle: Proven<Schema>,
	proofIn: ProofIn<Schema> = (given) => given,
): Handler {
	return forPerson(
		unconditionally(async (call: Call, person: Person) => {
			const body = await readJson(call.request, schema);
			if (!body.ok) return body.response;
			const read = readProof(proofIn(body.value), call);
			return read.ok ? handle(call, person, body.value, read.proof) : read.response;
		}),
	);
}

export function notAPerson(): Response {
	return problem(403, "This needs a person's own login token, and a key is nobody.", { code: "person_needed" });
}
