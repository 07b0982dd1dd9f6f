import { assert } from "vitest";
import type { Ledger } from "../../../../src/domain/ledger.ts";
import { addCode, aGrant, anOffer, aPair, aRedemption, aRefresh, hash } from "../builders.ts";
import { History, type Seen, type Write } from "./history.ts";

/** What clients ask for, and what they do. Rows of which there are several have a number. */
export type Wanted =
	| { do: "check key" | "check session" | "log in" | "change key" | "end session" }
	| { do: "check grant" | "refresh" | "check token" | "end grant" | "end token"; n: number };

interface Call {
	readonly verb: keyof Ledger;
	readonly args: readonly unknown[];
	/** What an answer says of rows. */
	readonly tells: (answer: unknown) => { readonly wrote: Seen } | { readonly saw: readonly Seen[] };
}

/** One thing that a client wants, from its question to its answer. */
export interface Operation extends Call {
	readonly name: Wanted["do"];
	readonly invokedAt: number;
	write: Write | null;
	isAnswered: boolean;
}

/** As many grants, of which the first is one that keeps its refresh token, and tokens. */
const several = ["0", "1", "2"];
const far = 4_000_000_000;

/** What the ledger of the world begins with: a key whose code opens a session, and grants. */
export function begin(ledger: Ledger): void {
	ledger.changeKey({ kind: "create", ownerId: "account-1", policies: ["policy-0"] });
	ledger.changeKey(addCode("password"));
	ledger.openGrant(aGrant({ id: "grant-0", rotation: "keep" }));
	assert.equal(ledger.redeem("grant-0", aRedemption()).kind, "redeemed");
	const refresh = { hash: hash("refresh-1"), idleTtl: 86_400 };
	for (const n of several.slice(1)) ledger.openPair(aPair({ id: `grant-${n}` }), { lifetime: 864_000, refresh });
}

/** Turns what is wanted into calls, and answers into what they tell of each row. */
export class Operations {
	readonly #histories = new Map<string, History>([
		["key", new History("policy-0")],
		["session", new History("none")],
		...several.map((n) => [`grant-${n}`, new History("live")] as const),
		...several.map((n) => [`token-${n}`, new History("live")] as const),
	]);
	#serial = 0;
	/** The session that a client was told of last. */
	#sid = "none";

	operation(wanted: Wanted, invokedAt: number): Operation {
		this.#serial += 1;
		return { ...this.#call(wanted), name: wanted.do, invokedAt, write: null, isAnswered: false };
	}

	/** The ledger has run it. */
	ran(operation: Operation, answer: unknown): void {
		const told = operation.tells(answer);
		if ("wrote" in told) operation.write = this.#of(told.wrote).write(told.wrote.value, operation.invokedAt);
	}

	/** A client has the answer. Says what it was. */
	answered(operation: Operation, answer: unknown, answeredAt: number): string {
		const { invokedAt, write } = operation;
		operation.isAnswered = true;
		const told = operation.tells(answer);
		if ("wrote" in told && write) {
			write.answeredAt = answeredAt;
			return `${told.wrote.value} now`;
		}
		const saw = "wrote" in told ? [told.wrote] : told.saw;
		for (const seen of saw) {
			if (seen.row === "session" && !seen.isPast) this.#sid = seen.value;
			this.#of(seen).read(seen, invokedAt, answeredAt);
		}
		return saw.map(({ value, isPast }) => (isPast ? `not ${value}` : value)).join(" by ");
	}

	/** The rows that no order of instants explains. */
	unexplained(): readonly string[] {
		return [...this.#histories].filter(([, history]) => !history.isLinearizable()).map(([row]) => row);
	}

	#of({ row }: Seen): History {
		const history = this.#histories.get(row);
		assert(history);
		return history;
	}

	#call(wanted: Wanted): Call {
		const n = "n" in wanted ? (several[wanted.n % several.length] ?? "0") : "0";
		const grant = `grant-${n}`;
		const token = `token-${n}`;
		const sid = this.#sid;
		switch (wanted.do) {
			case "check key":
				return call("checkKey", [hash("password"), null], (check) => ({ saw: [policyOf(check)] }));
			case "check session":
				return call("inspectSession", [sid, { jti: "jti", notBefore: 0 }], (session) => ({
					saw: session?.key
						? [
								{ row: "session", value: session.sid },
								{ row: "key", value: String(session.key.policies[0]) },
							]
						: // One that nobody has had was not there before either.
							[{ row: "session", value: sid, isPast: sid !== "none" }].filter(({ isPast }) => isPast),
				}));
			case "check grant":
				return call("inspectGrant", [grant, { notBefore: 0 }], (found) => isLive(grant, found !== null));
			case "check token":
				return call("isTokenRevoked", [token], (isRevoked) => isLive(token, !isRevoked));
			case "refresh":
				return call("refresh", ["grant-0", aRefresh(1)], ({ kind }) => isLive("grant-0", kind === "kept"));
			case "log in": {
				const proof = { kind: "proved", credential: "password", accountId: "account-1" } as const;
				const offer = anOffer({ sid: `sid-${this.#serial}`, claims: { jti: "jti" }, expiresAt: far });
				const terms = { sessionId: "", minTtl: 0, kids: ["kid-1"], notBefore: 0, offer, isFresh: true, policies: null };
				return call("login", [proof, terms], (session) => {
					assert("payload" in session);
					const seen = { row: "session", value: session.sid };
					return session.kind === "started" ? { wrote: seen } : { saw: [seen] };
				});
			}
			case "change key": {
				const policy = `policy-${this.#serial}`;
				const change = { kind: "set_policies", accountId: "account-1", policies: [policy] } as const;
				return call("changeKey", [change], () => ({ wrote: { row: "key", value: policy } }));
			}
			case "end session":
				return call("revokeSession", [sid, null], (answer) =>
					answer === "revoked"
						? { wrote: { row: "session", value: `none after ${sid}` } }
						: { saw: sid === "none" ? [] : [{ row: "session", value: sid, isPast: true }] },
				);
			case "end grant":
				return call("revokeGrant", [grant, null], () => ended(grant));
			case "end token":
				return call("revokeToken", [token, far], () => ended(token));
		}
	}
}

function isLive(row: string, is: boolean): ReturnType<Call["tells"]> {
	return { saw: [{ row, value: "live", isPast: !is }] };
}

function ended(row: string): ReturnType<Call["tells"]> {
	return { wrote: { row, value: "ended" } };
}

function policyOf(check: ReturnType<Ledger["checkKey"]>): Seen {
	assert(check.kind === "good");
	return { row: "key", value: String(check.policies[0]) };
}

function call<Verb extends keyof Ledger>(
	verb: Verb,
	args: Parameters<Ledger[Verb]>,
	tells: (answer: ReturnType<Ledger[Verb]>) => ReturnType<Call["tells"]>,
): Call {
	// Whatever comes back is what the verb answered.
	return { verb, args, tells: (answer) => tells(answer as ReturnType<Ledger[Verb]>) };
}
