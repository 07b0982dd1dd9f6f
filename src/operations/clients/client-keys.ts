import { type AssertionAlg, type Jwk, type JwkSet, keysFor, readJwkSet } from "../../domain/client-keys.ts";
import type { Client } from "../../domain/client.ts";
import type { Outbound } from "../../domain/outbound.ts";
import type { Seconds } from "../../domain/brands.ts";
import { readJsonText } from "../../json-text.ts";
import { createHttpCache, type Loaded } from "./http-cache.ts";

/** Where clients' public keys are found: in their registration, or at their `jwks_uri`. */
export interface ClientKeys {
	/** Those that may have signed this; empty where there are none, or they cannot be had. */
	find(client: KeyHolder, signed: { alg: AssertionAlg; kid: string | null }): Promise<readonly Jwk[]>;
	/** Whether those at its `jwks_uri` could not be had, or are no keys. */
	isUnreachable(client: KeyHolder): Promise<boolean>;
}

/** A client, or an issuer that an account trusts. */
interface KeyHolder {
	readonly options: Pick<Client["options"], "jwks" | "jwksUri">;
}

const limits = { maxBytes: 64 * 1024, timeoutMs: 5000 };

/** A client that has just rotated its keys is known by them at once; and nobody makes us call it more often than this. */
const pause: Seconds = 30;

export function createClientKeys({ outbound, now }: { outbound: Outbound; now: () => Seconds }): ClientKeys {
	const bounds = { least: 60, longest: 3600, failedFor: 10, most: 500, now };
	const sets = createHttpCache((url) => load(url, outbound), bounds);
	return {
		async find({ options }, signed) {
			if (options.jwks) return keysFor(options.jwks, signed);
			if (options.jwksUri === undefined) return [];
			const found = keysIn(await sets.get(options.jwksUri), signed);
			if (found.length > 0 || signed.kid === null) return found;
			// OIDC Core §10.1.1: an unknown `kid` says that the keys were rotated.
			return keysIn(await sets.again(options.jwksUri, pause), signed);
		},
		async isUnreachable({ options: { jwksUri } }) {
			return jwksUri !== undefined && (await sets.get(jwksUri)).kind === "failed";
		},
	};
}

async function load(url: string, outbound: Outbound): Promise<Loaded<JwkSet>> {
	const fetched = await outbound.get(url, limits);
	if (fetched.kind === "failed") return fetched;
	const read = readJsonText(fetched.text);
	const set = read.ok ? readJwkSet(read.value) : null;
	return set ? { kind: "ok", value: set, maxAge: fetched.maxAge } : { kind: "failed", reason: "It is no JWK set" };
}

function keysIn(loaded: Loaded<JwkSet>, signed: { alg: AssertionAlg; kid: string | null }): readonly Jwk[] {
	return loaded.kind === "ok" ? keysFor(loaded.value, signed) : [];
}
