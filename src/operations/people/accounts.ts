import { base64url } from "../../crypto/encoding.ts";
import type { Account } from "../../domain/account.ts";
import type { AuditEntry } from "../../domain/audit-entry.ts";
import type { Seconds } from "../../domain/brands.ts";
import type { Limited, NamedLimit } from "../../domain/limit.ts";
import type { AccountCounts, ListedAccount } from "../../domain/ports/accounts.ts";
import type { SubjectId } from "../../domain/subject.ts";
import { entryOf } from "../audit.ts";
import { type Edit, untilWritten } from "../edit.ts";
import { bytesFor } from "../form-nonce.ts";
import { takeTurn } from "../limits.ts";
import { byName, type ListPage, type ListQuery, namePosition, pageOf, partOf } from "../list.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";
import type { OperatorActor } from "../actor.ts";
import { invite } from "./invitations.ts";

/** By name. Null for a cursor that is not of this list. */
export function listAccounts(
	state: "active" | "suspended" | null,
	{ cursor, limit }: ListQuery,
	services: Services,
): Promise<ListPage<ListedAccount> | null> {
	return pageOf(`accounts ${state ?? ""}`, cursor, services, async (after) => {
		const found = await portsOf(services).accounts.list(state, namePosition(after), limit + 1);
		return partOf(found, limit, byName);
	});
}

export interface ShownAccount {
	readonly account: ListedAccount;
	readonly counts: AccountCounts;
}

export async function findAccount(slug: string, services: Services): Promise<ShownAccount | null> {
	const { accounts } = portsOf(services);
	const account = await accounts.find(slug);
	return account && { account, counts: await accounts.counts(account.id) };
}

/** Whoever makes an account: an operator, or somebody for themselves where the deployment lets everybody. */
export interface Maker {
	readonly subject: SubjectId;
	readonly isOperator: boolean;
	readonly address: string | null;
}

export function mayMakeAccounts(
	{ isOperator }: Pick<Maker, "isOperator">,
	{ config }: Pick<Services, "config">,
): boolean {
	return isOperator || config.accounts === "open";
}

/** Whoever finds out which slugs there are by making accounts is slow at it. */
const attempts: NamedLimit = { name: "new-accounts", attempts: 30, window: 3600 };

export type AccountMade =
	| { readonly kind: "made"; readonly account: Account }
	| { readonly kind: "taken" | "full" | "not_permitted" }
	| Limited;

/** `id` is the account's: the same once more finds what it made. */
export async function makeAccount(
	{ id, slug, name, administered }: Pick<Account, "id" | "slug" | "name"> & { readonly administered: boolean },
	by: Maker,
	services: Services,
): Promise<AccountMade> {
	const { subject, isOperator, address } = by;
	if (!mayMakeAccounts(by, services)) return { kind: "not_permitted" };
	const limited = isOperator ? null : await takeTurn({ limit: attempts, of: subject }, services);
	if (limited) return limited;
	const account: Account = { id, slug, name, state: "active", notBefore: 0 };
	const act = { action: "account.create", target: id, detail: { slug, ...(administered && { person: subject }) } };
	const outcome = await portsOf(services).accounts.create(
		{ account, createdAt: services.now(), by: subject, asOperator: isOperator, administered },
		bothLogs(id, (accountId) => entryOf({ subject, accountId, address }, act, services)),
	);
	return outcome === "created" || outcome === "same" ? { kind: "made", account } : { kind: outcome };
}

/** The id that a form of this maker stands for. */
export async function newAccountId(nonce: string, { subject }: Maker, { serverKeys }: Services): Promise<string> {
	return base64url((await bytesFor(`account ${subject}`, nonce, serverKeys)).slice(0, 16));
}

/** In that of the account, and in that of the deployment, which outlives it. */
function bothLogs(accountId: string, entry: (accountId: string | null) => AuditEntry): readonly AuditEntry[] {
	return [entry(accountId), entry(null)];
}

export type AccountChanged =
	| { readonly kind: "unknown" | "not_permitted" | "overtaken" }
	| { readonly kind: "changed"; readonly account: ListedAccount }
	/** This is how it stands, and stays. */
	| { readonly kind: "stale"; readonly account: ListedAccount };

export function renameAnyAccount(
	slug: string,
	edit: Edit<ListedAccount, string>,
	by: OperatorActor,
	services: Services,
): Promise<AccountChanged> {
	const { accounts } = portsOf(services);
	return untilWritten<AccountChanged>(async () => {
		const account = await accounts.find(slug);
		if (!account) return { kind: "unknown" };
		const { id, name: from } = account;
		const to = await edit(account);
		if (to === "stale") return { kind: "stale", account };
		if (to === from) return { kind: "changed", account };
		const entries = entriesOf(account, by, { action: "account.rename", detail: { name: to, before: from } }, services);
		const outcome = await accounts.rename(id, { from, to }, by.subject, entries);
		if (outcome !== "changed") return outcome === "overtaken" ? outcome : { kind: outcome };
		await forget(account, services);
		return { kind: "changed", account: { ...account, name: to } };
	});
}

