import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import type { ApiKeyRow, KeyNarrowing, KeySort } from "../../src/domain/ports/api-keys.ts";
import type { ApiKeyState } from "../../src/domain/api-key-state.ts";
import { cloudflarePlatform } from "../../src/platform/cloudflare/platform.ts";
import type { SubjectId } from "../../src/domain/subject.ts";
import { mostCounted } from "../../src/domain/list-query.ts";
import { hash, newId, newSubject, now } from "../stores/builders.ts";
import { addAccount, auditEntry, everyKey, keysByName } from "../stores/register-builders.ts";
import { CountedDatabase } from "./counted-database.ts";

// What D1 bills, and what a request waits for: the rows that are read. Of an account with thousands as of one with a hundred.

const sizes = { few: 100, many: 4000 } as const;
const db = new CountedDatabase(env.DB);
const platform = cloudflarePlatform({ ...env, DB: db as unknown as D1Database });
const { accountExport, accountRemoval, accounts, keyCopies, keyRegister, operators, register } = platform;

interface Owner {
	readonly id: string;
	readonly policy: string;
	/** Of its own keys. */
	readonly key: (n: number) => string;
	readonly linked: (n: number) => string;
	/** Of as many that it has linked, which are called the same, as if they were of as many accounts. */
	readonly twin: (n: number) => string;
}

/** An account with so many keys, deleted ones, links and codes that end, and one beside it whose keys it has linked. */
async function addOwner(size: number): Promise<Owner> {
	const [{ id }, other] = [await addAccount(register), await addAccount(register)];
	const [policy, prefix] = [newId(), newId()];
	await register.add({ policies: [{ id: policy, accountId: id, name: "All", description: "", permissions: [] }] });
	const numbers = `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${size})`;
	const given = { [id]: [policy] };
	for (const [kind, ownerId] of [
		["own", id],
		["linked", other.id],
		["deleted", id],
		["twin", other.id],
	] as const) {
		const keyId = `'key_any_${kind}_${prefix}_' || n`;
		const code = { id: "c", hash: hash("c"), enabled: true, createdAt: 1 };
		const state = kind === "deleted" ? "deleted" : "enabled";
		const verdict: ApiKeyState = {
			ownerId,
			state,
			codes: [],
			policies: { [ownerId]: [], ...given },
			rev: 1,
			copiedRev: 1,
		};
		const text = `json_set('${JSON.stringify(verdict)}', '$.codes[0]', json_set('${JSON.stringify(code)}', '$.expiresAt', ${now()} + n))`;
		await env.DB.prepare(
			`${numbers} INSERT INTO key_verdicts (key_id, rev, verdict) SELECT ${keyId}, 1, ${text} FROM numbers`,
		).run();
		if (kind === "deleted") continue;
		const [name, linkedName] = kind === "twin" ? ["'Twin ' || n", "'Twin'"] : ["'Key ' || n", "'Key ' || n"];
		const rest = [
			`api_keys (id, account_id, name, tags, created_at) SELECT ${keyId}, '${ownerId}', ${name}, '[]', 1`,
			`access_codes (id, key_id, description) SELECT ${keyId} || 'c', ${keyId}, ''`,
			...(kind === "own"
				? []
				: [`key_links (account_id, key_id, created_at, name) SELECT '${id}', ${keyId}, 1, ${linkedName}`]),
		];
		const twins = `UPDATE listed_keys SET name = 'Twin' WHERE account_id = '${id}' AND substr(key_id, 1, 12) = 'key_any_twin'`;
		for (const insert of rest) await env.DB.prepare(`${numbers} INSERT INTO ${insert} FROM numbers`).run();
		if (kind === "twin") await env.DB.prepare(twins).run();
	}
	const named = (kind: string) => (n: number) => `key_any_${kind}_${prefix}_${n}`;
	return { id, policy, key: named("own"), linked: named("linked"), twin: named("twin") };
}

function newKey(accountId: string, changes: Partial<ApiKeyRow> = {}): ApiKeyRow {
	const id = newSubject("key");
	return { id, accountId, name: newId(), tags: [], type: "standard", createdAt: now(), ...changes };
}

function verdictOf(ownerId: string, changes: Partial<ApiKeyState> = {}): ApiKeyState {
	return { ownerId, state: "enabled", codes: [], policies: { [ownerId]: [] }, rev: 1, copiedRev: 0, ...changes };
}

/** A new key, the copy of its verdict, a link of it, and its end. */
async function lifeOf({ id }: Owner, linker: string): Promise<void> {
	const made = newKey(id);
	expect(await keyRegister.addKey(made, auditEntry())).toBe("added");
	await register.copyVerdict(made.id, verdictOf(id), now());
	expect(await keyRegister.editKey({ ...made, name: newId(), rev: 0 }, auditEntry())).toBe("written");
	await register.copyVerdict(made.id, verdictOf(id, { policies: { [id]: [], [linker]: ["p"] }, rev: 2 }), now());
	await register.copyVerdict(made.id, verdictOf(id, { state: "deleted", rev: 3 }), now());
}

