import { sealText, unsealText } from "../../crypto/sealing.ts";
import { sealToken, type TokenReference, unsealToken } from "../../crypto/sealed-token.ts";
import type { ServerKeys } from "../../crypto/server-keys.ts";
import type { Clear, Hash, Sealed } from "../../domain/brands.ts";
import type { CodeRecord } from "../../domain/ports/codes.ts";

/** What a record says beside what the code's reference, and the code itself, say of it. */
export type CarriedTerms = Omit<CodeRecord, "id" | "accountId" | "code"> & {
	readonly code: Omit<CodeRecord["code"], "hash">;
};

/** In characters of JSON. With them a code has 1,300 at most: it travels in a URL. */
const mostCarried = 800;

/**
 * A code, `lkc_<reference>.<terms>`: it carries the terms that it was given for, sealed for this reference alone, so that nobody has
 * to be asked for them. Terms that are too long stay away. They decide nothing: the ledger has its own (DESIGN §3.2).
 */
export async function sealCode(
	reference: TokenReference,
	terms: CarriedTerms,
	keys: ServerKeys,
): Promise<{ readonly code: Clear; readonly isCarried: boolean }> {
	const token = await sealToken("code", reference, keys);
	const text = JSON.stringify(terms);
	if (text.length > mostCarried) return { code: token, isCarried: false };
	return { code: `${token}.${await sealText(keys, "code terms", token, text)}` as Clear, isCarried: true };
}

/** Null for what {@link sealCode} has not made. */
export async function unsealCode(
	code: string,
	keys: ServerKeys,
): Promise<{ readonly reference: TokenReference; readonly terms: CarriedTerms | null } | null> {
	const [token = "", sealed, ...others] = code.split(".", 3);
	const reference = await unsealToken("code", token, keys);
	if (!reference || others.length > 0) return null;
	if (sealed === undefined) return { reference, terms: null };
	const text = await unsealText(keys, "code terms", token, sealed as Sealed);
	return text === null ? null : { reference, terms: JSON.parse(text) };
}

/** The whole record. */
export function recordOf(
	{ id, accountId }: Pick<CodeRecord, "id" | "accountId">,
	terms: CarriedTerms,
	hash: Hash,
): CodeRecord {
	return { ...terms, id, accountId, code: { ...terms.code, hash } };
}
