import { describe, expect, test } from "vitest";
import type { AlertKind, Sighting } from "../../src/domain/alert.ts";
import type { Event, EventColumn } from "../../src/domain/event.ts";
import type { Condition, Search } from "../../src/domain/search.ts";
import { accessCodeTtl } from "../../src/domain/api-key-state.ts";
import { event, hash, newId, newSubject, now, type Stores, tally, times } from "./builders.ts";

function search(accountId: string, changes: Partial<Search<EventColumn>> = {}): Search<EventColumn> {
	return { accountId, conditions: [], from: null, before: null, after: null, limit: 100, ...changes };
}

const path = (...names: string[]) => ({ path: names });

function sighting(changes: Partial<Sighting> = {}): Sighting {
	const kind: AlertKind = "failed_logins";
	const at = now() - (now() % 3600) + 60;
	return {
		id: newId(),
		accountId: "account",
		kind,
		subject: "s",
		target: "",
		count: 1,
		at,
		detail: { n: 1 },
		...changes,
	};
}

export function describeSearches({ platform, auditedActions, installedGrants }: Stores): void {
	const { events, alerts, keyCopies, pairInstalls, register, ledgers } = platform;
	const standing = { state: "active", notBefore: 0 } as const;

	async function addEvents(bodies: readonly object[]): Promise<{ accountId: string; rows: Event[] }> {
		const accountId = newId();
		const rows = bodies.map((body, index) =>
			event({ accountId, occurredAt: 1000 + index, body: JSON.stringify(body) }),
		);
		await events.add(rows);
		return { accountId, rows };
	}

	describe("searching events", () => {
		test("newest first, each once, also where several are of one instant", async () => {
			const accountId = newId();
			const rows = times(25, (index) => event({ accountId, occurredAt: 1000 + Math.floor(index / 10) }));
			await events.add([...rows, event({ accountId: newId() })]);
			const seen: Event[] = [];
			let after: Search<EventColumn>["after"] = null;
			do {
				const page = await events.search(search(accountId, { limit: 7, after }), null);
				seen.push(...page.rows);
				after = page.next;
			} while (after);
			expect(seen).toHaveLength(25);
			expect(new Set(seen.map(({ id }) => id)).size).toBe(25);
			const order = seen.map(({ occurredAt, id }) => [occurredAt, id] as const);
			expect(order).toEqual(order.toSorted((a, b) => b[0] - a[0] || (a[1] < b[1] ? 1 : -1)));
			expect(rows).toContainEqual(seen[0]);
		});

		test("a range, and the type", async () => {
			const { accountId, rows } = await addEvents([{}, {}, {}]);
			const change = event({ accountId, type: "change_event", environment: "", environmentId: "", occurredAt: 1001 });
			await events.put(change);
			await events.put({ ...change, body: '{"later":true}' });
			const found = async (changes: Partial<Search<EventColumn>>, type: Event["type"] | null = null) =>
				(await events.search(search(accountId, changes), type)).rows;
			expect(await found({ from: 1001, before: 1002 }, "event")).toEqual([rows[1]]);
			expect(await found({}, "change_event")).toEqual([change]);
			expect(await found({})).toHaveLength(4);
			expect(await events.remove(newId(), "change_event", change.id)).toBe("unknown");
			expect(await events.remove(accountId, "event", change.id)).toBe("unknown");
			expect(await events.remove(accountId, "change_event", change.id)).toBe("removed");
			expect(await events.remove(accountId, "change_event", change.id)).toBe("unknown");
			expect(await found({})).toHaveLength(3);
		});

		const bodies = [
			{ a: 1, s: "x" },
			{ a: "1", s: "X" },
			{ a: true, s: 'quote " back \\ percent % é \u{1f511}' },
			{ a: false, n: null, "odd name.": "y" },
			{ a: 1.5, deep: { er: { est: "z" } }, list: [1] },
			{ a: 1e21 },
		];
		const cases: [string, Condition<EventColumn>[], number[]][] = [
			["1 is 1", [{ ...path("a"), test: { operator: "eq", value: 1 } }], [0]],
			["“1” is a text", [{ ...path("a"), test: { operator: "eq", value: "1" } }], [1]],
			["true is true", [{ ...path("a"), test: { operator: "eq", value: true } }], [2]],
			["1.5", [{ ...path("a"), test: { operator: "eq", value: 1.5 } }], [4]],
			["1e21", [{ ...path("a"), test: { operator: "eq", value: 1e21 } }], [5]],
			["in", [{ ...path("a"), test: { operator: "in", value: [1, "1", false] } }], [3, 1, 0]],
			["more", [{ ...path("a"), test: { operator: "gt", value: 1 } }], [5, 4]],
			["at least", [{ ...path("a"), test: { operator: "gte", value: 1 } }], [5, 4, 0]],
			["less", [{ ...path("a"), test: { operator: "lt", value: 1.5 } }], [0]],
			["at most", [{ ...path("a"), test: { operator: "lte", value: 1.5 } }], [4, 0]],
			["case counts", [{ ...path("s"), test: { operator: "eq", value: "X" } }], [1]],
			[
				"contains, as it stands",
				[{ ...path("s"), test: { operator: "contains", value: '" back \\ percent % é \u{1f511}' } }],
				[2],
			],
			["contains is of texts alone", [{ ...path("a"), test: { operator: "contains", value: "1" } }], [1]],
			["deep", [{ ...path("deep", "er", "est"), test: { operator: "eq", value: "z" } }], [4]],
			["an object is no text", [{ ...path("deep"), test: { operator: "contains", value: "er" } }], []],
			["a list has no names", [{ ...path("list", "0"), test: { operator: "eq", value: 1 } }], []],
			["nor is it a text", [{ ...path("list"), test: { operator: "contains", value: "1" } }], []],
			["a text has no names", [{ ...path("s", "length"), test: { operator: "gte", value: 1 } }], []],
			[
				"names are a body's own",
				[{ ...path("constructor"), test: { operator: "neq", value: "x" } }],
				[5, 4, 3, 2, 1, 0],
			],
			[
				"so are those within",
				[{ ...path("deep", "__proto__"), test: { operator: "neq", value: "x" } }],
				[5, 4, 3, 2, 1, 0],
			],
			["an odd name", [{ ...path("odd name."), test: { operator: "eq", value: "y" } }], [3]],
			["null is not its text", [{ ...path("n"), test: { operator: "eq", value: "null" } }], []],
			["what is not there is not equal", [{ ...path("s"), test: { operator: "neq", value: "x" } }], [5, 4, 3, 2, 1]],
			[
				"all",
				[
					{ ...path("a"), test: { operator: "gte", value: 1 } },
					{ ...path("s"), test: { operator: "eq", value: "x" } },
				],
				[0],
			],
			["a column", [{ column: "environment", test: { operator: "neq", value: "workspace/name" } }], []],
			[
				"a part of a column",
				[{ column: "environment", test: { operator: "contains", value: "space/n" } }],
				[5, 4, 3, 2, 1, 0],
			],
			["one of a column", [{ column: "type", test: { operator: "in", value: ["change_event"] } }], []],
			["a time", [{ column: "occurred_at", test: { operator: "gt", value: 1003.5 } }], [5, 4]],
		];
		test.each(cases)("filter: %s", async (_, conditions, expected) => {
			const { accountId, rows } = await addEvents(bodies);
			const found = await events.search(search(accountId, { conditions }), null);
			expect(found.rows.map(({ id }) => rows.findIndex((row) => row.id === id))).toEqual(expected);
			expect(found.next).toBeNull();
		});

		test("twenty filters at once are not too many", async () => {
			const { accountId } = await addEvents(bodies);
			const conditions = times(20, () => ({
				...path("a"),
				test: { operator: "in", value: times(50, (index) => index) } as const,
			}));
			expect((await events.search(search(accountId, { conditions }), null)).rows).toHaveLength(1);
		});
	});

	const alertsOf = async (accountId: string, kind: AlertKind | null = null) =>
		(await alerts.search({ accountId, conditions: [], from: null, before: null, after: null, limit: 100 }, kind)).rows;

	describe("alerts", () => {
		test("one row for each kind, subject, target and hour, with a count", async () => {
			const accountId = newId();
			const first = sighting({ accountId });
			await Promise.all([alerts.raise([first]), ...times(9, () => alerts.raise([sighting({ accountId, count: 2 })]))]);
			const later = { at: first.at + 100, detail: { n: 2 } };
			await alerts.raise([sighting({ accountId, ...later }), sighting({ accountId, subject: "other" })]);
			await alerts.raise([sighting({ accountId, at: first.at + 3600 }), sighting({ accountId, target: "t" })]);
			await alerts.raise([]);
			const rows = await alertsOf(accountId);
			expect(rows.map(({ count }) => count).toSorted((a, b) => a - b)).toEqual([1, 1, 1, 20]);
			const counted = rows.find(({ count }) => count === 20);
			expect(counted).toMatchObject({ firstAt: first.at, lastAt: first.at + 100, detail: { n: 2 } });
			expect(rows[0]?.firstAt).toBe(first.at + 3600);
		});

		test("what is told of once a day is counted once a day", async () => {
			const accountId = newId();
			const at = now() - (now() % 86_400);
			const warning = { accountId, kind: "access_code_expiring" } as const;
			for (const moment of [at, at + 3600, at + 86_399, at + 86_400]) {
				await alerts.raise([sighting({ ...warning, at: moment })]);
			}
			expect((await alertsOf(accountId)).map(({ count, firstAt }) => [count, firstAt])).toEqual([
				[1, at + 86_400],
				[1, at],
			]);
		});

		test("a kind alone, a filter, and what is old leaves", async () => {
			const accountId = newId();
			const at = now() - 100 * 86_400;
			await alerts.raise([
				sighting({ accountId, at }),
				sighting({ accountId, kind: "dead_key_used", detail: { key: "Nightly" } }),
			]);
			expect(tally(await alertsOf(accountId, "dead_key_used"))).toEqual({ dead_key_used: 1 });
			const conditions = [{ path: ["key"], test: { operator: "eq", value: "Nightly" } }] as const;
			const wanted = { accountId, conditions, from: null, before: null, after: null, limit: 1 };
			expect((await alerts.search(wanted, null)).rows).toHaveLength(1);
			await alerts.purge(at + 1);
			expect(tally(await alertsOf(accountId))).toEqual({ dead_key_used: 1 });
		});
	});

	describe("copies of verdicts", () => {
		test("a key is found with its names, and an enabled one with a code that ends", async () => {
			const [accountId, codeId] = [newId(), newId()];
			const keyId = newSubject("key");
			await register.add({
				accounts: [{ id: accountId, slug: accountId.toLowerCase(), name: "A", ...standing }],
				apiKeys: [{ id: keyId, accountId, name: "Nightly", tags: [], createdAt: now() }],
				accessCodes: [{ id: codeId, keyId, description: "Server", sealedSecret: null }],
			});
			expect(await keyCopies.find(keyId)).toBeNull();
			const ledger = ledgers.of(keyId);
			await ledger.changeKey({ kind: "create", ownerId: accountId, policies: [] });
			const changed = await ledger.changeKey({ kind: "add_code", id: codeId, hash: hash("code") });
			if (changed.kind === "refused") throw new Error(changed.reason);
			const { verdict } = changed;
			await register.copyVerdict(keyId, verdict);
			const copy = { keyId, verdict, name: "Nightly", descriptions: { [codeId]: "Server" } };
			expect(await keyCopies.find(keyId)).toEqual(copy);

			const end = now() + accessCodeTtl;
			const ids = async (before: number) => (await keyCopies.expiring(before, "", 1000)).map((each) => each.keyId);
			expect(await ids(end + 1)).toContain(keyId);
			expect(await ids(end)).not.toContain(keyId);
			expect(await keyCopies.expiring(end + 1, keyId, 1000)).not.toContainEqual(copy);
			await register.copyVerdict(keyId, { ...verdict, state: "disabled", rev: verdict.rev + 1 });
			expect(await ids(end + 1)).not.toContain(keyId);
			expect(await keyCopies.find(newSubject("key"))).toBeNull();
		});
	});

	describe("token pairs", () => {
		test("are listed once and noted once, however often they are sent", async () => {
			const accountId = newId();
			await register.add({ accounts: [{ id: accountId, slug: accountId.toLowerCase(), name: "A", ...standing }] });
			const subject = newSubject();
			const installs = times(3, (index) => ({
				grantId: newId(),
				clientId: subject,
				accountId,
				subject,
				scope: [["read", "write", "delete"][index] ?? ""],
				createdAt: now(),
				expiresAt: now() + 100,
			}));
			const action = `token_pairs.${newId()}`;
			const entry = { at: now(), accountId, actor: subject, action, target: subject, address: null, detail: {} };
			await Promise.all(times(3, () => pairInstalls.add(installs, entry)));
			expect(await installedGrants()).toEqual(expect.arrayContaining(installs.map(({ grantId }) => grantId)));
			expect((await auditedActions()).filter((each) => each === action)).toHaveLength(1);
		});

		test("of 100 openings at once one opens, and the others are the same pair", async () => {
			const subject = newSubject();
			const ledger = ledgers.of(subject);
			const scope = ["read"];
			const pair = {
				id: newId(),
				clientId: subject,
				accountId: "account",
				scope,
				rotation: "rotate",
				code: null,
			} as const;
			const command = { lifetime: 1000, refresh: { hash: hash("generation 1"), idleTtl: 100 } };
			const outcomes = await Promise.all(times(100, () => ledger.openPair(pair, command)));
			expect(outcomes).toEqual(times(100, () => ({ kind: "opened", expiresAt: now() + 1000 })));
			const other = { ...command, refresh: { ...command.refresh, hash: hash("another") } };
			expect(await ledger.openPair(pair, other)).toEqual({ kind: "taken" });
			expect(await ledger.grantTerms(pair.id)).toBeNull();
			expect(await ledger.inspectGrant(pair.id, { notBefore: 0 })).toMatchObject({ clientId: subject, scope });
		});
	});
}