/** A page of the keys that are asked for, which has so many. */
async function found(id: string, asked: Partial<KeyNarrowing>, length: number, sort: KeySort = "name"): Promise<void> {
	const walk = { sort, after: null, isBack: false, limit: 21 };
	expect((await keyRegister.keys(id, { ...everyKey, ...asked }, walk)).rows).toHaveLength(length);
}

const page = { name: "Key 5", id: "" };
const acts: Record<string, (owner: Owner) => Promise<unknown>> = {
	"a page of the keys, its own and linked": ({ id }) => keysByName(keyRegister, id, null, 21),
	"one further on": ({ id }) => keysByName(keyRegister, id, page, 21),
	"one further on, among linked ones of one name": async ({ id, twin }) => {
		const keys = await keysByName(keyRegister, id, { name: "twin", id: twin(5) }, 21);
		expect(keys.map(({ key }) => key.name)).toEqual(keys.map(() => "Twin"));
		expect(keys).toHaveLength(21);
	},
	"keys of which none is called so": ({ id }) => found(id, { words: ["nobody"] }, 0),
	"keys of which all are called so": ({ id }) => found(id, { words: ["key"] }, 21),
	"keys of a state that all have": ({ id }) => found(id, { state: "enabled" }, 21),
	"keys of a state that none has": ({ id }) => found(id, { state: "disabled" }, 0),
	"the newest keys": ({ id }) => found(id, {}, 21, "-created"),
	"keys that end soon": ({ id }) => found(id, { expiresBefore: 1 }, 0, "expires"),
	"keys that end soon, by name": ({ id }) => found(id, { expiresBefore: 1 }, 0),
	"keys of a begin of an id that none has": ({ id }) => found(id, { ids: { from: "key_b", to: "key_b~" } }, 0),
	"keys that were not used since long ago": ({ id }) => found(id, { usedBefore: -1 }, 0, "used"),
	"keys of a state and a word that all have": ({ id }) => found(id, { state: "enabled", words: ["key"] }, 21),
	"that keys were used": ({ key }) =>
		keyRegister.noteUses([5, 6].map((n) => ({ keyId: key(n) as SubjectId, at: now() }))),
	"a key that is made, renamed, linked and deleted": (owner) => lifeOf(owner, owner.id),
	"how many there are": ({ id }) => accounts.counts(id),
	"how many there are in all": () => operators.counts(),
	"the keys that have a policy": ({ id, policy }) => keyRegister.keysWithPolicy({ id: policy, accountId: id }),
	"a page of the codes that end": () => keyCopies.expiring(now() + 60, { endsAt: 0, keyId: "" }, 20),
	"the next keys of an account that goes": ({ id }) => accountRemoval.keys(id, 25),
	"the next links of an account that goes": ({ id }) => accountRemoval.linkedKeys(id, 25),
	"a page of the keys of an export": ({ id }) => accountExport.part(id, "keys", null, 20),
	"one further on of an export": ({ id, key }) => accountExport.part(id, "keys", { id: key(5) }, 20),
	"a page of the links of an export": ({ id, linked }) => accountExport.part(id, "links", { id: linked(5) }, 20),
};

/** Of these the first thousand are counted, to know whether they are few. */
const counted: typeof acts = {
	"keys that were never used, which all are": ({ id }) => found(id, { neverUsed: true }, 21, "used"),
	"the same by name": ({ id }) => found(id, { neverUsed: true }, 21),
	"keys that end within a day, which all do": ({ id }) => found(id, { expiresBefore: now() + 86_400 }, 21, "expires"),
};

describe("rows that D1 reads", () => {
	let few: Owner;
	let many: Owner;
	beforeAll(async () => {
		few = await addOwner(sizes.few);
		many = await addOwner(sizes.many);
	});

	test.each(Object.entries(acts))("%s: as many of thousands as of a hundred", async (_, act) => {
		const [ofFew, ofMany] = [await db.readBy(() => act(few)), await db.readBy(() => act(many))];
		expect(ofFew).toBeGreaterThan(0);
		expect(ofMany).toBeLessThanOrEqual(ofFew * 1.2);
	});

	test.each(Object.entries(counted))("%s: as many, and those that are counted", async (_, act) => {
		const [ofFew, ofMany] = [await db.readBy(() => act(few)), await db.readBy(() => act(many))];
		expect(ofMany).toBeLessThanOrEqual(ofFew * 1.2 + mostCounted);
	});
});
