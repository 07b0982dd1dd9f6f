import type { Person } from "../../domain/person.ts";
import type { Call, Handler } from "../../endpoint/call.ts";
import { behind } from "../../endpoint/guard.ts";
import { loginToken } from "../../endpoint/login-token.ts";
import { problem } from "../../http/problem.ts";
import { personOf } from "../../operations/people/person-settings.ts";

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

export function notAPerson(): Response {
	return problem(403, "This needs a person's own login token, and a key is nobody.");
}
