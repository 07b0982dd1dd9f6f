import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { demo } from "../support/demo-world.ts";
import { freePort } from "../runners/free-port.ts";
import { type RunningWorker, startWorker } from "../runners/start-worker.ts";
import { temporaryFolder } from "../runners/temporary-folder.ts";
import { type Api, createApi } from "./api.ts";
import { type Acknowledged, createPeople, nothingAcknowledged, traffic } from "./traffic.ts";

const kills = 3;

let state: string;
let port: number;
let worker: RunningWorker;
let api: Api;
/** What was acknowledged before each kill. */
const rounds: Acknowledged[] = [];
let printed = "";

beforeAll(async () => {
	state = await temporaryFolder();
	port = await freePort();
	worker = await startWorker({ state, port });
	api = createApi(worker.origin);
	const people = createPeople(worker.origin);
	await people.signIn();
	for (let round = 0; round < kills; round++) {
		const acknowledged = nothingAcknowledged();
		// At a random moment, in the middle of whatever the others are doing.
		const enough = 60 + Math.floor(Math.random() * 60);
		let killed: Promise<void> | undefined;
		await traffic(api, people, acknowledged, () => {
			if (acknowledged.count >= enough) killed ??= worker.kill();
		});
		await killed;
		printed += worker.output();
		rounds.push(acknowledged);
		worker = await startWorker({ state, port });
	}
});
afterAll(async () => {
	await worker?.stop();
	await rm(state, { recursive: true, force: true });
});

describe(`acknowledged means durable: after ${kills} kills under load`, () => {
	test("no secret of anybody stands in the storage or in the log", async () => {
		const secrets = [
			...rows((round) => round.codes).map(({ code }) => code),
			...rows((round) => [...round.families]).flatMap(({ code, refreshToken }) => [code, refreshToken]),
			...rows((round) => round.sessions).map(({ token }) => token),
			...rows((round) => round.ended).flatMap(({ accessToken, refreshToken }) => [accessToken, refreshToken]),
			...[demo.ada, demo.grace].map(({ password }) => password),
			...[demo.webApp, demo.integration].map(({ secret }) => secret),
			demo.accessCode,
		];
		const files = (await readdir(state, { recursive: true, withFileTypes: true })).filter((file) => file.isFile());
		const stored = await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name))));
		// A search that finds nothing has to be able to find: this stands in the register.
		expect(stored.some((bytes) => bytes.includes("Ada Lovelace"))).toBe(true);
		for (const secret of secrets) {
			expect(stored.some((bytes) => bytes.includes(secret))).toBe(false);
			expect(printed.includes(secret)).toBe(false);
		}
	});

	test("a refresh token that was handed out works, and one that had been spent before it does not", async () => {
		const families = rows((round) => [...round.families]);
		for (const { client, refreshToken } of families) {
			expect(await api.refresh(client, refreshToken)).toMatchObject({ status: 200 });
		}
		// The last of the spent ones may be presented again, by whoever did not hear the answer.
		const ancestors = families.flatMap(({ client, spent }) => spent.slice(0, -1).map((token) => ({ client, token })));
		for (const { client, token } of ancestors) {
			expect(await api.refresh(client, token)).toMatchObject(invalidGrant);
		}
	});

	test("a redeemed code stays redeemed, and its replay ends the grant", async () => {
		for (const { client, code, refreshToken } of rows((round) => [...round.families])) {
			expect(await api.exchange(client, code)).toMatchObject(invalidGrant);
			expect(await api.refresh(client, refreshToken)).toMatchObject(invalidGrant);
		}
	});

	test("a code that had been given out is redeemed, once", async () => {
		for (const { client, code } of rows((round) => round.codes)) {
			expect(await api.exchange(client, code)).toMatchObject({ status: 200 });
			expect(await api.exchange(client, code)).toMatchObject(invalidGrant);
		}
	});

	test("an ended grant stays ended", async () => {
		for (const { client, accessToken, refreshToken } of rows((round) => round.ended)) {
			expect(await api.refresh(client, refreshToken)).toMatchObject(invalidGrant);
			expect(await api.introspect(client, accessToken)).toEqual({ status: 200, body: { active: false } });
		}
	});

	test("a session gives the same token, byte for byte", async () => {
		for (const { id, token } of rows((round) => round.sessions)) {
			expect(await api.logIn(id)).toMatchObject({ status: 200, body: { access_token: token } });
		}
	});

	test("a session that was revoked stays so, and its session_id begins another", async () => {
		for (const { id, token } of rows((round) => round.endedSessions)) {
			expect(await api.listSessions(token)).toMatchObject({ status: 401 });
			const { status, body } = await api.logIn(id);
			expect(status).toBe(200);
			expect(body.access_token).not.toBe(token);
		}
	});
});

const invalidGrant = { status: 400, body: { error: "invalid_grant" } };

/** Of all rounds. */
function rows<Row>(of: (round: Acknowledged) => readonly Row[]): readonly Row[] {
	const found = rounds.flatMap(of);
	expect(found.length, "the traffic did this before it was cut off").toBeGreaterThan(0);
	return found;
}
