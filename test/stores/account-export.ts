import { describe, expect, test } from "vitest";
import { type ExportedRow, type ExportPart, exportParts } from "../../src/domain/ports/account-export.ts";
import { newId, now, type Stores, times } from "./builders.ts";
import { addAccount, auditEntry, install } from "./register-builders.ts";
import { addWholeAccount, columnsOf } from "./whole-account.ts";

/** The parts that are not called as their tables are. */
const tables: Partial<Readonly<Record<ExportPart, string>>> = {
	people: "memberships",
	keys: "api_keys",
	links: "key_links",
};

/** What is not exported of a table, and why. `account_id` is that of the whole file. */
const left: Readonly<Record<string, readonly string[] | "all">> = {
	// It is the deployment's.
	setup: "all",
	// How many there are of what is exported.
	totals: "all",
	install_totals: "all",
	new_alerts: "all",
	// They are their person's, who belongs to other accounts too; and hashes.
	operators: "all",
	passkeys: "all",
	recovery_codes: "all",
	recovery_links: "all",
	wrong_passwords: "all",
	email_links: "all",
	one_time_codes: "all",
	provider_identities: "all",
	// What waits to be told, and what was: of the audit log and the alerts, which are exported.
	webhook_outbox: "all",
	alert_outbox: "all",
	webhook_deliveries: "all",
	// As `id`. What `not_before` is there for is that older tokens end.
	memberships: ["person_id", "not_before"],
	// The name of a linked key is its owner's.
	key_links: ["key_id", "name"],
	installs: ["grant_id", "settled"],
	// What opens something, or counts for latchkey alone.
	clients: ["secrets", "not_before", "rev", "registered_from", "used_at", "kept_at"],
	environments: ["key_version"],
	policies: ["rev"],
	apis: ["folded", "rev"],
	trusted_issuers: ["rev"],
	sign_in_providers: ["sealed_secret", "rev"],
	webhook_endpoints: ["sealed_secret", "previous_secret", "previous_until", "rev"],
	// As `id`.
	account_domains: ["domain"],
	api_keys: ["rev", "pending"],
	access_codes: ["sealed_secret"],
	invitations: ["hash"],
	// What a key's ledger says: `state` and `policies` of it are with the key.
	key_verdicts: "all",
	key_policies: "all",
	code_ends: "all",
	// How they are listed.
	listed_keys: "all",
	key_facets: "all",
	key_facet_totals: "all",
	events: ["environment_id"],
	alerts: ["slot"],
	// Which counts were added.
	usage_batches: "all",
};

export function describeAccountExport({ platform, databases }: Stores): void {
	const { accountExport, register } = platform;

	async function whole(accountId: string): Promise<ReadonlyMap<ExportPart, readonly ExportedRow[]>> {
		const parts = exportParts.map(async (part) => [part, await accountExport.part(accountId, part, null, 99)] as const);
		return new Map(await Promise.all(parts));
	}

	const damage = (sql: string, of: string) => databases.register.prepare(sql).bind(of).run();

	describe("an account's export", () => {
		test("has each column of each table that is of accounts, people or keys, or it is said here why not", async () => {
			const parts = await whole((await addWholeAccount({ platform })).id);
			const exported = new Map(
				[...parts].map(([part, rows]) => [tables[part] ?? part, new Set(Object.keys(rows[0] ?? {}))] as const),
			);
			const schema = [...(await columnsOf(databases.register)), ...(await columnsOf(databases.events))];
			const theirs = new Set(
				schema.flatMap(({ table, column }) => (/^(?:account|person|key)_id$/.test(column) ? [table] : [])),
			);
			const missing: Record<string, string[]> = {};
			for (const { table, column } of schema) {
				const isLeft = left[table] === "all" || left[table]?.includes(column) || column === "account_id";
				if (!theirs.has(table) || isLeft || exported.get(table)?.has(column)) continue;
				(missing[table] ??= []).push(column);
			}
			expect(missing).toEqual({});
			// And what is left is there to be left.
			const named = new Set(schema.flatMap(({ table, column }) => [`${table} all`, `${table} ${column}`]));
			const gone = Object.entries(left).flatMap(([table, columns]) =>
				(columns === "all" ? ["all"] : columns).map((column) => `${table} ${column}`),
			);
			expect(gone.filter((each) => !named.has(each))).toEqual([]);
		});

		test("says what there is as it is, and nothing that opens anything", async () => {
			const { id, key, linked, alone, elsewhere, here, clientId } = await addWholeAccount({ platform });
			const parts = await whole(id);
			const ids = (part: ExportPart) => parts.get(part)?.map((row) => row.id);
			expect(ids("people")).toEqual([alone.id, elsewhere.id].toSorted());
			expect(ids("clients")).toEqual([clientId]);
			expect(ids("links")).toEqual([linked]);
			expect(parts.get("installs")).toMatchObject([
				{ id: here.grantId, scope: ["events:read"], unchecked: ["theirs:read"] },
			]);
			expect(parts.get("keys")).toMatchObject([
				{ id: key, tags: ["a", "b"], state: "enabled", policies: { [id]: ["own"] } },
			]);
			expect(parts.get("events")).toMatchObject([{ body: { text: "kept" } }]);
			for (const part of exportParts) expect([part, ids(part)?.length]).not.toEqual([part, 0]);
			// As every hash and seal of these tests begins.
			expect(JSON.stringify([...parts])).not.toMatch(/hash of|sealed |scrypt|password/);
		});

		test("has nothing of another account, and of one that is not there nothing", async () => {
			const { id } = await addAccount(register);
			await addWholeAccount({ platform });
			for (const none of [id, newId()]) {
				for (const [part, rows] of await whole(none)) expect([part, rows]).toEqual([part, []]);
			}
		});

		test("is read by pages, each row once", async () => {
			const { id } = await addWholeAccount({ platform });
			const installs = times(7, (index) => install(id, { createdAt: now() - Math.floor(index / 3) }));
			for (const each of installs) await register.addInstall(each, auditEntry({ accountId: id }));
			for (const { grantId } of installs.slice(3)) await platform.clients.endInstall(grantId, now(), null);
			for (const part of exportParts) {
				const all = await accountExport.part(id, part, null, 99);
				const one: ExportedRow[] = [];
				for (;;) {
					const page = await accountExport.part(id, part, one.at(-1) ?? null, 1);
					if (page.length === 0) break;
					one.push(...page);
				}
				expect([part, one]).toEqual([part, all]);
				expect(new Set(one.map((row) => row.id)).size).toBe(one.length);
				expect(part !== "installs" || one.length === 8).toBe(true);
			}
		});

		test("what cannot be read is in it as the text that it is, and stops nothing", async () => {
			const { id, key } = await addWholeAccount({ platform });
			await damage("UPDATE policies SET permissions = '{' WHERE account_id = ?", id);
			await damage("UPDATE clients SET options = '{' WHERE account_id = ?", id);
			await damage("UPDATE key_verdicts SET verdict = '{' WHERE key_id = ?", key);
			const parts = await whole(id);
			expect(parts.get("policies")).toMatchObject([{ permissions: "{" }]);
			expect(parts.get("clients")).toMatchObject([{ options: null, name: "Radar" }]);
			expect(parts.get("keys")).toMatchObject([{ id: key, state: null, policies: null }]);
		});
	});
}
