import { expect, test } from "vitest";
import { createPasswords } from "../../../src/crypto/password.ts";
import { systemRandom } from "../../../src/crypto/random.ts";
import { knownPasswords } from "../../runners/known-passwords.ts";

test.each([...knownPasswords])("what the other tests know of %j is what scrypt says", async (password, stored) => {
	expect(await createPasswords(systemRandom).verify(password, stored)).toBe(true);
});
