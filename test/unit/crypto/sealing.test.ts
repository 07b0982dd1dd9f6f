import { describe, expect, test } from "vitest";
import { utf8 } from "../../../src/crypto/encoding.ts";
import { sealBytes, sealText, unsealBytes, unsealText } from "../../../src/crypto/sealing.ts";
import type { Sealed } from "../../../src/domain/brands.ts";
import { serverKeys, tampered } from "./builders.ts";

const keys = serverKeys(2, 1);
const plain = utf8("a secret text");

describe("sealing", () => {
	test("what was sealed is unsealed, and tells its version", async () => {
		const box = await sealBytes(keys, "purpose", "context", plain);
		expect(await unsealBytes(keys, "purpose", "context", box)).toEqual({ plain, version: 2 });
		expect(box[0]).toBe(2);
		expect(box).toHaveLength(1 + 12 + plain.length + 16);
	});

	test("the text is not in the box", async () => {
		const box = await sealBytes(keys, "purpose", "context", plain);
		expect(Buffer.from(box).includes(Buffer.from(plain))).toBe(false);
	});

	test("an older version seals when it is asked to, and the newest keys still open it", async () => {
		const box = await sealBytes(keys, "purpose", "", plain, 1);
		expect(box[0]).toBe(1);
		expect(await unsealBytes(keys, "purpose", "", box)).toEqual({ plain, version: 1 });
	});

	test("a version that is gone opens nothing and seals nothing", async () => {
		const box = await sealBytes(serverKeys(3), "purpose", "", plain);
		expect(await unsealBytes(keys, "purpose", "", box)).toBeNull();
		await expect(sealBytes(keys, "purpose", "", plain, 3)).rejects.toThrow("no server key of version 3");
	});

	test("another purpose, context or master secret opens nothing", async () => {
		const box = await sealBytes(keys, "purpose", "context", plain);
		expect(await unsealBytes(keys, "other", "context", box)).toBeNull();
		expect(await unsealBytes(keys, "purpose", "other", box)).toBeNull();
		expect(await unsealBytes(keys, "purpose", "", box)).toBeNull();
		expect(await unsealBytes(keys, "purpose 2", "context", box)).toBeNull();
	});

	test("a box under one version's number and another's key opens nothing", async () => {
		const box = await sealBytes(keys, "purpose", "", plain);
		box[0] = 1;
		expect(await unsealBytes(keys, "purpose", "", box)).toBeNull();
	});

	test("a bit turned in any byte opens nothing", async () => {
		const box = await sealBytes(keys, "purpose", "context", plain);
		const opened = await Promise.all(tampered(box).map((each) => unsealBytes(keys, "purpose", "context", each)));
		expect(opened).toEqual(opened.map(() => null));
	});

	test("whatever is cut off opens nothing", async () => {
		const box = await sealBytes(keys, "purpose", "", plain);
		for (let length = 0; length < box.length; length++) {
			expect(await unsealBytes(keys, "purpose", "", box.slice(0, length))).toBeNull();
		}
	});

	test("the same text seals to the same bytes, another to others: a retried rotation needs it", async () => {
		expect(await seal("a")).toBe(await seal("a"));
		const ivs = await Promise.all([seal("a"), seal("b"), seal("a", "c")]);
		// Version and IV are the first 13 bytes; no two texts share an IV.
		expect(new Set(ivs.map((sealed) => sealed.slice(0, 17))).size).toBe(3);
	});

	test("as text, for the stores", async () => {
		const sealed = await sealText(keys, "purpose", "id", "été");
		expect(sealed).toMatch(/^[\w-]+$/);
		expect(await unsealText(keys, "purpose", "id", sealed)).toBe("été");
		expect(await unsealText(keys, "purpose", "other id", sealed)).toBeNull();
		expect(await unsealText(keys, "purpose", "id", `${sealed}=` as Sealed)).toBeNull();
		expect(await unsealText(keys, "purpose", "id", "" as Sealed)).toBeNull();
	});
});

function seal(text: string, context = ""): Promise<Sealed> {
	return sealText(keys, "purpose", context, text);
}
