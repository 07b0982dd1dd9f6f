import type { Ledger } from "../../domain/ledger.ts";
import type { LedgerVerb } from "../remote-ledger.ts";

/**
 * Every verb of a ledger, and whether the edge may call it again after a call that broke: nobody knows then whether it
 * was carried out, so that only a verb may be repeated whose second run gives the answer of the first (DESIGN §8).
 */
const repeatable: { readonly [Verb in LedgerVerb]: (...args: Parameters<Ledger[Verb]>) => boolean } = {
	// The grant's id says that it is there already.
	openGrant: () => true,
	grantsTo: () => true,
	openPair: () => true,
	grantTerms: () => true,
	// The attempt's id gets its own outcome again.
	redeem: () => true,
	// Inside the repeat window the same token gets the same successor again (DESIGN §4.3).
	refresh: () => true,
	inspectGrant: () => true,
	// Afterwards the grant has ended, whichever call did it.
	revokeGrant: () => true,
	grantStates: () => true,
	revokeGrantsTo: () => true,
	listGrants: () => true,
	revokeGrants: () => true,
	revokeToken: () => true,
	isTokenRevoked: () => true,
	consentTo: () => true,
	listConsents: () => true,
	withdrawConsent: () => true,
	// The session that the first call left is the one that the second finds; one that has ended since is not opened again.
	login: () => true,
	inspectSession: () => true,
	listSessions: () => true,
	// It would answer `unknown` for what it has just ended.
	revokeSession: () => false,
	// Its id and hash are the caller's: the second writes the same row, some milliseconds younger.
	openSignIn: () => true,
	checkSignIn: () => true,
	hasSignIn: () => true,
	endSignIn: () => true,
	listSignIns: () => true,
	endEverything: () => true,
	// What waits already stays as it is.
	logOutOf: () => true,
	dueLogouts: () => true,
	// A try would count twice.
	logoutTried: (_, outcome) => outcome === "over",
	checkKey: () => true,
	readKey: () => true,
	// Made, set and added by id, and so `unchanged` at worst. A code that is deleted twice is unknown the second time.
	changeKey: ({ kind }) => kind !== "delete_code",
	forgetAccount: () => true,
	erase: () => true,
	acknowledgeKey: () => true,
	uncopiedKey: () => true,
};

export const verbs: readonly LedgerVerb[] = Object.keys(repeatable).filter(isLedgerVerb);

/** What arrives by RPC is only a string: `constructor` is no verb. */
export function isLedgerVerb(text: string): text is LedgerVerb {
	return Object.hasOwn(repeatable, text);
}

export function mayRepeat(verb: LedgerVerb, args: readonly unknown[]): boolean {
	return Reflect.apply(repeatable[verb], null, args);
}
