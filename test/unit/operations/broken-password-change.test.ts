import { beforeEach, describe, expect, test } from "vitest";
import { developmentSealKey, readConfig } from "../../../src/config.ts";
import { systemRandom } from "../../../src/crypto/random.ts";
import type { RemoteLedger } from "../../../src/domain/ports/ledgers.ts";
import type { Platform } from "../../../src/domain/ports/platform.ts";
import { subjectId } from "../../../src/domain/subject.ts";
import { changePassword } from "../../../src/operations/people/my-password.ts";
import { currentSignIn, type AnySignedIn, signIn } from "../../../src/operations/people/sign-in.ts";
import type { Services } from "../../../src/operations/services.ts";
import { createServices } from "../../../src/operations/upkeep/create-services.ts";
import { openPlatform } from "../../../src/platform/node/platform.ts";

// A change of a password writes the register and the person's ledger, and may be cut off before either.

const now = () => 1_800_000_000;
const chosen = "a wholly different one";
const accountId = "account";
const standing = { state: "active", notBefore: 0 } as const;
const ada = subjectId({ kind: "person", home: "any", id: "A".repeat(22) });

let platform: Platform;
let services: Services;
/** Which call of `endEverything` fails, from the next one on; null for none. */
let failing: number | null;
let compared: string[];

beforeEach(async () => {
	failing = null;
	compared = [];
	({ platform } = openPlatform(":memory:", { now }));
	const config = readConfig({ ISSUER: "http://localhost:8787", SEAL_KEYS: `1:${developmentSealKey}` });
	const ledgers: Platform["ledgers"] = {
		...platform.ledgers,
		of(subject) {
			const ledger: RemoteLedger = platform.ledgers.of(subject);
			const endEverything: RemoteLedger["endEverything"] = async (but) => {
				if (failing !== null && failing-- === 0) throw new Error("The ledger is locked");
				return ledger.endEverything(but);
			};
			return new Proxy(ledger, {
				get: (_, verb: keyof RemoteLedger) => (verb === "endEverything" ? endEverything : ledger[verb].bind(ledger)),
			});
		},
	};
	const made = createServices(config, { ...platform, ledgers }, { now, random: systemRandom, log: () => {} });
	services = {
		...made,
		passwords: {
			...made.passwords,
			verify: async (password, stored) => {
				compared.push(password);
				return password === stored;
			},
			hash: async (password) => password,
		},
	};
	await platform.register.add({
		accounts: [{ id: accountId, slug: "acme", name: "Acme", ...standing }],
		people: [{ id: ada, username: "ada", name: "Ada", passwordHash: "old", ...standing }],
		memberships: [{ personId: ada, accountId, role: "admin", ...standing }],
	});
});

async function aBrowser(): Promise<() => Promise<AnySignedIn | null>> {
	const given = { username: "ada", password: "old", address: null, browser: "Firefox", kept: [], cookie: null };
	const verdict = await signIn(given, services);
	if (verdict.kind !== "signed_in") throw new Error(verdict.kind);
	return () => currentSignIn(verdict.cookie, services);
}

async function change(by: () => Promise<AnySignedIn | null>, current: string, next: string): Promise<string> {
	const me = await by();
	if (me?.within !== null) throw new Error("Signed out");
	const mine = { person: me.person, signIn: me.id };
	return (await changePassword(mine, { proof: { kind: "password", password: current }, next, address: null }, services))
		.kind;
}

async function changesNoted(): Promise<number> {
	const filter = { actor: null, action: "password.change", target: null, from: null, to: null };
	return (await platform.auditLog.search(accountId, filter, null, 100)).rows.length;
}

describe("a change of the password that is cut off", () => {
	test.each([
		["before it is stored", 0, "old"],
		["after it is stored", 1, chosen],
	])(
		"%s leaves nobody else signed in with a new password, and the same request does what is left",
		async (_, at, stored) => {
			const [mine, theirs] = [await aBrowser(), await aBrowser()];
			failing = at;
			await expect(change(mine, "old", chosen)).rejects.toThrow("locked");
			expect((await platform.register.person(ada))?.passwordHash).toBe(stored);
			expect((await theirs()) !== null).toBe(stored === "old");
			expect(await change(mine, "old", chosen)).toBe("changed");
			expect((await platform.register.person(ada))?.passwordHash).toBe(chosen);
			expect(await theirs()).toBeNull();
			expect(await mine()).not.toBeNull();
			expect(await changesNoted()).toBe(1);
		},
	);

	test("the same request once more ends what came in with the old one meanwhile", async () => {
		const mine = await aBrowser();
		expect(await change(mine, "old", chosen)).toBe("changed");
		await platform.ledgers
			.of(ada)
			.openSignIn({ id: "theirs", hash: "hash" as never, from: { address: null, browser: "" } });
		expect(await change(mine, "old", chosen)).toBe("changed");
		const { length } = await platform.ledgers.of(ada).listSignIns({ after: "", limit: 10 });
		expect(length).toBe(1);
	});
});

describe("what is wanted for a new password", () => {
	test("is no way to guess at the present one: three are looked at, and the ten guesses that there are stay ten", async () => {
		const [mine, theirs] = [await aBrowser(), await aBrowser()];
		compared = [];
		for (let guess = 0; guess < 10; guess++) expect(await change(mine, "a guess", `guess ${guess}`)).toBe("wrong");
		expect(compared.filter((password) => password.startsWith("guess "))).toEqual(["guess 0", "guess 1", "guess 2"]);
		expect(await change(mine, "a guess", "old")).toBe("limited");
		expect(compared).toHaveLength(13);
		expect(await theirs()).not.toBeNull();
	});

	test("counts for nothing where it is right, however often the same request comes", async () => {
		const mine = await aBrowser();
		for (let again = 0; again < 5; again++) expect(await change(mine, "old", chosen)).toBe("changed");
		expect(await changesNoted()).toBe(1);
	});
});
