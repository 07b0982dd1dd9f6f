import type { Standing } from "../../src/domain/standing.ts";
import type { SqlDatabase } from "../../src/platform/sql/database.ts";
import type { HasStanding } from "./backstage.ts";

const tables = { account: "accounts", client: "clients", person: "people" } as const;

/** In the register, as an operator would. */
export async function setStanding(db: SqlDatabase, of: HasStanding, { state, notBefore }: Standing): Promise<void> {
	const update = (table: string, where: string, ...ids: readonly string[]) =>
		db.prepare(`UPDATE ${table} SET state = ?, not_before = ? WHERE ${where}`).bind(state, notBefore, ...ids);
	const { meta } = await (
		of.kind === "membership"
			? update("memberships", "person_id = ? AND account_id = ?", of.personId, of.accountId)
			: update(tables[of.kind], "id = ?", of.id)
	).run();
	if (meta.changes === 0) throw new Error(`There is no such ${of.kind}`);
}
