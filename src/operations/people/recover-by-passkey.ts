import { bounds } from "../../domain/bounds.ts";
import type { Hash } from "../../domain/brands.ts";
import type { Limited } from "../../domain/limit.ts";
import type { Person } from "../../domain/person.ts";
import type { RecoveryKind } from "../../domain/recovery.ts";
import type { SubjectId } from "../../domain/subject.ts";
import { takeRecoveryTurns } from "../checks/verify-password.ts";
import { formToken, isFormToken } from "../form-token.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";
import { knownBrowser } from "./known-browser.ts";
import { creationOptions } from "./passkeys.ts";
import { hashRecoveryCode } from "./recovery-codes.ts";
import { findLink } from "./recovery-links.ts";
import { verifySecondFactor } from "./second-factor.ts";

// A passkey in the place of a way in that was lost is made in two steps: what it stands on is looked at first, so that none is left
// over in a device, and is used up when the passkey is there.

export type RecoveryAsked =
	| {
			readonly kind: "asked";
			readonly person: SubjectId;
			readonly username: string;
			/** For the form that the passkey comes in. */
			readonly held: string;
			readonly hash: Hash | null;
			readonly options: string;
	  }
	/** One more factor is wanted; `isWrong`: what was given is none. */
	| { readonly kind: "second_factor"; readonly wanted: Second; readonly isWrong: boolean }
	| { readonly kind: "wrong" }
	/** They have as many passkeys as there may be. */
	| { readonly kind: "full" }
	| Limited;

interface Given {
	/** A one-time code, or another recovery code; empty for none. */
	readonly second: string;
	readonly browser: string;
	readonly address: string | null;
	readonly kept: readonly string[];
}

export async function askToRecoverByCode(
	given: Given & { readonly username: string; readonly code: string },
	services: Services,
): Promise<RecoveryAsked> {
	const { username, address, kept } = given;
	const knownAs = await knownBrowser(kept, username, services);
	const taken = await takeRecoveryTurns({ username, address, knownAs }, services);
	if (taken.kind === "limited") return taken;
	const hash = await hashRecoveryCode(given.code);
	const found = await portsOf(services).recovery.byCode(username, hash);
	if (!found || found.usedAt !== null) return { kind: "wrong" };
	// One code is one, however often it is typed.
	const isSame = given.second !== "" && (await hashRecoveryCode(given.second)) === hash;
	const asked: RecoveryAsked = isSame
		? { kind: "second_factor", wanted: "code", isWrong: true }
		: await ask({ name: hash, by: "code", person: found.person }, { ...given, knownAs }, services);
	await taken.giveBack();
	return asked.kind === "asked" ? { ...asked, hash } : asked;
}

export async function askToRecoverByLink(sealed: string, given: Given, services: Services): Promise<RecoveryAsked> {
	const link = await findLink(sealed, services);
	if (link?.state !== "good") return { kind: "wrong" };
	const { id: name, kind: by, person } = link;
	const knownAs = await knownBrowser(given.kept, person.username, services);
	return ask({ name, by, person }, { ...given, knownAs }, services);
}

interface Standing {
	/** Of the one code or link. */
	readonly name: string;
	readonly by: RecoveryKind | "code";
	readonly person: Person;
}

async function ask(
	standing: Standing,
	{ second, browser, address, knownAs }: Given & { readonly knownAs: string | null },
	services: Services,
): Promise<RecoveryAsked> {
	const { person } = standing;
	const { id, username } = person;
	const passkeys = await portsOf(services).passkeys.list(id);
	if (passkeys.length >= bounds.passkeys.most) return { kind: "full" };
	const wanted = secondOf(standing, passkeys);
	if (wanted !== null) {
		if (second === "") return { kind: "second_factor", wanted, isWrong: false };
		const verdict = await verifySecondFactor(person, { code: second, address, knownAs }, services);
		if (verdict.kind === "limited") return verdict;
		if (verdict.kind === "wrong") return { kind: "second_factor", wanted, isWrong: true };
	}
	const options = JSON.stringify(await creationOptions(person, browser, services));
	const held = await formToken(browser, purposeOf(standing, wanted), services.serverKeys);
	return { kind: "asked", person: id, username, held, hash: null, options };
}

/** Whether it was asked for by this browser, and all that is wanted was shown. */
export async function isHeld(held: string, standing: Standing, browser: string, services: Services): Promise<boolean> {
	const passkeys = await portsOf(services).passkeys.list(standing.person.id);
	return isFormToken(held, browser, purposeOf(standing, secondOf(standing, passkeys)), services.serverKeys);
}

/** `code`: a one-time code, or another recovery code in its place; `recovery`: a recovery code. */
type Second = "code" | "recovery";

/**
 * What is asked for beside what somebody came back by; null for nothing. A passkey is two factors (NIST SP 800-63B-4 §3.1.7), and a code
 * or a mailbox is one: whoever set a second one up shows that too. NIST SP 800-63B-4 §4.2.2.2: who has passkeys comes back by two
 * codes that were got in different ways, the one by mail and a saved one; one that was saved does alone, since it was shown to nobody who
 * had not signed in as strongly. Administrators and operators say who somebody is who has lost everything.
 */
function secondOf({ by, person }: Standing, passkeys: readonly unknown[]): Second | null {
	if (by !== "code" && by !== "mail") return null;
	if (person.oneTimeCodes) return "code";
	return by === "mail" && passkeys.length > 0 ? "recovery" : null;
}

function purposeOf({ name, person }: Standing, second: Second | null): string {
	const shown = { code: `and the codes of ${person.oneTimeCodes?.since}`, recovery: "and a recovery code" };
	return `recover by passkey ${name} ${second === null ? "alone" : shown[second]}`;
}
