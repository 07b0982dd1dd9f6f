import type { OptionRule } from "./client-option.ts";
import { fetchProblem } from "./public-host.ts";
import { parseScope, type Scope, wordsIn } from "./scope.ts";

// Identity Assertion JWT Authorization Grant (ID-JAG): with what latchkey, as the identity provider, lets a client ask another
// authorization server for tokens of its own, for somebody who is signed in here.

/** §4.3.1 */
export const idJagType = "urn:ietf:params:oauth:token-type:id-jag";

/** RFC 8693 §3 */
export const idTokenType = "urn:ietf:params:oauth:token-type:id_token";

/** What an account lets a client have elsewhere. */
export interface AssertedAt {
	/** The issuer of that authorization server. */
	readonly audience: string;
	/** What the client is called there. */
	readonly clientId: string;
	/** The most that an assertion says. */
	readonly scope: Scope;
}

/** As people write it: the issuer, the client's id there, and the values of the scope, with spaces between. */
export function readAssertedAt(text: string): AssertedAt | null {
	const [audience, clientId, ...values] = wordsIn(text);
	const scope = parseScope(values.join(" "));
	return audience !== undefined && clientId !== undefined && scope ? { audience, clientId, scope } : null;
}

/** RFC 8414 §2: an issuer is an https URL without query or fragment. */
export const assertedAt: OptionRule = (text, own) => {
	const read = text.length <= 2048 ? readAssertedAt(text) : null;
	if (!read || read.scope.length === 0)
		return "must be an issuer, the client's id there, and the scope, with spaces between";
	const problem = fetchProblem(read.audience, own);
	if (problem !== null) return `has an issuer that ${problem}`;
	if (read.audience.includes("?")) return "has an issuer with a query";
	return /^[\x21-\x7e]+$/.test(read.clientId) ? null : "has a client id that is none";
};
