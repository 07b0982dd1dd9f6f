import { hashSecret, unsealToken } from "../../crypto/sealed-token.ts";
import { byPasswordAndCode } from "../../domain/authentication.ts";
import type { Limited } from "../../domain/limit.ts";
import { readRecoveryCode } from "../../domain/recovery.ts";
import { personalEntries } from "../audit-person.ts";
import type { Person } from "../../domain/person.ts";
import { type CodeVerdict, verifyOneTimeCode } from "../checks/verify-one-time-code.ts";
import { takeRecoveryTurns } from "../checks/verify-password.ts";
import { mailPerson } from "../mail/mail-alerts.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";
import { signInsEnded } from "./end-sign-ins.ts";
import { knownBrowser } from "./known-browser.ts";
import { hashRecoveryCode } from "./recovery-codes.ts";
import { askedForSecondFactor } from "./second-factor-asked.ts";
import { type Browser, openSignInOf, provenByPassword, type SignInOpened } from "./sign-in.ts";

export type SecondFactor = "code" | "recovery";

export type SecondFactorVerdict =
	| ({ readonly kind: "signed_in" } & SignInOpened)
	/** `over`: nobody is asked any more, and the password is to be given again. */
	| { readonly kind: "wrong" | "over" }
	| Limited;

/** Signs in whoever has given their password, by a one-time code of theirs, or a recovery code in its place. */
export async function signInBySecondFactor(
	given: {
		readonly token: string | null;
		readonly by: SecondFactor;
		readonly code: string;
		readonly cookie: string | null;
	} & Browser,
	services: Services,
): Promise<SecondFactorVerdict> {
	const { token, by, code, cookie, address, kept } = given;
	const person = await askedForSecondFactor(token, services);
	if (!person) return { kind: "over" };
	const knownAs = await knownBrowser(kept, person.username, services);
	const tried = { code, address, knownAs };
	const verdict = await (by === "code"
		? verifyOneTimeCode(person, tried, services)
		: spendRecoveryCode(person, tried, services));
	if (verdict.kind !== "right") return verdict;
	const opened = await openSignInOf(
		{ ...provenByPassword(person, services), amr: byPasswordAndCode },
		{ cookie, browser: given },
		services,
	);
	return opened ? { kind: "signed_in", ...opened } : { kind: "over" };
}

/**
 * Whoever is signed in by this cookie has shown a code as well, beside the password that `proven` has. It stays the cookie, so that a form
 * that was sent twice finds them signed in: another one's is over by then.
 */
export async function countAsTwoFactors(
	cookie: string | null,
	proven: Person,
	{ address, browser }: Pick<Browser, "address" | "browser">,
	services: Services,
): Promise<void> {
	const reference = cookie === null ? null : await unsealToken("sign_in", cookie, services.serverKeys);
	if (!reference) return;
	const signIn = { id: reference.id, hash: await hashSecret(reference), amr: byPasswordAndCode };
	const ledger = portsOf(services).ledgers.of(reference.subject);
	await ledger.openSignIn({ ...signIn, from: { address, browser } });
	// As isPasswordOf: a new password, or codes that are off again, ended what was open before this was.
	const now = await portsOf(services).register.person(reference.subject);
	const holds = now?.state === "active" && now.passwordHash === proven.passwordHash && now.oneTimeCodes !== undefined;
	if (!holds) await signInsEnded(reference.subject, await ledger.endSignIn(reference.id), services);
}

/** Whichever of the two it is that somebody typed. */
export async function verifySecondFactor(
	person: Person,
	given: { readonly code: string; readonly address: string | null; readonly knownAs: string | null },
	services: Services,
): Promise<CodeVerdict> {
	if (readRecoveryCode(given.code) !== null) return spendRecoveryCode(person, given, services);
	const { oneTimeCodes } = person;
	// Who has none set up has a recovery code to show, and no guess at it counts as one at those.
	return oneTimeCodes ? verifyOneTimeCode({ ...person, oneTimeCodes }, given, services) : { kind: "wrong" };
}

/** Counted as the same codes are where they set a new password, so that wrong one-time codes leave this way open. */
async function spendRecoveryCode(
	person: Person,
	given: { readonly code: string; readonly address: string | null; readonly knownAs: string | null },
	services: Services,
): Promise<CodeVerdict> {
	const { id, username, passwordHash: password } = person;
	const { address } = given;
	const taken = await takeRecoveryTurns({ ...given, username }, services);
	if (taken.kind === "limited") return taken;
	const act = { action: "recovery_codes.spend", target: id, address, detail: {} };
	const entries = await personalEntries(person, act, services);
	const of = { personId: id, hash: await hashRecoveryCode(given.code), at: services.now(), password };
	if ((await portsOf(services).recovery.spendCode(of, entries)) === "unchanged") return { kind: "wrong" };
	await taken.giveBack();
	services.later(mailPerson(person, "recovery_code_spent", services));
	return { kind: "right" };
}
