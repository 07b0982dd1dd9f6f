/** What the management of API keys asks of the register: keys, access codes, links and policies. */
import type { AccessCode, ApiKey } from "../api-key.ts";
import type { AuditEntry } from "../audit-entry.ts";
import type { Policy } from "../policy.ts";
import type { SubjectId } from "../subject.ts";
import type { ApiKeyState } from "../api-key-state.ts";
import type { Seconds } from "../brands.ts";
import type { FoundPage, Position } from "../list-query.ts";
import type { Stored } from "../stored.ts";
import type { WriterRole } from "./register.ts";

/** `integration`: has the built-in policy and a key file (contract 004). */
export const apiKeyTypes = ["standard", "integration"] as const;
export type ApiKeyType = (typeof apiKeyTypes)[number];

export interface ApiKeyRow extends ApiKey {
	readonly type: ApiKeyType;
}

/** A key that an account has, its own or linked, with the last verdict that was copied. */
export interface ListedApiKey {
	readonly key: Stored<ApiKeyRow>;
	/** When the account linked it; null for its own. */
	readonly linkedAt: Seconds | null;
	readonly verdict: ApiKeyState;
	/** In the order that was asked for. */
	readonly position: Position;
}

/** Where a list goes on: after the row with this name (compared as names are) and id. */
export interface NamePosition {
	readonly name: string;
	readonly id: string;
}

/** What of an account's keys is listed; null is what is not asked for. */
export interface KeyNarrowing {
	/** Each begins a word of the name. */
	readonly words: readonly string[];
	readonly tag: string | null;
	readonly type: ApiKeyType | null;
	/** As it opens this account: a link may be switched off by itself. */
	readonly state: "enabled" | "disabled" | null;
	/** The last of its enabled access codes, or the key itself, ends before that. */
	readonly expiresBefore: Seconds | null;
	/** Own keys alone, those that were never used too; as it is known, to the day of UTC. */
	readonly usedBefore: Seconds | null;
	readonly neverUsed: boolean;
	readonly ids: { readonly from: string; readonly to: string } | null;
}

/** A minus turns the order round. `used` begins with what was never used, and ends with what is not known. */
export type KeySort = "name" | "-name" | "created" | "-created" | "expires" | "used";

export interface KeyWalk {
	readonly sort: KeySort;
	readonly after: Position | null;
	readonly isBack: boolean;
	readonly limit: number;
}

/** That a key was used, as far as it is known. */
export interface KeyUse {
	readonly keyId: SubjectId;
	readonly at: Seconds;
}

export type KeyListPage = FoundPage<ListedApiKey>;

export interface LinkRow {
	readonly keyId: SubjectId;
	readonly accountId: string;
	readonly createdAt: Seconds;
}

/**
 * `overtaken`: the row is not as it was read any more, or is gone. Nothing was written then, nor where the person who
 * writes has no role any more that permits it.
 */
type Written = "written" | "name_taken" | "overtaken";

/** A name that no API has that the account sees: whoever takes a permission away takes it out of policies in the same write. */
interface UnknownPermission {
	readonly unknownPermission: string;
}

/**
 * Names are unique in their account and compared without regard to (ASCII) case. Whatever is written is written together
 * with its audit entries, or not at all; where nothing was found to write, no entry is written either.
 */
export interface ApiKeyRegister {
	/**
	 * `same`: the row was there already, in this account, under this id. Rows of the account that stand for no key (one
	 * that was deleted, or never got its verdict within an hour) make room for it.
	 */
	addKey(key: ApiKeyRow, entry: AuditEntry): Promise<"added" | "same" | "name_taken" | "full">;
	key(id: SubjectId): Promise<Stored<ApiKeyRow> | null>;
	/** The keys of an account, its own and linked ones that its ledger has not taken away; of equals by id. */
	keys(accountId: string, narrowing: KeyNarrowing, walk: KeyWalk): Promise<KeyListPage>;
	/** For the lists of their owners: noted where it was not on that day of UTC, or later, already. */
	noteUses(uses: readonly KeyUse[]): Promise<void>;
	/** Its name and tags, where the row is still as it was read. */
	editKey(key: Stored<Omit<ApiKeyRow, "type" | "createdAt">>, entry: AuditEntry): Promise<Written>;

	codes(keyId: SubjectId): Promise<readonly AccessCode[]>;
	/**
	 * Its sealed secret is left out where the account forbids to show secrets again; it says whether it is kept. Neither this
	 * nor a description is written for a code that the copied verdict does not have: it has gone, or is of another key.
	 */
	addCode(code: AccessCode, entry: AuditEntry): Promise<{ readonly isKept: boolean }>;
	/** What is visible of a code that was made before that was kept. */
	noteVisible(code: Pick<AccessCode, "id" | "keyId"> & { readonly visible: string }): Promise<void>;
	/** Where the description is still `from`, or there is no row yet. */
	describeCode(
		code: Omit<AccessCode, "sealedSecret" | "visible">,
		from: string,
		entry: AuditEntry,
	): Promise<"written" | "overtaken">;

	/** The links of a key that are listed, by account id. */
	links(keyId: SubjectId): Promise<readonly LinkRow[]>;

	/** `same`: the row was there already, in this account, under this id. */
	addPolicy(
		policy: Policy,
		by: WriterRole | null,
		entry: AuditEntry,
	): Promise<"added" | "same" | "name_taken" | "full" | "not_permitted" | UnknownPermission>;
	policy(accountId: string, id: string): Promise<Stored<Policy> | null>;
	/** By name and id, from Z to A where it `isDown`; those alone that have `q` in their name, without regard to ASCII case. */
	listPolicies(
		accountId: string,
		after: NamePosition | null,
		limit: number,
		asked?: { readonly q: string | null; readonly isDown: boolean },
	): Promise<readonly Policy[]>;
	countPolicies(accountId: string, q: string | null): Promise<number>;
	/** Where the row is still as it was read. What it permits already may stay, whatever became of it. */
	editPolicy(
		policy: Stored<Policy>,
		by: WriterRole | null,
		entry: AuditEntry,
	): Promise<Written | "not_permitted" | UnknownPermission>;
	deletePolicy(
		policy: Stored<Pick<Policy, "id" | "accountId">>,
		entry: AuditEntry,
	): Promise<Exclude<Written, "name_taken">>;
	/** The keys that an account gave a policy, as their copied verdicts have it; of more than 100 any hundred, by name. */
	keysWithPolicy(policy: Pick<Policy, "id" | "accountId">): Promise<readonly Pick<ApiKeyRow, "id" | "name">[]>;

	/** Whether the account allows that an access code's secret is shown again. */
	revealAllowed(accountId: string): Promise<boolean>;
	/**
	 * Noted where it was otherwise before. From when it is forbidden, nothing that was sealed before is shown, be it allowed again:
	 * it is deleted, of a thousand keys at once and of others by {@link forgetSealed}.
	 */
	setRevealAllowed(accountId: string, allowed: boolean, entry: AuditEntry): Promise<void>;
	/** Goes on with what is left of that, whoever's it is. */
	forgetSealed(): Promise<void>;
}
