import { sha256 } from "../../crypto/digest.ts";
import type { Limit } from "../../domain/limit.ts";
import type { Person } from "../../domain/person.ts";
import type { Seconds } from "../../domain/brands.ts";
import { auditPerson } from "../audit-person.ts";
import { networkOf } from "../network-of.ts";
import { noticeFailedLogins } from "./notice-failed-logins.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

export type PasswordVerdict =
	| { kind: "right"; person: Person }
	/** Unknown user and wrong password alike. */
	| { kind: "wrong" }
	| { kind: "limited"; retryAfter: Seconds }
	/** As many hashes are being computed as one isolate bears. */
	| { kind: "busy" };

const quarter: Seconds = 15 * 60;
/** Failures in a quarter of an hour. The pair is tight; the others stop one guesser of many names, and many of one. */
const limits = {
	pair: { attempts: 10, window: quarter },
	address: { attempts: 60, window: quarter },
	username: { attempts: 60, window: quarter },
} satisfies Record<string, Limit>;

/** What nobody's password is longer than. */
export const maxPasswordLength = 1024;

/**
 * Checks a user name and password. The exact limits stand before the hash, which is dear; an attempt is counted before it
 * is made, so that a hundred at once are a hundred, and given back when it was good.
 */
export async function verifyPassword(
	given: { username: string; password: string; address: string | null },
	services: Services,
): Promise<PasswordVerdict> {
	const username = given.username.toLowerCase();
	const address = networkOf(given.address ?? "");
	// From the narrow to the wide, and no further than the first refusal: or one address could use up everybody's.
	const names = await Promise.all([
		limitName("pair", `${address} ${username}`),
		limitName("address", address),
		limitName("username", username),
	]);
	const taken: string[] = [];
	const giveBack = () => Promise.all(taken.map((name) => portsOf(services).limiter.giveBack(name)));
	for (const { name, limit } of names) {
		const retryAfter = await portsOf(services).limiter.take(name, limit);
		if (retryAfter > 0) {
			await giveBack();
			noticeFailedLogins(username, given.address, services);
			services.later(auditLimit(username, given.address, services));
			return { kind: "limited", retryAfter };
		}
		taken.push(name);
	}

	const found = await portsOf(services).register.personByUsername(given.username);
	const person = found?.state === "active" ? found : null;
	const password = given.password.slice(0, maxPasswordLength + 1);
	const right = await services.passwords.verify(password, person?.passwordHash ?? null);
	if (right === "busy") {
		await giveBack();
		return { kind: "busy" };
	}
	if (!right || !person) return { kind: "wrong" };
	await giveBack();
	return { kind: "right", person };
}

/**
 * Whether a password that was found right is the person's still. Asked after what it opened was opened: a change of
 * password writes the register first and ends what is open next, so that one of the two sees the other.
 */
export async function isPasswordOf(person: Person, services: Services): Promise<boolean> {
	const now = await portsOf(services).register.person(person.id);
	return now?.passwordHash === person.passwordHash && now.state === "active";
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

async function limitName(kind: keyof typeof limits, text: string): Promise<{ name: string; limit: Limit }> {
	return { name: `password ${kind} ${await sha256(text)}`, limit: limits[kind] };
}
