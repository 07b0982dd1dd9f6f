import type { Person } from "../../domain/person.ts";
import { judgeNewPassword, type PasswordProblem } from "../../domain/new-password.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";

export type PasswordChosen =
	| { readonly kind: "hashed"; readonly hash: string }
	| { readonly kind: "refused"; readonly problem: PasswordProblem }
	| { readonly kind: "busy" };

/**
 * The one way from a password that somebody chose to what is stored of it. `names` are those of the person and of their
 * accounts; what the deployment is called is known here.
 */
export async function choosePassword(
	password: string,
	names: readonly string[],
	{ config, passwords }: Pick<Services, "config" | "passwords">,
): Promise<PasswordChosen> {
	const problem = judgeNewPassword(password, [...ownWords, ...new URL(config.issuer).hostname.split("."), ...names]);
	if (problem) return { kind: "refused", problem };
	const hash = await passwords.hash(password);
	return hash === null ? { kind: "busy" } : { kind: "hashed", hash };
}

/** What is called so on every deployment. */
const ownWords = ["latchkey", "password"];

/** What whoever guesses at somebody's password knows of them. */
export async function namesOf(person: Person, services: Services): Promise<readonly string[]> {
	const accounts = await portsOf(services).register.accountsOf(person.id);
	return [person.username, person.name, ...accounts.flatMap(({ account }) => [account.slug, account.name])];
}
