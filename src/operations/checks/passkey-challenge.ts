import { digest, isSameBytes } from "../../crypto/digest.ts";
import { base64url, concat } from "../../crypto/encoding.ts";
import { tagged, untagged } from "../../crypto/tagged.ts";
import type { Seconds } from "../../domain/brands.ts";
import type { SubjectId } from "../../domain/subject.ts";
import { takeTurn } from "../limits.ts";
import type { Services } from "../services.ts";

/** What a challenge is for, and whose answer to it counts. */
export interface ChallengeFor {
	/** `prove`: whoever is signed in, once more; `prove_by_api`: whose login token it is. */
	readonly purpose: "register" | "sign_in" | "prove" | "prove_by_api";
	/**
	 * What the browser has that no other has: a cookie's value, or the id of its sign-in. By the API, the one operation that it is
	 * for, such as `PUT /v1/profile/password`.
	 */
	readonly browser: string;
	/** Null where it is not known yet who they are. */
	readonly person: SubjectId | null;
}

export const challengeTtl: Seconds = 300;
/** The clock that forgets which were answered may be ahead of the one that made them. */
const leeway: Seconds = 60;

/**
 * WebAuthn §13.4.3: a challenge that nobody can foretell. It is stored nowhere: it says itself until when it is good, and for what,
 * and a tag says that it is ours.
 */
export async function makeChallenge(wanted: ChallengeFor, { random, now, serverKeys }: Services): Promise<string> {
	const expiresAt = new Uint8Array(4);
	new DataView(expiresAt.buffer).setUint32(0, now() + challengeTtl);
	return tagged(serverKeys, purpose, concat(random(16), expiresAt, await digestOf(wanted)));
}

const purpose = "passkey challenge";
const length = 16 + 4 + 32;

/** `used` uses it up, once: asked last, when nothing else is wrong. */
export type ChallengeVerdict =
	| { readonly kind: "open"; readonly used: () => Promise<boolean> }
	/** Not ours, or for something, somebody or some browser else. */
	| { readonly kind: "foreign" }
	| { readonly kind: "late" };

export async function checkChallenge(
	given: unknown,
	wanted: ChallengeFor,
	services: Services,
): Promise<ChallengeVerdict> {
	const opened = typeof given === "string" ? await untagged(services.serverKeys, purpose, given, length) : null;
	if (!opened || !isSameBytes(opened.content.subarray(20), await digestOf(wanted))) return { kind: "foreign" };
	const expiresAt = new DataView(opened.content.buffer).getUint32(opened.content.byteOffset + 16);
	if (services.now() >= expiresAt) return { kind: "late" };
	const limit = { name: "passkey-challenge", attempts: 1, window: challengeTtl + leeway };
	const of = base64url(opened.content);
	return { kind: "open", used: async () => (await takeTurn({ limit, of }, services)) === null };
}

function digestOf({ purpose: what, browser, person }: ChallengeFor) {
	return digest(JSON.stringify([what, browser, person]));
}
