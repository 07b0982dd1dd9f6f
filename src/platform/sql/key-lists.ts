import type { Seconds } from "../../domain/brands.ts";
import { mostCounted } from "../../domain/list-query.ts";
import type { KeyListPage, KeyNarrowing, KeySort, KeyWalk } from "../../domain/ports/api-keys.ts";
import type { SqlDatabase, SqlValue } from "./database.ts";
import { type ListedKeyColumns, toListedKey } from "./listed-key.ts";

/**
 * The keys of an account, its own and linked ones, a page at a time. What few of them have is gathered and sorted; of what more than
 * {@link mostCounted} have, so many rows are walked in the order of an index: no page costs more, however many keys there are.
 */
export async function listKeys(
	db: SqlDatabase,
	accountId: string,
	narrowing: KeyNarrowing,
	walk: KeyWalk,
): Promise<KeyListPage> {
	const parts = partsOf(narrowing);
	const rarest = parts.length === 0 ? null : await rarestOf(db, accountId, parts);
	if (rarest && rarest.size <= mostCounted) return gather(db, accountId, rarest.part, parts, walk);
	const [alone] = parts.length === 1 ? parts : [];
	return walkAll(
		db,
		accountId,
		parts,
		walk,
		alone === undefined ? null : alone.isCounted && rarest ? rarest.size : null,
	);
}

/** One thing that narrows a list: how many keys have it, of more than are counted one more; whether one has it; those that do. */
interface Part {
	readonly size: (put: Put) => string;
	/** Whether its size is exact however large. */
	readonly isCounted: boolean;
	/** Of a row that is called `listed`. */
	readonly has: (put: Put) => string;
	readonly from: (put: Put) => string;
	/** The column that it is a range of. */
	readonly column?: string;
}

/** Binds a value and names it in the text. The account is bound first, as `?1`. */
type Put = (value: SqlValue) => string;

function statement(accountId: string): { readonly put: Put; readonly values: SqlValue[] } {
	const values: SqlValue[] = [accountId];
	return { values, put: (value) => `?${values.push(value)}` };
}

function partsOf({
	words,
	tag,
	type,
	state,
	expiresBefore,
	usedBefore,
	neverUsed,
	ids,
}: KeyNarrowing): readonly Part[] {
	const facets = Object.entries({ tag, type, state }).flatMap(([name, value]) =>
		value === null ? [] : facet(name, value),
	);
	return [
		...facets,
		...words.map(word),
		...(expiresBefore === null ? [] : [before("expires_at", expiresBefore)]),
		...(usedBefore === null ? [] : [before("used_at", usedBefore)]),
		// Of an own key that was never used it is 0.
		...(neverUsed ? [before("used_at", 1)] : []),
		...(ids === null ? [] : [between(ids)]),
	];
}

const hasFacet = (condition: string) =>
	`EXISTS (SELECT 1 FROM key_facets WHERE key_facets.account_id = ?1 AND key_facets.key_id = listed.key_id AND ${condition})`;
const withFacet = (condition: string) =>
	`(SELECT DISTINCT key_id FROM key_facets WHERE account_id = ?1 AND ${condition}) AS found
		CROSS JOIN listed_keys AS listed ON listed.account_id = ?1 AND listed.key_id = found.key_id`;
const upTo = (from: string) => `(SELECT count(*) FROM (SELECT 1 FROM ${from} LIMIT ${mostCounted + 1}))`;

function facet(name: string, value: string): Part {
	// Compared as SQLite wrote it: without regard to ASCII case.
	const is = (put: Put) => `facet = ${put(`${name}:`)} || lower(${put(value)})`;
	return {
		size: (put) => `coalesce((SELECT n FROM key_facet_totals WHERE account_id = ?1 AND ${is(put)}), 0)`,
		isCounted: true,
		has: (put) => hasFacet(is(put)),
		from: (put) => withFacet(is(put)),
	};
}

