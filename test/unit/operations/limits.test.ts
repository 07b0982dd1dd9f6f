import { describe, expect, test } from "vitest";
import { systemRandom } from "../../../src/crypto/random.ts";
import { developmentSealKey, readConfig } from "../../../src/config.ts";
import { networkTurns, takeTurn, takeTurns } from "../../../src/operations/limits.ts";
import { networksOf } from "../../../src/operations/network-of.ts";
import { createServices } from "../../../src/operations/upkeep/create-services.ts";
import { openPlatform } from "../../../src/platform/node/platform.ts";

const now = () => 1_800_000_000;
const config = readConfig({ ISSUER: "http://localhost:8787", SEAL_KEYS: `1:${developmentSealKey}` });
const limit = { name: "of-a-test", attempts: 3, wide: 7, window: 60 };

function services() {
	const { platform } = openPlatform(":memory:", { now });
	return createServices(config, platform, { now, random: systemRandom, log: () => {} });
}

describe("limits by network", () => {
	test.each([
		["192.0.2.1", "192.0.2.1", null],
		["::ffff:192.0.2.1", "192.0.2.1", null],
		["2001:db8:1:2:3:4:5:6", "2001:db8:1:2", "2001:db8:1"],
		["2001:DB8:0001:0002::9", "2001:db8:1:2", "2001:db8:1"],
		["2001:db8::1", "2001:db8:0:0", "2001:db8:0"],
		["::1", "0:0:0:0", "0:0:0"],
		["", "", null],
	])("%s is of %s and %s", (address, narrow, site) => {
		expect(networksOf(address)).toEqual([narrow, site]);
	});

	test("each /64 has its own, and all of a /48 together have no more than the site's", async () => {
		const here = services();
		const take = (address: string) => takeTurns(networkTurns(limit, address), here);
		const kinds: string[] = [];
		for (let network = 0; network < 4; network++) {
			for (let time = 0; time < 4; time++) kinds.push((await take(`2001:db8:1:${network}::${time}`)).kind);
		}
		expect(kinds.filter((kind) => kind === "taken")).toHaveLength(7);
		expect(await take("2001:db8:1:9::1")).toEqual({
			kind: "limited",
			limit: { name: "of-a-test-48", attempts: 7, window: 60 },
			retryAfter: 60,
		});
		expect((await take("2001:db8:2:9::1")).kind).toBe("taken");
		expect((await take("192.0.2.1")).kind).toBe("taken");
	});

	test("what a narrow limit refuses counts against no wide one, and what is given back against none", async () => {
		const here = services();
		const turns = networkTurns(limit, "2001:db8:1:1::1");
		for (let time = 0; time < 50; time++) await takeTurns(turns, here);
		const [, site] = turns;
		if (!site) throw new Error("No turn of the site");
		// Three of seven were used.
		for (let time = 0; time < 4; time++) expect(await takeTurn(site, here)).toBeNull();
		expect(await takeTurn(site, here)).toMatchObject({ kind: "limited" });

		for (let time = 0; time < 50; time++) {
			const taken = await takeTurns(networkTurns(limit, "2001:db8:7::1"), here);
			if (taken.kind === "taken") await taken.giveBack();
		}
		expect((await takeTurns(networkTurns(limit, "2001:db8:7::1"), here)).kind).toBe("taken");
	});
});
