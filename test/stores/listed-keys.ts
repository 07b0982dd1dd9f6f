import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ApiKeyRow, ListedApiKey, NamePosition } from "../../src/domain/ports/api-keys.ts";
import type { ApiKeyState } from "../../src/domain/api-key-state.ts";
import { hash, newSubject, now, type Stores, times } from "./builders.ts";
import { addAccount, auditEntry, keysByName } from "./register-builders.ts";
import { wrongTotals } from "./totals.ts";

/** Other tests leave some that cannot be read. */
const verdicts = `(SELECT key_id, CASE WHEN json_valid(verdict) THEN verdict ELSE '{}' END AS verdict FROM key_verdicts) AS verdicts`;

/** What an account lists, as its rows and the verdicts say it that were copied: each read, and sorted. */
const slowList = `SELECT id FROM (
		SELECT api_keys.id, name FROM api_keys JOIN ${verdicts} ON verdicts.key_id = api_keys.id
		WHERE account_id = ?1 AND verdict ->> '$.state' <> 'deleted'
		UNION ALL SELECT api_keys.id, api_keys.name FROM key_links JOIN api_keys ON api_keys.id = key_links.key_id
		JOIN ${verdicts} ON verdicts.key_id = api_keys.id
		WHERE key_links.account_id = ?1 AND verdict ->> '$.state' <> 'deleted'
			AND EXISTS (SELECT 1 FROM json_each(verdict, '$.policies') AS given WHERE given.key = ?1)
	) ORDER BY name COLLATE NOCASE, id`;
const slowUses = `SELECT api_keys.id FROM api_keys JOIN ${verdicts} ON verdicts.key_id = api_keys.id, json_each(verdict, '$.policies') AS given, json_each(given.value) AS policy
	WHERE given.key = ?1 AND policy.value = 'p' AND verdict ->> '$.state' <> 'deleted' ORDER BY api_keys.id`;
const slowEnds = `SELECT DISTINCT code.value ->> '$.expiresAt' || ' ' || key_id AS id FROM ${verdicts}, json_each(verdict, '$.codes') AS code
	WHERE verdict ->> '$.ownerId' = ?1 AND verdict ->> '$.state' = 'enabled' AND code.value ->> '$.enabled' ORDER BY id`;
const ends = `SELECT ends_at || ' ' || code_ends.key_id AS id FROM code_ends JOIN ${verdicts} ON verdicts.key_id = code_ends.key_id
	WHERE verdict ->> '$.ownerId' = ?1 ORDER BY id`;
const pendingOnes = `SELECT id FROM api_keys WHERE account_id = ?1 AND pending = 1 ORDER BY id`;
const slowPending = `SELECT id FROM api_keys WHERE account_id = ?1 AND id NOT IN (SELECT key_id FROM key_verdicts) ORDER BY id`;

/** What triggers keep of keys, and what the rows and verdicts say. */
const facets = `SELECT account_id || ' ' || key_id || ' ' || facet AS id FROM key_facets WHERE account_id = ?1 ORDER BY id`;
const stateOf = (account: string) => `iif(verdict ->> '$.state' = 'enabled' AND NOT EXISTS (
	SELECT 1 FROM json_each(verdict, '$.linksOff') AS off WHERE off.value ->> '$.accountId' = ${account}), 'enabled', 'disabled')`;
const slowFacets = `SELECT id FROM (WITH there AS (
		SELECT api_keys.id, api_keys.name, type, ${stateOf("?1")} AS state FROM api_keys JOIN ${verdicts} ON verdicts.key_id = api_keys.id
		WHERE account_id = ?1 AND verdict ->> '$.state' <> 'deleted'
		UNION ALL SELECT api_keys.id, api_keys.name, type, ${stateOf("?1")} FROM key_links
		JOIN api_keys ON api_keys.id = key_links.key_id JOIN ${verdicts} ON verdicts.key_id = api_keys.id
		WHERE key_links.account_id = ?1)
	SELECT ?1 || ' ' || id || ' state:' || state AS id FROM there UNION SELECT ?1 || ' ' || id || ' type:' || type FROM there
	UNION SELECT ?1 || ' ' || id || ' word:' || lower(name) FROM there) ORDER BY id`;