/** Of whose words one begins so. */
function word(begin: string): Part {
	const begins = (put: Put) => {
		const text = put(begin);
		return `facet >= 'word:' || lower(${text}) AND facet < 'word:' || lower(${text}) || char(1114111)`;
	};
	return {
		size: (put) => upTo(`key_facets WHERE account_id = ?1 AND ${begins(put)}`),
		isCounted: false,
		has: (put) => hasFacet(begins(put)),
		from: (put) => withFacet(begins(put)),
	};
}

function before(column: "expires_at" | "used_at", at: Seconds): Part {
	const index = `listed_keys AS listed INDEXED BY ${indexes[column]}`;
	const has = (put: Put) => `listed.${column} < ${put(at)}`;
	return {
		size: (put) => upTo(`${index} WHERE listed.account_id = ?1 AND ${has(put)}`),
		isCounted: false,
		has,
		from: () => index,
		column,
	};
}

function between({ from, to }: { readonly from: string; readonly to: string }): Part {
	const has = (put: Put) => `listed.key_id >= ${put(from)} AND listed.key_id <= ${put(to)}`;
	return {
		size: (put) => upTo(`listed_keys AS listed WHERE listed.account_id = ?1 AND ${has(put)}`),
		isCounted: false,
		has,
		from: () => "listed_keys AS listed",
	};
}

const indexes = {
	name: "listed_keys_by_name",
	created_at: "listed_keys_by_creation",
	expires_at: "listed_keys_by_end",
	used_at: "listed_keys_by_use",
} as const;
type SortColumn = keyof typeof indexes;

/** Whose names and order they are, as a page walks: back is the other way round. */
function orderOf({ sort, isBack }: KeyWalk): {
	readonly column: SortColumn;
	readonly order: string;
	readonly beyond: string;
} {
	const columns = { name: "name", created: "created_at", expires: "expires_at", used: "used_at" } as const;
	const isDown = sort.startsWith("-") !== isBack;
	const column = columns[sort.replace("-", "") as Exclude<KeySort, `-${string}`>];
	const [direction, beyond] = isDown ? ["DESC", "<"] : ["ASC", ">"];
	const collation = column === "name" ? " COLLATE NOCASE" : "";
	return { column, beyond, order: `ORDER BY listed.${column}${collation} ${direction}, listed.key_id ${direction}` };
}

async function rarestOf(db: SqlDatabase, accountId: string, parts: readonly Part[]) {
	const { put, values } = statement(accountId);
	const sizes = parts.map(({ size }, index) => `${size(put)} AS size${index}`).join(", ");
	const row = await db
		.prepare(`SELECT ${sizes}`)
		.bind(...values)
		.first<Readonly<Record<string, number>>>();
	const sized = parts.map((part, index) => ({ part, size: row?.[`size${index}`] ?? 0 }));
	return sized.toSorted((one, other) => one.size - other.size)[0] ?? null;
}

const columns = `listed.key_id AS id, listed.name AS name, listed.expires_at AS expires_at, listed.used_at AS used_at, api_keys.account_id, api_keys.tags, api_keys.type,
	listed.created_at AS created_at, api_keys.rev, key_verdicts.verdict, key_links.created_at AS linked_at`;
const joined = `CROSS JOIN api_keys ON api_keys.id = listed.key_id
	CROSS JOIN key_verdicts ON key_verdicts.key_id = listed.key_id
	LEFT JOIN key_links ON key_links.account_id = ?1 AND key_links.key_id = listed.key_id`;

