import { expect, test } from "vitest";
import { startFar } from "../runners/start-far.ts";
import { edges, nearRounds } from "./near-rounds.ts";

// `npm run near` has a thousand of each.

test.each([
	["", 0],
	[", while everything is killed and started again", 2],
] as const)(
	"DESIGN §4.9: checked from four colos while it ends, it counts nowhere once that is acknowledged%s",
	{ timeout: 240_000 },
	async (_, kills) => {
		const far = await startFar(edges);
		try {
			const rounds = Number(process.env.NEAR_ROUNDS ?? 32);
			const { ended, wrong, own, live, restarts } = await nearRounds(far, rounds, kills);
			expect({ ended, wrong }).toEqual({ ended: rounds, wrong: 0 });
			// A race that nobody runs is lost by nobody.
			expect(own).toBeGreaterThan(0);
			expect(live).toBeGreaterThan(4 * rounds);
			expect(restarts >= kills).toBe(true);
		} finally {
			await far.stop();
		}
	},
);
