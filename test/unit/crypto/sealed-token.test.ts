import { describe, expect, test } from "vitest";
import { fromBase64url, base64url } from "../../../src/crypto/encoding.ts";
import {
	deriveSuccessor,
	hashSecret,
	sealToken,
	type TokenKind,
	tokenPrefixes,
	type TokenReference,
	unsealToken,
} from "../../../src/crypto/sealed-token.ts";
import { counting, serverKeys, tampered } from "./builders.ts";

const keys = serverKeys(2, 1);
const reference: TokenReference = {
	subject: "usr_weur_AAAAAAAAAAAAAAAAAAAAAA",
	accountId: "BBBBBBBBBBBBBBBBBBBBBA",
	id: "CCCCCCCCCCCCCCCCCCCCCA",
	generation: 4_000_000_000,
	secret: counting(32),
};
const kinds: TokenKind[] = ["code", "refresh", "sign_in"];

describe("sealed tokens", () => {
	test.each(kinds)("a %s reads back, and shows nothing of what is inside", async (kind) => {
		const token = await sealToken(kind, reference, keys);
		expect(token.startsWith(tokenPrefixes[kind])).toBe(true);
		expect(token).toMatch(/^lk[crs]_[\w-]+$/);
		expect(await unsealToken(kind, token, keys)).toEqual(reference);
		const shown = Buffer.from(token.slice(4), "base64url").toString("latin1");
		for (const inside of ["usr_", "weur", "AAAA", "BBBB"]) expect(shown).not.toContain(inside);
	});

	test("without an account", async () => {
		const signIn = { ...reference, accountId: "", generation: 0 };
		expect(await unsealToken("sign_in", await sealToken("sign_in", signIn, keys), keys)).toEqual(signIn);
	});

	test("a token of one kind is none of another, whatever its prefix says", async () => {
		for (const made of kinds) {
			const token = await sealToken(made, reference, keys);
			for (const asked of kinds.filter((kind) => kind !== made)) {
				expect(await unsealToken(asked, token, keys)).toBeNull();
				expect(await unsealToken(asked, tokenPrefixes[asked] + token.slice(4), keys)).toBeNull();
			}
		}
	});

	test("a bit turned in any byte, or anything cut off or added, is none of ours", async () => {
		const token = await sealToken("refresh", reference, keys);
		const box = fromBase64url(token.slice(4))!;
		const texts = [
			...tampered(box).map((each) => `lkr_${base64url(each)}`),
			...token.split("").map((_, at) => token.slice(0, at)),
			`${token}A`,
			`${token}=`,
			` ${token}`,
			token.slice(4),
			`lkr_${"A".repeat(509)}`,
		];
		const read = await Promise.all(texts.map((each) => unsealToken("refresh", each, keys)));
		expect(read).toEqual(texts.map(() => null));
	});

	test("a token of a key version that is gone is none of ours", async () => {
		const token = await sealToken("refresh", reference, serverKeys(1));
		expect(await unsealToken("refresh", token, keys)).toEqual(reference);
		expect(await unsealToken("refresh", token, serverKeys(2))).toBeNull();
	});

	test.each([
		["an id of another length", { id: "AAAA" }],
		["an id that is no base64url", { id: "!" }],
		["a short secret", { secret: counting(31) }],
		["an account of 256 bytes", { accountId: "x".repeat(256) }],
	])("%s cannot be sealed", async (_, wrong) => {
		await expect(sealToken("code", { ...reference, ...wrong }, keys)).rejects.toThrow(TypeError);
	});
});

describe("the successor of a refresh token (DESIGN §3.3)", () => {
	test("it is the same from the same, of the next generation, with another secret", async () => {
		const first = await deriveSuccessor(reference, keys);
		expect(await deriveSuccessor({ ...reference }, keys)).toEqual(first);
		expect(first).toEqual({ ...reference, generation: reference.generation + 1, secret: expect.any(Uint8Array) });
		expect(first.secret).not.toEqual(reference.secret);
		expect(first.secret).toHaveLength(32);
	});

	test.each([
		["another secret", { secret: new Uint8Array(32) }],
		["another generation", { generation: 1 }],
		["another grant", { id: "DDDDDDDDDDDDDDDDDDDDDA" }],
		["another account", { accountId: "" }],
		["another subject", { subject: "usr_any_AAAAAAAAAAAAAAAAAAAAAA" }],
	])("%s has another successor", async (_, change) => {
		const [one, other] = await Promise.all([
			deriveSuccessor(reference, keys),
			deriveSuccessor({ ...reference, ...change }, keys),
		]);
		expect(other.secret).not.toEqual(one.secret);
	});

	test("the key's version decides, so that losers of a race can derive what the winner did", async () => {
		const [newest, older] = await Promise.all([deriveSuccessor(reference, keys), deriveSuccessor(reference, keys, 1)]);
		expect(older.secret).not.toEqual(newest.secret);
		expect(await deriveSuccessor(reference, serverKeys(1))).toEqual(older);
		await expect(deriveSuccessor(reference, keys, 9)).rejects.toThrow("no server key of version 9");
	});

	test("what the ledger keeps is a digest of the secret alone", async () => {
		expect(await hashSecret(reference)).toBe(await hashSecret({ ...reference, generation: 1 }));
		expect(await hashSecret(reference)).toMatch(/^[\w-]{43}$/);
	});
});
