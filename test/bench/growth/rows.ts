import type { DemoData } from "../../../src/operations/upkeep/demo-data.ts";

/** So many rows at a time: one statement each. */
const slice = 2000;

/** A row with the number `n`, by column, as SQL. What a build of before does not have, table or column, is left out. */
interface Rows {
	readonly binding: "DB" | "EVENTS";
	readonly table: string;
	readonly columns: Readonly<Record<string, string>>;
	/** So many for each number; of what an account may have no more than so many of, it has no more. */
	readonly each?: number;
	readonly most?: number;
}

const active = { state: "'active'", not_before: "0" };
const [first, year] = ["1790000000 + n / 20", "1790000000 + 31536000"];
const [key, linked, person] = [id("'key_any_k"), id("'key_any_l"), id("'usr_any_p")];

/** All in one account, that of the demonstration. */
function rowsOf({ accounts, integration, people, policyId }: DemoData): readonly Rows[] {
	const [own, other, ada] = [quoted(accounts.acme), quoted(accounts.globex), quoted(people[0]?.id ?? "")];
	const policy = quoted(policyId);
	const given = `${own}, json_array(${policy})`;
	const client = quoted(integration.client.id);
	return [
		of("api_keys", { id: key, account_id: own, name: named("Key"), tags, created_at: first }),
		of("key_verdicts", { key_id: key, rev: "1", verdict: verdict(own, given) }),
		of("api_keys", { id: linked, account_id: other, name: named("Linked"), tags: "'[]'", created_at: first }),
		of("key_verdicts", { key_id: linked, rev: "1", verdict: verdict(other, `${other}, json('[]'), ${given}`) }),
		of("key_links", { account_id: own, key_id: linked, created_at: first, name: named("Linked") }),
		{
			...of("policies", {
				id: id("'q"),
				account_id: own,
				name: named("Policy"),
				description: "'Of many'",
				permissions: `'["events:read"]'`,
			}),
			most: 400,
		},
		of("people", { id: person, username: named("person"), name: named("Person"), password_hash: "''", ...active }),
		of("memberships", { person_id: person, account_id: own, role: "'member'", ...active }),
		of("clients", {
			id: id("'c"),
			account_id: own,
			kind: "'application'",
			name: named("Client"),
			description: "''",
			redirect_uris: "'[]'",
			auth_methods: "'[]'",
			secrets: "'[]'",
			grant_types: "'[]'",
			scope: "'[]'",
			rotation: "'rotate'",
			access_token_ttl: "3600",
			...active,
		}),
		of("installs", {
			grant_id: id("'g"),
			client_id: client,
			account_id: own,
			subject: key,
			scope: `'["events:read"]'`,
			created_at: first,
			expires_at: year,
			settled: "1",
		}),
		of("invitations", {
			id: id("'i"),
			hash: "''",
			account_id: own,
			role: "'member'",
			note: "''",
			invited_by: ada,
			created_at: first,
			expires_at: year,
			state: "'revoked'",
			ended_at: first,
		}),
		{
			...of("audit", {
				at: "1790000000 + n / 200",
				account_id: own,
				actor: `iif(n % 3, ${key}, ${ada})`,
				action:
					"CASE n % 4 WHEN 0 THEN 'key.create' WHEN 1 THEN 'key.edit' WHEN 2 THEN 'grant.open' ELSE 'session.revoke' END",
				target: id("'t"),
				address: "'192.0.2.1'",
				detail: "'{}'",
			}),
			each: 10,
		},
		of(
			"events",
			{
				id: id("'e"),
				account_id: own,
				type: "'event'",
				environment_id: "'e'",
				environment: "'w/n'",
				received_at: first,
				occurred_at: `(${first}) * 1000`,
				body: "json_object('n', n, 'text', 'what happened')",
			},
			"EVENTS",
		),
	];
}

function quoted(text: string): string {
	return `'${text}'`;
}

/** As long as ours are. `kind` opens its quotation. */
function id(kind: string): string {
	return `printf(${kind}%021d', n)`;
}

function named(name: string): string {
	return `printf('${name} %07d', n)`;
}

/** Most have the one, one in a thousand the other. */
const tags = `iif(n % 1000 = 7, '["rare"]', '["common"]')`;

/** One in a thousand is disabled; each ends a second after the one before it. */
function verdict(owner: string, policies: string): string {
	const limits = "'limits', json_object('expiresAt', 1821536000 + n)";
	const all = `'codes', json('[]'), 'policies', json_object(${policies}), 'rev', 1, 'copiedRev', 1, ${limits}`;
	return `json_object('ownerId', ${owner}, 'state', iif(n % 1000 = 8, 'disabled', 'enabled'), ${all})`;
}

function of(table: string, columns: Rows["columns"], binding: Rows["binding"] = "DB"): Rows {
	return { binding, table, columns };
}

/** Adds the rows from one number to another. */
export async function addRows(
	databaseOf: (binding: string) => Promise<D1Database>,
	demo: DemoData,
	from: number,
	to: number,
): Promise<void> {
	for (const { binding, table, columns, each = 1, most = Infinity } of rowsOf(demo)) {
		const db = await databaseOf(binding);
		const columnsOf = db.prepare(`SELECT name FROM pragma_table_info('${table}')`);
		// A second time where the connection, idle while requests were measured, was closed meanwhile.
		const { results } = await columnsOf.all<{ name: string }>().catch(() => columnsOf.all<{ name: string }>());
		const there = Object.entries(columns).filter(([column]) => results.some(({ name }) => name === column));
		if (there.length === 0) continue;
		const names = there.map(([column]) => column).join(", ");
		const values = there.map(([, value]) => value).join(", ");
		const end = Math.min(to, most) * each;
		for (let begin = Math.min(from, most) * each; begin < end; begin += slice) {
			const numbers = `WITH RECURSIVE numbers (n) AS (SELECT ?1 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?2)`;
			const insert = `INSERT INTO ${table} (${names}) ${numbers} SELECT ${values} FROM (SELECT CAST(n AS INTEGER) AS n FROM numbers)`;
			await db
				.prepare(insert)
				.bind(begin, Math.min(begin + slice, end))
				.run();
		}
	}
}
