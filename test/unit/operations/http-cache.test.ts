import { beforeEach, describe, expect, test } from "vitest";
import { type FetchBounds, createHttpCache, type Loaded } from "../../../src/operations/clients/http-cache.ts";

let clock = 0;
let fetched: string[] = [];
let next: Loaded<string>[] = [];

async function load(url: string): Promise<Loaded<string>> {
	fetched.push(url);
	return next.shift() ?? { kind: "ok", value: `${fetched.length}`, maxAge: null };
}

function keep(changes: Partial<FetchBounds> = {}) {
	return createHttpCache(load, { least: 60, longest: 3600, failedFor: 10, most: 3, now: () => clock, ...changes });
}

function ok(value: string, maxAge: number | null = null): Loaded<string> {
	return { kind: "ok", value, maxAge };
}
const failed: Loaded<string> = { kind: "failed", reason: "no" };

beforeEach(() => {
	clock = 1_800_000_000;
	fetched = [];
	next = [];
});

describe("what was fetched is kept", () => {
	test.each([
		["for as long as its headers say", 600, 600],
		["not for less than a minute", 0, 60],
		["not for more than an hour", 999_999, 3600],
		["a minute where they say nothing", null, 60],
	])("%s", async (_, maxAge, kept) => {
		const fetches = keep();
		next = [ok("first", maxAge), ok("second")];
		expect(fetches.has("a")).toBe(false);
		expect(await fetches.get("a")).toMatchObject({ value: "first" });
		clock += kept - 1;
		expect(fetches.has("a")).toBe(true);
		expect(await fetches.get("a")).toMatchObject({ value: "first" });
		clock += 1;
		expect(fetches.has("a")).toBe(false);
		expect(await fetches.get("a")).toMatchObject({ value: "second" });
		expect(fetched).toEqual(["a", "a"]);
	});

	test("those who ask at once wait for one fetch", async () => {
		const fetches = keep();
		await Promise.all(Array.from({ length: 20 }, () => fetches.get("a")));
		expect(fetched).toEqual(["a"]);
	});

	test("failures that are not kept push nothing out", async () => {
		const fetches = keep({ failedFor: 0 });
		next = [ok("good"), ...Array.from({ length: 10 }, () => failed)];
		await fetches.get("a");
		for (let index = 0; index < 10; index++) expect(await fetches.get(`bad ${index}`)).toEqual(failed);
		expect(fetches.has("a")).toBe(true);
	});

	test("a failure for as long as is said, which may be not at all", async () => {
		const brief = keep();
		next = [failed];
		expect(await brief.get("a")).toEqual(failed);
		clock += 9;
		expect(await brief.get("a")).toEqual(failed);
		clock += 1;
		expect(await brief.get("a")).toMatchObject({ kind: "ok" });
		const never = keep({ failedFor: 0 });
		next = [failed];
		expect(await never.get("b")).toEqual(failed);
		expect(await never.get("b")).toMatchObject({ kind: "ok" });
	});

	test("so many and no more: the oldest is forgotten", async () => {
		const fetches = keep();
		for (const url of ["a", "b", "c", "d"]) await fetches.get(url);
		expect(["a", "b", "c", "d"].map((url) => fetches.has(url))).toEqual([false, true, true, true]);
	});
});

describe("once more, for what is missing in it", () => {
	test("at most once in the pause, however many ask", async () => {
		const fetches = keep();
		next = [ok("first", 3600), ok("second", 3600)];
		await fetches.get("a");
		clock += 30;
		const answers = await Promise.all(Array.from({ length: 20 }, () => fetches.again("a", 30)));
		expect(answers).toEqual(Array.from({ length: 20 }, () => ok("second", 3600)));
		clock += 29;
		expect(await fetches.again("a", 30)).toEqual(ok("second", 3600));
		expect(fetched).toHaveLength(2);
		clock += 1;
		await fetches.again("a", 30);
		expect(fetched).toHaveLength(3);
	});

	test("what is kept stays where the new fetch fails, and no longer than it was good for", async () => {
		const fetches = keep();
		next = [ok("first", 100), failed, failed];
		await fetches.get("a");
		clock += 30;
		expect(await fetches.again("a", 30)).toEqual(ok("first", 100));
		expect(await fetches.again("a", 30)).toEqual(ok("first", 100));
		expect(fetched).toHaveLength(2);
		clock += 69;
		expect(await fetches.get("a")).toEqual(ok("first", 100));
		clock += 1;
		expect(await fetches.get("a")).toEqual(failed);
	});
});
