import { describe, expect, test } from "vitest";
import type { Event, EventColumn, StoredEvent } from "../../src/domain/event.ts";
import type { Condition, Search } from "../../src/domain/search.ts";
import { event, newId, now, type Stores, times } from "./builders.ts";

export function describeEvents({ platform: { events }, eventIds }: Stores): void {
	async function addEvents(bodies: readonly object[]): Promise<{ accountId: string; rows: Event[] }> {
		const accountId = newId();
		const rows = bodies.map((body, index) =>
			event({ accountId, occurredAt: 1000 + index, body: JSON.stringify(body) }),
		);
		await events.add(rows);
		return { accountId, rows };
	}

	describe("events", () => {
		test("events are added all or none", async () => {
			const added = times(30, () => event());
			await events.add(added);
			await events.add([]);
			expect(await eventIds()).toEqual(expect.arrayContaining(added.map(({ id }) => id)));
			const fresh = event();
			await expect(events.add([fresh, { ...event(), accountId: null } as never])).rejects.toThrow("NOT NULL");
			expect(await eventIds()).not.toContain(fresh.id);
		});

		test("one whose id is there already stays as it is, and takes nobody along", async () => {
			const accountId = newId();
			const [kept, other] = [event({ accountId, body: '{"n":1}' }), event({ accountId, body: '{"n":3}' })];
			await events.add([kept]);
			await events.add([{ ...kept, body: '{"n":2}' }, other, other]);
			expect((await events.find(accountId, kept.id))?.body).toBe('{"n":1}');
			expect((await events.find(accountId, other.id))?.body).toBe('{"n":3}');
		});

		test("many at once, and long ones, are stored letter by letter", async () => {
			const accountId = newId();
			const long = ['"\\'.repeat(40_000), "\u{1f511}ü\u0000".repeat(30_000), "x".repeat(250_000)];
			const bodies = [...long, ...times(2100, (n) => n)].map((text) => JSON.stringify({ text }));
			const added = bodies.map((body) => event({ accountId, body }));
			await events.add(added);
			expect((await events.find(accountId, added.at(-1)?.id ?? ""))?.body).toBe(bodies.at(-1));
			for (const index of [0, 1, 2]) {
				expect((await events.find(accountId, added[index]?.id ?? ""))?.body === bodies[index]).toBe(true);
			}
			const found = await events.search(search(accountId, { limit: 100 }), "event");
			expect(found.rows).toHaveLength(100);
		});

		test("what was received before an instant leaves", async () => {
			const old = event({ receivedAt: now() - 11 });
			const young = event({ receivedAt: now() - 10 });
			await events.add([old, young]);
			await events.purge(now() - 10);
			expect(await eventIds()).not.toContain(old.id);
			expect(await eventIds()).toContain(young.id);
		});
	});

	describe("searching events", () => {
		test("newest first, each once, also where several are of one instant", async () => {
			const accountId = newId();
			const rows = times(25, (index) => event({ accountId, occurredAt: 1000 + Math.floor(index / 10) }));
			await events.add([...rows, event({ accountId: newId() })]);
			const seen: StoredEvent[] = [];
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

		test("a filter looks at ten events for each of a page, and goes on behind them", async () => {
			const { accountId } = await addEvents(times(75, (index) => ({ n: index % 25 })));
			const conditions: Condition<EventColumn>[] = [{ ...path("n"), test: { operator: "eq", value: 24 } }];
			const pages: number[][] = [];
			let after: Search<EventColumn>["after"] = null;
			do {
				const page = await events.search(search(accountId, { conditions, limit: 2, after }), null);
				pages.push(page.rows.map(({ occurredAt }) => occurredAt));
				after = page.next;
			} while (after);
			expect(pages).toEqual([[1074], [1049], [1024], []]);
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
}

const path = (...names: string[]) => ({ path: names });

function search(accountId: string, changes: Partial<Search<EventColumn>> = {}): Search<EventColumn> {
	return { accountId, conditions: [], from: null, before: null, after: null, limit: 100, ...changes };
}
