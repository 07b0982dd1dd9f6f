import { type Api, foldedIdentifier } from "../../domain/api.ts";
import type { ApiRefused, ApiRegister } from "../../domain/ports/apis.ts";
import { ringAlgorithms } from "../../domain/signing-key-ring.ts";
import type { Stored } from "../../domain/stored.ts";
import { mayWrite, writerOf } from "./api-writer.ts";
import { auditIfChanged } from "./audit-if-changed.ts";
import type { SqlDatabase } from "./database.ts";
import { removals, usesOf } from "./permission-removal.ts";
import { hasRoom, isFull } from "./room.ts";
import { readable, readStored } from "./stored-json.ts";

interface ApiRow {
	readonly id: string;
	readonly account_id: string | null;
	readonly identifier: string;
	readonly name: string;
	readonly description: string;
	readonly permissions: string;
	readonly token_ttl: number | null;
	readonly algorithm: string | null;
	readonly servers: string;
	readonly rev: number;
}

/**
 * Another API that this one (?1, of ?2) could be taken for by whoever sees both, with permissions as in ?3. One of an account is beside
 * few, and one of the whole deployment beside all.
 */
function clash({ accountId }: Pick<Api, "accountId">): string {
	const seen = accountId === null ? "?2 IS NULL" : "(other.account_id IS NULL OR other.account_id = ?2)";
	return `apis AS other CROSS JOIN json_tree(${readable("other.permissions")}) AS theirs
		WHERE other.id <> ?1 AND ${seen} AND theirs.key = 'name'
			AND theirs.atom COLLATE NOCASE IN (SELECT atom FROM json_tree(?3) WHERE key = 'name')`;
}

/** Another API of the same owner with this name (?4). */
const sameName = `apis AS other WHERE other.id <> ?1 AND other.account_id IS ?2 AND other.name = ?4 COLLATE NOCASE`;

function isFree(api: Api): string {
	return `NOT EXISTS (SELECT 1 FROM ${clash(api)}) AND NOT EXISTS (SELECT 1 FROM ${sameName})`;
}

