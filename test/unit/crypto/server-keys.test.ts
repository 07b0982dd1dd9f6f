import { describe, expect, test } from "vitest";
import { hmac, isSameBytes, isSameText, sha256 } from "../../../src/crypto/digest.ts";
import { base64url, utf8 } from "../../../src/crypto/encoding.ts";
import { pepper } from "../../../src/crypto/pepper.ts";
import { createServerKeys, parseMasterSecrets } from "../../../src/crypto/server-keys.ts";
import { counting, serverKeys } from "./builders.ts";

const secret = base64url(counting(32));

describe("master secrets", () => {
	test("one or several, the newest first, with space around them", () => {
		expect(parseMasterSecrets(`1:${secret}`)).toEqual([{ version: 1, secret: counting(32) }]);
		const two = parseMasterSecrets(`255:${secret}, 7:${secret}`);
		expect(Array.isArray(two) && two.map(({ version }) => version)).toEqual([255, 7]);
	});

	const malformed = "each part must be <version>:<32 bytes as 43 characters of base64url>";
	test.each([
		["nothing", "", malformed],
		["no version", secret, malformed],
		["version 0", `0:${secret}`, malformed],
		["version 01", `01:${secret}`, malformed],
		["version 256", `256:${secret}`, "a version must be from 1 to 255"],
		["a short secret", `1:${secret.slice(1)}`, malformed],
		["a long secret", `1:${secret}A`, malformed],
		["stray bits", `1:${secret.slice(0, -1)}9`, malformed],
		["padding", `1:${secret}=`, malformed],
		["an empty part", `1:${secret},`, malformed],
		["a version twice", `1:${secret},1:${secret}`, "version 1 stands there twice"],
	])("%s: says what is wrong, and never shows it", (_, text, problem) => {
		expect(parseMasterSecrets(text)).toBe(problem);
	});
});

describe("keys are derived for one purpose only (HKDF)", () => {
	test("each purpose and version has its own; the same is the same", async () => {
		const keys = serverKeys(2, 1);
		const prints = await Promise.all([
			fingerprint(await keys.hmac("a", 2)),
			fingerprint(await keys.hmac("b", 2)),
			fingerprint(await keys.hmac("a", 1)),
			fingerprint(await serverKeys(2).hmac("a", 2)),
		]);
		expect(new Set(prints).size).toBe(3);
		expect(prints[0]).toBe(prints[3]);
	});

	test("they cannot be taken out, and do only what they are for", async () => {
		const keys = serverKeys(1);
		const [mac, cipher] = [await keys.hmac("a", 1), await keys.aes("a", 1)];
		expect([mac?.extractable, mac?.usages]).toEqual([false, ["sign"]]);
		expect([cipher?.extractable, cipher?.usages.toSorted()]).toEqual([false, ["decrypt", "encrypt"]]);
	});

	test("a version that is not there has none", async () => {
		expect(await serverKeys(1).hmac("a", 2)).toBeNull();
		expect(await serverKeys(1).aes("a", 0)).toBeNull();
	});

	test("there has to be one", () => {
		expect(() => createServerKeys([])).toThrow(TypeError);
	});
});

test("a pepper needs the key: null where its version is gone", async () => {
	const hash = await pepper(serverKeys(1), "purpose", "secret", 1);
	expect(hash).toMatch(/^[\w-]{43}$/);
	expect(hash).not.toBe(await sha256("secret"));
	expect(await pepper(serverKeys(1), "other", "secret", 1)).not.toBe(hash);
	expect(await pepper(serverKeys(1), "purpose", "secret", 2)).toBeNull();
});

test("FIPS 180-4: SHA-256 of `abc`", async () => {
	expect(await sha256("abc")).toBe("ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
	expect(await sha256(utf8("abc"))).toBe(await sha256("abc"));
});

test("bytes and texts are the same or not", () => {
	for (const isSame of [isSameText, (a: string, b: string) => isSameBytes(utf8(a), utf8(b))]) {
		expect(isSame("abc", "abc")).toBe(true);
		for (const other of ["abd", "bbc", "ab", "abcd", ""]) expect(isSame("abc", other)).toBe(false);
		expect(isSame("", "")).toBe(true);
	}
});

async function fingerprint(key: CryptoKey | null): Promise<string> {
	return base64url(await hmac(key!, utf8("x")));
}
