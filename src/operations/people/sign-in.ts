import { hashSecret, sealToken, type TokenReference, unsealToken } from "../../crypto/sealed-token.ts";
import { randomId } from "../../crypto/random.ts";
import { unmetBy } from "../../domain/account.ts";
import { type AuthenticationMethod, byPassword } from "../../domain/authentication.ts";
import type { Person } from "../../domain/person.ts";
import type { SignInProvider } from "../../domain/sign-in-provider.ts";
import type { Clear, Seconds } from "../../domain/brands.ts";
import { audit, entryOf } from "../audit.ts";
import { auditPerson } from "../audit-person.ts";
import { isPasswordOf, type PasswordVerdict, verifyPassword } from "../checks/verify-password.ts";
import { signInsEnded } from "./end-sign-ins.ts";
import { knownBrowser, rememberBrowser } from "./known-browser.ts";
import { askSecondFactor, type SecondFactorAsked } from "./second-factor-asked.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/** A sign-in, as the browser is to keep it. */
export interface SignInOpened {
	readonly cookie: Clear;
	readonly ttl: Seconds;
	/** What the browser is known by from now on; null: by what it is known by already. */
	readonly browserKeeps: readonly Clear[] | null;
}

/** Where somebody signs in. */
export interface Browser {
	readonly address: string | null;
	readonly browser: string;
	/** What it kept of earlier sign-ins. */
	readonly kept: readonly string[];
}

export type SignInVerdict =
	| ({ kind: "signed_in" } & SignInOpened)
	/** The password is right, and does not do alone. */
	| ({ kind: "second_factor" } & SecondFactorAsked)
	| Exclude<PasswordVerdict, { kind: "right" }>;

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
	if (verdict.person.oneTimeCodes) {
		return { kind: "second_factor", ...(await askSecondFactor(verdict.person, services)) };
	}
	const opened = await openSignInOf(provenByPassword(verdict.person, services), { cookie, browser: given }, services);
	return opened ? { kind: "signed_in", ...opened } : { kind: "wrong" };
}

/** Somebody who has just shown who they are, whichever way. */
export interface ProvenPerson {
	readonly person: Person;
	/** By what (RFC 8176). */
	readonly amr: readonly AuthenticationMethod[];
	/** The one account that it opens; null: whatever is theirs. */
	readonly within: string | null;
	/** The provider that vouches for them; left out: none does. */
	readonly through?: string;
	/** It was not told to ask them anew. */
	readonly unasked?: true;
	/** When they showed it who they are, where it says so. */
	readonly shownAt?: Seconds | null;
	/**
	 * Whether that by which they showed it still counts. Asked when the sign-in is open: whoever takes it away writes that first and ends
	 * what is open next, so that one of the two sees the other.
	 */
	readonly holds: () => Promise<boolean>;
}

export function provenByPassword(person: Person, services: Services): ProvenPerson {
	return { person, amr: byPassword, within: null, holds: () => isPasswordOf(person, services) };
}

/**
 * Opens a browser's sign-in, with a new secret each time, so that none can be planted before. `cookie` is that of the one which the
 * browser had: the same person goes on with it, another's ends. Null where what they showed counts no more.
 */
export async function openSignInOf(
	{ person, amr, within, through, unasked, shownAt, holds }: ProvenPerson,
	{ cookie, browser: from }: { readonly cookie: string | null; readonly browser: Browser },
	services: Services,
): Promise<SignInOpened | null> {
	const earlier = await currentSignIn(cookie, services);
	const goesOn = earlier?.person.id === person.id && earlier.within === within;
	const reference: TokenReference = {
		subject: person.id,
		accountId: "",
		id: goesOn ? earlier.id : randomId(services.random),
		generation: 0,
		secret: services.random(32),
	};
	const [sealed, hash] = await Promise.all([
		sealToken("sign_in", reference, services.serverKeys),
		hashSecret(reference),
	]);
	const { address, browser } = from;
	const ledger = portsOf(services).ledgers.of(person.id);
	const { expiresAt } = await ledger.openSignIn({
		id: reference.id,
		hash,
		amr,
		...(within !== null && { within }),
		...(through !== undefined && { through }),
		...(unasked && { unasked }),
		// Whatever it says, nobody has shown anything later than now.
		...(shownAt != null && shownAt < services.now() && { shownAt }),
		from: { address, browser },
	});
	if (!(await holds())) {
		await signInsEnded(person.id, await ledger.endSignIn(reference.id), services);
		return null;
	}
	const detail = { browser, amr: amr.join(" "), ...(through !== undefined && { provider: through }) };
	const act = { action: "sign_in.open", target: person.id, address, detail };
	// Where somebody came in, and nowhere else that they belong to.
	const accounts = within === null ? await auditPerson(person, act, services) : [within];
	if (within !== null)
		await audit(entryOf({ subject: person.id, accountId: within, address }, act, services), services);
	services.usage.note(
		"sign_in",
		accounts.map((accountId) => ({ accountId, objects: [] })),
	);
	// Whoever vouches for somebody in one account has no more guesses at their password than any stranger.
	const browserKeeps = within === null ? await rememberBrowser(from.kept, person, services) : null;
	if (earlier && !goesOn) await signOut(earlier, services);
	return { cookie: sealed, ttl: expiresAt - services.now(), browserKeeps };
}

