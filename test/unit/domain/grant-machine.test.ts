import fc from "fast-check";
import { assert, describe, expect, test } from "vitest";
import { repeatWindows } from "../../../src/domain/refresh.ts";
import type { Redeemed, Refreshed } from "../../../src/domain/ledger-verdicts.ts";
import type { Seconds } from "../../../src/domain/brands.ts";
import { aGrant, aRedemption, aRefresh, hash, start } from "./builders.ts";
import { MapRows } from "./map-rows.ts";

/**
 * One subject's ledger with two grants and a third that takes the place of the first, under whatever order of commands, right and
 * wrong ones, and time. The test plays the edge and the clients, keeps their history, and tells from the history alone what every
 * answer has to be.
 */
type Action =
	| { do: "wait"; seconds: Seconds }
	| { do: "purge" }
	| { do: "open"; grant: number }
	| { do: "redeem"; grant: number; attempt: string; wrong: WrongRedemption; withdrawn: boolean }
	| {
			do: "refresh";
			grant: number;
			back: number;
			wrong: WrongRefresh;
			withdrawn: boolean;
			proven: boolean;
			keyVersion: number;
	  }
	| { do: "revoke"; grant: number; by: "subject" | "client" | "stranger" };

type WrongRedemption = null | "code" | "client" | "redirect" | "no redirect" | "challenge" | "no challenge";
type WrongRefresh = null | "secret" | "client" | "account" | "scope" | "uncommitted";

const lifetime: Seconds = 1000;
const idleTtl: Seconds = 300;

const grant = fc.oneof({ weight: 3, arbitrary: fc.nat({ max: 1 }) }, { weight: 1, arbitrary: fc.constant(2) });
const withdrawn = fc.oneof({ weight: 15, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });
const mostlyRight = <Wrong>(...wrong: Wrong[]) =>
	fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constantFrom(...wrong) });

const actions: fc.Arbitrary<Action[]> = fc.array(
	fc.oneof(
		{
			weight: 4,
			// Backwards too: an object that moves may meet a slower clock.
			arbitrary: fc.record({
				do: fc.constant("wait" as const),
				seconds: fc.constantFrom(-2, 1, 5, 59, 60, 61, 100, 180, 299, 300, 780, lifetime, 90_000),
			}),
		},
		{ weight: 1, arbitrary: fc.record({ do: fc.constant("purge" as const) }) },
		{ weight: 2, arbitrary: fc.record({ do: fc.constant("open" as const), grant }) },
		{
			weight: 4,
			arbitrary: fc.record({
				do: fc.constant("redeem" as const),
				grant,
				attempt: fc.oneof({ weight: 5, arbitrary: fc.constant("a") }, { weight: 1, arbitrary: fc.constant("b") }),
				wrong: mostlyRight<WrongRedemption>("code", "client", "redirect", "no redirect", "challenge", "no challenge"),
				withdrawn,
			}),
		},
		{
			weight: 10,
			arbitrary: fc.record({
				do: fc.constant("refresh" as const),
				grant,
				back: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.nat({ max: 4 }) }),
				wrong: mostlyRight<WrongRefresh>("secret", "client", "account", "scope", "uncommitted"),
				withdrawn,
				// A client that may do either: what counts is what it did.
				proven: fc.boolean(),
				keyVersion: fc.integer({ min: 1, max: 2 }),
			}),
		},
		{
			weight: 1,
			arbitrary: fc.record({
				do: fc.constant("revoke" as const),
				grant,
				by: fc.constantFrom("subject" as const, "client" as const, "stranger" as const),
			}),
		},
	),
	{ minLength: 15, maxLength: 50 },
);

type Rotation = "keep" | "rotate";

/** What the clients and the edge know of one grant. */
interface History {
	readonly id: string;
	readonly rotation: Rotation;
	/** Another grant, whose place it takes (step-up.ts). */
	readonly replaces: History | null;
	openedAt: Seconds | null;
	gone: boolean;
	ended: boolean;
	readonly successes: Set<string>;
	redeemedAt: Seconds;
	/** The refresh tokens in the order of their generations, when each was replaced, and whether by a client that proved itself. */
	readonly tokens: {
		readonly secret: string;
		readonly issuedAt: Seconds;
		replacedAt: Seconds | null;
		byProof: boolean;
	}[];
}