const totals = "SELECT facet || ' ' || n AS id FROM key_facet_totals WHERE account_id = ?1 ORDER BY id";
const slowTotals = `SELECT facet || ' ' || count(*) AS id FROM key_facets WHERE account_id = ?1 AND facet NOT LIKE 'word:%' GROUP BY facet
	UNION ALL SELECT ' ' || count(*) FROM listed_keys WHERE account_id = ?1 HAVING count(*) > 0 ORDER BY id`;
const dates = `SELECT key_id || ' ' || expires_at AS id FROM listed_keys WHERE account_id = ?1 AND expires_at < 9 ORDER BY id`;
const slowDates = `SELECT api_keys.id || ' ' || max(code.value ->> '$.expiresAt') AS id
	FROM api_keys JOIN ${verdicts} ON verdicts.key_id = api_keys.id, json_each(verdict, '$.codes') AS code
	WHERE account_id = ?1 AND verdict ->> '$.state' <> 'deleted' AND code.value ->> '$.enabled' GROUP BY api_keys.id ORDER BY id`;

const misnamed = `SELECT key_id AS id FROM key_links JOIN api_keys ON api_keys.id = key_id
	WHERE key_links.account_id = ?1 AND key_links.name <> api_keys.name`;

const anOwner = fc.nat(2);
const aKey = fc.nat(7);
const aName = fc.constantFrom("a", "A", "b", "aa", "B", "c", "é", "Z");
const act = fc.oneof(
	fc.record({ kind: fc.constant("add"), owner: anOwner, name: aName, isOld: fc.boolean() }),
	{
		weight: 4,
		arbitrary: fc.record({
			kind: fc.constant("copy"),
			key: aKey,
			/** Beside the latest of the key: a copy may come late. */
			later: fc.integer({ min: -1, max: 2 }),
			linkers: fc.subarray([0, 1, 2]),
			state: fc.constantFrom("enabled", "enabled", "enabled", "enabled", "disabled", "deleted"),
			codes: fc.array(fc.record({ enabled: fc.boolean(), expiresAt: fc.integer({ min: 1, max: 3 }) }), {
				maxLength: 2,
			}),
		}),
	},
	{ weight: 2, arbitrary: fc.record({ kind: fc.constant("rename"), key: aKey, name: aName }) },
	fc.record({ kind: fc.constant("remove"), key: aKey }),
);
/** Where each begins: the keys of the first two accounts, some linked. */
const begun = [
	...["b", "aa", "Z", "é"].map((each) => ({ kind: "add", owner: 0, name: each, isOld: false }) as const),
	...["a", "B", "c", "d"].map((each) => ({ kind: "add", owner: 1, name: each, isOld: false }) as const),
	...times(8, (n) => {
		return { kind: "copy", key: n, later: 1, linkers: n % 2 ? [] : [0, 1, 2], state: "enabled", codes: [] } as const;
	}),
];

