import type { Far } from "../runners/start-far.ts";
import { demo } from "../support/demo-world.ts";
import { type Api, createApi } from "./api.ts";
import { tokenOf } from "./near.ts";

/** What rounds have come to. */
export interface Rounds {
	/** Ends of a session that were acknowledged. */
	ended: number;
	/** Checks that were answered, and how many of them said that it counts. */
	checks: number;
	live: number;
	/** Those that a replica answered by itself. */
	own: number;
	/** Checks that began after the acknowledgement, or after a check had said no, and said yes. */
	wrong: number;
	/** How long the acknowledgements took, in milliseconds. */
	readonly took: number[];
	/** Times that everything was killed and started again. */
	restarts: number;
}

const colos = ["sin", "gru", "syd", "jnb"] as const;

/** Far enough that a replica is nearer on a machine that is busy with all of them at once. */
const away = 400;

export const edges = {
	home: { colo: null, distance: 0 },
	sin: { colo: "SIN", distance: away },
	gru: { colo: "GRU", distance: away },
	syd: { colo: "SYD", distance: away },
	jnb: { colo: "JNB", distance: away },
} as const;

/** So many rounds go on beside each other, each of a subject of its own. */
const beside = 16;

/**
 * Each round: a session is checked in a loop from four colos, and ended from one of them. So many times everything is killed
 * meanwhile, and started again: whoever has heard nothing asks once more.
 */
export async function nearRounds(far: Far<keyof typeof edges>, rounds: number, kills: number): Promise<Rounds> {
	const all: Rounds = { ended: 0, checks: 0, live: 0, own: 0, wrong: 0, took: [], restarts: 0 };
	const at = Object.fromEntries(
		Object.entries(far.origins).map(([name, origin]) => [name, createApi(origin)]),
	) as Readonly<Record<keyof typeof edges, Api>>;
	const secrets = await accessCodes(at.home, beside);
	let begun = 0;
	let killing = Promise.resolve();
	await Promise.all(
		secrets.map(async (secret) => {
			while (begun < rounds) await round(secret, begun++);
		}),
	);
	await killing;
	all.own += (await far.asked()).own;
	return all;

	/** In the middle of all the rounds that are under way. */
	async function kill(): Promise<void> {
		await wait(Math.random() * 1000);
		// What they were asked goes with them.
		all.own += (await far.asked()).own;
		await far.restart();
		all.restarts += 1;
	}

	async function round(secret: string, turn: number): Promise<void> {
		const token = tokenOf(await stubbornly(() => at.home.logInWith(secret, crypto.randomUUID())));
		/** From when on nobody may say that it counts. */
		let deadSince = Number.POSITIVE_INFINITY;
		const seen = new Map<string, number>();
		const watches = colos.map(async (colo) => {
			for (let isDead = false; !isDead;) {
				const began = performance.now();
				const answer = await at[colo].environments(token).catch(() => null);
				if (answer?.status !== 200 && answer?.status !== 401) {
					await wait(20);
					continue;
				}
				all.checks += 1;
				const isLive = answer.status === 200;
				if (isLive) all.live += 1;
				if (isLive && began > deadSince) all.wrong += 1;
				if (!isLive) deadSince = Math.min(deadSince, performance.now());
				seen.set(colo, (seen.get(colo) ?? 0) + 1);
				// It goes on for a while after the end, and not only until it has seen it.
				isDead = !isLive && began > deadSince;
				await wait(10);
			}
		});
		// Each replica holds it by then.
		while (colos.some((colo) => (seen.get(colo) ?? 0) < 3)) await wait(5);
		const ender = at[colos[turn % colos.length] ?? "sin"];
		const began = performance.now();
		// Whoever is told that it does not count any more has ended it before, and was not told.
		await stubbornly(() => ender.endSession(token), [204, 401, 404]);
		deadSince = Math.min(deadSince, performance.now());
		all.took.push(performance.now() - began);
		all.ended += 1;
		if (kills > 0 && all.ended % Math.floor(rounds / (kills + 1)) === 0 && all.ended < rounds)
			killing = killing.then(kill);
		await Promise.all(watches);
	}
}

async function accessCodes(api: Api, count: number): Promise<readonly string[]> {
	const admin = tokenOf(await api.logInAs(demo.ada, "acme"));
	const secrets: string[] = [];
	for (let each = 0; each < count; each++) {
		const key = await api.manage("POST", "/v1/keys", admin, {
			name: `Rounds ${crypto.randomUUID()}`,
			policies: [demo.policyId],
		});
		const code = await api.manage("POST", `/v1/keys/${String(key.body.id)}/codes`, admin, { description: "Rounds" });
		secrets.push(String(code.body.secret));
	}
	return secrets;
}

/** Again and again, until it is answered. */
async function stubbornly(ask: () => ReturnType<Api["logIn"]>, answers: readonly number[] = [200]) {
	for (;;) {
		const answer = await ask().catch(() => null);
		if (answer && answers.includes(answer.status)) return answer;
		await wait(20);
	}
}

function wait(milliseconds: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