/** Registered APIs over D1. */
export function apiStore(db: SqlDatabase): ApiRegister {
	async function find(id: string): Promise<Stored<Api> | null> {
		const row = await db.prepare("SELECT * FROM apis WHERE id = ?").bind(id).first<ApiRow>();
		return row && toApi(row);
	}

	/** Why an API could not be written, after the fact; null where nothing of others is in its way (any more). */
	async function whatIsInTheWay(api: Api): Promise<ApiRefused | null> {
		const { id, accountId, identifier, name, permissions } = api;
		const nameSeen = (row: Pick<ApiRow, "name" | "account_id">) =>
			row.account_id === null || row.account_id === accountId ? row.name : null;
		const [taken, clashing, named] = await db.batch<Pick<ApiRow, "name" | "account_id"> & { permission: string }>([
			db
				.prepare("SELECT name, account_id FROM apis WHERE id <> ? AND folded = ?")
				.bind(id, foldedIdentifier(identifier)),
			db
				.prepare(`SELECT other.name, other.account_id, theirs.atom AS permission FROM ${clash(api)} LIMIT 1`)
				.bind(id, accountId, JSON.stringify(permissions)),
			db.prepare(`SELECT 1 FROM ${sameName} LIMIT 1`).bind(id, accountId, null, name),
		]);
		const [holder] = taken?.results ?? [];
		if (holder) return { kind: "identifier_taken", by: nameSeen(holder) };
		const [other] = clashing?.results ?? [];
		if (other) return { kind: "permission_taken", permission: other.permission, by: nameSeen(other) };
		return named?.results.length ? { kind: "name_taken" } : null;
	}

	return {
		async list(accountId, after, limit) {
			const query = db.prepare(
				`SELECT * FROM apis WHERE (account_id IS NULL OR account_id = ?) AND (name COLLATE NOCASE, id) > (?, ?)
				ORDER BY name COLLATE NOCASE, id LIMIT ?`,
			);
			const { results } = await query.bind(accountId, after?.name ?? "", after?.id ?? "", limit).all<ApiRow>();
			return results.map(toApi);
		},
		async add(api, by, entry) {
			const { id, accountId } = api;
			const insert = db
				.prepare(
					`INSERT INTO apis
						(id, account_id, permissions, name, description, token_ttl, algorithm, servers, identifier, folded)
					SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10
					WHERE ${isFree(api)} AND ${mayWrite("?11", by)} AND ${hasRoom("apis", "coalesce(?2, '')")} ON CONFLICT DO NOTHING`,
				)
				.bind(...columnsOf(api), api.identifier, foldedIdentifier(api.identifier), writerOf(by));
			const [added] = await db.batch([insert, auditIfChanged(db, entry)]);
			if ((added?.meta.changes ?? 0) > 0) return { kind: "written" };
			const there = await find(id);
			if (there && there.accountId !== accountId) throw new Error("The id of an API is of another owner");
			if (there) return { kind: "same" };
			const inTheWay = await whatIsInTheWay(api);
			return inTheWay ?? { kind: (await isFull(db, "apis", accountId ?? "")) ? "full" : "not_permitted" };
		},
		async edit(api, by, entry) {
			const { id, accountId, permissions, rev } = api;
			const before = await find(id);
			if (before?.rev !== rev || before.accountId !== accountId) return { kind: "overtaken" };
			const removed = before.permissions
				.map(({ name }) => name)
				.filter((name) => permissions.every((each) => each.name !== name));
			const update = db
				.prepare(
					`UPDATE apis SET permissions = ?3, name = ?4, description = ?5, token_ttl = ?6, algorithm = ?7, servers = ?8,
						rev = rev + 1
					WHERE id = ?1 AND account_id IS ?2 AND rev = ?9 AND ${isFree(api)} AND ${mayWrite("?10", by)}`,
				)
				.bind(...columnsOf(api), rev, writerOf(by));
			const [edited] = await db.batch([update, auditIfChanged(db, entry), ...removals(db, removed, accountId, entry)]);
			if ((edited?.meta.changes ?? 0) > 0) return { kind: "written" };
			if ((await find(id))?.rev !== rev) return { kind: "overtaken" };
			return (await whatIsInTheWay(api)) ?? { kind: "not_permitted" };
		},
		async delete({ id, accountId, permissions, rev }, by, entry) {
			const [deleted] = await db.batch([
				db
					.prepare(`DELETE FROM apis WHERE id = ?1 AND account_id IS ?2 AND rev = ?3 AND ${mayWrite("?4", by)}`)
					.bind(id, accountId, rev, writerOf(by)),
				auditIfChanged(db, entry),
				...removals(
					db,
					permissions.map(({ name }) => name),
					accountId,
					entry,
				),
			]);
			if ((deleted?.meta.changes ?? 0) > 0) return { kind: "written" };
			return { kind: (await find(id))?.rev === rev ? "not_permitted" : "overtaken" };
		},
		usesOf: (names, accountId) => usesOf(db, names, accountId),
		async byFolded(folded) {
			const query = db.prepare("SELECT * FROM apis WHERE folded IN (SELECT value FROM json_each(?))");
			const { results } = await query.bind(JSON.stringify(folded)).all<ApiRow>();
			return results.map(toApi);
		},
		async openTo(accountId) {
			const query = db.prepare(
				`SELECT * FROM apis WHERE account_id IS NULL OR account_id = ? ORDER BY name COLLATE NOCASE, id`,
			);
			const { results } = await query.bind(accountId).all<ApiRow>();
			return results.map(toApi);
		},
		api: find,
	};
}

/** From ?1 to ?8. */
function columnsOf(api: Api) {
	const { id, accountId, permissions, name, description, tokenTtl, algorithm, servers } = api;
	return [
		id,
		accountId,
		JSON.stringify(permissions),
		name,
		description,
		tokenTtl,
		algorithm,
		JSON.stringify(servers),
	] as const;
}

/** What cannot be read permits nothing, and is served by nobody. */
function toApi(row: ApiRow): Stored<Api> {
	const { id, account_id, identifier, name, description, permissions, token_ttl, algorithm, servers, rev } = row;
	const read = <Value>(text: string, fallback: Value) => readStored(text, fallback, { table: "apis", id });
	return {
		id,
		accountId: account_id,
		identifier,
		name,
		description,
		permissions: read<Api["permissions"]>(permissions, []),
		tokenTtl: token_ttl,
		algorithm: ringAlgorithms.find((each) => each === algorithm) ?? null,
		servers: read<Api["servers"]>(servers, []),
		rev,
	};
}
