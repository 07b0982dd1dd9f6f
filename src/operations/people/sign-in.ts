import { hashSecret, sealToken, type TokenReference, unsealToken } from "../../crypto/sealed-token.ts";
import { randomId } from "../../crypto/random.ts";
import { type AuthenticationMethod, byPassword } from "../../domain/authentication.ts";
import type { Person } from "../../domain/person.ts";
import type { Clear, Seconds } from "../../domain/brands.ts";
import { auditPerson } from "../audit-person.ts";
import { isPasswordOf, type PasswordVerdict, verifyPassword } from "../checks/verify-password.ts";
import { signInsEnded } from "./end-sign-ins.ts";
import { knownBrowser, rememberBrowser } from "./known-browser.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/** A sign-in, as the browser is to keep it. */
export interface SignInOpened {
	readonly cookie: Clear;
	readonly ttl: Seconds;
	/** What the browser is known by from now on. */
	readonly browserKeeps: readonly Clear[];
}

/** Where somebody signs in. */
export interface Browser {
	readonly address: string | null;
	readonly browser: string;
	/** What it kept of earlier sign-ins. */
	readonly kept: readonly string[];
}

export type SignInVerdict = ({ kind: "signed_in" } & SignInOpened) | Exclude<PasswordVerdict, { kind: "right" }>;

/**
 * Opens a browser's sign-in for whoever knows the password. A browser has one: `cookie` is that of the one that it had, which nobody
 * could end any more. The same person goes on with that, by another cookie: what they are signed in to elsewhere is not over because
 * one application had them give their password again.
 */
export async function signIn(
	given: { readonly username: string; readonly password: string; readonly cookie: string | null } & Browser,
	services: Services,
): Promise<SignInVerdict> {
	const { kept, username, cookie } = given;
	const knownAs = await knownBrowser(kept, username, services);
	const verdict = await verifyPassword({ ...given, knownAs }, services);
	if (verdict.kind !== "right") return verdict;
	const { person } = verdict;
	const earlier = await currentSignIn(cookie, services);
	const goesOn = earlier?.person.id === person.id ? earlier.id : null;
	const opened = await openIfStill(person, given, goesOn, services);
	if (!opened) return { kind: "wrong" };
	if (earlier && goesOn === null) await signOut(earlier, services);
	return { kind: "signed_in", ...opened };
}

/** For whoever has just chosen their password. */
export async function openSignIn(person: Person, from: Browser, services: Services): Promise<SignInOpened> {
	const opened = await openIfStill(person, from, null, services);
	if (!opened) throw new Error("a person who was made just now has another password");
	return opened;
}

/**
 * With a new secret each time, so that none can be planted before; `goesOn` is the one that it is from now on the secret of. Null where
 * the password was changed meanwhile.
 */
async function openIfStill(
	person: Person,
	{ address, browser, kept }: Browser,
	goesOn: string | null,
	services: Services,
): Promise<SignInOpened | null> {
	const reference: TokenReference = {
		subject: person.id,
		accountId: "",
		id: goesOn ?? randomId(services.random),
		generation: 0,
		secret: services.random(32),
	};
	const [cookie, hash] = await Promise.all([
		sealToken("sign_in", reference, services.serverKeys),
		hashSecret(reference),
	]);
	const ledger = portsOf(services).ledgers.of(person.id);
	const { expiresAt } = await ledger.openSignIn({
		id: reference.id,
		hash,
		amr: byPassword,
		from: { address, browser },
	});
	if (!(await isPasswordOf(person, services))) {
		await signInsEnded(person.id, await ledger.endSignIn(reference.id), services);
		return null;
	}
	await auditPerson(person, { action: "sign_in.open", target: person.id, address, detail: { browser } }, services);
	return { cookie, ttl: expiresAt - services.now(), browserKeeps: await rememberBrowser(kept, person, services) };
}

export interface SignedIn {
	readonly id: string;
	readonly person: Person;
	readonly authenticatedAt: Seconds;
	/** By what they proved who they are (RFC 8176). */
	readonly amr: readonly AuthenticationMethod[];
}

/** Who sits before the browser that sent this cookie; null where nobody is signed in (any more). */
export async function currentSignIn(cookie: string | null, services: Services): Promise<SignedIn | null> {
	const reference = cookie === null ? null : await unsealToken("sign_in", cookie, services.serverKeys);
	if (!reference) return null;
	const [found, person] = await Promise.all([
		portsOf(services)
			.ledgers.of(reference.subject)
			.checkSignIn(reference.id, await hashSecret(reference)),
		portsOf(services).register.person(reference.subject),
	]);
	if (!found || person?.state !== "active" || found.authenticatedAt < person.notBefore) return null;
	const { authenticatedAt, amr = byPassword } = found;
	return { id: reference.id, person, authenticatedAt, amr };
}

/** The active accounts that a person belongs to, by name, with their role in each. */
export function accountsOf(person: Pick<Person, "id">, services: Services) {
	return portsOf(services).register.accountsOf(person.id);
}

/** The same with those that are suspended, for a person to see that they are. */
export function belongsTo(person: Pick<Person, "id">, services: Services) {
	return portsOf(services).register.belongsTo(person.id);
}

export async function signOut({ id, person }: SignedIn, services: Services): Promise<void> {
	await signInsEnded(person.id, await portsOf(services).ledgers.of(person.id).endSignIn(id), services);
}
