import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../runners/free-port.ts";
import type { RunningServer } from "../runners/running-server.ts";
import { temporaryFolder } from "../runners/temporary-folder.ts";
import { demo } from "../support/demo-world.ts";
import { type Answer, type Api, createApi } from "./api.ts";
import { noAnswers, report } from "./report.ts";
import { type Acknowledged, createPeople, nothingAcknowledged, traffic } from "./traffic.ts";

export interface Crashes {
	readonly start: (where: { state: string; port: number }) => Promise<RunningServer>;
	/** How each round of traffic is cut off. */
	readonly ends: readonly ("kill" | "stop")[];
}

/** So many kills, or as many as `npm run faults` wants. */
export function ends(kills: number): "kill"[] {
	return Array.from({ length: Number(process.env.CRASH_ROUNDS ?? kills) }, () => "kill");
}

/** Acknowledged means durable, whichever platform it is. */
export function testCrashes(platform: string, { start, ends: cuts }: Crashes): void {
	let state: string;
	let port: number;
	let server: RunningServer;
	let api: Api;
	/** What was acknowledged before each end. */
	const rounds: Acknowledged[] = [];
	/** Of each code that had been given out when a round ended: two tries, right after the start. */
	const redemptions: (readonly [Answer, Answer])[] = [];
	let printed = "";
	const row = noAnswers("killed under load", platform);

	beforeAll(async () => {
		state = await temporaryFolder();
		port = await freePort();
		server = await start({ state, port });
		api = createApi(server.origin);
		const people = createPeople(server.origin);
		await people.signIn();
		for (const end of cuts) {
			const acknowledged = nothingAcknowledged();
			// At a random moment, in the middle of whatever the others are doing.
			const enough = 60 + Math.floor(Math.random() * 60);
			let cut: Promise<void> | undefined;
			await traffic(api, people, acknowledged, () => {
				if (acknowledged.count >= enough) cut ??= server[end]();
			});
			await cut;
			printed += server.output();
			rounds.push(acknowledged);
			row.rounds += 1;
			row.acknowledged += acknowledged.count;
			server = await start({ state, port });
			// Now, since a code lives three minutes and the rounds may last longer.
			for (const { client, code } of acknowledged.codes) {
				redemptions.push([await api.exchange(client, code), await api.exchange(client, code)]);
			}
		}
	}, 30_000 * cuts.length);
	afterAll(async () => {
		report(row);
		await server?.stop();
		await rm(state, { recursive: true, force: true });
	});

	describe(`acknowledged means durable on ${platform}: after ${cuts.length} ends under load`, () => {
		test("a refresh token that was handed out works, and one that had been spent before it does not", async () => {
			const families = rows((round) => [...round.families]);
			for (const { client, refreshToken } of families) {
				expect(judged("lost", await api.refresh(client, refreshToken), { status: 200 })).toMatchObject({ status: 200 });
			}
			// The last of the spent ones may be presented again, by whoever did not hear the answer.
			const ancestors = families.flatMap(({ client, spent }) => spent.slice(0, -1).map((token) => ({ client, token })));
			for (const { client, token } of ancestors) {
				expect(judged("doubled", await api.refresh(client, token), invalidGrant)).toMatchObject(invalidGrant);
			}
		});

		test("a redeemed code stays redeemed, and its replay ends the grant", async () => {
			for (const { client, code, refreshToken } of rows((round) => [...round.families])) {
				expect(judged("doubled", await api.exchange(client, code), invalidGrant)).toMatchObject(invalidGrant);
				expect(judged("doubled", await api.refresh(client, refreshToken), invalidGrant)).toMatchObject(invalidGrant);
			}
		});

		test("a code that had been given out is redeemed, once", async () => {
			expect(redemptions).toHaveLength(rows((round) => round.codes).length);
			for (const [first, second] of redemptions) {
				expect(judged("lost", first, { status: 200 })).toMatchObject({ status: 200 });
				expect(judged("doubled", second, invalidGrant)).toMatchObject(invalidGrant);
			}
		});

		test("an ended grant stays ended", async () => {
			for (const { client, accessToken, refreshToken } of rows((round) => round.ended)) {
				expect(judged("lost", await api.refresh(client, refreshToken), invalidGrant)).toMatchObject(invalidGrant);
				const inactive = { status: 200, body: { active: false } };
				const { status, body } = judged("lost", await api.introspect(client, accessToken), inactive);
				expect({ status, body }).toEqual(inactive);
			}
		});

		test("a session gives the same token, byte for byte", async () => {
			for (const { id, token } of rows((round) => round.sessions)) {
				expect(judged("lost", await api.logIn(id), { status: 200, body: { access_token: token } })).toMatchObject({
					status: 200,
					body: { access_token: token },
				});
			}
		});

		test("a session that was revoked stays so, and its session_id begins another", async () => {
			for (const { id, token } of rows((round) => round.endedSessions)) {
				expect(judged("lost", await api.listSessions(token), { status: 401 })).toMatchObject({ status: 401 });
				const { status, body } = await api.logIn(id);
				expect(status).toBe(200);
				expect(body.access_token).not.toBe(token);
			}
		});

		// Last: it reads for long, and connections that wait meanwhile are closed by the server.
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
	});

	/** Where it is not as expected it counts, in the table of `npm run faults`. */
	function judged(
		otherwise: "lost" | "doubled",
		answer: Answer,
		expected: Pick<Answer, "status"> & Partial<Answer>,
	): Answer {
		row.answers[answer.status] = (row.answers[answer.status] ?? 0) + 1;
		const members = Object.entries(expected.body ?? {});
		const fits = answer.status === expected.status && members.every(([name, value]) => answer.body[name] === value);
		if (!fits) row[otherwise] += 1;
		return answer;
	}

	/** Of all rounds. */
	function rows<Row>(of: (round: Acknowledged) => readonly Row[]): readonly Row[] {
		const found = rounds.flatMap(of);
		expect(found.length, "the traffic did this before it was cut off").toBeGreaterThan(0);
		return found;
	}
}

const invalidGrant = { status: 400, body: { error: "invalid_grant" } };