async function gather(
	db: SqlDatabase,
	accountId: string,
	rarest: Part,
	parts: readonly Part[],
	walk: KeyWalk,
): Promise<KeyListPage> {
	const { column, order, beyond } = orderOf(walk);
	const { put, values } = statement(accountId);
	const found = `${rarest.from(put)} WHERE listed.account_id = ?1 AND ${parts.map(({ has }) => has(put)).join(" AND ")}`;
	const count = db.prepare(`SELECT count(*) AS total FROM ${found}`).bind(...values);
	const here = statement(accountId);
	const from = `${rarest.from(here.put)} ${joined}
		WHERE listed.account_id = ?1 AND ${parts.map(({ has }) => has(here.put)).join(" AND ")}`;
	const [at, id] = walk.after ?? [];
	const [atText, idText] = walk.after ? [here.put(at ?? ""), here.put(id ?? "")] : [];
	const after = walk.after
		? `AND (listed.${column} ${beyond} ${atText} OR listed.${column} = ${atText} AND listed.key_id ${beyond} ${idText})`
		: "";
	const page = db
		.prepare(`SELECT ${columns} FROM ${from} ${after} ${order} LIMIT ${here.put(walk.limit + 1)}`)
		.bind(...here.values);
	const [rows, counted] = await db.batch<ListedKeyColumns & { total: number }>([page, count]);
	return toPage(rows?.results ?? [], walk, column, counted?.results[0]?.total ?? 0);
}

/** In the order of an index; of what is narrowed, so many rows are looked at, and the next page goes on behind them. */
async function walkAll(
	db: SqlDatabase,
	accountId: string,
	parts: readonly Part[],
	walk: KeyWalk,
	known: number | null,
): Promise<KeyListPage> {
	const { column, order, beyond } = orderOf(walk);
	// Of a range of what it is sorted by nothing has to be looked for.
	const [ranges, sought] = [
		parts.filter((part) => part.column === column),
		parts.filter((part) => part.column !== column),
	];
	const { put, values } = statement(accountId);
	const within = ranges.map(({ has }) => ` AND ${has(put)}`).join("");
	const [at, id] = walk.after ? walk.after.map((each) => put(each)) : [];
	const seek = (select: string) =>
		walk.after
			? `${select}${within} AND listed.${column} = ${at} AND listed.key_id ${beyond} ${id}
				UNION ALL ${select}${within} AND listed.${column} ${beyond} ${at}`
			: `${select}${within}`;
	const index = `listed_keys AS listed INDEXED BY ${indexes[column]}`;
	// Of two selects in one, by the names of what they find.
	const together = walk.after ? order.replaceAll("listed.", "").replace("key_id", "id") : order;
	const whole = db
		.prepare("SELECT n AS total FROM key_facet_totals WHERE account_id = ?1 AND facet = ''")
		.bind(accountId);
	if (sought.length === 0) {
		const select = `SELECT ${columns} FROM ${index} ${joined} WHERE listed.account_id = ?1`;
		const page = db.prepare(`${seek(select)} ${together} LIMIT ${put(walk.limit + 1)}`).bind(...values);
		const [rows, counted] = await db.batch<ListedKeyColumns & { total: number }>([page, whole]);
		const total = parts.length === 0 ? (counted?.results[0]?.total ?? 0) : known;
		return toPage(rows?.results ?? [], walk, column, total);
	}
	const looked = `${seek(`SELECT listed.* FROM ${index} WHERE listed.account_id = ?1`)}
		${order.replaceAll("listed.", "")} LIMIT ${mostCounted}`;
	const ofLooked = [...values];
	const has = sought.map((part) => part.has(put)).join(" AND ");
	// In the order of what is looked at, which ends with the page: with an order of its own it would be looked at to its end.
	const page = db.prepare(
		`SELECT ${columns} FROM (${looked}) AS listed ${joined} WHERE ${has} LIMIT ${put(walk.limit + 1)}`,
	);
	const found = toPage((await page.bind(...values).all<ListedKeyColumns>()).results, walk, column, known);
	if (found.next) return found;
	const last = db.prepare(`SELECT ${column} AS at, key_id AS id FROM (${looked}) LIMIT 1 OFFSET ${mostCounted - 1}`);
	const end = await last.bind(...ofLooked).first<{ at: string | number; id: string }>();
	return end ? { ...found, next: [end.at, end.id] } : found;
}

function toPage(
	found: readonly ListedKeyColumns[],
	{ limit }: KeyWalk,
	column: SortColumn,
	total: number | null,
): KeyListPage {
	const rows = found.slice(0, limit).map((row) => toListedKey(row, column));
	return { rows, next: found.length > limit ? (rows.at(-1)?.position ?? null) : null, total };
}
