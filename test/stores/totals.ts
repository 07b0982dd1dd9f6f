import { describe, expect, test } from "vitest";
import type { Stores } from "./builders.ts";

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
};

/** What of `totals` is not what is there: a query for each kind. */
export const wrongTotals = Object.entries(counted).map(
	([kind, rows]) => `SELECT '${kind}' AS kind, account_id, sum(kept) AS kept, sum(one) AS there FROM (
		SELECT account_id, n AS kept, 0 AS one FROM totals WHERE kind = '${kind}'
		UNION ALL SELECT account_id, 0, 1 FROM (${rows.map((each) => each.replace(" FROM", " AS account_id FROM")).join(" UNION ALL ")})
	) GROUP BY account_id HAVING sum(kept) <> sum(one) OR max(kept) = 0 AND sum(one) = 0`,
);

/** Whatever the other ports did before, and the tests behind their backs, is counted. */
export function describeTotals({ databases: { register } }: Stores): void {
	describe("totals", () => {
		test("are those of the rows that are there, whoever wrote, ended or deleted them", async () => {
			const { results } = await register.prepare("SELECT DISTINCT kind FROM totals").all<{ kind: string }>();
			expect(results.map(({ kind }) => kind).toSorted()).toEqual(Object.keys(counted).toSorted());
			for (const wrong of wrongTotals) expect((await register.prepare(wrong).all()).results).toEqual([]);
		});
	});
}
