import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accessCodePrefix, makeAccessCode, readAccessCode } from "../../../src/crypto/access-code.ts";
import { withChecksum, withoutChecksum } from "../../../src/crypto/checksum.ts";
import { isClientSecret, isOurClientId, makeClientId, makeClientSecret } from "../../../src/crypto/client-secret.ts";
import { base64url, fromBase64url } from "../../../src/crypto/encoding.ts";
import { makePublicKey, readPublicKey } from "../../../src/crypto/public-key.ts";
import { systemRandom } from "../../../src/crypto/random.ts";
import { tagged, untagged } from "../../../src/crypto/tagged.ts";
import { counting, serverKeys, tampered } from "./builders.ts";

// Texts that we can tell to be ours without looking anything up.

const keys = serverKeys(2, 1);
const locator = counting(17);

/** What strangers might send in the place of one of them. */
function garbage(text: string, prefixLength: number): string[] {
	const bytes = fromBase64url(text.slice(prefixLength, text.length - (prefixLength === 3 ? 6 : 0)));
	const prefix = text.slice(0, prefixLength);
	return [
		"",
		prefix,
		prefix.slice(1),
		...text.split("").map((_, at) => text.slice(0, at)),
		...text.split("").map((_, at) => text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1)),
		...tampered(bytes ?? new Uint8Array()).map((each) => prefix + base64url(each)),
		`${text}A`,
		` ${text}`,
		`${text}\n`,
		text.toUpperCase(),
		`${prefix}${"A".repeat(5000)}`,
	].filter((each) => each !== text);
}

describe("a tagged text", () => {
	test("its content reads back, with the version", async () => {
		const text = await tagged(keys, "purpose", counting(8));
		expect(await untagged(keys, "purpose", text, 8)).toEqual({ content: counting(8), version: 2 });
		expect(await untagged(keys, "purpose", await tagged(serverKeys(1), "purpose", counting(8)), 8)).toMatchObject({
			version: 1,
		});
	});

	test("of another purpose, length or version it is none of ours", async () => {
		const text = await tagged(keys, "purpose", counting(8));
		expect(await untagged(keys, "other", text, 8)).toBeNull();
		expect(await untagged(keys, "purpose", text, 7)).toBeNull();
		expect(await untagged(keys, "purpose", text, 9)).toBeNull();
		expect(await untagged(serverKeys(1), "purpose", text, 8)).toBeNull();
	});

	test("its MAC has 128 bits", async () => {
		expect(fromBase64url(await tagged(keys, "purpose", counting(8)))).toHaveLength(1 + 8 + 16);
	});

	test("nothing else is", async () => {
		const text = await tagged(keys, "purpose", counting(8));
		for (const each of garbage(text, 0)) expect([each, await untagged(keys, "purpose", each, 8)]).toEqual([each, null]);
	});
});

describe("an access code", () => {
	test("it names its key's place, and has a hash that is peppered", async () => {
		const code = await makeAccessCode(locator, keys, counting);
		expect(code).toMatch(/^lk_[\w-]+$/);
		const read = await readAccessCode(code, keys);
		expect(read?.locator).toEqual(locator);
		expect(read?.hash).toMatch(/^[\w-]{43}$/);
		const elsewhere = await makeAccessCode(locator, serverKeys(1), counting);
		expect((await readAccessCode(elsewhere, serverKeys(1)))?.hash).not.toBe(read?.hash);
	});

	test("two codes of one key differ, and so do their hashes", async () => {
		const codes = [
			await makeAccessCode(locator, keys, systemRandom),
			await makeAccessCode(locator, keys, systemRandom),
		];
		const hashes = await Promise.all(codes.map(async (code) => (await readAccessCode(code, keys))?.hash));
		expect(new Set(codes).size + new Set(hashes).size).toBe(4);
	});

	test("one made under an older key is read and hashed under it", async () => {
		const code = await makeAccessCode(locator, serverKeys(1), counting);
		expect(await readAccessCode(code, keys)).toEqual(await readAccessCode(code, serverKeys(1)));
		expect(await readAccessCode(code, serverKeys(2))).toBeNull();
	});

	test("garbage is nobody's", async () => {
		const code = await makeAccessCode(locator, keys, counting);
		for (const each of garbage(code, accessCodePrefix.length)) {
			expect([each, await readAccessCode(each, keys)]).toEqual([each, null]);
		}
	});

	test("a right checksum does not make garbage ours", async () => {
		const code = await makeAccessCode(locator, keys, counting);
		const others = garbage(code, accessCodePrefix.length)
			.map(withChecksum)
			.filter((each) => each !== code);
		for (const each of others) expect([each, await readAccessCode(each, keys)]).toEqual([each, null]);
	});

	test("a locator of another length is a mistake", async () => {
		await expect(makeAccessCode(counting(16), keys, counting)).rejects.toThrow(TypeError);
	});
});

