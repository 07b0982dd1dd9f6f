import type { Limited } from "../../domain/limit.ts";
import type { Person } from "../../domain/person.ts";
import type { Services } from "../services.ts";
import { verifyPassword } from "./verify-password.ts";

/** What somebody shows once more, before something that a browser which was left open is not to give. */
export type Proof = { readonly kind: "password"; readonly password: string };

export type Unproved =
	/** Not theirs, or not good (any more). */
	{ readonly kind: "wrong" | "busy" } | Limited;

export type Proved =
	/** The person as they are by now. */
	{ readonly kind: "proved"; readonly person: Person } | Unproved;

/** Whether it is `me` who shows this. `knownAs` is what tells them from a stranger (verify-password.ts). */
export async function provePerson(
	me: Pick<Person, "id" | "username">,
	{
		proof,
		address,
		knownAs,
	}: { readonly proof: Proof; readonly address: string | null; readonly knownAs: string | null },
	services: Services,
): Promise<Proved> {
	const { password } = proof;
	const verdict = await verifyPassword({ username: me.username, password, address, knownAs }, services);
	if (verdict.kind !== "right") return verdict;
	return verdict.person.id === me.id ? { kind: "proved", person: verdict.person } : { kind: "wrong" };
}
