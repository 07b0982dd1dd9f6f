import { type LedgerRows, type RowBodies, type RowKind, whoseOf } from "../../domain/ledger-rows.ts";
import type { Whose } from "../../domain/whose.ts";
import type { Seconds } from "../../domain/brands.ts";
import type { SqlStorage } from "./database.ts";
import { readStored } from "./stored-json.ts";

/**
 * The rows of one ledger in the table `rows`: the whole of it, as in a Durable Object, or those of one subject among all,
 * as in a file. A verb costs one SELECT and at most one UPSERT. It remembers nothing, since others may write.
 */
export class SqlRows implements LedgerRows {
	readonly #sql: SqlStorage;
	readonly #subject: readonly [] | readonly [string];
	readonly #queries: Queries;

	constructor(sql: SqlStorage, subject: string | null = null) {
		this.#sql = sql;
		this.#subject = subject === null ? [] : [subject];
		this.#queries = subject === null ? alone : among;
	}

	get<Kind extends RowKind>(kind: Kind, id: string): RowBodies[Kind] | null {
		return this.read(kind, id)?.body ?? null;
	}

	find<Kind extends RowKind>(kind: Kind, lookup: string): RowBodies[Kind] | null {
		return this.look(kind, lookup)?.body ?? null;
	}

	/** The whole row. */
	read<Kind extends RowKind>(kind: Kind, id: string): Row<Kind> | null {
		return this.#row(this.#queries.get, kind, id);
	}

	/** The same by its lookup. */
	look<Kind extends RowKind>(kind: Kind, lookup: string): Row<Kind> | null {
		return this.#row(this.#queries.find, kind, lookup);
	}

	put<Kind extends RowKind>(
		kind: Kind,
		id: string,
		lookup: string | null,
		body: RowBodies[Kind],
		purgeAt: Seconds | null,
	): void {
		this.write(kind, id, lookup, written(body), purgeAt);
	}

	write(...[kind, id, lookup, body, purgeAt]: Write): void {
		this.#sql.exec(this.#queries.put, ...this.#values(kind, id, lookup, body, purgeAt));
	}

	/** Whether there was none before; else nothing is changed. */
	add(...[kind, id, lookup, body, purgeAt]: Write): boolean {
		return this.#sql.exec(this.#queries.add, ...this.#values(kind, id, lookup, body, purgeAt)).rowsWritten > 0;
	}

	/** Of a row that is there, the body alone: no index is written, each of which costs what a row does. */
	rewrite(kind: RowKind, id: string, { text }: Written): void {
		this.#sql.exec(this.#queries.rewrite, text, ...this.#subject, kind, id);
	}

	/** The same and its end: of the indexes that of what is due alone. */
	renew(kind: RowKind, id: string, { text }: Written, purgeAt: Seconds | null): void {
		this.#sql.exec(this.#queries.renew, text, purgeAt, ...this.#subject, kind, id);
	}

	/** Whether there was one. */
	delete(kind: RowKind, id: string): boolean {
		return this.#sql.exec(this.#queries.delete, ...this.#subject, kind, id).rowsWritten > 0;
	}

	/** Without what cannot be read, for which `get` and `find` throw: it opens nothing. */
	*list<Kind extends RowKind>(kind: Kind, after: string, { accountId, party }: Whose = {}): Iterable<RowBodies[Kind]> {
		const { list, listOfBoth } = this.#queries;
		if (accountId === undefined && party === undefined) return yield* this.#pages(kind, after, list, []);
		if (party === undefined) return yield* this.#rowsOf(kind, accountId ?? "");
		// They are few: those that a person belongs to, or that a key was linked to.
		const accounts = accountId === undefined ? this.#accounts(kind) : [accountId];
		for (const each of accounts) yield* this.#pages(kind, after, listOfBoth, [each, party]);
	}

	*listUnder<Kind extends RowKind>(kind: Kind, lookup: string): Iterable<RowBodies[Kind]> {
		// All that begins with it and a space: "!" comes next. In ASCII "~" comes after all that a lookup has in it.
		const ends = lookup === "" ? ["", "~"] : [`${lookup} `, `${lookup}!`];
		for (const row of this.#sql.exec<Listed>(this.#queries.listUnder, ...this.#subject, kind, ...ends)) {
			yield* readable(kind, row);
		}
	}

	count(kind: RowKind): number {
		const [row] = this.#sql.exec<{ n: number }>(this.#queries.count, ...this.#subject, kind).toArray();
		return row?.n ?? 0;
	}

	hasAny(kind: RowKind): boolean {
		return this.#sql.exec(this.#queries.any, ...this.#subject, kind).toArray().length > 0;
	}

	clear(): void {
		this.#sql.exec(this.#queries.clear, ...this.#subject);
	}

	/** Whether any went. */
	purge(now: Seconds): boolean {
		return this.#sql.exec(this.#queries.purge, ...this.#subject, now).rowsWritten > 0;
	}

	#values(...[kind, id, lookup, { body, text }, purgeAt]: Write) {
		const { accountId = null, party = null } = whoseOf(body);
		return [...this.#subject, kind, id, lookup, text, purgeAt, accountId, party];
	}

