import type { SignIn } from "../../domain/sign-in.ts";
import type { NumberedEntry } from "../../domain/ports/audit-log.ts";
import { auditPerson } from "../audit-person.ts";
import { type ListPage, pageOf, partOf } from "../list.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";
import { signInsEnded } from "./end-sign-ins.ts";
import type { AnySignedIn, SignedIn } from "./sign-in.ts";

/** The browsers that a person is signed in with. */
export interface MySignIns {
	readonly open: ListPage<Omit<SignIn, "hash">>;
	/** Those of before as well, and what failed or ended: as the log of an account of theirs has it, newest first. */
	readonly recent: ListPage<NumberedEntry>;
}

/** The cursor of each list; null begins. */
export type MySignInsPlaces = { readonly [List in keyof MySignIns]: string | null };

/** Of the account alone, for whoever came in by its provider. Null where one of the cursors is not of this person's list. */
export async function listMySignIns(
	me: AnySignedIn,
	accountId: string,
	from: MySignInsPlaces,
	services: Services,
): Promise<MySignIns | null> {
	const { id } = me.person;
	const { ledgers, auditLog } = portsOf(services);
	const [open, recent] = await Promise.all([
		pageOf(`signIns ${id}`, from.open, services, async (after) => {
			const found = await ledgers.of(id).listSignIns({ after: String(after?.[0] ?? ""), limit: 51 });
			const { rows, next } = partOf(found, 50, (signIn) => [signIn.id]);
			return { rows: rows.filter((signIn) => isOf(me, signIn)), next };
		}),
		pageOf(`recent ${id} ${accountId}`, from.recent, services, async (after) => {
			const before = after && { at: Number(after[0]), id: Number(after[1]) };
			const filter = { actor: null, action: "sign_in", target: id, from: null, to: null };
			const { rows, next } = await auditLog.search(accountId, filter, before, 20);
			return { rows, next: next && [next.at, next.id] };
		}),
	]);
	return open && recent && { open, recent };
}

/** Whoever was let into an account by its provider has to do with nothing but what was. */
function isOf({ within }: AnySignedIn, signIn: Pick<SignIn, "within">): boolean {
	return within === null || within === signIn.within;
}

/** Ends another sign-in of the same person, or this one. */
export async function endMySignIn(
	signInId: string,
	me: AnySignedIn,
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
export async function signOutEverywhere(me: SignedIn, address: string | null, services: Services): Promise<void> {
	const { id } = me.person;
	await signInsEnded(id, await portsOf(services).ledgers.of(id).endEverything(null), services);
	await auditPerson(me.person, { action: "sign_in.end_all", target: id, address, detail: {} }, services);
}

/** Whoever was told of wrong passwords for their name has seen those up to this instant. */
export async function sawWrongPasswords({ person }: SignedIn, lastAt: number, services: Services): Promise<void> {
	if (Number.isSafeInteger(lastAt)) await portsOf(services).people.forgetWrongPasswords(person.id, lastAt);
}
