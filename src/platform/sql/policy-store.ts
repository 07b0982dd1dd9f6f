import { auditIfChanged } from "./audit-if-changed.ts";
import type { ApiKeyRegister, ApiKeyRow } from "../../domain/ports/api-keys.ts";
import type { Policy } from "../../domain/policy.ts";
import type { Stored } from "../../domain/stored.ts";
import { type PolicyRow, toPolicy } from "./register-rows.ts";
import { isNameTaken, type SqlDatabase } from "./database.ts";
import { findUnknown, unknownPermissions } from "./known-permissions.ts";
import { hasRoom, isFull } from "./room.ts";
import { readable } from "./stored-json.ts";
import { writerMay, writerValue } from "./writer-role.ts";

type PolicyVerbs =
	| "addPolicy"
	| "policy"
	| "listPolicies"
	| "countPolicies"
	| "editPolicy"
	| "deletePolicy"
	| "keysWithPolicy";

/** An empty text is in every name. */
const called = (text: string) => `instr(lower(name), lower(${text})) > 0`;

/** Policies over D1. */
export function policyStore(db: SqlDatabase): Pick<ApiKeyRegister, PolicyVerbs> {
	async function find(id: string): Promise<Stored<Policy> | null> {
		const row = await db.prepare("SELECT * FROM policies WHERE id = ?").bind(id).first<PolicyRow>();
		return row && { ...toPolicy(row), rev: row.rev };
	}
	/** Why a write of a row as it was read found nothing to write. */
	async function whyNot({ id, accountId, permissions, rev }: Stored<Policy>) {
		const now = await find(id);
		if (now?.accountId !== accountId || now.rev !== rev) return "overtaken";
		const unknownPermission = await findUnknown(db, permissions, accountId, now.permissions);
		return unknownPermission === null ? "not_permitted" : { unknownPermission };
	}
	return {
		async addPolicy({ id, accountId, name, description, permissions }, by, entry) {
			try {
				const [added] = await db.batch([
					db
						.prepare(
							`INSERT INTO policies (id, account_id, name, description, permissions) SELECT ?1, ?2, ?3, ?4, ?5
							WHERE NOT EXISTS (SELECT 1 FROM policies WHERE id = ?1) AND ${writerMay("?6")}
								AND ${hasRoom("policies", "?2")} AND NOT EXISTS (${unknownPermissions("?5", "?2")})`,
						)
						.bind(id, accountId, name, description, JSON.stringify(permissions), writerValue(by)),
					auditIfChanged(db, entry),
				]);
				if ((added?.meta.changes ?? 0) > 0) return "added";
			} catch (error) {
				if (isNameTaken(error)) return "name_taken";
				throw error;
			}
			const there = await find(id);
			if (!there) {
				const unknownPermission = await findUnknown(db, permissions, accountId);
				if (unknownPermission !== null) return { unknownPermission };
				return (await isFull(db, "policies", accountId)) ? "full" : "not_permitted";
			}
			if (there.accountId !== accountId) throw new Error("The id of a policy is another account's");
			return "same";
		},
		async policy(accountId, id) {
			const policy = await find(id);
			return policy?.accountId === accountId ? policy : null;
		},
		async listPolicies(accountId, after, limit, { q, isDown } = { q: null, isDown: false }) {
			const [beyond, direction] = isDown ? ["<", "DESC"] : [">", "ASC"];
			const behind = after
				? `AND name COLLATE NOCASE ${beyond}= ?3 AND (name COLLATE NOCASE, id) ${beyond} (?3, ?4)`
				: "";
			const query = db.prepare(
				`SELECT * FROM policies WHERE account_id = ?1 ${behind} AND ${called("?5")}
				ORDER BY name COLLATE NOCASE ${direction}, id ${direction} LIMIT ?2`,
			);
			const values = [accountId, limit, after?.name ?? "", after?.id ?? "", q ?? ""];
			return (await query.bind(...values).all<PolicyRow>()).results.map(toPolicy);
		},
		async countPolicies(accountId, q) {
			const query =
				q === null
					? db.prepare("SELECT n FROM totals WHERE account_id = ? AND kind = 'policies'").bind(accountId)
					: db
							.prepare(`SELECT count(*) AS n FROM policies WHERE account_id = ?1 AND ${called("?2")}`)
							.bind(accountId, q);
			return (await query.first<number>("n")) ?? 0;
		},
		async editPolicy(policy, by, entry) {
			const { id, accountId, name, description, permissions, rev } = policy;
			const update = db
				.prepare(
					`UPDATE policies SET name = ?3, description = ?4, permissions = ?5, rev = rev + 1
					WHERE id = ?1 AND account_id = ?2 AND rev = ?6 AND ${writerMay("?7")}
						AND NOT EXISTS (${unknownPermissions("?5", "?2", readable("policies.permissions"))})`,
				)
				.bind(id, accountId, name, description, JSON.stringify(permissions), rev, writerValue(by));
			try {
				const [edited] = await db.batch([update, auditIfChanged(db, entry)]);
				return (edited?.meta.changes ?? 0) > 0 ? "written" : await whyNot(policy);
			} catch (error) {
				if (isNameTaken(error)) return "name_taken";
				throw error;
			}
		},
		async deletePolicy({ id, accountId, rev }, entry) {
			const [deleted] = await db.batch([
				db.prepare("DELETE FROM policies WHERE id = ? AND account_id = ? AND rev = ?").bind(id, accountId, rev),
				auditIfChanged(db, entry),
			]);
			return (deleted?.meta.changes ?? 0) > 0 ? "written" : "overtaken";
		},
		async keysWithPolicy({ id, accountId }) {
			const query = db.prepare(
				`SELECT * FROM (
					SELECT api_keys.id, name FROM key_policies CROSS JOIN api_keys ON api_keys.id = key_policies.key_id
						CROSS JOIN key_verdicts ON key_verdicts.key_id = key_policies.key_id
					WHERE key_policies.account_id = ?1 AND policy_id = ?2 AND json_valid(verdict)
					ORDER BY key_policies.key_id LIMIT 100
				) ORDER BY name COLLATE NOCASE, id`,
			);
			const { results } = await query.bind(accountId, id).all<Pick<ApiKeyRow, "id" | "name">>();
			return results.map((row) => ({ id: row.id, name: row.name }));
		},
	};
}
