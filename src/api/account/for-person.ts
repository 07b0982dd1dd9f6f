import { byAllOf } from "../../domain/authentication.ts";
import type { Person } from "../../domain/person.ts";
import type { Call, Handler } from "../../endpoint/call.ts";
import { behind } from "../../endpoint/guard.ts";
import { loginToken } from "../../endpoint/login-token.ts";
import { problem } from "../../http/problem.ts";
import { personOf } from "../../operations/people/person-settings.ts";
import { hasToShowSecondFactor } from "../../operations/people/ways-in.ts";

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

export function notAPerson(): Response {
	return problem(403, "This needs a person's own login token, and a key is nobody.", { code: "person_needed" });
}
