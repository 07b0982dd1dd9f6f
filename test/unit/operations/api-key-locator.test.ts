import { afterEach, expect, test, vi } from "vitest";
import { developmentSealKey } from "../../../src/config.ts";
import { makeAccessCode } from "../../../src/crypto/access-code.ts";
import { systemRandom } from "../../../src/crypto/random.ts";
import { createServerKeys, parseMasterSecrets } from "../../../src/crypto/server-keys.ts";
import { findApiKey, locatorOf } from "../../../src/operations/checks/api-key-locator.ts";

const keyId = `key_weur_${"A".repeat(22)}` as const;

afterEach(() => vi.restoreAllMocks());

function keysOf(text: string) {
	const secrets = parseMasterSecrets(text);
	if (typeof secrets === "string") throw new Error(secrets);
	return createServerKeys(secrets);
}

test("a code that was read before is known again without a MAC, and means the same", async () => {
	const keys = keysOf(`1:${developmentSealKey}`);
	const code = await makeAccessCode(locatorOf(keyId), keys, systemRandom);
	const found = await findApiKey(code, keys);
	expect(found).toMatchObject({ keyId });
	const sign = vi.spyOn(crypto.subtle, "sign");
	expect(await findApiKey(code, keys)).toEqual(found);
	expect(sign).not.toHaveBeenCalled();
});

test("one that differs in a character is refused as ever, beside one that is known", async () => {
	const keys = keysOf(`1:${developmentSealKey}`);
	const code = await makeAccessCode(locatorOf(keyId), keys, systemRandom);
	await findApiKey(code, keys);
	for (const other of [`${code.slice(0, -1)}!`, code.slice(0, -1), `${code} `, code.toUpperCase(), "lk_", ""]) {
		expect([other, await findApiKey(other, keys)]).toEqual([other, null]);
	}
});

test("what one set of server keys has read, another does not know: a key that was taken away reads nothing", async () => {
	const keys = keysOf(`1:${developmentSealKey}`);
	const code = await makeAccessCode(locatorOf(keyId), keys, systemRandom);
	expect(await findApiKey(code, keys)).not.toBeNull();
	expect(await findApiKey(code, keysOf(`2:${"A".repeat(43)}`))).toBeNull();
});
