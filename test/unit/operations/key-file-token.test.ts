import { describe, expect, test } from "vitest";
import { makeAccessCode } from "../../../src/crypto/access-code.ts";
import { systemRandom } from "../../../src/crypto/random.ts";
import { createServerKeys } from "../../../src/crypto/server-keys.ts";
import { parseSubject } from "../../../src/domain/subject.ts";
import { makeKeyFile, readKeyFileToken } from "../../../src/operations/checks/key-file-token.ts";
import { locatorOf } from "../../../src/operations/checks/api-key-locator.ts";
import { makeApiKeyId, uuidOf } from "../../../src/operations/checks/api-key-uuid.ts";

const keys = createServerKeys([{ version: 1, secret: new Uint8Array(32).fill(7) }]);

async function made() {
	const keyId = makeApiKeyId(systemRandom(16), "eu");
	const secret = await makeAccessCode(locatorOf(keyId), keys, systemRandom);
	return { keyId, secret, file: makeKeyFile(keyId, secret, { issuer: "https://x.example", keyFilePrefix: "ACME" }) };
}

describe("the token of a key file", () => {
	test("RFC 9562 §5.4: a key's id is a UUID of version 4, in its own home", () => {
		for (let round = 0; round < 50; round++) {
			const id = makeApiKeyId(systemRandom(32), "eu");
			expect(parseSubject(id)).toMatchObject({ kind: "key", home: "eu" });
			expect(uuidOf(id)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
		}
		expect(() => uuidOf("key_any_short")).toThrow(TypeError);
	});

	test("reads back to the access code, with or without padding, whatever prefix it was made with", async () => {
		const { keyId, secret, file } = await made();
		expect(file.id).toBe(`ACME-${uuidOf(keyId)}`);
		expect(await readKeyFileToken(file.token, keys)).toBe(secret);
		expect(await readKeyFileToken(file.token.replace(/=+$/, ""), keys)).toBe(secret);
		expect(await readKeyFileToken(btoa(`BLU-${uuidOf(keyId)}:${secret}`), keys)).toBe(secret);
	});

	test("no bit of it can be changed", async () => {
		const { file } = await made();
		const text = file.token.replace(/=+$/, "");
		const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
		// The prefix alone may differ: 4 letters and the hyphen are 7 characters of base64.
		for (let at = 8; at < text.length; at += 3) {
			const other = alphabet[(alphabet.indexOf(text[at] ?? "A") + 1) % 64] ?? "";
			expect(await readKeyFileToken(text.slice(0, at) + other + text.slice(at + 1), keys)).toBeNull();
		}
	});

	test("the id of one key before the code of another is refused", async () => {
		const [one, two] = [await made(), await made()];
		expect(await readKeyFileToken(btoa(`${one.file.id}:${two.secret}`), keys)).toBeNull();
	});

	test.each(["", "=", "==", "QQ===", "a b", "QkxV", "ey.J.x", "é", "A".repeat(513)])("%j is none", async (text) => {
		expect(await readKeyFileToken(text, keys)).toBeNull();
	});
});