class World {
	readonly rows = new MapRows();
	readonly histories: readonly History[];
	now = start;

	constructor(rotations: readonly [Rotation, Rotation, Rotation]) {
		const begin = (rotation: Rotation, index: number, replaces: History | null): History => ({
			id: `grant-${index}`,
			rotation,
			replaces,
			openedAt: null,
			gone: false,
			ended: false,
			successes: new Set(),
			redeemedAt: 0,
			tokens: [],
		});
		const [first, second, third] = rotations;
		const replaced = begin(first, 0, null);
		this.histories = [replaced, begin(second, 1, null), begin(third, 2, replaced)];
	}

	/** Does one thing, holds the answer against the history and tells what the answer was. */
	step(action: Action): string {
		if (action.do === "wait") {
			this.now += action.seconds;
			return "wait";
		}
		if (action.do === "purge") return this.#purge();
		const history = this.histories[action.grant]!;
		const others = this.histories.filter((each) => each !== history);
		const before = this.rows.text();
		const otherRows = others.map((each) => this.rows.rowText("grant", each.id));
		const wasLive = this.isLive(history);

		const answer = this.#command(history, action);

		for (const [index, each] of others.entries()) {
			if (answer === "redeem redeemed" && history.replaces === each) continue;
			assert.equal(this.rows.rowText("grant", each.id), otherRows[index], "another grant noticed");
		}
		const changes = ["opened", "redeem redeemed", "redeem replayed", "refresh rotated", "refresh reused", "ended"];
		if (!changes.includes(answer)) assert.equal(this.rows.text(), before);
		const ends = ["redeem replayed", "refresh reused", "ended"].includes(answer);
		if (!ends && answer !== "redeem redeemed") assert.equal(this.isLive(history), wasLive);
		if (history.ended) assert.equal(this.isLive(history), false);
		if (this.rows.text() !== before) assert.isAbove(this.rows.purgeAt("grant", history.id) ?? 0, this.now);
		return answer;
	}

	/** Whether it was redeemed, and neither ended nor is over. */
	counts({ successes, ended, gone, redeemedAt }: History): boolean {
		return successes.size > 0 && !ended && !gone && this.now < redeemedAt + lifetime;
	}

	isLive(history: History): boolean {
		return this.rows.at(this.now).inspectGrant(history.id, { notBefore: 0 }) !== null;
	}

