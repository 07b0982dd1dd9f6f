import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openPlatform } from "../../src/platform/node/platform.ts";
import { temporaryFolder } from "../runners/temporary-folder.ts";
import { codeRecord, newId, newSubject } from "./builders.ts";
import type { About, Race } from "./races.ts";

let folder: string;
beforeEach(async () => {
	folder = await temporaryFolder();
});
afterEach(() => rm(folder, { recursive: true }));

// Each has its own node:sqlite; on a file they meet by the locks of SQLite alone.
const runtimes = [
	["node_modules/.bin/node"],
	["node_modules/.bin/deno", "run", "--cached-only", "--no-prompt", "--allow-all"],
] as const;

/** Two processes, one on Node and one on Deno, begin at once and do it fifty times each. */
async function raced(race: Race, about: Omit<About, "mark">): Promise<readonly string[]> {
	const racers = await Promise.all(
		runtimes.map((runtime, index) => startRacer(runtime, race, { ...about, mark: `p${index}` })),
	);
	const outcomes = await Promise.all(racers.map((run) => run()));
	return outcomes.flat();
}

async function startRacer(
	[program, ...options]: (typeof runtimes)[number],
	race: Race,
	about: About,
): Promise<() => Promise<string[]>> {
	const racer = spawn(program, [...options, "test/stores/racer.ts", folder, race, JSON.stringify(about)], {
		stdio: ["pipe", "pipe", "inherit"],
	});
	const lines = createInterface(racer.stdout)[Symbol.asyncIterator]();
	const exited = once(racer, "exit");
	expect(await lines.next()).toMatchObject({ value: "ready" });
	return async () => {
		racer.stdin.write("go\n");
		const { value } = await lines.next();
		expect(await exited).toEqual([0, null]);
		return JSON.parse(value ?? "null");
	};
}

describe("two processes on one folder", () => {
	const about = { subject: newSubject(), grantId: newId() };

	test("RFC 6749 §4.1.2: of 100 parallel redemptions one succeeds", async () => {
		const record = codeRecord();
		const { platform, close } = openPlatform(folder);
		await platform.ledgers.of(about.subject).openGrant(record);
		const outcomes = await raced("redeem", { ...about, grantId: record.id });
		expect(outcomes.filter((kind) => kind === "redeemed")).toHaveLength(1);
		expect(outcomes.filter((kind) => kind === "replayed" || kind === "revoked")).toHaveLength(99);
		// What the winner got is revoked, and this process sees it.
		expect(await platform.ledgers.of(about.subject).inspectGrant(record.id, { notBefore: 0 })).toBeNull();
		close();
	});

	test("of 100 attempts exactly ten are made", async () => {
		const waits = await raced("take", about);
		expect(waits.filter((wait) => wait === "0")).toHaveLength(10);
	});

	test("DESIGN §3.1: of 100 first needs comes one ring", async () => {
		expect(new Set(await raced("advance", about))).toHaveLength(1);
	});

	test("of 100 first accounts one is made, on a folder that both found empty", async () => {
		const outcomes = await raced("setUp", about);
		expect(outcomes.filter((outcome) => outcome === "done")).toHaveLength(1);
		expect(outcomes.filter((outcome) => outcome === "already")).toHaveLength(99);
	});
});
