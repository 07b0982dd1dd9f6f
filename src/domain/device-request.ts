import { type Hash, isSameHash, type Seconds } from "./brands.ts";
import { codeTtl } from "./grant.ts";
import type { Scope } from "./scope.ts";
import type { SubjectId } from "./subject.ts";

/** What a device asks for, until somebody answers in a browser (RFC 8628). Each rule is pure, as those of a grant are. */
export interface DeviceRequest extends DeviceAsk {
	readonly createdAt: Seconds;
	readonly expiresAt: Seconds;
	/** How long the device has to wait between two polls; raised by each that comes too soon. */
	readonly interval: Seconds;
	/** Null until the first. */
	readonly polledAt: Seconds | null;
	readonly answer: DeviceAnswer | null;
}

export interface DeviceAsk {
	/** Of the device code, which opens the grant. */
	readonly codeHash: Hash;
	readonly clientId: string;
	/** What of it somebody might allow. */
	readonly scope: Scope;
	/** RFC 8707; null for latchkey itself. */
	readonly resource: readonly string[] | null;
	/** The thumbprint of the key that it proved to have (RFC 9449 §5): the device code is good with that alone. Left out: none. */
	readonly senderKey?: string;
	/** Where it asks from: whoever answers compares that with what they know. */
	readonly from: DeviceOrigin;
}

interface DeviceOrigin {
	/** In words of ours. */
	readonly program: string;
	readonly address: string | null;
	/** ISO 3166-1 alpha-2, where the platform knows it. */
	readonly country: string | null;
}

export type DeviceAnswer = { readonly kind: "denied" } | ({ readonly kind: "allowed" } & DeviceGrant);

/** The grant that the device code redeems, in the ledger of whoever allowed it. */
export interface DeviceGrant {
	readonly subject: SubjectId;
	readonly accountId: string;
	readonly grantId: string;
}

/** Long enough to find a browser and sign in. */
export const deviceCodeTtl: Seconds = 600;

/** RFC 8628 §3.2: what a client waits where it is told nothing. */
export const pollInterval: Seconds = 5;

export function openRequest(asked: DeviceAsk, now: Seconds): DeviceRequest {
	return {
		...asked,
		createdAt: now,
		expiresAt: now + deviceCodeTtl,
		interval: pollInterval,
		polledAt: null,
		answer: null,
	};
}

export interface DevicePoll {
	readonly codeHash: Hash;
	readonly clientId: string;
}

export type Polled =
	/** The two of RFC 8628 §3.5 after which a client goes on. */
	| { readonly kind: "pending" | "slow_down" }
	/** `mismatch`: another client's. `expired`: or of a request that another has taken the place of. */
	| { readonly kind: "denied" | "expired" | "mismatch" }
	| ({ readonly kind: "allowed" } & DeviceGrant);

/** `after` is to be stored; null where nothing has changed. */
export function poll(
	request: DeviceRequest | null,
	{ codeHash, clientId }: DevicePoll,
	now: Seconds,
): { readonly polled: Polled; readonly after: DeviceRequest | null } {
	const unchanged = (polled: Polled) => ({ polled, after: null });
	if (!request || now >= request.expiresAt || !isSameHash(request.codeHash, codeHash)) {
		return unchanged({ kind: "expired" });
	}
	if (request.clientId !== clientId) return unchanged({ kind: "mismatch" });
	if (request.answer) return unchanged(request.answer);
	const isTooSoon = request.polledAt !== null && now - request.polledAt < request.interval;
	// RFC 8628 §3.5: five seconds more, for this and all subsequent requests.
	const interval = request.interval + (isTooSoon ? pollInterval : 0);
	return { polled: { kind: isTooSoon ? "slow_down" : "pending" }, after: { ...request, interval, polledAt: now } };
}

/** `answered_before`: by somebody else, or otherwise. The same answer once more is the same. `unknown`: too late. */
export type Answering =
	| { readonly kind: "answered"; readonly request: DeviceRequest }
	| { readonly kind: "answered_before" | "unknown" };

export function answerRequest(
	request: DeviceRequest | null,
	codeHash: Hash,
	answer: DeviceAnswer,
	now: Seconds,
): Answering {
	if (!request || now >= request.expiresAt || !isSameHash(request.codeHash, codeHash)) return { kind: "unknown" };
	if (request.answer) {
		return isSameAnswer(request.answer, answer) ? { kind: "answered", request } : { kind: "answered_before" };
	}
	// However late somebody answers, a device that waits as it was told to still finds the answer.
	const expiresAt = Math.max(request.expiresAt, now + codeTtl);
	return { kind: "answered", request: { ...request, expiresAt, answer } };
}

function isSameAnswer(one: DeviceAnswer, other: DeviceAnswer): boolean {
	if (one.kind === "denied" || other.kind === "denied") return one.kind === other.kind;
	return one.grantId === other.grantId;
}
