import type { ListShape } from "../../domain/list-query.ts";
import { apiKeyTypes, type KeyNarrowing, type ListedApiKey } from "../../domain/ports/api-keys.ts";
import type { SubjectId } from "../../domain/subject.ts";
import { beginningOf, day } from "../../domain/usage.ts";
import { findApiKey, keysOfVisibleCode } from "../checks/api-key-locator.ts";
import { type ListedPage, type ListedQuery, listedPageOf } from "../list.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";
import { isKeyId, type ManagedKey } from "./find-managed-key.ts";
import { lastUses } from "./manage-key.ts";

const [standard, integration] = apiKeyTypes;

/** What may be asked of an account's API keys. */
export const keyList = {
	list: "keys",
	rows: ["API key", "API keys"],
	search:
		"Words of the name, or how they begin; or the id of a key, what is visible of an access code (`lk_AQCZ3_k7…pHto`) or its begin.",
	filters: {
		state: {
			kind: "choice",
			label: "State",
			doc: "Whether it opens anything.",
			choices: { enabled: "Enabled", disabled: "Disabled" },
		},
		type: {
			kind: "choice",
			label: "Type",
			doc: "`integration`: it has the built-in policy, and key files.",
			choices: { [standard]: "Standard", [integration]: "Integration" },
		},
		tag: { kind: "text", label: "Tag", doc: "One of its tags, of the account's own keys.", example: "metrics" },
		expires_before: {
			kind: "time",
			label: "Expires before",
			doc: "An own key that opens nothing from before this time on, in UTC: the last of its enabled access codes ends then, or the key itself. By itself it puts the first to end first.",
		},
		used_before: {
			kind: "time",
			label: "Not used since",
			doc: "An own key that was not used on the day of this time (UTC), nor after it; one that was never used too. By itself it puts the longest unused first.",
		},
		never_used: { kind: "flag", label: "Never used", doc: "An own key that was never used." },
	},
	sorts: {
		name: "Name",
		"-name": "Name, from Z to A",
		created: "Oldest first",
		"-created": "Newest first",
		expires: "First to expire",
		used: "Longest unused first",
	},
} as const satisfies ListShape;

type KeyQuery = ListedQuery<typeof keyList>;

/** The keys of an account, its own and linked ones, as the register has them. Null for a cursor that is not of this list. */
export async function listKeys(
	accountId: string,
	query: KeyQuery,
	services: Services,
): Promise<ListedPage<ManagedKey> | null> {
	const { filters, limit } = query;
	const byFilter = filters.expires_before !== null ? "expires" : filters.used_before !== null ? "used" : "name";
	const sort = query.sort ?? byFilter;
	const narrowing: KeyNarrowing = {
		...(await soughtBy(query.q, services)),
		tag: filters.tag,
		type: filters.type,
		state: filters.state,
		expiresBefore: filters.expires_before,
		usedBefore: filters.used_before && beginningOf(day, filters.used_before),
		neverUsed: filters.never_used ?? false,
	};
	const page = await listedPageOf(
		keyList,
		accountId,
		query,
		services,
		({ position }: ListedApiKey) => position,
		async (walk) => {
			const found = await portsOf(services).keyRegister.keys(accountId, narrowing, { ...walk, sort, limit });
			const used = await usedSince(found.rows, narrowing, accountId, services);
			return used.size === 0 ? found : { ...found, rows: found.rows.filter(({ key }) => !used.has(key.id)) };
		},
	);
	const rows = page?.rows.map((listed) => managed(listed, accountId));
	return page && { ...page, rows: rows ?? [] };
}

function managed({ key, verdict, linkedAt }: ListedApiKey, accountId: string): ManagedKey {
	return { row: key, verdict, accountId, linkedAt };
}

/**
 * Of keys that are listed as unused those that their ledgers know better of, which is told to the register: before uses were noted there,
 * or where an isolate was killed that was about to.
 */
async function usedSince(
	rows: readonly ListedApiKey[],
	{ usedBefore, neverUsed }: KeyNarrowing,
	accountId: string,
	services: Services,
): Promise<ReadonlySet<SubjectId>> {
	if (rows.length === 0 || (usedBefore === null && !neverUsed)) return new Set();
	const uses = await lastUses(
		rows.map((listed) => managed(listed, accountId)),
		services,
	);
	const late = [...uses].flatMap(([keyId, at]) => (neverUsed || at >= (usedBefore ?? 0) ? [{ keyId, at }] : []));
	if (late.length > 0) await portsOf(services).keyRegister.noteUses(late);
	return new Set(late.map(({ keyId }) => keyId));
}

/** More words than that narrow no further. */
const mostWords = 8;

/** A whole code, what is visible of one, an id; else words, split where migration 0022 splits names. */
async function soughtBy(q: string | null, { serverKeys }: Services): Promise<Pick<KeyNarrowing, "words" | "ids">> {
	if (q === null) return { words: [], ids: null };
	const found = await findApiKey(q, serverKeys);
	const id = found ? found.keyId : isKeyId(q) ? q : null;
	const ids = id === null ? keysOfVisibleCode(q) : { from: id, to: id };
	if (ids) return { words: [], ids };
	const words = q.split(/[\s"\\\-_./:,()@+&#=|]+/).filter((word) => word !== "");
	// Where nothing is left, nothing is called so.
	return words.length === 0 ? { words: [], ids: nothing } : { words: words.slice(0, mostWords), ids: null };
}

const nothing = { from: "~", to: "~" };