/** Opens all that the person has. What takes it is closed to whoever came in {@link SignedInWithin} one account. */
export interface SignedIn extends Proven {
	readonly person: Person;
	readonly within: null;
}

/**
 * By the provider of an account, which says who its people are: good for that account, whose administrators chose the provider, and
 * for nothing else that the person has here.
 */
interface SignedInWithin extends Proven {
	readonly person: Pick<Person, "id" | "username" | "name">;
	/** The account. */
	readonly within: string;
}

export type AnySignedIn = SignedIn | SignedInWithin;

interface Proven {
	readonly id: string;
	readonly authenticatedAt: Seconds;
	/** By what they proved who they are (RFC 8176). */
	readonly amr: readonly AuthenticationMethod[];
	/** The one account that it opens; null: whatever is theirs. */
	readonly within: string | null;
	/** The provider that vouched for them; null: none did. */
	readonly through: string | null;
	/** That one was not told to ask them anew, so that they may have shown nothing for long. */
	readonly unasked: boolean;
}

/** Who sits before the browser that sent this cookie; null where nobody is signed in (any more). */
export async function currentSignIn(cookie: string | null, services: Services): Promise<AnySignedIn | null> {
	const reference = cookie === null ? null : await unsealToken("sign_in", cookie, services.serverKeys);
	if (!reference) return null;
	const [found, person] = await Promise.all([
		portsOf(services)
			.ledgers.of(reference.subject)
			.checkSignIn(reference.id, await hashSecret(reference)),
		portsOf(services).register.person(reference.subject),
	]);
	if (!found || person?.state !== "active" || found.authenticatedAt < person.notBefore) return null;
	const { authenticatedAt, amr = byPassword, within, through = null, unasked = false, shownAt } = found;
	// Whoever was let in by a provider stays while it is one that lets people in (DESIGN §4.9 says how late that may be noticed).
	if (through !== null && !(await isOn(through, within, services))) return null;
	const proven = { id: reference.id, authenticatedAt: shownAt ?? authenticatedAt, amr, through, unasked };
	if (within === undefined) return { ...proven, person, within: null };
	const { id, username, name } = person;
	return { ...proven, person: { id, username, name }, within };
}

async function isOn(providerId: string, accountId: string | undefined, { lookups }: Services): Promise<boolean> {
	const of = accountId ?? "";
	const isIn = (providers: readonly SignInProvider[] | null) =>
		providers?.some(({ id, state }) => id === providerId && state === "on") ?? false;
	// One that was added just now may be remembered as not being there.
	return isIn(await lookups.signInProviders(of)) || isIn(await lookups.signInProviders.fresh(of));
}

/**
 * The active accounts that a sign-in opens, by name, with the person's role in each; and those that it would open, were it as they
 * ask.
 */
export async function accountsOf(me: AnySignedIn, services: Services) {
	const all = await portsOf(services).register.accountsOf(me.person.id);
	const theirs = all
		.filter(({ account }) => opens(me, account.id))
		.map((each) => ({ ...each, unmet: unmetBy(each.account, me, each.role) }));
	return {
		open: theirs.filter(({ unmet }) => unmet === null),
		tooStrong: theirs.filter(({ unmet }) => unmet !== null),
	};
}

/** All of them, those that are suspended too, for a person to see that they are: what it may do there is for each page to ask. */
export async function belongsTo(me: Pick<AnySignedIn, "person" | "within">, services: Services) {
	const all = await portsOf(services).register.belongsTo(me.person.id);
	return all.filter(({ account }) => opens(me, account.id));
}

/** Whether an account that the person belongs to is open to this sign-in. */
export function opens({ within }: Pick<AnySignedIn, "within">, accountId: string): boolean {
	return within === null || within === accountId;
}

/** The same, and whether it is as the account asks: as far as that is remembered here, which is for half a minute. */
export async function mayEnter(me: AnySignedIn, accountId: string, { lookups }: Services): Promise<boolean> {
	if (!opens(me, accountId)) return false;
	const [account, membership] = await Promise.all([
		lookups.account(accountId),
		lookups.membership(me.person.id, accountId),
	]);
	return account !== null && membership !== null && unmetBy(account, me, membership.role) === null;
}

export async function signOut({ id, person }: AnySignedIn, services: Services): Promise<void> {
	await signInsEnded(person.id, await portsOf(services).ledgers.of(person.id).endSignIn(id), services);
}