/** Of its grants, keys and clients nothing opens anything: here from now on, elsewhere within half a minute. */
export function suspendAccount(slug: string, by: OperatorActor, services: Services): Promise<AccountChanged> {
	return change(slug, "account.suspend", {}, by, services, (accounts, { id }, entries) =>
		accounts.suspend(id, services.now(), by.subject, entries),
	);
}

/** What was there before works again, and a date of its deletion is taken back. */
export function reinstateAccount(slug: string, by: OperatorActor, services: Services): Promise<AccountChanged> {
	return change(slug, "account.reinstate", {}, by, services, (accounts, { id }, entries) =>
		accounts.reinstate(id, by.subject, entries),
	);
}

/** How long before it an account's deletion has to be said. */
export const deletionNotice: Seconds = 7 * 86_400;
/** And how far ahead it may be. */
const latestDeletion: Seconds = 366 * 86_400;

export type DeletionSet = AccountChanged | { readonly kind: "not_suspended" | "out_of_range" };

/** Only of one that is suspended, so that whoever still needed it has noticed. Null takes the date back. */
export async function setDeletion(
	slug: string,
	at: Seconds | null,
	by: OperatorActor,
	services: Services,
): Promise<DeletionSet> {
	const ahead = at === null ? null : at - services.now();
	if (ahead !== null && (ahead < deletionNotice || ahead > latestDeletion)) return { kind: "out_of_range" };
	const [action, detail] =
		at === null ? (["account.keep", {}] as const) : (["account.schedule_deletion", { at }] as const);
	return change(slug, action, detail, by, services, (accounts, { id }, entries) =>
		accounts.setDeletion(id, at, by.subject, entries),
	);
}

type Accounts = ReturnType<typeof portsOf>["accounts"];

async function change<Refused extends string>(
	slug: string,
	action: string,
	detail: AuditEntry["detail"],
	by: OperatorActor,
	services: Services,
	write: (
		accounts: Accounts,
		account: ListedAccount,
		entries: readonly AuditEntry[],
	) => Promise<"changed" | "unchanged" | "unknown" | Refused>,
): Promise<{ readonly kind: "changed"; readonly account: ListedAccount } | { readonly kind: "unknown" | Refused }> {
	const { accounts } = portsOf(services);
	const account = await accounts.find(slug);
	if (!account) return { kind: "unknown" };
	const outcome = await write(accounts, account, entriesOf(account, by, { action, detail }, services));
	if (outcome !== "changed" && outcome !== "unchanged") return { kind: outcome };
	await forget(account, services);
	const now = await accounts.find(slug);
	return now ? { kind: "changed", account: now } : { kind: "unknown" };
}

function entriesOf(
	{ id, slug }: ListedAccount,
	{ subject, address }: OperatorActor,
	{ action, detail }: Pick<AuditEntry, "action" | "detail">,
	services: Services,
): readonly AuditEntry[] {
	const act = { action, target: id, detail: { slug, ...detail } };
	return bothLogs(id, (accountId) => entryOf({ subject, accountId, address }, act, services));
}

/** What this isolate remembers of an account is from before. */
async function forget({ id, slug }: ListedAccount, { lookups }: Services): Promise<void> {
	await Promise.all([lookups.account.fresh(id), lookups.accountBySlug.fresh(slug)]);
}

export type FirstInvited =
	| { readonly kind: "invited"; readonly url: string; readonly expiresAt: Seconds }
	/** Its administrators invite whom they like. */
	| { readonly kind: "inhabited" }
	| { readonly kind: "unknown" | "not_permitted" };

/** A link for the first administrator of an account to which nobody belongs: the one way in that an operator gives. */
export async function inviteFirst(
	slug: string,
	nonce: string,
	by: OperatorActor,
	services: Services,
): Promise<FirstInvited> {
	const found = await findAccount(slug, services);
	if (!found) return { kind: "unknown" };
	if (found.counts.people > 0) return { kind: "inhabited" };
	const { subject, address } = by;
	const actor = { subject, accountId: found.account.id, permissions: [], address };
	const draft = { role: "admin", note: "", email: null } as const;
	const invited = await invite(draft, nonce, actor, services, { operator: subject });
	if (invited.kind === "invited") return { kind: "invited", url: invited.url, expiresAt: invited.invitation.expiresAt };
	return { kind: invited.kind === "not_permitted" ? "not_permitted" : "inhabited" };
}
