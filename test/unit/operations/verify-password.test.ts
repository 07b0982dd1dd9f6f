import { beforeEach, describe, expect, test } from "vitest";
import { systemRandom } from "../../../src/crypto/random.ts";
import { readConfig, developmentSealKey } from "../../../src/config.ts";
import { subjectId } from "../../../src/domain/subject.ts";
import type { Register } from "../../../src/domain/ports/register.ts";
import { createServices } from "../../../src/operations/upkeep/create-services.ts";
import { type Services } from "../../../src/operations/services.ts";
import { verifyPassword } from "../../../src/operations/checks/verify-password.ts";
import { openPlatform } from "../../../src/platform/node/platform.ts";

// Passwords that cost nothing, and count how often they were compared.
let hashed = 0;
let busy = false;
let clock = 1_800_000_000;
let services: Services;
let register: { personByUsername: Register["personByUsername"] };

beforeEach(async () => {
	hashed = 0;
	busy = false;
	const config = readConfig({ ISSUER: "http://localhost:8787", SEAL_KEYS: `1:${developmentSealKey}` });
	const platform = openPlatform(":memory:", { now }).platform;
	({ register } = platform);
	const made = createServices(config, platform, { now, random: systemRandom, log: () => {} });
	services = {
		...made,
		passwords: {
			...made.passwords,
			async verify(password, stored) {
				if (busy) return "busy";
				hashed++;
				return stored !== null && password === stored;
			},
		},
	};
	const ids = { ada: "A".repeat(22), bob: `${"B".repeat(21)}A` };
	await platform.register.add({
		people: Object.entries(ids).map(([username, id]) => ({
			id: subjectId({ kind: "person", home: "any", id }),
			username,
			name: username,
			passwordHash: `password of ${username}`,
			state: "active",
			notBefore: 0,
		})),
	});
	const cleo = subjectId({ kind: "person", home: "any", id: `${"C".repeat(21)}A` });
	const standing = { state: "active", notBefore: 0 } as const;
	await platform.register.add({
		people: [{ id: cleo, username: "cleo", name: "Cleo", passwordHash: null, ...standing }],
	});
});

function now(): number {
	return clock;
}

async function attempt(username: string, address: string | null, password = "wrong"): Promise<string> {
	return (await verifyPassword({ username, password, address }, services)).kind;
}

function right(username: string, address: string): Promise<string> {
	return attempt(username, address, `password of ${username}`);
}

describe("exact limits stand before the hash (DESIGN §3.8)", () => {
	test("what fails on our side is not held against whoever tried: the right password is taken when it is over", async () => {
		const { personByUsername } = register;
		register.personByUsername = () => Promise.reject(new Error("the database is away"));
		for (let count = 0; count < 70; count++) await expect(right("ada", "192.0.2.1")).rejects.toThrow("away");
		register.personByUsername = personByUsername;
		expect(await right("ada", "192.0.2.1")).toBe("right");
		for (let count = 0; count < 10; count++) expect(await attempt("ada", "192.0.2.1")).toBe("wrong");
		expect(await right("ada", "192.0.2.1")).toBe("limited");
	});

	test("ten failures of a name from an address; the eleventh attempt, though right, is not hashed", async () => {
		for (let count = 0; count < 10; count++) expect(await attempt("ada", "192.0.2.1")).toBe("wrong");
		expect(await right("ada", "192.0.2.1")).toBe("limited");
		expect(hashed).toBe(10);
	});

	test("whoever has no password is refused each one, the empty one too, at the cost of a wrong one", async () => {
		for (const password of ["", "null", "password of cleo"]) {
			expect(await attempt("cleo", "192.0.2.1", password)).toBe("wrong");
		}
		expect(hashed).toBe(3);
	});

	test("of a hundred at once ten are hashed", async () => {
		const kinds = await Promise.all(Array.from({ length: 100 }, () => attempt("ada", "192.0.2.1")));
		expect(kinds.filter((kind) => kind === "wrong")).toHaveLength(10);
		expect(hashed).toBe(10);
	});

	test("one address guesses sixty times, whatever names it tries; other addresses go on", async () => {
		for (let count = 0; count < 60; count++) expect(await attempt(`name ${count}`, "192.0.2.1")).toBe("wrong");
		expect(await right("ada", "192.0.2.1")).toBe("limited");
		expect(await right("ada", "192.0.2.2")).toBe("right");
	});

	test("one name is guessed sixty times, from whatever addresses; other names go on", async () => {
		for (let count = 0; count < 60; count++) expect(await attempt("ada", `198.51.100.${count}`)).toBe("wrong");
		expect(await right("ada", "192.0.2.1")).toBe("limited");
		expect(await right("bob", "192.0.2.1")).toBe("right");
	});

	test("what was refused counts against nobody: one address cannot shut a person out everywhere", async () => {
		for (let count = 0; count < 200; count++) await attempt("ada", "192.0.2.1");
		expect(hashed).toBe(10);
		expect(await right("ada", "192.0.2.2")).toBe("right");
		expect(await right("bob", "192.0.2.1")).toBe("right");
	});

	test("a good attempt, and one that was too busy to be made, are given back", async () => {
		for (let count = 0; count < 100; count++) expect(await right("ada", "192.0.2.1")).toBe("right");
		busy = true;
		for (let count = 0; count < 100; count++) expect(await attempt("ada", "192.0.2.1")).toBe("busy");
		busy = false;
		for (let count = 0; count < 9; count++) expect(await attempt("ada", "192.0.2.1")).toBe("wrong");
		expect(await right("ada", "192.0.2.1")).toBe("right");
	});

	test("the window ends after a quarter of an hour", async () => {
		for (let count = 0; count < 10; count++) await attempt("ada", "192.0.2.1");
		clock += 899;
		expect(await verifyPassword({ username: "ada", password: "x", address: "192.0.2.1" }, services)).toEqual({
			kind: "limited",
			limit: { name: "password-name-network", attempts: 10, window: 900 },
			retryAfter: 1,
		});
		clock += 1;
		expect(await right("ada", "192.0.2.1")).toBe("right");
	});

	test("a name that does not exist is counted and hashed as one that does", async () => {
		for (let count = 0; count < 10; count++) expect(await attempt("nobody", "192.0.2.1")).toBe("wrong");
		expect(await attempt("nobody", "192.0.2.1")).toBe("limited");
		expect(hashed).toBe(10);
	});

	test("without an address all who have none are one", async () => {
		for (let count = 0; count < 10; count++) await attempt("ada", null);
		expect(await attempt("ada", null)).toBe("limited");
	});
});
