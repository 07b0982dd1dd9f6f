import { sha256 } from "../../crypto/digest.ts";
import { isSignedBy, readUnverified } from "../../crypto/jwt.ts";
import { type AssertionUse, checkAssertion } from "../../domain/client-assertion.ts";
import { isAssertionAlg, isSameAlg, type Jwk } from "../../domain/client-keys.ts";
import { assertionProblem, isFapi } from "../../domain/client-profile.ts";
import type { Client } from "../../domain/client.ts";
import { type FindClient, findClient } from "./authenticate-client.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/** Far more than any that is signed by RSA. */
const maxLength = 8192;

/** Without a `kid` each key that fits is tried, and each costs a verification. */
const mostTried = 4;

/** An assertion that could be good; who signed it, nobody has looked yet. */
export interface Assertion extends AssertionUse {
	readonly text: string;
	readonly alg: unknown;
	readonly kid: string | null;
}

/** Looks nothing up. A string says what is wrong with what it claims (RFC 7523 §3). */
export function readAssertion(text: string, claimedId: string | null, services: Services): Assertion | string {
	const { config, now, log } = services;
	const refuse = (reason: string) => {
		log("client.assertion_refused", { reason });
		return reason;
	};
	const read = text.length <= maxLength ? readUnverified(text) : null;
	if (!read) return refuse("client_assertion is no JWT");
	const use = checkAssertion(read, { claimedId, issuer: config.issuer, now: now() });
	return typeof use === "string" ? refuse(use) : { ...use, text, alg: read.alg, kid: read.kid };
}

/**
 * RFC 7523 §3: the client that signed this, once. What is cheap stands first, keys are fetched only for a claim that could be
 * good, and `jti` is used up when all the rest is right: a damaged copy must not spend the client's own. A string is for whoever
 * sent it: the same for every reason, until they have shown that they have the client's key.
 */
export async function authenticateByAssertion(
	assertion: Assertion,
	services: Services,
	find: FindClient = findClient,
): Promise<Client | string> {
	const { clientId: id, text, alg, kid, jti, endsAt } = assertion;
	const refuse = (reason: string, told = unknownSigner) => {
		services.log("client.assertion_refused", { client: id, reason });
		return told;
	};
	const client = await find(id, services);
	if (!client) return unknownSigner;
	if (!client.authMethods.includes("private_key_jwt")) return refuse("method");
	// RFC 8725 §3.1: one of ours, and the client's own choice; never what the token says of itself alone.
	const { assertionAlg } = client.options;
	if (!isAssertionAlg(alg) || (assertionAlg !== undefined && !isSameAlg(alg, assertionAlg))) return refuse("algorithm");
	const problem = isFapi(client) ? assertionProblem(assertion, alg) : null;
	if (problem !== null) return refuse(problem);
	const keys = await services.clientKeys.find(client, { alg, kid });
	if (!(await isSignedByOne(text, keys, alg))) return refuse("signature");
	const name = `assertion ${await sha256(`${id} ${jti}`)}`;
	const window = endsAt - services.now();
	const taken = await portsOf(services).limiter.take(name, { attempts: 1, window });
	return taken === 0 ? client : refuse("replay", "jti was used before");
}

const unknownSigner = "No client is known here by this sub, with a key that verifies client_assertion";

/** Whether one of these keys, of the first few, signed it. */
export async function isSignedByOne(
	token: string,
	keys: readonly Jwk[],
	alg: Parameters<typeof isSignedBy>[2],
): Promise<boolean> {
	for (const key of keys.slice(0, mostTried)) if (await isSignedBy(token, key, alg)) return true;
	return false;
}
