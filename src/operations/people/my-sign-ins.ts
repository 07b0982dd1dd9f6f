import type { Person } from "../../domain/person.ts";
import type { SignIn } from "../../domain/sign-in.ts";
import type { NumberedEntry } from "../../domain/ports/audit-log.ts";
import { auditPerson } from "../audit-person.ts";
import { type ListPage, type ListQuery, pageOf, partOf } from "../list.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";
import { signInsEnded } from "./end-sign-ins.ts";
import type { AnySignedIn, SignedIn } from "./sign-in.ts";

/** Whose they are; of the account alone, for whoever came in by its provider. */
type Mine = Pick<AnySignedIn, "person" | "within">;

/** The browsers that a person is signed in with. Null for a cursor that is not of this list. */
export function listMySignIns(
	me: Mine,
	{ cursor, limit }: ListQuery,
	services: Services,
): Promise<ListPage<Omit<SignIn, "hash">> | null> {
	const { id } = me.person;
	return pageOf(`signIns ${id}`, cursor, services, async (after) => {
		const ledger = portsOf(services).ledgers.of(id);
		const found = await ledger.listSignIns({ after: String(after?.[0] ?? ""), limit: limit + 1 });
		const { rows, next } = partOf(found, limit, (signIn) => [signIn.id]);
		return { rows: rows.filter((signIn) => isOf(me, signIn)), next };
	});
}

/**
 * Those of before as well, and what failed or ended: as the log of an account of theirs has it, newest first. Null for a cursor that is
 * not of this list.
 */
export function listRecentSignIns(
	{ id }: Pick<Person, "id">,
	accountId: string,
	{ cursor, limit }: ListQuery,
	services: Services,
): Promise<ListPage<NumberedEntry> | null> {
	return pageOf(`recent ${id} ${accountId}`, cursor, services, async (after) => {
		const before = after && { at: Number(after[0]), id: Number(after[1]) };
		const filter = { actor: null, action: "sign_in", target: id, from: null, to: null };
		const { rows, next } = await portsOf(services).auditLog.search(accountId, filter, before, limit);
		return { rows, next: next && [next.at, next.id] };
	});
}

/** Whoever was let into an account by its provider has to do with nothing but what was. */
function isOf({ within }: Mine, signIn: Pick<SignIn, "within">): boolean {
	return within === null || within === signIn.within;
}

/** Ends another sign-in of the same person, or this one. */
export async function endMySignIn(
	signInId: string,
	me: Mine,
	address: string | null,
	services: Services,
): Promise<"ended" | "unknown"> {
	const ledger = portsOf(services).ledgers.of(me.person.id);
	const open = await ledger.listSignIns({ after: "", limit: 10_000 });
	const found = open.find((each) => each.id === signInId && isOf(me, each));
	if (!found) return "unknown";
	await signInsEnded(me.person.id, await ledger.endSignIn(signInId), services);
	const detail = found.from ? { browser: found.from.browser } : {};
	await auditPerson(me.person, { action: "sign_in.end", target: me.person.id, address, detail }, services);
	return "ended";
}

/** Ends every sign-in, this one too, and every login session, in one transaction. What they allowed others stays (my-access.ts). */
export async function signOutEverywhere(
	me: Pick<SignedIn, "person">,
	address: string | null,
	services: Services,
): Promise<void> {
	const { id } = me.person;
	await signInsEnded(id, await portsOf(services).ledgers.of(id).endEverything(null), services);
	await auditPerson(me.person, { action: "sign_in.end_all", target: id, address, detail: {} }, services);
}

/** Whoever was told of wrong passwords for their name has seen those up to this instant. */
export async function sawWrongPasswords({ person }: SignedIn, lastAt: number, services: Services): Promise<void> {
	if (Number.isSafeInteger(lastAt)) await portsOf(services).people.forgetWrongPasswords(person.id, lastAt);
}
