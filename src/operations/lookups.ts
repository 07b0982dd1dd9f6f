import type { Client } from "../domain/client.ts";
import type { Account, Environment, Membership, Person, Policy, Register } from "../domain/ports.ts";
import type { SubjectId } from "../domain/subject.ts";
import type { Seconds } from "../domain/words.ts";
import { remember, type Remembered } from "./remember.ts";

/** What of the register an isolate remembers, and for no longer than this: the bound of DESIGN §4, invariant 9. */
export const staleness: Seconds = 30;

export interface Lookups {
	readonly client: Remembered<string, Client>;
	account(id: string): Promise<Account | null>;
	readonly person: Remembered<SubjectId, Person>;
	accountBySlug(slug: string): Promise<Account | null>;
	membership(personId: SubjectId, accountId: string): Promise<Membership | null>;
	environment(id: string): Promise<Environment | null>;
	readonly policies: Remembered<string, readonly Policy[]>;
	/**
	 * The owner, account and policies that a key was last seen with. Only a guess that saves a call: the key's ledger compares it
	 * with its own.
	 */
	readonly keyHints: Map<string, { ownerId: string; accountId: string; ids: readonly string[] }>;
}

const most = 5000;

export function createLookups(register: Register, now: () => Seconds): Lookups {
	const bounds = { ttl: staleness, most, now };
	const membership = remember((pair: string) => {
		const [personId = "", accountId = ""] = pair.split(" ");
		return register.membership(personId, accountId);
	}, bounds);
	return {
		client: remember((id: string) => register.client(id), bounds),
		account: remember((id: string) => register.account(id), bounds),
		person: remember((id: string) => register.person(id), bounds),
		accountBySlug: remember((slug: string) => register.accountBySlug(slug), bounds),
		membership: (personId, accountId) => membership(`${personId} ${accountId}`),
		environment: remember((id: string) => register.environment(id), bounds),
		policies: remember((accountId: string) => register.policies(accountId), bounds),
		keyHints: new Map(),
	};
}
