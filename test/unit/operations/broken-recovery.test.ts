import { beforeEach, describe, expect, test, vi } from "vitest";
import { developmentSealKey, readConfig } from "../../../src/config.ts";
import { systemRandom } from "../../../src/crypto/random.ts";
import type { RemoteLedger } from "../../../src/domain/ports/ledgers.ts";
import type { Platform } from "../../../src/domain/ports/platform.ts";
import { subjectId } from "../../../src/domain/subject.ts";
import { recoverByCode, recoverByLink } from "../../../src/operations/people/recover.ts";
import { makeRecoveryCodes } from "../../../src/operations/people/recovery-codes.ts";
import { mailLink, makeLinkAsOperator } from "../../../src/operations/people/recovery-links.ts";
import { currentSignIn, signIn } from "../../../src/operations/people/sign-in.ts";
import type { Services } from "../../../src/operations/services.ts";
import { createServices } from "../../../src/operations/upkeep/create-services.ts";
import { openPlatform } from "../../../src/platform/node/platform.ts";

// A new password without the old one writes the register and the person's ledger, and may be cut off before either.

const now = () => 1_800_000_000;
const chosen = "a wholly different one";
const standing = { state: "active", notBefore: 0 } as const;
const [ada, grace] = ["A", "G"].map((letter) => subjectId({ kind: "person", home: "any", id: letter.repeat(22) })) as [
	string,
	string,
];

let platform: Platform;
let services: Services;
/** Which call of `endEverything` fails, from the next one on; null for none. */
let failing: number | null;
/** What was asked of the register and of the hash. */
let asked: string[];

beforeEach(async () => {
	failing = null;
	asked = [];
	({ platform } = openPlatform(":memory:", { now }));
	const config = readConfig({ ISSUER: "http://localhost:8787", SEAL_KEYS: `1:${developmentSealKey}` });
	const ledgers: Platform["ledgers"] = {
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
	const told = <Port extends object>(port: Port): Port =>
		new Proxy(port, {
			get(of, verb) {
				const found: unknown = Reflect.get(of, verb);
				if (typeof found !== "function") return found;
				return (...args: unknown[]) => {
					asked.push(String(verb));
					return (found as (...given: unknown[]) => unknown).apply(of, args);
				};
			},
		});
	const seen = { ...platform, ledgers, register: told(platform.register), recovery: told(platform.recovery) };
	const mail = { send: async () => {} };
	const made = createServices(config, seen, { now, random: systemRandom, log: () => {} });
	services = {
		...made,
		mail,
		passwords: {
			...made.passwords,
			verify: async (password, stored) => password === stored,
			async hash(password) {
				asked.push("hash");
				return password;
			},
		},
	};
	const person = { name: "Somebody", passwordHash: "old", ...standing };
	await platform.register.add({
		accounts: [{ id: "account", slug: "acme", name: "Acme", ...standing }],
		people: [
			{ id: ada, username: "ada", ...person, verifiedEmail: "ada@mail.example" },
			{ id: grace, username: "grace", ...person, isOperator: true },
		],
		memberships: [{ personId: ada, accountId: "account", role: "admin", ...standing }],
	});
});

async function aBrowser() {
	const given = { username: "ada", password: "old", address: null, browser: "Firefox", kept: [], cookie: null };
	const verdict = await signIn(given, services);
	if (verdict.kind !== "signed_in") throw new Error(verdict.kind);
	return () => currentSignIn(verdict.cookie, services);
}

async function aCode(): Promise<string> {
	const person = await platform.register.person(ada);
	if (!person) throw new Error("Nobody");
	const given = { proof: { kind: "password", password: "old" }, nonce: null, address: null } as const;
	const made = await makeRecoveryCodes({ person, knownAs: "ada" }, given, services);
	return made.kind === "made" ? (made.codes[0] ?? "") : made.kind;
}

async function aLink(): Promise<string> {
	const made = await makeLinkAsOperator(
		"ada",
		{ kind: "password", password: "old" },
		{ subject: grace, accountId: null, address: null },
		services,
	);
	return made.kind === "made" ? (made.url.split("/").at(-1) ?? "") : made.kind;
}

const bare = { held: "", address: null };
const byCode = (code: string, password = chosen, username = "ada") =>
	recoverByCode({ username, shown: { code }, wayIn: { kind: "password", password }, ...bare, kept: [] }, services);

describe.each([
	["a code", async () => byCode.bind(null, await aCode())],
	[
		"a link",
		async () => {
			const link = await aLink();
			return (password = chosen) => recoverByLink(link, { wayIn: { kind: "password", password }, ...bare }, services);
		},
	],
])("%s that is cut off", (_, prepare) => {
	test.each([
		["before anything is stored", 0, "old"],
		["after it is stored", 1, chosen],
	])("%s: the same request once more does what is left", async (_when, at, stored) => {
		const theirs = await aBrowser();
		const use = await prepare();
		failing = at;
		await expect(use()).rejects.toThrow("locked");
		expect((await platform.register.person(ada))?.passwordHash).toBe(stored);
		failing = null;
		// Somebody came in with the old password in between.
		await platform.ledgers.of(ada).openSignIn({ id: "late".padEnd(22, "A"), hash: "x" as never });
		expect((await use()).kind).toBe("recovered");
		expect((await platform.register.person(ada))?.passwordHash).toBe(chosen);
		expect(await theirs()).toBeNull();
		expect(await platform.ledgers.of(ada).listSignIns({ after: "", limit: 10 })).toEqual([]);
	});

	test("and that was used is no way to guess at the present password: three are looked at", async () => {
		const use = await prepare();
		expect((await use()).kind).toBe("recovered");
		for (let guess = 0; guess < 3; guess++) expect((await use(`guess number ${guess} of them`)).kind).toBe("wrong");
		expect((await use()).kind).toBe("wrong");
	});
});

describe("whether there is such a person", () => {
	test("asks for the same work by a wrong code: one query, and no hash", async () => {
		await aCode();
		const work: string[][] = [];
		for (const username of ["ada", "grace", "nobody"]) {
			asked = [];
			expect(await byCode("abcd-efgh-jkmn-pqrs-tuvw-xyz2", "short", username)).toEqual({ kind: "wrong" });
			work.push(asked);
		}
		expect(work).toEqual([["byCode"], ["byCode"], ["byCode"]]);
	});

	test.each(["ada", "nobody"])(
		"is not even looked for before the answer, where a link by mail is asked for: %s",
		async (username) => {
			expect(await mailLink({ username, address: null }, services)).toEqual({ kind: "heard" });
			expect(asked).toEqual([]);
			await vi.waitFor(() => expect(asked).toContain("personByUsername"), 20_000);
		},
	);
});