	/** In batches, since `node:sqlite` is asked for all rows of a query at once: whoever stops early has not paid for the rest. */
	*#pages<Kind extends RowKind>(kind: Kind, after: string, query: string, of: readonly string[]) {
		let last = after;
		let read: number;
		do {
			read = 0;
			for (const row of this.#sql.exec<Listed>(query, ...this.#subject, kind, ...of, last)) {
				yield* readable(kind, row);
				last = row.id;
				read += 1;
			}
		} while (read === batch);
	}

	*#rowsOf<Kind extends RowKind>(kind: Kind, accountId: string) {
		const found = this.#sql.exec<Listed>(this.#queries.listOfAccount, ...this.#subject, kind, accountId);
		for (const row of found) yield* readable(kind, row);
	}

	*#accounts(kind: RowKind): Iterable<string> {
		let last: string | null | undefined = "";
		do {
			const query = this.#queries.nextAccount;
			const found = this.#sql.exec<{ account: string | null }>(query, ...this.#subject, kind, last).toArray();
			last = found[0]?.account;
			if (last) yield last;
		} while (last);
	}

	#row<Kind extends RowKind>(query: string, kind: Kind, name: string): Row<Kind> | null {
		const [row] = this.#sql.exec<StoredRow>(query, ...this.#subject, kind, name).toArray();
		return row
			? { id: row.id, lookup: row.lookup, body: JSON.parse(row.body), length: row.body.length, purgeAt: row.purge_at }
			: null;
	}
}

export interface Row<Kind extends RowKind = RowKind> {
	readonly id: string;
	readonly lookup: string | null;
	readonly body: RowBodies[Kind];
	/** Of its text, in characters. */
	readonly length: number;
	readonly purgeAt: Seconds | null;
}

/** A body and its text. */
export interface Written<Kind extends RowKind = RowKind> {
	readonly body: RowBodies[Kind];
	readonly text: string;
}

export function written<Kind extends RowKind>(body: RowBodies[Kind]): Written<Kind> {
	return { body, text: JSON.stringify(body) };
}

type Write = [kind: RowKind, id: string, lookup: string | null, body: Written, purgeAt: Seconds | null];

function* readable<Kind extends RowKind>(kind: Kind, { id, body }: Listed): Iterable<RowBodies[Kind]> {
	const row = readStored<RowBodies[Kind] | null>(body, null, { table: kind, id });
	if (row) yield row;
}

type Listed = { id: string; body: string };
type StoredRow = { id: string; lookup: string | null; body: string; purge_at: Seconds | null };

const batch = 200;

type Queries = ReturnType<typeof queriesOf>;

/** Of what is due, what goes. A logout that cannot be read is told to nobody, and would ask for the alarm for ever. */
export const ripe = "(kind NOT IN ('key', 'logout') OR (kind = 'logout' AND NOT json_valid(body)))";

const alone = queriesOf({ where: "", key: "", value: "" });
const among = queriesOf({ where: "subject = ? AND ", key: "subject, ", value: "?, " });

function queriesOf({ where, key, value }: { where: string; key: string; value: string }) {
	const insert = `INSERT INTO rows (${key}kind, id, lookup, body, purge_at, account, party) VALUES (${value}?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (${key}kind, id)`;
	return {
		get: `SELECT id, lookup, body, purge_at FROM rows WHERE ${where}kind = ? AND id = ?`,
		find: `SELECT id, lookup, body, purge_at FROM rows WHERE ${where}kind = ? AND lookup = ?`,
		add: `${insert} DO NOTHING`,
		put: `${insert} DO UPDATE SET lookup = excluded.lookup, body = excluded.body, purge_at = excluded.purge_at,
			account = excluded.account, party = excluded.party`,
		rewrite: `UPDATE rows SET body = ? WHERE ${where}kind = ? AND id = ?`,
		renew: `UPDATE rows SET body = ?, purge_at = ? WHERE ${where}kind = ? AND id = ?`,
		delete: `DELETE FROM rows WHERE ${where}kind = ? AND id = ?`,
		list: `SELECT id, body FROM rows WHERE ${where}kind = ? AND id > ? ORDER BY id LIMIT ${batch}`,
		// By its name, for else SQLite reads all rows of the kind in the order of their ids.
		listOfAccount: `SELECT id, body FROM rows INDEXED BY rows_by_account WHERE ${where}kind = ? AND account = ?`,
		listOfBoth: `SELECT id, body FROM rows INDEXED BY rows_by_account
			WHERE ${where}kind = ? AND account = ? AND party = ? AND id > ? ORDER BY id LIMIT ${batch}`,
		nextAccount: `SELECT min(account) AS account FROM rows INDEXED BY rows_by_account WHERE ${where}kind = ? AND account > ?`,
		listUnder: `SELECT id, body FROM rows WHERE ${where}kind = ? AND lookup >= ? AND lookup < ? ORDER BY lookup`,
		count: `SELECT count(*) AS n FROM rows WHERE ${where}kind = ?`,
		any: `SELECT 1 FROM rows WHERE ${where}kind = ? LIMIT 1`,
		// Whoever holds leases has still to be told.
		clear: `DELETE FROM rows WHERE ${where}kind NOT IN ('holder', 'recall')`,
		purge: `DELETE FROM rows WHERE ${where}purge_at <= ? AND ${ripe}`,
	};
}
