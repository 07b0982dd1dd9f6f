import { createPasswords } from "../../src/crypto/password.ts";
import { systemRandom } from "../../src/crypto/random.ts";
import { knownPasswords } from "./known-passwords.ts";

/** What a deployment stores of a password. */
export async function storedPassword(password: string): Promise<string> {
	const stored = knownPasswords.get(password) ?? (await createPasswords(systemRandom).hash(password));
	if (stored === null) throw new Error("Too busy");
	return stored;
}
