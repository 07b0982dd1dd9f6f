import type { Client } from "./client.ts";
import type { Grant } from "./grant.ts";
import type { IdentityTerms } from "./identity.ts";
import type { Scope } from "./scope.ts";
import type { Seconds } from "./brands.ts";

/**
 * A client that has still to be told that a sign-in is over (OpenID Connect Back-Channel Logout 1.0): it has an id_token of it, and so
 * may have somebody signed in. One row for each sign-in and client, in the subject's ledger, until the client has answered.
 */
export interface Logout {
	/** The sign-in's and the client's. */
	readonly id: string;
	readonly sid: string;
	readonly clientId: string;
	/** Where the client acts for the person. */
	readonly accountId: string;
	readonly endedAt: Seconds;
	/** How often it was told, in vain. */
	readonly tries: number;
	/** From then on it is told again. */
	readonly dueAt: Seconds;
}

/** What ended with sign-ins: grants, by their ids, and for whom that is news. */
export interface SignInsEnded {
	readonly grants: readonly string[];
	readonly logouts: readonly Logout[];
}

/** How the grants of a sign-in go with it. */
export type SignInTies = Pick<IdentityTerms, "isTold" | "endsWithSignIn">;

/** What a grant is to be tied by, as its client is registered and by what was agreed to. */
export function tiesOf({ kind, options }: Pick<Client, "kind" | "options">, scope: Scope): SignInTies {
	// Back-Channel Logout §2.7: a refresh token that came without `offline_access` SHOULD end with the session. Contract 000: that of
	// an integration stays.
	const isTied = kind === "application" && !scope.includes("offline_access");
	return {
		...(options.backchannelLogoutUri !== undefined && { isTold: true }),
		...(isTied && { endsWithSignIn: true }),
	};
}

/** How long the request that ended the sign-in has to tell the client before the alarm does. */
const grace: Seconds = 60;

/** The last of them is four hours and a quarter after the first. */
const mostTries = 8;

/** Whom it concerns that what these grants were given in is over: every client that has redeemed a code, whatever became of that. */
export function logoutsOf(given: readonly Grant[], now: Seconds): readonly Logout[] {
	const logouts = given.flatMap(({ identity, clientId, accountId, phase }) => {
		if (!identity?.isTold || phase === "open") return [];
		const { sid } = identity;
		return [{ id: `${sid} ${clientId}`, sid, clientId, accountId, endedAt: now, tries: 0, dueAt: now + grace }];
	});
	return [...new Map(logouts.map((logout) => [logout.id, logout])).values()];
}

/** Back-Channel Logout §2.5: later each time. Null where it was told often enough. */
export function againLater(logout: Logout, now: Seconds): Logout | null {
	const tries = logout.tries + 1;
	return tries < mostTries ? { ...logout, tries, dueAt: now + grace * 2 ** tries } : null;
}
