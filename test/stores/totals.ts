import { describe, expect, test } from "vitest";
import type { Client } from "../../src/domain/client.ts";
import { newId, now, type Stores } from "./builders.ts";
import { auditEntry, registerRows } from "./register-builders.ts";
import { addWholeAccount } from "./whole-account.ts";

/** What is counted: those of an account, or of nobody, and all where they are counted as well. */
const counted = {
	keys: ["SELECT account_id FROM api_keys", "SELECT '*' FROM api_keys"],
	policies: ["SELECT account_id FROM policies"],
	environments: ["SELECT account_id FROM environments"],
	apis: ["SELECT coalesce(account_id, '') FROM apis", "SELECT '*' FROM apis"],
	clients: [
		"SELECT coalesce(account_id, '') FROM clients WHERE state = 'active'",
		"SELECT '*' FROM clients WHERE state = 'active'",
	],
	people: [
		"SELECT account_id FROM memberships WHERE state = 'active'",
		"SELECT '*' FROM people WHERE state = 'active'",
	],
	accounts: ["SELECT '*' FROM accounts WHERE state = 'active'"],
	listed_clients: ["SELECT account_id FROM clients WHERE account_id IS NOT NULL"],
	grants: ["SELECT account_id FROM installs WHERE ended_at IS NULL"],
	waiting: ["SELECT '*' FROM clients WHERE registered_at IS NOT NULL AND kept_at IS NULL"],
};

/** Of a client by account, and in all. */
const installs = `
	SELECT client_id, account_id, count(*) AS grants, count(DISTINCT subject) AS installs, 1 AS accounts
	FROM installs WHERE ended_at IS NULL GROUP BY client_id, account_id
	UNION ALL SELECT client_id, '*', count(*), count(DISTINCT account_id || ' ' || subject), count(DISTINCT account_id)
	FROM installs WHERE ended_at IS NULL GROUP BY client_id`;
const networks = `
	SELECT coalesce(registered_from, '') AS network, count(*) AS size, count(*) - count(used_at) AS unused
	FROM clients WHERE registered_at IS NOT NULL AND kept_at IS NULL GROUP BY registered_from`;
const names = "SELECT person_id, account_id, people.name FROM memberships JOIN people ON people.id = person_id";

/** What stands in the one and not in the other. */
function differences(kept: string, there: string): string {
	return `SELECT * FROM (${kept} EXCEPT SELECT * FROM (${there}))
		UNION ALL SELECT * FROM (SELECT * FROM (${there}) EXCEPT ${kept})`;
}

/** What of that which triggers keep is not what is there: a query for each kind. */
export const wrongTotals = [
	differences("SELECT client_id, account_id, grants, installs, accounts FROM install_totals", installs),
	differences("SELECT network, size, unused FROM waiting_networks", networks),
	differences("SELECT person_id, account_id, name FROM memberships", names),
	...wrongNumbers(),
];

function wrongNumbers(): string[] {
	return Object.entries(counted).map(
		([kind, rows]) => `SELECT '${kind}' AS kind, account_id, sum(kept) AS kept, sum(one) AS there FROM (
		SELECT account_id, n AS kept, 0 AS one FROM totals WHERE kind = '${kind}'
		UNION ALL SELECT account_id, 0, 1 FROM (${rows.map((each) => each.replace(" FROM", " AS account_id FROM")).join(" UNION ALL ")})
	) GROUP BY account_id HAVING sum(kept) <> sum(one) OR max(kept) = 0 AND sum(one) = 0`,
	);
}

/** Whatever the other ports did before, and the tests behind their backs, is counted. */
export function describeTotals({ databases: { register }, platform }: Stores): void {
	describe("totals", () => {
		test("are those of the rows that are there, whoever wrote, ended or deleted them", async () => {
			await addWholeAccount({ platform });
			const [like] = registerRows().clients;
			const waits: Client = { ...like, id: newId(), accountId: null, options: { registeredAt: now() } };
			await platform.clients.register(waits, auditEntry(), { most: 1000, from: "192.0.2.1" });
			const { results } = await register.prepare("SELECT DISTINCT kind FROM totals").all<{ kind: string }>();
			expect(results.map(({ kind }) => kind).toSorted()).toEqual(Object.keys(counted).toSorted());
			for (const wrong of wrongTotals) expect((await register.prepare(wrong).all()).results).toEqual([]);
		});
	});
}
