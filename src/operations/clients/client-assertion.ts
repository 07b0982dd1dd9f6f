import { sha256 } from "../../crypto/digest.ts";
import { isSignedBy, readUnverified } from "../../crypto/jwt.ts";
import { checkAssertion } from "../../domain/client-assertion.ts";
import { isAssertionAlg, isSameAlg, type Jwk } from "../../domain/client-keys.ts";
import type { Client } from "../../domain/client.ts";
import { findClient } from "./authenticate-client.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/** Far more than any that is signed by RSA. */
const maxLength = 8192;

/** Without a `kid` each key that fits is tried, and each costs a verification. */
const mostTried = 4;

/**
 * RFC 7523 §3: the client that signed this, once; null for every reason alike. `claimedId` is the request's `client_id`,
 * where it has one. What is cheap stands first, keys are fetched only for a claim that could be good, and `jti` is used up
 * when all the rest is right: a damaged copy must not spend the client's own.
 */
export async function authenticateByAssertion(
	assertion: string,
	claimedId: string | null,
	services: Services,
): Promise<Client | null> {
	const refuse = (client: string, reason: string) => {
		services.log("client.assertion_refused", { client, reason });
		return null;
	};
	const read = assertion.length <= maxLength ? readUnverified(assertion) : null;
	if (!read) return null;
	const { alg, kid, claims } = read;
	const { sub: id } = claims;
	// RFC 7521 §4.2: a `client_id` has to name the same client.
	if (typeof id !== "string" || (claimedId !== null && claimedId !== id)) return null;
	const client = await findClient(id, services);
	if (!client) return null;
	if (!client.authMethods.includes("private_key_jwt")) return refuse(id, "method");
	// RFC 8725 §3.1: one of ours, and the client's own choice; never what the token says of itself alone.
	const { assertionAlg } = client.options;
	if (!isAssertionAlg(alg) || (assertionAlg !== undefined && !isSameAlg(alg, assertionAlg))) {
		return refuse(id, "algorithm");
	}
	const now = services.now();
	const checked = checkAssertion(claims, { clientId: id, issuer: services.config.issuer, now });
	if (typeof checked === "string") return refuse(id, checked);
	const keys = await services.clientKeys.find(client, { alg, kid });
	if (!(await isSignedByOne(assertion, keys.slice(0, mostTried), alg))) return refuse(id, "signature");
	const name = `assertion ${await sha256(`${id} ${checked.jti}`)}`;
	const taken = await portsOf(services).limiter.take(name, { attempts: 1, window: checked.endsAt - now });
	return taken === 0 ? client : refuse(id, "replay");
}

/** The client that an assertion says it is of; nothing of it is to be believed yet. */
export function claimedClientId(assertion: string): string | null {
	const sub = assertion.length <= maxLength ? readUnverified(assertion)?.claims.sub : null;
	return typeof sub === "string" ? sub : null;
}

async function isSignedByOne(
	token: string,
	keys: readonly Jwk[],
	alg: Parameters<typeof isSignedBy>[2],
): Promise<boolean> {
	for (const key of keys) if (await isSignedBy(token, key, alg)) return true;
	return false;
}
