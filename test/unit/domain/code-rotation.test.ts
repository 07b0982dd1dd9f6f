import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accessCodeTtl, changeApiKey, checkApiKey, type ApiKeyState } from "../../../src/domain/api-key-state.ts";
import { addCode, aKey, day, hash, rotateCode, start, theCode } from "./builders.ts";

const one = aKey([addCode("c1")]);
const two = aKey([addCode("c1"), addCode("c2")]);

function rotated(
	verdict: ApiKeyState,
	id: string,
	rotation: { of: string; keepFor: number; remove?: string },
	now = start,
): ApiKeyState {
	const changed = changeApiKey(verdict, rotateCode(id, { remove: null, ...rotation }), now);
	if (changed.kind !== "changed") throw new Error(JSON.stringify(changed));
	return changed.verdict;
}

function opens(verdict: ApiKeyState, codeId: string, now: number): boolean {
	return checkApiKey(verdict, { codeId }, null, now).kind === "good";
}

const ids = ({ codes }: ApiKeyState) => codes.map(({ id }) => id);

describe("rotating an access code", () => {
	test("the new one is good for 365 days, and the old one until it ends by itself", () => {
		const verdict = rotated(one, "c3", { of: "c1", keepFor: 7 * day });
		expect(theCode(verdict, "c3")).toEqual({
			id: "c3",
			hash: hash("c3"),
			enabled: true,
			createdAt: start,
			expiresAt: start + accessCodeTtl,
		});
		expect(theCode(verdict, "c1")).toMatchObject({ expiresAt: start + 7 * day, replaced: { by: "c3", at: start } });
		expect([start + 7 * day - 1, start + 7 * day].map((now) => opens(verdict, "c1", now))).toEqual([true, false]);
		expect(verdict.rev).toBe(one.rev + 1);
	});

	test("the old one never lasts longer than it would have", () => {
		const late = start + accessCodeTtl - day;
		const verdict = rotated(one, "c3", { of: "c1", keepFor: 30 * day }, late);
		expect(theCode(verdict, "c1").expiresAt).toBe(start + accessCodeTtl);
		const again = rotated(verdict, "c4", { of: "c1", keepFor: 30 * day, remove: "c3" }, late);
		expect(theCode(again, "c1").expiresAt).toBe(start + accessCodeTtl);
	});

	test("contract 003: at most two: of three it is said which one goes", () => {
		expect(changeApiKey(two, rotateCode("c3", { of: "c1", keepFor: day, remove: null }), start)).toEqual({
			kind: "refused",
			reason: "too_many_codes",
		});
		// Named by a page that was drawn before: another one stands there now.
		expect(changeApiKey(two, rotateCode("c3", { of: "c1", keepFor: day, remove: "c0" }), start).kind).toBe("refused");
		expect(ids(rotated(two, "c3", { of: "c1", keepFor: day, remove: "c2" }))).toEqual(["c1", "c3"]);
		expect(ids(rotated(two, "c3", { of: "c1", keepFor: 0 }))).toEqual(["c2", "c3"]);
		// What has expired opens nothing any more, and a disabled one may be enabled again.
		const ended = rotated(one, "c2", { of: "c1", keepFor: day });
		expect(ids(rotated(ended, "c3", { of: "c2", keepFor: day }, start + day))).toEqual(["c2", "c3"]);
		const off = aKey([addCode("c1"), addCode("c2"), { kind: "set_code_enabled", id: "c2", enabled: false }]);
		expect(changeApiKey(off, rotateCode("c3", { of: "c1", keepFor: day, remove: null }), start).kind).toBe("refused");
	});

	test("the same rotation again, after a call that broke, changes nothing; of two at once the second is refused", () => {
		const verdict = rotated(one, "c3", { of: "c1", keepFor: day });
		const change = rotateCode("c3", { of: "c1", keepFor: day, remove: null });
		expect(changeApiKey(verdict, change, start + 5)).toEqual({ kind: "unchanged", verdict });
		expect(changeApiKey(verdict, rotateCode("c4", { of: "c1", keepFor: day, remove: null }), start)).toEqual({
			kind: "refused",
			reason: "too_many_codes",
		});
	});

	test("what is not there, or of a deleted key, is not rotated", () => {
		const change = rotateCode("c3", { of: "c9", keepFor: 0, remove: null });
		expect(changeApiKey(one, change, start)).toEqual({ kind: "refused", reason: "unknown_code" });
		const deleted = changeApiKey(one, { kind: "delete" }, start);
		const tombstone = deleted.kind === "changed" ? deleted.verdict : null;
		const late = rotateCode("c3", { of: "c1", keepFor: 0, remove: null });
		expect(changeApiKey(tombstone, late, start)).toEqual({ kind: "refused", reason: "unknown_key" });
	});

	test("whatever is rotated, there are at most two, the new one is good, and no other is good for longer than before", () => {
		const rotation = fc.record({
			of: fc.constantFrom("c1", "c2", "n0", "n1"),
			keepFor: fc.constantFrom(0, day, 30 * day),
			remove: fc.constantFrom(null, "c1", "c2", "n0"),
			wait: fc.nat({ max: 40 * day }),
		});
		fc.assert(
			fc.property(fc.array(rotation, { maxLength: 6 }), (rotations) => {
				let verdict = two;
				let now = start;
				for (const [index, { wait, ...said }] of rotations.entries()) {
					now += wait;
					const changed = changeApiKey(verdict, rotateCode(`n${index}`, said), now);
					if (changed.kind !== "changed") continue;
					const after = changed.verdict;
					expect(after.codes.length).toBeLessThanOrEqual(2);
					expect(opens(after, `n${index}`, now)).toBe(true);
					expect(opens(after, said.of, now + said.keepFor)).toBe(false);
					const before = new Map(verdict.codes.map(({ id, expiresAt }) => [id, expiresAt]));
					const longer = after.codes.filter(({ id, expiresAt }) => expiresAt > (before.get(id) ?? Infinity));
					expect(longer).toEqual([]);
					verdict = after;
				}
			}),
		);
	});
});