	#command(history: History, action: Exclude<Action, { do: "wait" | "purge" }>): string {
		if (action.do === "open") return this.#open(history);
		if (action.do === "revoke") return this.#revoke(history, action);
		const isRedemption = action.do === "redeem";
		const expected = isRedemption ? this.#expectRedemption(history, action) : this.#expectRefreshment(history, action);
		const answer = isRedemption ? this.#redeem(history, action) : this.#refresh(history, action);
		assert.equal(answer, expected, action.do);
		return `${action.do} ${answer}`;
	}

	#revoke(history: History, action: Action & { do: "revoke" }): string {
		const isThere = action.by !== "stranger" && history.openedAt !== null && !history.gone;
		const mayEnd = isThere && !history.ended;
		const clientId = { subject: null, client: "client-1", stranger: "client-2" }[action.by];
		const answer = this.rows.at(this.now).revokeGrant(history.id, clientId);
		assert.equal(answer, mayEnd ? "revoked" : isThere ? "unchanged" : "unknown");
		history.ended ||= mayEnd;
		return mayEnd ? "ended" : "unchanged";
	}

	/** Consent, once; after that the edge's retry of it. A purged grant's id is never used again. */
	#open(history: History): string {
		if (history.gone) return "gone";
		const { phase: _, createdAt: __, code, ...terms } = aGrant({ id: history.id, rotation: history.rotation });
		const isFirst = history.openedAt === null;
		const { replaces } = history;
		const expected = isFirst && replaces && !this.counts(replaces) ? "overtaken" : "opened";
		const expiresAt = (history.openedAt ?? this.now) + 180;
		const bound = {
			...code,
			hash: hash(`code ${history.id}`),
			expiresAt,
			...(replaces && { replaces: [replaces.id] }),
		};
		const answer = this.rows.at(this.now).openGrant({ ...terms, code: bound });
		assert.equal(answer, expected);
		if (answer === "overtaken") return answer;
		history.openedAt ??= this.now;
		return isFirst ? "opened" : "opened again";
	}

	#expectRedemption(history: History, action: Action & { do: "redeem" }): Redeemed["kind"] {
		if (history.openedAt === null || history.gone) return "unknown";
		if (action.wrong) return "mismatch";
		if (history.ended) return "revoked";
		if (history.successes.size > 0) return history.successes.has(action.attempt) ? "redeemed" : "replayed";
		if (this.now >= history.openedAt + 180) return "expired";
		return action.withdrawn ? "revoked" : "redeemed";
	}

	#redeem(history: History, { attempt, wrong, withdrawn: isWithdrawn }: Action & { do: "redeem" }): string {
		const secret = `${history.id} refresh`;
		const right = aRedemption({
			codeHash: hash(`code ${history.id}`),
			attempt,
			lifetime,
			refresh: { hash: hash(secret), idleTtl },
			notBefore: isWithdrawn ? (history.openedAt ?? 0) + 1 : 0,
		});
		const wrongs = {
			code: { codeHash: hash("guessed") },
			client: { clientId: "client-2" },
			redirect: { redirectUri: "https://evil.example/" },
			"no redirect": { redirectUri: null },
			challenge: { codeChallenge: "guessed" },
			"no challenge": { codeChallenge: null },
		};
		const answer = this.rows.at(this.now).redeem(history.id, { ...right, ...(wrong && wrongs[wrong]) });
		if (answer.kind === "redeemed") {
			if (history.successes.size === 0) {
				history.redeemedAt = this.now;
				history.tokens.push({ secret, issuedAt: this.now, replacedAt: null, byProof: false });
				const { replaces } = history;
				if (replaces) replaces.ended ||= replaces.successes.size > 0 && !replaces.gone;
			}
			history.successes.add(attempt);
			assert.equal(answer.expiresAt, history.redeemedAt + lifetime);
		}
		// DESIGN §4.1: at most once, ever; an attempt's own retry is the same once.
		assert.isAtMost(history.successes.size, 1);
		history.ended ||= answer.kind === "replayed";
		return answer.kind;
	}

	#presented(history: History, back: number) {
		const index = Math.max(0, history.tokens.length - 1 - back);
		return { index, token: history.tokens[index], isNewest: index === history.tokens.length - 1 };
	}

	#expectRefreshment(history: History, action: Action & { do: "refresh" }): Refreshed["kind"] {
		const { wrong, withdrawn: isWithdrawn } = action;
		if (history.openedAt === null || history.gone) return "unknown";
		if (wrong === "client" || wrong === "account") return "mismatch";
		if (history.ended) return "revoked";
		const { index, token, isNewest } = this.#presented(history, action.back);
		if (!token || wrong === "uncommitted") return "mismatch";
		const isReplaced = index === history.tokens.length - 2;
		// Of an older one the ledger has no hash any more: its seal was authentic, and that is enough.
		if (wrong === "secret" && (isNewest || isReplaced)) return "mismatch";
		if (this.now >= history.redeemedAt + lifetime) return "expired";
		if (isWithdrawn) return "revoked";
		const window = token.byProof && action.proven ? repeatWindows.proven : repeatWindows.bearer;
		const isRetry = isReplaced && this.now < (token.replacedAt ?? 0) + window;
		if (!isNewest && !isRetry) return "reused";
		const lastUse = history.tokens.at(-1)!.issuedAt;
		if (history.rotation === "rotate" && this.now >= lastUse + idleTtl) return "expired";
		if (wrong === "scope") return "scope";
		return isRetry ? "repeated" : history.rotation === "keep" ? "kept" : "rotated";
	}

	#refresh(history: History, action: Action & { do: "refresh" }): string {
		const { wrong, keyVersion, proven: isProven, withdrawn: isWithdrawn } = action;
		const { index, token } = this.#presented(history, action.back);
		const secret = token?.secret ?? "never issued";
		const generation = index + 1;
		const right = aRefresh(generation, {
			hash: hash(secret),
			isProven,
			successor: { hash: hash(derive(secret, keyVersion)), keyVersion },
			notBefore: isWithdrawn ? (history.openedAt ?? 0) + 1 : 0,
		});
		// What an edge derived for a call that was never committed, and then lost: it is nobody's.
		const uncommitted = derive(history.tokens.at(-1)?.secret ?? "none", keyVersion);
		const wrongs = {
			secret: { hash: hash("guessed") },
			client: { clientId: "client-2" },
			account: { accountId: "account-2" },
			scope: { scope: ["events:read", "keys:write"] },
			uncommitted: { generation: history.tokens.length + 1, hash: hash(uncommitted) },
		};
		const answer = this.rows.at(this.now).refresh(history.id, { ...right, ...(wrong && wrongs[wrong]) });
		if (answer.kind === "rotated") {
			Object.assign(history.tokens[index]!, { replacedAt: this.now, byProof: isProven });
			const next = derive(secret, answer.keyVersion);
			history.tokens.push({ secret: next, issuedAt: this.now, replacedAt: null, byProof: false });
		}
		if (answer.kind === "repeated") {
			// DESIGN §4.3: whoever lost the race, or the answer, is handed the very same successor.
			assert.equal(derive(secret, answer.keyVersion), history.tokens[index + 1]?.secret);
		}
		if (answer.kind === "rotated" || answer.kind === "repeated" || answer.kind === "kept") {
			assert.equal(answer.expiresAt, history.redeemedAt + lifetime);
		}
		history.ended ||= answer.kind === "reused";
		return answer.kind;
	}

	/** DESIGN §4.5: what goes was worth nothing any more. */
	#purge(): string {
		this.rows.purge(this.now);
		for (const history of this.histories) {
			if (history.openedAt === null || history.gone) continue;
			history.gone = this.rows.at(this.now).grantTerms(history.id) === null;
			if (!history.gone) continue;
			const isRedeemed = history.successes.size > 0;
			const isOver = this.now >= (isRedeemed ? history.redeemedAt + lifetime : history.openedAt + 180);
			assert.equal(history.ended || isOver, true);
		}
		return "purge";
	}
}

