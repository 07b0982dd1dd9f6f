import { describe, expect, test } from "vitest";
import { joinStandings } from "../../../src/domain/standing.ts";

const active = { state: "active", notBefore: 0 } as const;

describe("standings that a credential needs together", () => {
	test("DESIGN §3.6: one that has ended, or never was, is enough to refuse, wherever it stands", () => {
		for (const missing of [null, { state: "ended", notBefore: 0 } as const]) {
			expect(joinStandings([missing])).toBeNull();
			expect(joinStandings([missing, active])).toBeNull();
			expect(joinStandings([active, missing])).toBeNull();
			expect(joinStandings([active, missing, active])).toBeNull();
		}
	});

	test("DESIGN §3.6: what counts is newer than the latest of them asks", () => {
		const at = (notBefore: number) => ({ ...active, notBefore });
		expect(joinStandings([at(5), at(9), at(7)])).toEqual({ notBefore: 9 });
		expect(joinStandings([at(9), at(5)])).toEqual({ notBefore: 9 });
		expect(joinStandings([active])).toEqual({ notBefore: 0 });
	});
});
