import { stepOfCode } from "../../crypto/one-time-code.ts";
import { unsealBytes } from "../../crypto/sealing.ts";
import { fromBase64url } from "../../crypto/encoding.ts";
import type { Limited, NamedLimit, Turn } from "../../domain/limit.ts";
import type { OneTimeCodes, Person } from "../../domain/person.ts";
import { takeTurns } from "../limits.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";
import { noteRefusedSignIn } from "./note-refused-sign-in.ts";
import { noticeFailedCodes } from "./notice-failed-codes.ts";

/** Of what the secrets are sealed for; in the context of their person. */
export const oneTimeSeal = "one-time code secret";

const quarter = 15 * 60;
/**
 * RFC 4226 §7.3: guesses are throttled. Ten in a quarter of an hour, of three codes in a million, would be found out in a year; sixty
 * in a day are not. Whoever is known has a count of their own, which nobody else can use up.
 */
const limits = {
	quarter: { name: "one-time-code", attempts: 10, window: quarter },
	day: { name: "one-time-code-day", attempts: 60, window: 86400 },
	known: { name: "one-time-code-known", attempts: 10, window: quarter },
	knownDay: { name: "one-time-code-known-day", attempts: 60, window: 86400 },
} satisfies Record<string, NamedLimit>;

export type CodeVerdict = { readonly kind: "right" } | { readonly kind: "wrong" } | Limited;

/**
 * Checks a code of whoever's password was right, and uses it up. An attempt is counted before it is made, and given back when it was
 * good. `knownAs` is what tells it from a stranger's, as with passwords.
 */
export async function verifyOneTimeCode(
	person: Person & { readonly oneTimeCodes: OneTimeCodes },
	given: { readonly code: string; readonly address: string | null; readonly knownAs: string | null },
	services: Services,
): Promise<CodeVerdict> {
	const taken = await takeTurns(turnsOf(person, given.knownAs), services);
	if (taken.kind === "limited") {
		noticeFailedCodes(person, given.address, services);
		return taken;
	}
	try {
		if (!(await useCode(person, given.code, services))) {
			noteRefusedSignIn(person, "one_time_code", given.address, services);
			return { kind: "wrong" };
		}
	} catch (error) {
		// Nobody has judged it: what fails on our side is not held against whoever tried.
		await taken.giveBack().catch(() => {});
		throw error;
	}
	await taken.giveBack();
	return { kind: "right" };
}

async function useCode(
	{ id, oneTimeCodes: { sealedSecret } }: Person & { readonly oneTimeCodes: OneTimeCodes },
	typed: string,
	services: Services,
): Promise<boolean> {
	const box = fromBase64url(sealedSecret);
	const opened = box && (await unsealBytes(services.serverKeys, oneTimeSeal, id, box));
	// Apps show a space in the middle.
	const step = opened && (await stepOfCode(typed.replaceAll(/\s/g, ""), opened.plain, services.now()));
	return step !== null && portsOf(services).oneTimeCodes.use(id, sealedSecret, step);
}

function turnsOf({ id }: Person, knownAs: string | null): readonly Turn[] {
	if (knownAs !== null) {
		return [
			{ limit: limits.known, of: knownAs },
			{ limit: limits.knownDay, of: knownAs },
		];
	}
	return [
		{ limit: limits.quarter, of: id },
		{ limit: limits.day, of: id },
	];
}