export function describeListedKeys({ platform, databases }: Stores): void {
	const { keyRegister, register, accountRemoval } = platform;

	async function column(query: string, accountId: string): Promise<readonly string[]> {
		const { results } = await databases.register.prepare(query).bind(accountId).all<{ id: string }>();
		return results.map(({ id }) => id);
	}

	async function usedAt(accountId: string): Promise<number> {
		const [at] = await column("SELECT used_at AS id FROM listed_keys WHERE account_id = ?1", accountId);
		return Number(at);
	}

	async function write(sql: string, ...values: readonly string[]): Promise<void> {
		await databases.register
			.prepare(sql)
			.bind(...values)
			.run();
	}

	async function listed(accountId: string): Promise<readonly string[]> {
		const ids: string[] = [];
		for (let after: NamePosition | null = null; ;) {
			const page = await keysByName(keyRegister, accountId, after, 2);
			ids.push(...page.map(({ key }) => key.id));
			if (page.length < 2) return ids;
			after = page[1]!.key;
		}
	}

	describe("what is kept in order", () => {
		test("whatever is done with keys and links: lists, uses, ends and totals are those of the rows and verdicts", async () => {
			await fc.assert(
				fc.asyncProperty(fc.array(act, { maxLength: 20 }), async (acts) => {
					const owners = (await Promise.all(times(3, () => addAccount(register)))).map(({ id }) => id);
					const keys: ApiKeyRow[] = [];
					const latest = new Map<string, number>();
					for (const each of [...begun, ...acts]) {
						if (each.kind === "add") {
							const id = newSubject("key");
							const createdAt = each.isOld ? 1 : now();
							const made = {
								id,
								accountId: owners[each.owner]!,
								name: each.name,
								tags: [],
								type: "standard",
								createdAt,
							} as const;
							if ((await keyRegister.addKey(made, auditEntry())) === "added") keys.push(made);
							continue;
						}
						const key = keys[each.key % keys.length];
						if (!key) continue;
						const { id, accountId: ownerId } = key;
						if (each.kind === "rename") {
							const row = await keyRegister.key(id);
							if (row) await keyRegister.editKey({ ...row, name: each.name }, auditEntry());
						} else if (each.kind === "remove") await accountRemoval.removeKeys([id]);
						else {
							const rev = (latest.get(id) ?? 0) + each.later;
							latest.set(id, Math.max(rev, latest.get(id) ?? 0));
							const given = each.linkers.map((linker) => [owners[linker]!, ["p", "q"]] as const);
							const policies = { [ownerId]: ["q"], ...Object.fromEntries(given) };
							const codes = each.codes.map((code, n) => ({ ...code, id: `${n}`, hash: hash("c"), createdAt: 1 }));
							const verdict: ApiKeyState = {
								ownerId,
								state: each.state,
								codes,
								policies,
								rev,
								copiedRev: 0,
							};
							await register.copyVerdict(id, verdict, now());
						}
					}
					for (const id of owners) {
						expect(await column(misnamed, id)).toEqual([]);
						expect(await listed(id)).toEqual(await column(slowList, id));
						expect(await column(ends, id)).toEqual(await column(slowEnds, id));
						expect(await column(facets, id)).toEqual(await column(slowFacets, id));
						expect(await column(totals, id)).toEqual(await column(slowTotals, id));
						expect(await column(dates, id)).toEqual(await column(slowDates, id));
						expect(await column(pendingOnes, id)).toEqual(await column(slowPending, id));
						const uses = await keyRegister.keysWithPolicy({ id: "p", accountId: id });
						const there = await column(slowUses, id);
						expect(uses.map((use) => use.id).toSorted()).toEqual(there);
					}
					for (const wrong of wrongTotals) expect((await databases.register.prepare(wrong).all()).results).toEqual([]);
				}),
				{ numRuns: 60 },
			);
		});

		test("what a version of before writes, while the next one is deployed, is followed as well", async () => {
			const { id: accountId } = await addAccount(register);
			const { id: other } = await addAccount(register);
			const id = newSubject("key");
			const code = { id: "c", hash: hash("c"), enabled: true, createdAt: 1, expiresAt: 9 };
			const policies = { [other]: [], [accountId]: ["p"] };
			const verdict = { ownerId: other, state: "enabled", codes: [code], policies, rev: 1, copiedRev: 0 };
			await write(
				"INSERT INTO api_keys (id, account_id, name, tags, created_at) VALUES (?, ?, 'Name', '[]', 1)",
				id,
				other,
			);
			await write("INSERT INTO key_verdicts (key_id, rev, verdict) VALUES (?, 1, ?)", id, JSON.stringify(verdict));
			await write("INSERT INTO key_links (account_id, key_id, created_at) VALUES (?, ?, 1)", accountId, id);
			expect(await column(misnamed, accountId)).toEqual([]);
			expect((await keysByName(keyRegister, accountId, null, 9)).map(({ key }) => key.name)).toEqual(["Name"]);
			expect(await keyRegister.keysWithPolicy({ id: "p", accountId })).toEqual([{ id, name: "Name" }]);
			expect(await column(ends, other)).toEqual([`9 ${id}`]);
			const cut = { ...verdict, codes: [], policies: { [other]: [] }, rev: 2 };
			await write("UPDATE key_verdicts SET rev = 2, verdict = ? WHERE key_id = ?", JSON.stringify(cut), id);
			expect(await keyRegister.keysWithPolicy({ id: "p", accountId })).toEqual([]);
			expect(await column(ends, other)).toEqual([]);
		});

		test("a use is noted once a day, of own keys alone; a key that ends by itself is among those that expire", async () => {
			const [owner, linker] = [await addAccount(register), await addAccount(register)];
			const id = newSubject("key");
			const made = { id, accountId: owner.id, name: "Key", tags: [], type: "standard", createdAt: now() } as const;
			await keyRegister.addKey(made, auditEntry());
			const policies = { [owner.id]: [], [linker.id]: ["p"] };
			const endsAt = now() + 5000 + Math.floor(Math.random() * 1000);
			const state = { ownerId: owner.id, state: "enabled", codes: [], policies, rev: 1, copiedRev: 0 } as const;
			const copy = (changes: Partial<ApiKeyState>) => register.copyVerdict(id, { ...state, ...changes }, now());
			await copy({ limits: { expiresAt: endsAt } });
			const noon = 20_000 * 86_400 + 43_200;
			const [elsewhere, other] = [await usedAt(linker.id), newSubject("key")];
			for (const [at, noted] of [
				[noon, noon],
				[noon + 60, noon],
				[noon - 86_400, noon],
				[noon + 86_400, noon + 86_400],
			] as const) {
				await keyRegister.noteUses([
					{ keyId: id, at },
					{ keyId: other, at },
				]);
				expect([await usedAt(owner.id), await usedAt(linker.id)]).toEqual([noted, elsewhere]);
			}
			const expiring = async () =>
				(await platform.keyCopies.expiring(endsAt + 1, { endsAt: endsAt - 1, keyId: "~" }, 10)).map(
					({ keyId }) => keyId,
				);
			expect(await expiring()).toEqual([id]);
			await copy({ rev: 2, limits: { expiresAt: endsAt + 9000 } });
			expect(await expiring()).toEqual([]);
			await copy({ rev: 3, limits: { expiresAt: endsAt } });
			expect(await expiring()).toEqual([id]);
			await copy({ rev: 4, limits: { expiresAt: endsAt }, state: "disabled" });
			expect(await expiring()).toEqual([]);
		});

		test("a page goes on where the one before it ended, whatever becomes of that key, and lists each that stays once", async () => {
			const [id, other] = (await Promise.all(times(2, () => addAccount(register)))).map((each) => each.id);
			if (id === undefined || other === undefined) throw new Error("no account");
			const linked = { [other]: [], [id]: ["p"] };
			const verdict: ApiKeyState = {
				ownerId: other,
				state: "enabled",
				codes: [],
				policies: linked,
				rev: 1,
				copiedRev: 0,
			};
			const all: ApiKeyRow[] = [];
			for (const n of times(24, (count) => count)) {
				const accountId = n % 2 ? id : other;
				const made = {
					id: newSubject("key"),
					accountId,
					name: `Key ${String(n).padStart(2, "0")}`,
					tags: [],
					type: "standard",
					createdAt: now(),
				} as const;
				await keyRegister.addKey(made, auditEntry());
				await register.copyVerdict(made.id, { ...verdict, ownerId: accountId }, now());
				all.push(made);
			}
			/** Of each six: one is renamed, one deleted, and a link is cut, or its key deleted. */
			const goes = async (made: ApiKeyRow, n: number) => {
				const { id: keyId, accountId } = made;
				const gone = { ...verdict, ownerId: accountId, rev: 2 };
				if (n % 6 === 1) await keyRegister.editKey({ ...made, name: `A ${made.name}`, rev: 0 }, auditEntry());
				if (n % 6 === 3) await register.copyVerdict(keyId, { ...gone, state: "deleted" }, now());
				if (n % 6 === 4) await register.copyVerdict(keyId, { ...gone, policies: { [other]: [] } }, now());
			};
			const stay = all.filter((_, n) => [0, 2, 5].includes(n % 6)).map((each) => each.id);
			const stayed = (ids: readonly string[]) => ids.filter((each) => stay.includes(each));
			const before = [];
			// Each page ends at a key that goes then; and at the same time as all of them.
			for (let after: NamePosition | null = null; before.length < 3;) {
				const page: readonly ListedApiKey[] = await keysByName(keyRegister, id, after, 2);
				before.push(page);
				const last = page[1]!.key;
				const n = all.findIndex((each) => each.id === last.id);
				await goes(last, n);
				after = last;
			}
			expect(stayed(before.flat().map((each) => each.key.id))).toEqual(stay.slice(0, 3));
			const walks = times(4, () => listed(id));
			const [walked] = await Promise.all([
				Promise.all(walks),
				Promise.all(all.slice(6).map((each, n) => goes(each, n))),
			]);
			for (const ids of [...walked, await listed(id)]) expect(stayed(ids)).toEqual(stay);
			expect(await listed(id)).toEqual(await column(slowList, id));
		});
	});
}
