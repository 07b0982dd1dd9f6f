import type { Seconds } from "../../domain/brands.ts";
import {
	nextSettlesAt,
	retiredTtl,
	type RingAlgorithm,
	ringAlgorithms,
	type Rotation,
	type SigningKeyRing,
} from "../../domain/signing-key-ring.ts";
import type { OperatorActor } from "../actor.ts";
import { audit, entryOf } from "../audit.ts";
import type { Services } from "../services.ts";
import { isSetupSecret } from "../setup-secret.ts";

// What whoever runs the deployment does about the keys that it signs with.

/** The ring of one algorithm, without anything that signs. */
export interface ShownRing {
	readonly algorithm: RingAlgorithm;
	readonly current: { readonly kid: string; readonly since: Seconds };
	/** `signsFrom`: from when on it may sign, since by then nobody's copy of the key set is without it. */
	readonly next: { readonly kid: string; readonly signsFrom: Seconds };
	/** Those that sign no more; each goes when nothing that it signed is good any longer. */
	readonly previous: readonly { readonly kid: string; readonly goesAt: Seconds }[];
}

/** In the order of the key set; what nobody chose has no ring. */
export async function listRings({ signingKeys }: Services): Promise<readonly ShownRing[]> {
	const rings = await Promise.all(ringAlgorithms.map((algorithm) => signingKeys.ring(algorithm).ring()));
	return rings.flatMap((ring) => (ring ? [shown(ring)] : []));
}

function shown(ring: SigningKeyRing): ShownRing {
	const { current, next, currentSince, previous } = ring;
	return {
		algorithm: current.algorithm,
		current: { kid: current.kid, since: currentSince },
		next: { kid: next.kid, signsFrom: nextSettlesAt(ring) },
		previous: previous.map(({ kid, retiredAt }) => ({ kid, goesAt: retiredAt + retiredTtl })),
	};
}

/** Has the next key of an algorithm sign from now on. What signed until now goes on to verify what it signed. */
export async function rotateNow(
	algorithm: string,
	by: OperatorActor,
	services: Services,
): Promise<Rotation | { readonly kind: "unknown" }> {
	const named = ringAlgorithms.find((each) => each === algorithm);
	const rotation = named ? await services.signingKeys.ring(named).rotateNow() : null;
	if (!rotation) return { kind: "unknown" };
	if (rotation.kind === "rotated") {
		const { kid } = rotation.ring.current;
		await audit(entryOf(by, { action: "signing_key.rotate", target: kid, detail: { algorithm } }, services), services);
		services.log("signing_key.rotated", { algorithm });
	}
	return rotation;
}

/** An operator; or whoever has the deployment's setup secret, since those who cannot sign in need it most. */
export type Withdrawer =
	| OperatorActor
	| { readonly subject: "setup"; readonly accountId: null; readonly address: string | null };

/** By the setup secret; null for another, and where the deployment has none. */
export async function holderOf(secret: string, address: string | null, services: Services): Promise<Withdrawer | null> {
	return (await isSetupSecret(secret, services)) ? { subject: "setup", accountId: null, address } : null;
}

/**
 * Takes a signing key away for good: it is published no more, and what it signed is refused here at once, by other isolates when
 * they next read the ring.
 */
export async function withdrawSigningKey(
	kid: string,
	by: Withdrawer,
	services: Services,
): Promise<"withdrawn" | "unknown"> {
	const { signingKeys, signedTokens, verdicts, log } = services;
	if (!(await signingKeys.withdraw(kid))) return "unknown";
	signedTokens.forget();
	verdicts.tokens.forget();
	verdicts.boundTokens.forget();
	await audit(entryOf(by, { action: "signing_key.withdraw", target: kid }, services), services);
	log("signing_key.withdrawn", { kid });
	return "withdrawn";
}
