import { scryptSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createPasswords } from "../../../src/crypto/password.ts";
import { counting } from "./builders.ts";

describe("passwords (scrypt, RFC 7914)", () => {
	const passwords = createPasswords(counting);

	test("they are stored as cost, salt and hash", async () => {
		const salt = Buffer.from(counting(16));
		const key = scryptSync("correct horse", salt, 32, { N: 2 ** 14, r: 8, p: 5, maxmem: 2 ** 26 });
		const stored = `scrypt$14$8$5$${salt.toString("base64url")}$${key.toString("base64url")}`;
		expect(await passwords.hash("correct horse")).toBe(stored);
		expect(await passwords.verify("correct horse", stored)).toBe(true);
		expect(await passwords.verify("Correct horse", stored)).toBe(false);
		expect(await passwords.verify("", stored)).toBe(false);
	});

	test("one who is not there has no right password", async () => {
		expect(await passwords.verify("", null)).toBe(false);
		expect(await passwords.verify("x", null)).toBe(false);
	});

	test.each([
		"",
		"correct horse",
		"scrypt$1$8$5$AAAA$AAAA",
		"scrypt$14$8$5$AAAA$AAAA",
		`scrypt$14$8$5$AAAA$${"A".repeat(43)}$`,
		`scrypt$14$8$5$!!!!$${"A".repeat(43)}`,
	])("what is stored in another form opens nothing: %s", async (stored) => {
		expect(await passwords.verify("correct horse", stored)).toBe(false);
	});

	test("é is é, however it was typed (NFKC)", async () => {
		const stored = await passwords.hash("cafe\u0301");
		expect(await passwords.verify("caf\u00e9", stored)).toBe(true);
	});

	test("two at once, and the third is told to come again", async () => {
		const stored = await passwords.hash("x");
		const three = await Promise.all([1, 2, 3].map(() => passwords.verify("x", stored)));
		expect(three).toEqual([true, true, "busy"]);
		expect(await Promise.all([passwords.hash("a"), passwords.hash("b"), passwords.hash("c")])).toContain(null);
		expect(await passwords.verify("x", stored)).toBe(true);
	});
});
