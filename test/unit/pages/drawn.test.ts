import { describe, expect, test } from "vitest";
import {
	changesOf,
	drawnFrom,
	drawnOf,
	inWords,
	isConflict,
	isDrawnFrom,
	settle,
} from "../../../src/pages/frame/drawn.ts";

const before = {
	name: "Radar",
	text: "One\nand two",
	boxes: ["b", "a"],
	isOn: false,
	options: { keys: "", urls: "https://one.example/" },
};
type Values = typeof before;

/** What a form that was drawn from `before` says, when it comes back. */
async function back(typed: Partial<Values>, now: Partial<Values>) {
	const form = new Map(Object.entries(await drawnFrom(before)));
	return settle<Values>(form, { ...before, ...typed }, { ...before, ...now });
}

describe("a form that comes back", () => {
	test("as it was drawn changes nothing, whatever others changed", async () => {
		const theirs = { name: "Theirs", boxes: ["c"], isOn: true, options: { keys: "k", urls: "" } };
		const { values, conflicts } = await back({}, theirs);
		expect([values, isConflict(conflicts)]).toEqual([{ ...before, ...theirs }, false]);
	});

	test("as browsers send it is as it was drawn: ends of lines, white space around, the order of boxes", async () => {
		const { isChanged } = await back({ text: " One\r\nand two ", boxes: ["a", "b"] }, { text: "Theirs", boxes: [] });
		expect([isChanged("text"), isChanged("boxes")]).toEqual([false, false]);
	});

	test("changes what the person changed, and leaves what others did", async () => {
		const { values, conflicts, isChanged } = await back(
			{ name: "Mine", options: { keys: "", urls: "https://mine.example/" } },
			{ isOn: true, options: { keys: "theirs", urls: "https://one.example/" } },
		);
		expect(conflicts).toEqual({});
		expect(values).toEqual({
			...before,
			name: "Mine",
			isOn: true,
			options: { keys: "theirs", urls: "https://mine.example/" },
		});
		expect([isChanged("name"), isChanged("options"), isChanged("isOn")]).toEqual([true, true, false]);
	});

	test("says where both changed one field, by its name, and keeps what was typed", async () => {
		const typed = { name: "Mine", boxes: [], isOn: true, options: { keys: "mine", urls: "" } };
		const settled = await back(typed, {
			name: "Theirs",
			boxes: ["a", "b", "c"],
			options: { keys: "theirs", urls: "" },
		});
		expect(settled.values).toEqual({ ...before, ...typed });
		expect(settled.conflicts).toEqual({
			name: "Somebody else has saved meanwhile: Theirs",
			boxes: "Somebody else has saved meanwhile: a, b, c",
			keys: "Somebody else has saved meanwhile: theirs",
		});
	});

	test("to what others made of it too is no conflict, and nothing to write", async () => {
		const { conflicts, isChanged } = await back({ name: "Same" }, { name: "Same" });
		expect([conflicts, isChanged("name")]).toEqual([{}, false]);
	});

	test("without saying what it was drawn from: whatever is another is a conflict", async () => {
		const settled = await settle<Values>(new Map(), { ...before, name: "Mine" }, before);
		expect(settled.conflicts).toEqual({ name: "Somebody else has saved meanwhile: Radar" });
		expect(drawnOf(new Map())).toEqual({ drawn: "" });
	});

	test("a fingerprint is of its field: one of another field's says nothing", async () => {
		const { drawn } = await drawnFrom({ other: "Radar" });
		const settled = await settle(new Map([["drawn", drawn]]), { name: "Mine" }, { name: "Radar" });
		expect(isConflict(settled.conflicts)).toBe(true);
	});
});

test("what was read of a form is narrowed to what changed, or stale", async () => {
	const said = { name: "Mine", tags: ["a"] };
	const settled = { values: said, conflicts: {}, isChanged: (field: string) => field === "name" };
	expect(changesOf(settled, said)).toEqual({ name: "Mine" });
	expect(changesOf({ ...settled, conflicts: { name: "x" } }, said)).toBe("stale");
});

test("whether a form was drawn from just this", async () => {
	const form = new Map(Object.entries(await drawnFrom({ secrets: ["a", "b"] })));
	expect(await isDrawnFrom(form, { secrets: ["b", "a"] })).toBe(true);
	expect(await isDrawnFrom(form, { secrets: ["b"] })).toBe(false);
	expect(await isDrawnFrom(new Map(), { secrets: [] })).toBe(false);
});

test("what stands there is said in words, and not at any length", () => {
	expect(inWords("")).toBe("Somebody else has emptied it meanwhile.");
	expect(inWords([])).toBe("Somebody else has emptied it meanwhile.");
	expect(inWords("x".repeat(200))).toBe(`Somebody else has saved meanwhile: ${"x".repeat(200)}`);
	expect(inWords("x".repeat(201))).toBe(`Somebody else has saved meanwhile: ${"x".repeat(200)}…`);
});
