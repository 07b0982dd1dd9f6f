import { sha256 } from "../crypto/digest.ts";
import type { Limit } from "../domain/limit.ts";
import type { Person } from "../domain/ports.ts";
import type { Seconds } from "../domain/words.ts";
import type { Services } from "./services.ts";

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
	const names = await Promise.all([
		limitName("pair", `${address} ${username}`),
		limitName("address", address),
		limitName("username", username),
	]);
	const waits = await Promise.all(names.map(({ name, limit }) => services.limiter.take(name, limit)));
	const retryAfter = Math.max(...waits);
	if (retryAfter > 0) return { kind: "limited", retryAfter };

	const giveBack = () => Promise.all(names.map(({ name }) => services.limiter.giveBack(name)));
	const found = await services.register.personByUsername(given.username);
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

async function limitName(kind: keyof typeof limits, text: string): Promise<{ name: string; limit: Limit }> {
	return { name: `password ${kind} ${await sha256(text)}`, limit: limits[kind] };
}

/** Whoever has one IPv6 address has the whole /64. */
function networkOf(address: string): string {
	return address.includes(":") ? address.split(":").slice(0, 4).join(":") : address;
}
