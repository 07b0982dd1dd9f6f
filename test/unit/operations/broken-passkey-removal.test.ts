import { describe, expect, test } from "vitest";
import { developmentSealKey, readConfig } from "../../../src/config.ts";
import { systemRandom } from "../../../src/crypto/random.ts";
import type { RemoteLedger } from "../../../src/domain/ports/ledgers.ts";
import type { Platform } from "../../../src/domain/ports/platform.ts";
import type { Person } from "../../../src/domain/person.ts";
import { subjectId } from "../../../src/domain/subject.ts";
import { removePasskey } from "../../../src/operations/people/passkeys.ts";
import { createServices } from "../../../src/operations/upkeep/create-services.ts";
import { openPlatform } from "../../../src/platform/node/platform.ts";

// A passkey that is removed goes from the register, and what it opened from the person's ledger: it may be cut off between the two.

const now = () => 1_800_000_000;
const standing = { state: "active", notBefore: 0 } as const;
const id = subjectId({ kind: "person", home: "any", id: "A".repeat(22) });
const ada: Person = { id, username: "ada", name: "Ada", passwordHash: "hash", ...standing };
const passkey = {
	id: "P".repeat(22),
	personId: id,
	credentialId: "credential",
	key: { alg: "EdDSA", kty: "OKP", crv: "Ed25519", x: "x" },
	signCount: 0,
	isSynced: false,
	transports: [],
	name: "Lost phone",
	createdAt: now(),
	lastUsedAt: null,
} as const;

/** Somebody with a passkey, signed in in two browsers; the call of `endEverything` of this number fails, once. */
async function stage(failing: number) {
	const { platform } = openPlatform(":memory:", { now });
	const config = readConfig({ ISSUER: "http://localhost:8787", SEAL_KEYS: `1:${developmentSealKey}` });
	let left = failing;
	const ledgers: Platform["ledgers"] = {
		...platform.ledgers,
		of(subject) {
			const ledger: RemoteLedger = platform.ledgers.of(subject);
			const endEverything: RemoteLedger["endEverything"] = async (but) => {
				if (left-- === 0) throw new Error("The ledger is locked");
				return ledger.endEverything(but);
			};
			return new Proxy(ledger, {
				get: (_, verb: keyof RemoteLedger) => (verb === "endEverything" ? endEverything : ledger[verb].bind(ledger)),
			});
		},
	};
	const services = createServices(config, { ...platform, ledgers }, { now, random: systemRandom, log: () => {} });
	await platform.register.add({ people: [ada] });
	expect(await platform.passkeys.add(passkey, [])).toBe("added");
	for (const signIn of ["mine", "theirs"]) {
		const from = { address: null, browser: "" };
		await platform.ledgers.of(id).openSignIn({ id: signIn, hash: "hash" as never, from });
	}
	return {
		remove: () => removePasskey(ada, { id: passkey.id, signIn: "mine", address: null }, services),
		isThere: async () => (await platform.passkeys.list(id)).length > 0,
		open: async () => (await platform.ledgers.of(id).listSignIns({ after: "", limit: 9 })).map((each) => each.id),
	};
}

describe("a passkey's removal that is cut off", () => {
	test("before it is removed changes nothing, and the same request does all of it", async () => {
		const { remove, isThere, open } = await stage(0);
		await expect(remove()).rejects.toThrow("locked");
		expect([await isThere(), await open()]).toEqual([true, ["mine", "theirs"]]);
		expect(await remove()).toBe("removed");
		expect([await isThere(), await open()]).toEqual([false, ["mine"]]);
	});

	test("after it is removed leaves nobody else signed in", async () => {
		const { remove, isThere, open } = await stage(1);
		await expect(remove()).rejects.toThrow("locked");
		expect([await isThere(), await open()]).toEqual([false, ["mine"]]);
		expect(await remove()).toBe("unknown");
	});
});
