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
	| { readonly kind: "second_factor"; readonly isWrong: boolean }
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
		? { kind: "second_factor", isWrong: true }
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
	const { id, username, oneTimeCodes } = person;
	if ((await portsOf(services).passkeys.list(id)).length >= bounds.passkeys.most) return { kind: "full" };
	if (wantsSecond(standing) && oneTimeCodes) {
		if (second === "") return { kind: "second_factor", isWrong: false };
		const verdict = await verifySecondFactor({ ...person, oneTimeCodes }, { code: second, address, knownAs }, services);
		if (verdict.kind === "limited") return verdict;
		if (verdict.kind === "wrong") return { kind: "second_factor", isWrong: true };
	}
	const options = JSON.stringify(await creationOptions(person, browser, services));
	const held = await formToken(browser, purposeOf(standing), services.serverKeys);
	return { kind: "asked", person: id, username, held, hash: null, options };
}

/** Whether it was asked for by this browser, and all that is wanted was shown. */
export function isHeld(held: string, standing: Standing, browser: string, { serverKeys }: Services): Promise<boolean> {
	return isFormToken(held, browser, purposeOf(standing), serverKeys);
}

/**
 * A passkey is two factors (NIST SP 800-63B §2.2.1), and a code or a mailbox is one: whoever set a second one up shows that too, before they
 * get in by the other. Administrators and operators say who somebody is who has lost everything.
 */
function wantsSecond({ by }: Standing): boolean {
	return by === "code" || by === "mail";
}

function purposeOf(standing: Standing): string {
	const { oneTimeCodes } = standing.person;
	const second = wantsSecond(standing) && oneTimeCodes ? `and the codes of ${oneTimeCodes.since}` : "alone";
	return `recover by passkey ${standing.name} ${second}`;
}