/** The edge's derivation: the same token under the same key version gives the same successor. */
function derive(secret: string, keyVersion: number): string {
	return `${secret}>${keyVersion}`;
}

const rotations = fc.tuple(
	fc.constantFrom("rotate" as const, "rotate" as const, "keep" as const),
	fc.constantFrom("rotate" as const, "keep" as const),
	fc.constant("rotate" as const),
);

describe("DESIGN §4: in whatever order grants are opened, redeemed, refreshed, revoked, purged", () => {
	test("once, check before consume, one successor, no resurrection: every answer is what history demands", () => {
		const reached = new Set<string>();
		fc.assert(
			fc.property(rotations, actions, (kinds, list) => {
				const world = new World(kinds);
				for (const action of [{ do: "open", grant: 0 } as const, { do: "open", grant: 1 } as const, ...list]) {
					reached.add(world.step(action));
				}
			}),
			{ numRuns: 1200 },
		);
		// The property is worth what it reaches.
		const redemptions = ["redeemed", "replayed", "mismatch", "expired", "revoked", "unknown"];
		const refreshments = [
			"kept",
			"rotated",
			"repeated",
			"reused",
			"mismatch",
			"expired",
			"revoked",
			"scope",
			"unknown",
		];
		expect([...reached].toSorted()).toEqual(
			[
				"wait",
				"purge",
				"opened",
				"opened again",
				"overtaken",
				"gone",
				"ended",
				"unchanged",
				...redemptions.map((kind) => `redeem ${kind}`),
				...refreshments.map((kind) => `refresh ${kind}`),
			].toSorted(),
		);
	}, 30_000);

	test("DESIGN §4.3: of 100 refreshes with one token at once, one rotates and 99 get its successor", () => {
		const world = new World(["rotate", "keep", "rotate"]);
		world.step({ do: "open", grant: 0 });
		world.step({ do: "redeem", grant: 0, attempt: "a", wrong: null, withdrawn: false });
		const answers = Array.from({ length: 100 }, (_, index) =>
			world.step({
				do: "refresh",
				grant: 0,
				back: index === 0 ? 0 : 1,
				wrong: null,
				withdrawn: false,
				proven: false,
				keyVersion: 1 + (index % 2),
			}),
		);
		expect(answers.filter((answer) => answer === "refresh rotated")).toHaveLength(1);
		expect(answers.filter((answer) => answer === "refresh repeated")).toHaveLength(99);
		expect(world.histories[0]?.tokens).toHaveLength(2);
	});
});