describe("a public key", () => {
	const environmentId = base64url(counting(16));

	test.each([1, 255, 256, 65_535])("it names its environment and its version %i", async (keyVersion) => {
		const text = await makePublicKey(environmentId, keyVersion, keys);
		expect(text).toMatch(/^lkp_[\w-]+$/);
		expect(await readPublicKey(text, keys)).toEqual({ environmentId, keyVersion });
	});

	test("it is the same each time, until its version changes", async () => {
		const one = await makePublicKey(environmentId, 1, keys);
		expect(await makePublicKey(environmentId, 1, keys)).toBe(one);
		expect(await makePublicKey(environmentId, 2, keys)).not.toBe(one);
	});

	test("garbage is nobody's", async () => {
		const text = await makePublicKey(environmentId, 1, keys);
		for (const each of garbage(text, 4)) expect([each, await readPublicKey(each, keys)]).toEqual([each, null]);
	});

	test("an environment's id has 16 bytes", async () => {
		await expect(makePublicKey("AAAA", 1, keys)).rejects.toThrow(TypeError);
	});
});

describe("a client's id and secret", () => {
	test("an id that we gave out is told from one that we did not", async () => {
		const id = await makeClientId(keys, counting);
		expect(await isOurClientId(id, keys)).toBe(true);
		for (const each of garbage(id, 5)) expect([each, await isOurClientId(each, keys)]).toEqual([each, false]);
	});

	test("a secret is recognised by what is stored of it, which is not the secret", async () => {
		const { secret, stored } = await makeClientSecret(keys, systemRandom);
		expect(secret).toMatch(/^lkcs_[\w-]{43}\w{6}$/);
		expect(stored).toEqual({ hash: expect.stringMatching(/^[\w-]{43}$/), version: 2, expiresAt: null });
		expect(secret).not.toContain(stored.hash);
		expect(await isClientSecret(secret, [stored], keys, 0)).toBe(true);
	});

	test("another's, a damaged one, one of no client or of a lost key is not", async () => {
		const one = await makeClientSecret(keys, systemRandom);
		const other = await makeClientSecret(keys, systemRandom);
		expect(await isClientSecret(other.secret, [one.stored], keys, 0)).toBe(false);
		expect(await isClientSecret(one.secret, [], keys, 0)).toBe(false);
		expect(await isClientSecret(one.secret, [one.stored], serverKeys(1), 0)).toBe(false);
		for (const text of [one.secret.slice(0, -1), `${one.secret}0`, "", "lkcs_", one.stored.hash]) {
			expect(await isClientSecret(text, [one.stored], keys, 0)).toBe(false);
		}
	});

	test("while one replaces the other both are good, until the old one's time is over", async () => {
		const [old, fresh] = [
			await makeClientSecret(serverKeys(1), systemRandom),
			await makeClientSecret(keys, systemRandom),
		];
		const stored = [fresh.stored, { ...old.stored, expiresAt: 100 }];
		const good = (secret: string, now: number) => isClientSecret(secret, stored, keys, now);
		expect([await good(fresh.secret, 99), await good(old.secret, 99)]).toEqual([true, true]);
		expect([await good(fresh.secret, 100), await good(old.secret, 100)]).toEqual([true, false]);
	});
});

describe("a checksum", () => {
	test("CRC-32 (IEEE 802.3) in base 62: the check value of `123456789` is cbf43926", () => {
		const digits = withChecksum("123456789").slice(9);
		const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
		const value = digits.split("").reduce((sum, digit) => sum * 62 + alphabet.indexOf(digit), 0);
		expect([digits.length, value.toString(16)]).toEqual([6, "cbf43926"]);
	});

	test("what it stands behind reads back, and no one character can change", () => {
		const text = fc.string({ unit: fc.constantFrom("a", "b", "X", "Y", "0", "9", "_", "-"), maxLength: 60 });
		fc.assert(
			fc.property(text, fc.nat(), (body, where) => {
				const whole = withChecksum(body);
				expect(withoutChecksum(whole)).toBe(body === "" ? null : body);
				const at = where % whole.length;
				const changed = whole.slice(0, at) + (whole[at] === "q" ? "r" : "q") + whole.slice(at + 1);
				expect(withoutChecksum(changed)).toBeNull();
			}),
		);
	});
});
