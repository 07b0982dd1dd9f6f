import type { JWK } from "jose";
import { expect, vi } from "vitest";
import { type RingAlgorithm, settlingTime } from "../../src/domain/signing-key-ring.ts";
import { aClient } from "./registered.ts";
import { ask } from "./requests.ts";
import { advance, demo } from "./target.ts";
import { granted, type Registered } from "./tokens.ts";

/** The published keys (RFC 7517 §5), of one algorithm or all. */
export async function publishedKeys(alg?: string): Promise<readonly JWK[]> {
	const { keys } = JSON.parse((await ask("/.well-known/jwks.json")).text) as { keys: JWK[] };
	return keys.filter((key) => alg === undefined || key.alg === alg);
}

/** The same once they are there: they are made behind the answer that asked for them, and an RSA key takes a while. */
export function awaitedKeys(alg: RingAlgorithm): Promise<readonly JWK[]> {
	const look = async () => {
		const found = await publishedKeys(alg);
		expect(found).toHaveLength(2);
		return found;
	};
	return vi.waitFor(look, { timeout: 15_000, interval: 100 });
}

/** A client whose access tokens are signed by that algorithm, by now. */
export async function aClientSignedBy(alg: RingAlgorithm): Promise<Registered> {
	const client = await aClient(demo.webApp, { options: { accessTokenAlg: alg } });
	await granted(client);
	await awaitedKeys(alg);
	await advance(settlingTime);
	return client;
}
