import { expect, test } from "vitest";
import { day, hour, summarize } from "../../../src/domain/usage.ts";

const start = 1_800_000_000 - (1_800_000_000 % day);

test("usage has a point for each step of its span, those without anything too, and no row from beyond it", () => {
	const rows = [
		{ at: start - hour, what: "check", count: 100 },
		{ at: start, what: "check", count: 2 },
		{ at: start, what: "key_disabled", count: 3 },
		{ at: start + 2 * hour, what: "token", count: 5 },
		{ at: start + 3 * hour, what: "check", count: 100 },
	] as const;
	const { points, totals, refused } = summarize(rows, hour, start, start + 3 * hour);
	expect(points.map(({ at, deeds, refused: no }) => [at - start, deeds.check, deeds.token, no])).toEqual([
		[0, 2, 0, 3],
		[hour, 0, 0, 0],
		[2 * hour, 0, 5, 0],
	]);
	expect([totals, refused]).toEqual([{ sign_in: 0, login: 0, token: 5, check: 2 }, 3]);
});

test("the hours that are not added up yet count for their day", () => {
	const rows = [
		{ at: start, what: "login", count: 10 },
		{ at: start + day, what: "login", count: 1 },
		{ at: start + day + 23 * hour, what: "login", count: 2 },
	] as const;
	expect(summarize(rows, day, start, start + 2 * day).points.map(({ deeds }) => deeds.login)).toEqual([10, 3]);
});

test("refusals are told by their reason, the most frequent first", () => {
	const rows = [
		{ at: start, what: "invalid_client", count: 1 },
		{ at: start, what: "token_expired", count: 4 },
		{ at: start + hour, what: "invalid_client", count: 5 },
	] as const;
	expect(summarize(rows, hour, start, start + day).reasons).toEqual([
		{ reason: "invalid_client", count: 6 },
		{ reason: "token_expired", count: 4 },
	]);
});
