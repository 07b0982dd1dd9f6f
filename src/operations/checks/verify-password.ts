import { sha256 } from "../../crypto/digest.ts";
import type { Limited, NamedLimit, Turn } from "../../domain/limit.ts";
import { maxPasswordLength } from "../../domain/new-password.ts";
import type { Person } from "../../domain/person.ts";
import type { Seconds } from "../../domain/brands.ts";
import { afterAnswer } from "../after-answer.ts";
import { auditPerson } from "../audit-person.ts";
import { type NetworkLimit, networkTurns, type Taken, takeTurns } from "../limits.ts";
import { noticeFailedLogins } from "./notice-failed-logins.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

export type PasswordVerdict =
	| { kind: "right"; person: Person }
	/** Unknown user and wrong password alike. */
	| { kind: "wrong" }
	| Limited
	/** As many hashes are being computed as one isolate bears. */
	| { kind: "busy" };

const quarter: Seconds = 15 * 60;
/**
 * Failures in a quarter of an hour. One name from one network is tight; the others stop one guesser of many names, and many
 * of one. Whoever is known has a count of their own, which nobody else can use up.
 */
const passwords = {
	nameHere: { name: "password-name-network", attempts: 10, wide: 20, window: quarter },
	network: { name: "password-network", attempts: 60, wide: 240, window: quarter },
	name: { name: "password-name", attempts: 60, window: quarter },
	known: { name: "password-known", attempts: 10, window: quarter },
} satisfies Limits;
/** The same for whoever comes without a password: a count of its own, so that wrong passwords leave the way back open. */
const recoveries = {
	nameHere: { name: "recovery-name-network", attempts: 10, wide: 20, window: quarter },
	network: { name: "recovery-network", attempts: 60, wide: 240, window: quarter },
	name: { name: "recovery-name", attempts: 60, window: quarter },
	known: { name: "recovery-known", attempts: 10, window: quarter },
} satisfies Limits;
interface Limits {
	readonly nameHere: NetworkLimit;
	readonly network: NetworkLimit;
	readonly name: NamedLimit;
	readonly known: NamedLimit;
}

/** Asked where a password was asked already, and so one guess more: few. */
const repeated: NamedLimit = { name: "password-repeated", attempts: 3, window: quarter };

/**
 * Checks a user name and password. The exact limits stand before the hash, which is dear; an attempt is counted before it
 * is made, so that a hundred at once are a hundred, and given back when it was good.
 *
 * `knownAs` is what tells the attempt from a stranger's: a browser in which this person signed in before, or that they are
 * signed in now. It stands before nothing that others do.
 */
export async function verifyPassword(
	given: { username: string; password: string; address: string | null; knownAs?: string | null },
	services: Services,
): Promise<PasswordVerdict> {
	const username = given.username.toLowerCase();
	const taken = await takeTurns(turnsOf(passwords, username, given.address, given.knownAs ?? null), services);
	if (taken.kind === "limited") {
		noticeFailedLogins(username, given.address, services);
		services.later(auditLimit(username, given.address, services));
		return taken;
	}
	return judgeCounted(given, taken, services);
}

/**
 * Whether what somebody who is signed in wants for a new password is theirs already: that of a change whose answer was lost.
 * Where it was asked too often, it is not looked at.
 */
export async function verifyRepeated(
	given: { readonly username: string; readonly password: string; readonly knownAs: string },
	services: Services,
): Promise<Exclude<PasswordVerdict, Limited>> {
	const taken = await takeTurns([{ limit: repeated, of: given.knownAs }], services);
	return taken.kind === "limited" ? { kind: "wrong" } : judgeCounted({ ...given, address: null }, taken, services);
}

async function judgeCounted(
	given: { username: string; password: string; address: string | null; knownAs?: string | null },
	taken: Taken,
	services: Services,
): Promise<Exclude<PasswordVerdict, Limited>> {
	try {
		const { verdict, person } = await judge(given, services);
		if (verdict.kind !== "wrong") await taken.giveBack();
		// For its owner to see: what is tried in their own browser they know of.
		else if (person && (given.knownAs ?? null) === null) services.later(noteWrong(person, given.address, services));
		return verdict;
	} catch (error) {
		// Nobody has judged it: what fails on our side is not held against whoever tried.
		await taken.giveBack().catch(() => {});
		throw error;
	}
}

async function judge(
	given: { username: string; password: string },
	services: Services,
): Promise<{ verdict: Exclude<PasswordVerdict, Limited>; person: Person | null }> {
	const found = await portsOf(services).register.personByUsername(given.username);
	const person = found?.state === "active" ? found : null;
	const password = given.password.slice(0, maxPasswordLength + 1);
	const right = await services.passwords.verify(password, person?.passwordHash ?? null);
	if (right === "busy") return { verdict: { kind: "busy" }, person };
	return { verdict: right && person ? { kind: "right", person } : { kind: "wrong" }, person };
}

async function noteWrong(person: Person, address: string | null, services: Services): Promise<void> {
	const { id, wrongPasswords: unseen = null } = person;
	try {
		await afterAnswer();
		await portsOf(services).people.noteWrongPassword(id, services.now());
		if (unseen && unseen.count >= mostAudited && services.now() - unseen.lastAt < 3600) return;
		await auditPerson(person, { action: "sign_in.refused", target: id, address, detail: {} }, services, "anonymous");
	} catch {
		services.log("wrong_password.uncounted", {});
	}
}

/** Of those that the person has not seen yet, each is in the log; of more the count tells them, so that no guesser fills it. */
const mostAudited = 20;

/**
 * Whether a password that was found right is the person's still, and asks for no more or less beside it. Asked after what it opened was opened: a change of
 * password writes the register first and ends what is open next, so that one of the two sees the other.
 */
export async function isPasswordOf(person: Person, services: Services): Promise<boolean> {
	const now = await portsOf(services).register.person(person.id);
	return (
		now?.passwordHash === person.passwordHash &&
		now.state === "active" &&
		now.oneTimeCodes?.since === person.oneTimeCodes?.since
	);
}

/**
 * Into the audit log of whoever is guessed at: once for each span of the limits, not for each refusal. After the answer has
 * gone, so that its time does not say whether there is such a person.
 */
async function auditLimit(username: string, address: string | null, services: Services): Promise<void> {
	const action = "sign_in.limited";
	try {
		const once = { attempts: 1, window: quarter };
		if ((await portsOf(services).limiter.take(`password limit audited ${await sha256(username)}`, once)) > 0) return;
		const person = await portsOf(services).register.personByUsername(username);
		if (person?.state !== "active") return;
		await auditPerson(person, { action, target: person.id, address, detail: {} }, services, "anonymous");
	} catch {
		services.log("audit.failed", { action, target: "", actor: "anonymous" });
	}
}

/** Counts an attempt to come back without a password. */
export function takeRecoveryTurns(
	given: { readonly username: string; readonly address: string | null; readonly knownAs: string | null },
	services: Services,
): Promise<Taken | Limited> {
	return takeTurns(turnsOf(recoveries, given.username.toLowerCase(), given.address, given.knownAs), services);
}

/** From the narrow to the wide. */
function turnsOf(
	{ nameHere, network, name, known }: Limits,
	username: string,
	address: string | null,
	knownAs: string | null,
): readonly Turn[] {
	if (knownAs !== null) return [{ limit: known, of: knownAs }];
	return [
		...networkTurns(nameHere, address, username),
		...networkTurns(network, address),
		{ limit: name, of: username },
	];
}
