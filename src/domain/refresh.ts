import { audienceOf, scopeOfToken } from "./audience.ts";
import {
	type ActiveGrant,
	type Grant,
	type GrantTerms,
	type Replaced,
	type RevokedGrant,
	revoked,
	termsOf,
} from "./grant.ts";
import { isWithin, type Scope } from "./scope.ts";
import { type Hash, isSameHash, type Seconds } from "./brands.ts";

/**
 * DESIGN §4.3: how long a client that lost the answer, or raced itself, gets the same successor again, until it uses that. Whoever
 * has the token alone can do nothing with it where the client proves itself each time; else this is how long a thief goes unnoticed.
 */
export const repeatWindows = { proven: 86_400, bearer: 60 } as const satisfies Record<string, Seconds>;

export interface Refresh {
	readonly clientId: string;
	readonly accountId: string;
	readonly generation: number;
	readonly hash: Hash;
	/** Whether the sender proved to be the client in this very request, by something that the token does not give away. */
	readonly isProven: boolean;
	/** The thumbprint of the key that the sender proved to have; null, as where an edge of before says nothing, for none. */
	readonly senderKey?: string | null;
	/** {@link repeatWindows.bearer}, as the deployment has it. An edge of before says nothing of it. */
	readonly bearerWindow?: Seconds;
	/** What the token after this one would hash to, and the version of the key that derives it; null where its client keeps it. */
	readonly successor: { readonly hash: Hash; readonly keyVersion: number } | null;
	/** Null asks for the whole scope of the grant. */
	readonly scope: Scope | null;
	/** RFC 8707 §2.2; null asks for every resource of the grant. */
	readonly resource: readonly string[] | null;
	/** What a grant is for that names no resource: latchkey's own identifier. */
	readonly ownResource: string;
	readonly notBefore: Seconds;
}

export type Refreshment =
	| { kind: "kept"; terms: GrantTerms; expiresAt: Seconds }
	| { kind: "rotated"; terms: GrantTerms; expiresAt: Seconds; grant: GrantTerms & ActiveGrant; keyVersion: number }
	/** A retry inside the window: derive the same successor again with this version of the key. */
	| { kind: "repeated"; terms: GrantTerms; expiresAt: Seconds; keyVersion: number }
	/** RFC 9700 §4.14.2: an ancestor came back; whoever holds the family loses it. */
	| { kind: "reused"; grant: GrantTerms & RevokedGrant }
	/** It rotates after all, and nobody said to what: nothing has changed. */
	| { kind: "unprepared" }
	| { kind: "mismatch" | "expired" | "revoked" | "scope" | "resource" };

/** RFC 6749 §6, with the rotation of RFC 9700 §4.14.2. */
export function refresh(grant: Grant, command: Refresh, now: Seconds): Refreshment {
	// RFC 6749 §6: bound to the client that it was issued to. A stranger learns and changes nothing.
	if (grant.clientId !== command.clientId || grant.accountId !== command.accountId) return { kind: "mismatch" };
	if (grant.phase === "revoked") return { kind: "revoked" };
	if (grant.phase === "open" || !grant.refresh) return { kind: "mismatch" };
	const family = grant.refresh;
	const { previous } = family;
	// RFC 9449 §5: bound to the key that it was issued for. Whoever has not got that learns and changes nothing, as a stranger does.
	const { boundFrom = 1 } = family;
	const hasKey = family.senderKey === undefined || family.senderKey === command.senderKey;
	if (!hasKey && command.generation >= boundFrom) return { kind: "mismatch" };
	// By a key it is proven each time whose the family is, as by a secret.
	const isProven = command.isProven || family.senderKey !== undefined;

	const isCurrent = command.generation === family.generation;
	const isPrevious = command.generation === family.generation - 1 && previous !== null;
	if (isCurrent && !isSameHash(command.hash, family.hash)) return { kind: "mismatch" };
	if (isPrevious && !isSameHash(command.hash, previous.hash)) return { kind: "mismatch" };
	// Never issued: the successor of a call that broke before it was committed.
	if (command.generation > family.generation) return { kind: "mismatch" };

	if (now >= grant.expiresAt) return { kind: "expired" };
	if (grant.createdAt < command.notBefore) return { kind: "revoked" };
	// One of before there was a key: where it comes again without that, a thief has bound the family, or has what was never bound.
	const isRepeated = isPrevious && hasKey && repeats(previous, { ...command, isProven }, now);
	if (!isCurrent && !isRepeated) return { kind: "reused", grant: revoked(grant, "refresh_token_reused", now) };
	// After the reuse check: access tokens may outlive an idle family, and a thief's ancestor has to end them.
	if (now >= family.idleExpiresAt) return { kind: "expired" };
	// RFC 6749 §6: narrower, never wider; and a request that asks for too much must not burn the token.
	if (command.scope && !isWithin(command.scope, grant.scope)) return { kind: "scope" };
	const audience = audienceOf(command.resource, grant.resource, command.ownResource);
	if (!audience) return { kind: "resource" };
	// What was asked for, none of which a token for that audience may carry.
	if (command.scope && scopeOfToken(command.scope, audience, command.ownResource).length === 0)
		return { kind: "scope" };

	const answer = { terms: termsOf(grant), expiresAt: grant.expiresAt };
	if (isRepeated) return { kind: "repeated", ...answer, keyVersion: previous.keyVersion };
	if (grant.rotation === "keep") return { kind: "kept", ...answer };
	const { successor } = command;
	if (!successor) return { kind: "unprepared" };
	const { hash, keyVersion } = successor;
	const generation = family.generation + 1;
	// RFC 9449 §5: of a client that does not authenticate, what it gets from now on.
	const { senderKey = null } = command;
	const isBoundNow = senderKey !== null && !isProven;
	return {
		kind: "rotated",
		...answer,
		keyVersion,
		grant: {
			...grant,
			refresh: {
				...family,
				...(isBoundNow && { senderKey, boundFrom: generation }),
				generation,
				hash,
				idleExpiresAt: now + family.idleTtl,
				previous: { hash: family.hash, rotatedAt: now, keyVersion, isProven: isProven || isBoundNow },
			},
		},
	};
}

/** Both have to be proven: who replaced it without a proof may be a thief, and who comes with it now without one, too. */
function repeats(previous: Replaced, command: Refresh, now: Seconds): boolean {
	const { bearerWindow = repeatWindows.bearer } = command;
	const window = previous.isProven && command.isProven ? repeatWindows.proven : bearerWindow;
	return now < previous.rotatedAt + window;
}
