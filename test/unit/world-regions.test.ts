import { expect, test } from "vitest";
import { coloIn, home, regionOf, regions, roundTrip } from "../bench/world/regions.ts";

// What `npm run bench:world` takes for the way between two regions.

test("the way back is as long as the way there, and nowhere is farther from here than light goes", () => {
	expect(regions).toHaveLength(8);
	for (const one of regions) {
		expect(roundTrip(one, one)).toBe(0);
		for (const other of regions) {
			expect([one, other, roundTrip(one, other)]).toEqual([one, other, roundTrip(other, one)]);
			expect(roundTrip(one, other)).toBeLessThan(500);
		}
	}
});

test("a hundred colos are a hundred, each in its region", () => {
	const colos = regions.flatMap((region) => Array.from({ length: 13 }, (_, index) => coloIn(region, index)));
	expect(new Set(colos).size).toBe(104);
	expect(new Set(colos.map(regionOf))).toEqual(new Set(regions));
	for (const colo of colos) expect(roundTrip(home, regionOf(colo))).toBeGreaterThanOrEqual(0);
});
