import { type Api, foldedIdentifier, isOpenTo } from "./api.ts";
import { isOwnResource, isSameResource } from "./audience.ts";

/** What resources are, as far as it is known here: whom a scope is read for (RFC 8707). */
export interface Targets {
	/** Whether latchkey itself is among them. */
	readonly own: boolean;
	/** The registered APIs among them. */
	readonly apis: readonly Api[];
	/** Those that nobody registered. */
	readonly foreign: readonly string[];
	/** Whether one of those is what people would take for a registered API, and is spelled otherwise. */
	readonly isMisspelled: boolean;
}

export const latchkeyAlone: Targets = { own: true, apis: [], foreign: [], isMisspelled: false };

/** `near` are the APIs that people would take some of these resources for. */
export function targetsOf(resources: readonly string[], issuer: string, near: readonly Api[]): Targets {
	const others = resources.filter((each) => !isOwnResource(each, issuer));
	const named = others.map((resource) => {
		const folded = foldedIdentifier(resource);
		const api = near.find(({ identifier }) => foldedIdentifier(identifier) === folded) ?? null;
		return { resource, api, isExact: api !== null && isSameResource(api.identifier, resource) };
	});
	return {
		own: others.length < resources.length,
		apis: named.flatMap(({ api, isExact }) => (api && isExact ? [api] : [])),
		foreign: named.filter(({ isExact }) => !isExact).map(({ resource }) => resource),
		isMisspelled: named.some(({ api, isExact }) => api !== null && !isExact),
	};
}

/** Null where something can be granted for these in an account (null: whichever is chosen), else why not (RFC 8707 §2). */
export function closedTarget({ apis, isMisspelled }: Targets, accountId: string | null): string | null {
	if (isMisspelled) return "resource is spelled otherwise than the API is that is registered here";
	const isClosed = accountId !== null && !apis.every((api) => isOpenTo(api, accountId));
	return isClosed ? "resource is an API of another account" : null;
}

/**
 * What one token can carry permissions of that is for all of these. Whoever is named could use at one what it was shown in a
 * token for both (RFC 9700 §2.3, RFC 8707 §3): ours open latchkey, and go to nobody else; those of a registered API go to no
 * resource that nobody answers for.
 */
export function inOneToken({ own, apis, foreign, isMisspelled }: Targets): Targets {
	const isRegistered = foreign.length === 0;
	return { own: own && isRegistered && apis.length === 0, apis: isRegistered ? apis : [], foreign, isMisspelled };
}
