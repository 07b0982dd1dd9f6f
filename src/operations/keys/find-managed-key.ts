import type { ApiKeyRow, LinkRow } from "../../domain/ports/api-keys.ts";
import { parseSubject, type SubjectId } from "../../domain/subject.ts";
import { type ApiKeyState, linkersOf, linkSwitchedOffBy } from "../../domain/api-key-state.ts";
import type { Seconds } from "../../domain/brands.ts";
import type { Stored } from "../../domain/stored.ts";
import type { Services } from "../services.ts";
import { type HoldsPorts, portsOf } from "../ports-of.ts";

/** A key that an account has, with its verdict as its ledger has it now. */
export interface ManagedKey {
	readonly row: Stored<ApiKeyRow>;
	readonly verdict: ApiKeyState;
	/** The account that looks at it. */
	readonly accountId: string;
	/** When the account linked it; null for its own. */
	readonly linkedAt: Seconds | null;
}

/** Null for a key that the account does not have, whether there is one or not: foreign ids tell nothing. */
export async function findManagedKey(id: string, accountId: string, services: Reads): Promise<ManagedKey | null> {
	// Before the ledger is asked: else anybody could wake objects by inventing ids.
	const row = isKeyId(id) ? await portsOf(services).keyRegister.key(id) : null;
	if (!row) return null;
	const verdict = await portsOf(services).ledgers.of(row.id).readKey();
	if (!verdict || verdict.state === "deleted" || !Object.hasOwn(verdict.policies, accountId)) return null;
	const isOwn = row.accountId === accountId;
	const [link] = isOwn ? [] : await linksOf({ row, verdict }, services, accountId);
	return { row, verdict, accountId, linkedAt: link?.createdAt ?? null };
}

/** The links of a key as its ledger has them: of one account, or all. What the register does not list it is told once more. */
export async function linksOf(
	{ row, verdict }: Pick<ManagedKey, "row" | "verdict">,
	services: Reads,
	of?: string,
): Promise<readonly LinkRow[]> {
	const { keyRegister, register } = portsOf(services);
	const listed = await keyRegister.links(row.id);
	const now = services.now();
	const links = linkersOf(verdict).map(
		(accountId) => listed.find((link) => link.accountId === accountId) ?? { keyId: row.id, accountId, createdAt: now },
	);
	if (!links.every((link) => listed.includes(link))) await register.copyVerdict(row.id, verdict, now);
	return of === undefined ? links : links.filter(({ accountId }) => accountId === of);
}

type Reads = HoldsPorts & Pick<Services, "now">;

/** A key of the account's own. */
export async function findOwnKey(id: string, accountId: string, services: Services): Promise<ManagedKey | null> {
	const key = await findManagedKey(id, accountId, services);
	return key?.row.accountId === accountId ? key : null;
}

export function isKeyId(text: string): text is SubjectId {
	return parseSubject(text)?.kind === "key";
}

/** Whether the key opens the account, as far as keys and links are switched on. */
export function isOn({ verdict, accountId }: Pick<ManagedKey, "verdict" | "accountId">): boolean {
	return verdict.state === "enabled" && linkSwitchedOffBy(verdict, accountId).length === 0;
}

export function policiesOf({ verdict, accountId }: Pick<ManagedKey, "verdict" | "accountId">): readonly string[] {
	return (Object.hasOwn(verdict.policies, accountId) && verdict.policies[accountId]) || [];
}
