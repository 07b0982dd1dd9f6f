/** The registered APIs: what a request's scope and audience are read against. latchkey's own is no row. */
import type { Api } from "../api.ts";
import type { AuditEntry } from "../audit-entry.ts";
import type { Stored } from "../stored.ts";
import type { SubjectId } from "../subject.ts";
import type { NamePosition } from "./api-keys.ts";
import type { WriterRole } from "./register.ts";

/** Who writes an API: by their role in its account (null: what no role says), or as an operator. It is looked at once more. */
export type ApiWriter =
	| { readonly kind: "role"; readonly role: WriterRole | null }
	| { readonly kind: "operator"; readonly id: SubjectId };

/** Nothing was written. */
export type ApiRefused =
	| { readonly kind: "name_taken" | "full" | "not_permitted" }
	/** `by`: the API in the way, by its name, where the writer sees it; else null. */
	| { readonly kind: "identifier_taken"; readonly by: string | null }
	| { readonly kind: "permission_taken"; readonly permission: string; readonly by: string | null };

/** `overtaken`: the row is not as it was read any more, and nothing was written. */
type ApiWritten = { readonly kind: "written" } | { readonly kind: "overtaken" } | ApiRefused;

/** How much an account, or all of them, would lose by a permission that goes. */
export interface PermissionUse {
	readonly policies: number;
	readonly keys: number;
	readonly clients: number;
}

/**
 * No two identifiers differ by case or a slash alone; no account sees two permissions whose names differ by case alone, nor two APIs
 * of one owner that do. What is written is written with its entry, or not at all.
 */
export interface ApiRegister {
	/** Those that people would take these identifiers for (`foldedIdentifier` of domain/api.ts); whoever asks compares the rest. */
	byFolded(folded: readonly string[]): Promise<readonly Stored<Api>[]>;
	/** Those that an account can be given something of: of the whole deployment, and its own; by name. */
	openTo(accountId: string): Promise<readonly Stored<Api>[]>;
	/** The same, a page at a time; null: those of the whole deployment alone. */
	list(accountId: string | null, after: NamePosition | null, limit: number): Promise<readonly Stored<Api>[]>;
	api(id: string): Promise<Stored<Api> | null>;

	/** `same`: the row was there already, of this owner, under this id. */
	add(
		api: Api,
		by: ApiWriter,
		entry: AuditEntry,
	): Promise<{ readonly kind: "written" } | { readonly kind: "same" } | ApiRefused>;
	/** Where the row is still as it was read. A permission that it had, and has no more, goes from whatever names it, with an entry each. */
	edit(api: Stored<Api>, by: ApiWriter, entry: AuditEntry): Promise<ApiWritten>;
	/** The same for all of its permissions. */
	delete(
		api: Stored<Api>,
		by: ApiWriter,
		entry: AuditEntry,
	): Promise<{ readonly kind: "written" | "not_permitted" | "overtaken" }>;
	/** What names these permissions, in one account or (null) in all of them. */
	usesOf(names: readonly string[], accountId: string | null): Promise<PermissionUse>;
}
