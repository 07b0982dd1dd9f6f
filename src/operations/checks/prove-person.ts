import type { Seconds } from "../../domain/brands.ts";
import type { Limited } from "../../domain/limit.ts";
import type { Person } from "../../domain/person.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";
import type { ChallengeFor } from "./passkey-challenge.ts";
import { verifyOneTimeCode } from "./verify-one-time-code.ts";
import { verifyPasskeyAssertion } from "./verify-passkey.ts";
import { verifyPassword } from "./verify-password.ts";

/** When whoever is signed in last showed who they are, and whether the provider that vouches for them was told to ask them then. */
interface Shown {
	readonly authenticatedAt: Seconds;
	readonly unasked: boolean;
}

/** What somebody shows once more, before something that a browser which was left open is not to give. */
export type Proof =
	| { readonly kind: "password"; readonly password: string }
	/** What their browser made of the options for it. */
	| ({
			readonly kind: "passkey";
			readonly response: string;
			readonly purpose: "prove" | "prove_by_api";
	  } & Pick<ChallengeFor, "browser">)
	/** A one-time code, beside a login token that took their password and one. */
	| { readonly kind: "code"; readonly code: string }
	/** For who has nothing else to show here: that they came in just now, by a provider. */
	| ({ readonly kind: "recent"; readonly within: string | null } & Shown);

export type Unproved =
	/** Not theirs, or not good (any more). */
	{ readonly kind: "wrong" | "busy" } | Limited;

export type Proved =
	/** The person as they are by now. */
	{ readonly kind: "proved"; readonly person: Person } | Unproved;

/** For how long somebody has come in just now. */
const recently: Seconds = 300;

/** Whether it is `me` who shows this. `knownAs` is what tells them from a stranger (verify-password.ts). */
export async function provePerson(
	me: Pick<Person, "id" | "username">,
	given: { readonly proof: Proof; readonly address: string | null; readonly knownAs: string | null },
	services: Services,
): Promise<Proved> {
	const { proof, address, knownAs } = given;
	switch (proof.kind) {
		case "password": {
			const { password } = proof;
			const verdict = await verifyPassword({ username: me.username, password, address, knownAs }, services);
			if (verdict.kind !== "right") return verdict;
			return verdict.person.id === me.id ? { kind: "proved", person: verdict.person } : { kind: "wrong" };
		}
		case "passkey": {
			const { purpose, browser } = proof;
			const wanted = { purpose, browser, person: me.id, address };
			const verdict = await verifyPasskeyAssertion(proof.response, wanted, services);
			return verdict.kind === "right" ? { kind: "proved", person: verdict.person } : { kind: "wrong" };
		}
		case "code": {
			const person = await portsOf(services).register.person(me.id);
			if (person?.state !== "active" || !person.oneTimeCodes) return { kind: "wrong" };
			const { oneTimeCodes } = person;
			const verdict = await verifyOneTimeCode({ ...person, oneTimeCodes }, { ...proof, address, knownAs }, services);
			return verdict.kind === "right" ? { kind: "proved", person } : verdict;
		}
		case "recent": {
			const { needed, person } = await whatProves(me, proof.within, services);
			const isGood = person && needed === "recent" && isRecent(proof, services);
			return isGood ? { kind: "proved", person } : { kind: "wrong" };
		}
	}
}

/** Whoever is signed in at a provider still comes in again by one click: that shows nothing. */
export function isRecent({ authenticatedAt, unasked }: Shown, { now }: Pick<Services, "now">): boolean {
	return !unasked && now() - authenticatedAt <= recently;
}

/**
 * Which proof is asked of somebody. Who came in by the provider of an account shows nothing that is their own in its place: whoever
 * runs that provider would else be let guess at it.
 */
export async function whatProves(
	{ id }: Pick<Person, "id">,
	within: string | null,
	services: Services,
): Promise<{ readonly needed: "recent" | "password" | "passkey" | "either"; readonly person: Person | null }> {
	const [person, passkeys] = await Promise.all([
		portsOf(services).register.person(id),
		within === null ? portsOf(services).passkeys.list(id) : [],
	]);
	const hasPassword = within === null && person?.passwordHash != null;
	const hasPasskey = passkeys.length > 0;
	if (hasPassword) return { needed: hasPasskey ? "either" : "password", person };
	return { needed: hasPasskey ? "passkey" : "recent", person };
}
