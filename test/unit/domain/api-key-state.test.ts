import fc from "fast-check";
import { assert, describe, expect, test } from "vitest";
import {
	accessCodeTtl,
	changeApiKey,
	checkApiKey,
	closedBy,
	type ApiKeyChange,
	type ApiKeyState,
	linksPerApiKey,
	linkSwitchedOffBy,
	useCode,
} from "../../../src/domain/api-key-state.ts";
import { addCode, aKey, hash, rotateCode, start, theCode } from "./builders.ts";

const good = aKey([addCode("c1")]);
const linked = aKey([addCode("c1"), { kind: "set_policies", accountId: "linker", policies: ["linker-policy"] }]);
const prototypeKeys = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", "prototype", ""];

function check(verdict: ApiKeyState | null, code: string, accountId: string | null = null, now = start) {
	return checkApiKey(verdict, { codeHash: hash(code) }, accountId, now);
}

function apply(verdict: ApiKeyState, change: ApiKeyChange): ApiKeyState {
	const changed = changeApiKey(verdict, change, start);
	return changed.kind === "refused" ? verdict : changed.verdict;
}

describe("checking a key", () => {
	test("a good code opens the owner's account where none is named, by the owner's policies", () => {
		expect(check(good, "c1")).toEqual({
			kind: "good",
			accountId: "owner",
			policies: ["owner-policy"],
			code: theCode(good, "c1"),
			ownerId: "owner",
		});
	});

	test("a code is found by its id as it is by its hash, and by nothing else", () => {
		expect(checkApiKey(good, { codeId: "c1" }, null, start).kind).toBe("good");
		expect(checkApiKey(good, { codeId: "c2" }, null, start)).toEqual({ kind: "refused", reason: "unknown" });
		expect(check(good, "c2")).toEqual({ kind: "refused", reason: "unknown" });
		expect(check(null, "c1")).toEqual({ kind: "refused", reason: "unknown" });
		expect(check(aKey(), "c1")).toEqual({ kind: "refused", reason: "unknown" });
	});

	test("DESIGN §2.2: permissions belong to (key, account): each account's own policies, never united", () => {
		expect(check(linked, "c1", "owner")).toMatchObject({ accountId: "owner", policies: ["owner-policy"] });
		expect(check(linked, "c1", "linker")).toMatchObject({ accountId: "linker", policies: ["linker-policy"] });
		expect(check(linked, "c1", "stranger")).toEqual({ kind: "refused", reason: "no_access" });
	});

	test.each(prototypeKeys)("an account named %j opens nothing that was not given to it", (accountId) => {
		expect(check(linked, "c1", accountId)).toEqual({ kind: "refused", reason: "no_access" });
	});

	test.each(prototypeKeys)(
		"policies given to an account named %j are its own, survive JSON and pollute nothing",
		(accountId) => {
			const given = apply(linked, { kind: "set_policies", accountId, policies: ["p"] });
			const restored: ApiKeyState = JSON.parse(JSON.stringify(given));
			for (const verdict of [given, restored]) {
				expect(check(verdict, "c1", accountId)).toMatchObject({ accountId, policies: ["p"] });
				expect(check(verdict, "c1", "stranger")).toEqual({ kind: "refused", reason: "no_access" });
				expect(check(verdict, "c1", "linker")).toMatchObject({ policies: ["linker-policy"] });
				const taken = apply(verdict, { kind: "set_policies", accountId, policies: null });
				expect(check(taken, "c1", accountId)).toEqual({ kind: "refused", reason: "no_access" });
			}
			expect({}).not.toHaveProperty("p");
			const owned = changeApiKey(null, { kind: "create", ownerId: accountId, policies: ["p"] }, start);
			expect(owned).toMatchObject({ kind: "changed" });
		},
	);

	test("contract 003: an access code is good for 365 days and not a second more", () => {
		expect(accessCodeTtl).toBe(365 * 24 * 3600);
		expect(check(good, "c1", null, start + accessCodeTtl - 1).kind).toBe("good");
		expect(check(good, "c1", null, start + accessCodeTtl)).toEqual({
			kind: "refused",
			reason: "code_expired",
			ownerId: "owner",
		});
	});

	test("a disabled code opens nothing, and the key's other code still does", () => {
		const verdict = aKey([addCode("c1"), addCode("c2"), { kind: "set_code_enabled", id: "c1", enabled: false }]);
		expect(check(verdict, "c1")).toEqual({ kind: "refused", reason: "code_disabled", ownerId: "owner" });
		expect(check(verdict, "c2").kind).toBe("good");
	});

	test("a disabled key opens nothing by any code in any account, until it is enabled again", () => {
		const disabled = apply(linked, { kind: "set_state", state: "disabled" });
		for (const account of [null, "owner", "linker"]) {
			expect(check(disabled, "c1", account)).toEqual({ kind: "refused", reason: "key_disabled", ownerId: "owner" });
		}
		expect(check(apply(disabled, { kind: "set_state", state: "enabled" }), "c1", "linker").kind).toBe("good");
	});

	test("a wrong code, or an account that the key was never given to, learns nothing of the state of the key", () => {
		const disabled = apply(linked, { kind: "set_state", state: "disabled" });
		for (const verdict of [linked, disabled]) {
			expect(check(verdict, "guessed")).toEqual({ kind: "refused", reason: "unknown" });
			expect(check(verdict, "c1", "stranger")).toEqual({ kind: "refused", reason: "no_access" });
		}
		const switchedOff = apply(linked, { kind: "set_code_enabled", id: "c1", enabled: false });
		for (const now of [start, start + accessCodeTtl]) {
			expect(check(switchedOff, "c1", "stranger", now)).toEqual({ kind: "refused", reason: "no_access" });
		}
	});

	test("contract 003: deleting a key cuts off every link", () => {
		const deleted = apply(linked, { kind: "delete" });
		for (const account of [null, "owner", "linker"]) expect(check(deleted, "c1", account).kind).toBe("refused");
	});

	test("contract 003: taking a link away leaves the owner's access, and the owner's cannot be taken away", () => {
		const unlinked = apply(linked, { kind: "set_policies", accountId: "linker", policies: null });
		expect(check(unlinked, "c1", "linker")).toEqual({ kind: "refused", reason: "no_access" });
		expect(check(unlinked, "c1", "owner").kind).toBe("good");
		const change: ApiKeyChange = { kind: "set_policies", accountId: "owner", policies: null };
		expect(changeApiKey(linked, change, start)).toEqual({ kind: "refused", reason: "owner_account" });
	});
});

describe("changing a key", () => {
	test("contract 003: a third access code is refused, an expired or disabled one counts as one", () => {
		const full = aKey([addCode("c1"), addCode("c2"), { kind: "set_code_enabled", id: "c1", enabled: false }]);
		expect(changeApiKey(full, addCode("c3"), start + 2 * accessCodeTtl)).toEqual({
			kind: "refused",
			reason: "too_many_codes",
		});
		expect(changeApiKey(apply(full, { kind: "delete_code", id: "c1" }), addCode("c3"), start).kind).toBe("changed");
	});

	test("contract 003: a code must be disabled before it can be deleted", () => {
		expect(changeApiKey(good, { kind: "delete_code", id: "c1" }, start)).toEqual({
			kind: "refused",
			reason: "code_enabled",
		});
		const disabled = apply(good, { kind: "set_code_enabled", id: "c1", enabled: false });
		expect(changeApiKey(disabled, { kind: "delete_code", id: "c1" }, start)).toMatchObject({ verdict: { codes: [] } });
	});

	test("a code that is not there can be neither switched nor deleted", () => {
		for (const change of [
			{ kind: "delete_code", id: "c9" },
			{ kind: "set_code_enabled", id: "c9", enabled: false },
		] as const) {
			expect(changeApiKey(good, change, start)).toEqual({ kind: "refused", reason: "unknown_code" });
		}
	});

	test("a new code begins enabled, with the whole of its time", () => {
		expect(theCode(good, "c1")).toEqual({
			id: "c1",
			hash: hash("c1"),
			enabled: true,
			createdAt: start,
			expiresAt: start + accessCodeTtl,
		});
	});

	test("a change of one field leaves the others as they are", () => {
		const edited = apply(linked, { kind: "set_policies", accountId: "owner", policies: [] });
		expect(edited).toEqual({ ...linked, rev: linked.rev + 1, policies: { ...linked.policies, owner: [] } });
		expect(apply(linked, { kind: "set_state", state: "disabled" })).toEqual({
			...linked,
			rev: linked.rev + 1,
			state: "disabled",
		});
	});

	test("a repeated change is no change: creation, state, a code and its switch", () => {
		const changes: ApiKeyChange[] = [
			{ kind: "create", ownerId: "someone else", policies: ["p"] },
			{ kind: "set_state", state: "enabled" },
			{ kind: "add_code", id: "c1", hash: hash("another secret under the same id") },
			{ kind: "set_code_enabled", id: "c1", enabled: true },
		];
		for (const change of changes)
			expect(changeApiKey(good, change, start)).toEqual({ kind: "unchanged", verdict: good });
	});

	test("a key that was never made cannot be changed", () => {
		expect(changeApiKey(null, addCode("c1"), start)).toEqual({ kind: "refused", reason: "unknown_key" });
		expect(changeApiKey(null, { kind: "delete" }, start)).toEqual({ kind: "refused", reason: "unknown_key" });
	});

	test("changes of policies, links and state never touch what they were made from", () => {
		const before = JSON.stringify(linked);
		for (const change of [
			{ kind: "set_policies", accountId: "linker", policies: null },
			{ kind: "set_code_enabled", id: "c1", enabled: false },
			{ kind: "delete" },
		] as const) {
			changeApiKey(linked, change, start);
		}
		expect(JSON.stringify(linked)).toBe(before);
	});
});

function editOf(from: readonly string[], policies: readonly string[]): ApiKeyChange {
	return { kind: "edit_policies", accountId: "owner", from, policies };
}

function off(by: "owner" | "linker", enabled = false): ApiKeyChange {
	return { kind: "set_link_enabled", accountId: "linker", by, enabled };
}

function relinked(by: "owner" | "linker"): ApiKeyState {
	const removed = apply(apply(linked, off(by)), { kind: "set_policies", accountId: "linker", policies: null });
	return apply(removed, { kind: "add_link", accountId: "linker", policies: ["p"] });
}

describe("links", () => {
	test.each(["owner", "linker"] as const)(
		"switched off by the %s it opens nothing there, and stays open at home",
		(by) => {
			const verdict = apply(linked, off(by));
			expect(check(verdict, "c1", "linker")).toEqual({ kind: "refused", reason: "link_disabled", ownerId: "owner" });
			expect(check(verdict, "c1").kind).toBe("good");
			expect(linkSwitchedOffBy(verdict, "linker")).toEqual([by]);
			expect(check(apply(verdict, off(by, true)), "c1", "linker").kind).toBe("good");
		},
	);

	test("it is open while both sides have it on", () => {
		const both = apply(apply(linked, off("owner")), off("linker"));
		for (const by of ["owner", "linker"] as const) {
			expect(check(apply(both, off(by, true)), "c1", "linker").kind).toBe("refused");
		}
	});

	test("the linker's switch goes with its link, the owner's outlives it", () => {
		expect(check(relinked("linker"), "c1", "linker").kind).toBe("good");
		expect(check(relinked("owner"), "c1", "linker").kind).toBe("refused");
	});

	test("an edit of policies never makes a link", () => {
		const edit: ApiKeyChange = { kind: "edit_policies", accountId: "stranger", from: [], policies: ["p"] };
		expect(changeApiKey(linked, edit, start)).toEqual({ kind: "refused", reason: "unknown_link" });
	});

	test("an edit of policies is of those that were judged, and the same once more changes nothing", () => {
		const narrowed = apply(good, editOf(good.policies.owner ?? [], ["p1"]));
		expect(changeApiKey(narrowed, editOf(["p1", "p2"], ["p1", "p2", "p3"]), start)).toEqual({
			kind: "refused",
			reason: "overtaken",
		});
		expect(changeApiKey(narrowed, editOf(["p1", "p2"], ["p1"]), start)).toEqual({
			kind: "unchanged",
			verdict: narrowed,
		});
	});

	test("a key is deleted as it was read, where that is said", () => {
		const { rev } = good;
		expect(changeApiKey(good, { kind: "delete", rev: rev + 1 }, start)).toEqual({
			kind: "refused",
			reason: "overtaken",
		});
		expect(changeApiKey(good, { kind: "delete", rev }, start).kind).toBe("changed");
	});

	test("a key is switched and its policies edited as it was read, where that is said; the same once more changes nothing", () => {
		const { rev } = good;
		const disable = { kind: "set_state", state: "disabled" } as const;
		const edit = {
			kind: "edit_policies",
			accountId: "owner",
			from: good.policies.owner ?? [],
			policies: ["p1"],
		} as const;
		for (const change of [disable, edit]) {
			expect(changeApiKey(good, { ...change, rev: rev + 1 }, start)).toEqual({ kind: "refused", reason: "overtaken" });
			const changed = changeApiKey(good, { ...change, rev }, start);
			assert.equal(changed.kind, "changed");
			if (changed.kind !== "changed") continue;
			const { verdict } = changed;
			expect(changeApiKey(verdict, { ...change, rev }, start)).toEqual({ kind: "unchanged", verdict });
		}
	});

	test("the owner's own account is no link", () => {
		const own = { accountId: "owner", policies: ["p"] };
		expect(changeApiKey(good, { kind: "add_link", ...own }, start)).toEqual({
			kind: "refused",
			reason: "owner_account",
		});
		const change: ApiKeyChange = { kind: "set_link_enabled", accountId: "owner", by: "owner", enabled: false };
		expect(changeApiKey(good, change, start)).toEqual({ kind: "refused", reason: "unknown_link" });
	});

	test("a key has at most 100 links", () => {
		let verdict = good;
		for (let index = 0; index < linksPerApiKey; index++) {
			verdict = apply(verdict, { kind: "add_link", accountId: `account ${index}`, policies: ["p"] });
		}
		expect(Object.keys(verdict.policies)).toHaveLength(linksPerApiKey + 1);
		const more: ApiKeyChange = { kind: "add_link", accountId: "one more", policies: ["p"] };
		expect(changeApiKey(verdict, more, start)).toEqual({ kind: "refused", reason: "too_many_links" });
	});
});

describe("DESIGN §8: the last use of a code", () => {
	test("is kept to the minute, and raises no rev", () => {
		const used = useCode(good, "c1", start);
		expect(used).toEqual({ ...good, codes: [{ ...theCode(good, "c1"), lastUsedAt: start }] });
		expect(used && useCode(used, "c1", start + 59)).toBeNull();
		expect(used && useCode(used, "c1", start + 60)?.codes[0]?.lastUsedAt).toBe(start + 60);
		// The minute that is told is the one in which it was used last.
		const late = useCode(good, "c1", start + 59);
		expect(late && useCode(late, "c1", start + 60)?.codes[0]?.lastUsedAt).toBe(start + 60);
		expect(useCode(good, "c9", start)).toBeNull();
	});
});

describe("DESIGN §4.4: in whatever order a key is changed", () => {
	const codeId = fc.constantFrom("c1", "c2", "c3");
	const accountId = fc.constantFrom("owner", "linker", "stranger", "__proto__");
	const change = fc.oneof(
		fc.constant<ApiKeyChange>({ kind: "create", ownerId: "thief", policies: ["everything"] }),
		fc
			.constantFrom("enabled" as const, "disabled" as const)
			.map((state): ApiKeyChange => ({ kind: "set_state", state })),
		{ weight: 3, arbitrary: codeId.map(addCode) },
		{
			weight: 3,
			arbitrary: fc.record({ kind: fc.constant("set_code_enabled" as const), id: codeId, enabled: fc.boolean() }),
		},
		{ weight: 2, arbitrary: fc.record({ kind: fc.constant("delete_code" as const), id: codeId }) },
		fc.record({
			kind: fc.constant("set_policies" as const),
			accountId,
			policies: fc.option(fc.subarray(["p1", "p2"])),
		}),
		fc.record({
			kind: fc.constant("edit_policies" as const),
			accountId,
			from: fc.subarray(["p1", "p2"]),
			policies: fc.subarray(["p1", "p2"]),
		}),
		fc.record({
			kind: fc.constant("add_link" as const),
			accountId,
			policies: fc.subarray(["p1", "p2"]),
		}),
		fc.record({
			kind: fc.constant("set_link_enabled" as const),
			accountId,
			by: fc.constantFrom("owner" as const, "linker" as const),
			enabled: fc.boolean(),
		}),
	);

	test("two codes at most, none deleted while enabled, `rev` rises with each change, policies only as last given", () => {
		const reached = new Set<string>();
		fc.assert(
			fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
				let verdict = aKey();
				const given = new Map<string, readonly string[]>([["owner", ["owner-policy"]]]);
				const switchedOff = new Set<string>();
				for (const each of changes) {
					const changed = changeApiKey(verdict, each, start);
					reached.add(changed.kind === "refused" ? changed.reason : changed.kind);
					if (changed.kind !== "changed") {
						if (changed.kind === "unchanged") assert.equal(changed.verdict, verdict);
						continue;
					}
					expect(changed.verdict.rev).toBe(verdict.rev + 1);
					expect(changed.verdict.copiedRev).toBe(verdict.copiedRev);
					expect(changed.verdict.ownerId).toBe("owner");
					expect(changed.verdict.codes.length).toBeLessThanOrEqual(2);
					const kept = changed.verdict.codes.map((code) => code.id);
					const lost = verdict.codes.filter((code) => !kept.includes(code.id));
					expect(lost.every((code) => !code.enabled && each.kind === "delete_code" && each.id === code.id)).toBe(true);
					if (each.kind === "set_policies" && each.policies) given.set(each.accountId, each.policies);
					else if (each.kind === "set_policies") {
						given.delete(each.accountId);
						switchedOff.delete(`${each.accountId} linker`);
					}
					if (each.kind === "edit_policies") {
						assert.deepEqual(given.get(each.accountId), each.from);
						given.set(each.accountId, each.policies);
					}
					if (each.kind === "add_link") {
						assert.isFalse(given.has(each.accountId));
						given.set(each.accountId, each.policies);
					}
					if (each.kind === "set_link_enabled") {
						assert.isTrue(given.has(each.accountId) && each.accountId !== "owner");
						const side = `${each.accountId} ${each.by}`;
						if (each.enabled) switchedOff.delete(side);
						else switchedOff.add(side);
					}
					verdict = JSON.parse(JSON.stringify(changed.verdict));
				}
				expect(new Map(Object.entries(verdict.policies))).toEqual(given);
				for (const { id, enabled } of verdict.codes) {
					for (const account of ["owner", "linker", "stranger", "__proto__"]) {
						const isOff = switchedOff.has(`${account} owner`) || switchedOff.has(`${account} linker`);
						const isOpen = enabled && verdict.state === "enabled" && given.has(account) && !isOff;
						const answer = check(verdict, id, account);
						expect(answer.kind).toBe(isOpen ? "good" : "refused");
						if (answer.kind === "good") assert.deepEqual(answer.policies, given.get(account));
					}
				}
			}),
			{ numRuns: 1000 },
		);
		expect([...reached].toSorted()).toEqual(
			[
				"changed",
				"code_enabled",
				"overtaken",
				"owner_account",
				"policy_needed",
				"too_many_codes",
				"unchanged",
				"unknown_code",
				"unknown_link",
			].toSorted(),
		);
	});

	test("deleted stays deleted: no later change opens it for any code in any account", () => {
		fc.assert(
			fc.property(
				fc.array(change, { maxLength: 10 }),
				fc.array(change, { minLength: 1, maxLength: 20 }),
				(before, after) => {
					let verdict = apply(before.reduce(apply, aKey()), { kind: "delete" });
					expect(verdict.state).toBe("deleted");
					const tombstone = JSON.stringify(verdict);
					verdict = after.reduce(apply, verdict);
					expect(JSON.stringify(verdict)).toBe(tombstone);
					for (const id of ["c1", "c2", "c3"]) expect(check(verdict, id).kind).toBe("refused");
				},
			),
			{ numRuns: 300 },
		);
	});
});

describe("whose sessions a change ends", () => {
	const full = [addCode("c2"), { kind: "add_link", accountId: "linker", policies: ["p"] } as const].reduce(apply, good);
	const codes = ["c1", "c2"];
	const accounts = ["owner", "linker"];
	const changes: readonly ApiKeyChange[] = [
		...(["enabled", "disabled"] as const).map((state) => ({ kind: "set_state" as const, state })),
		{ kind: "delete" },
		addCode("c3"),
		...codes.flatMap((id) => [true, false].map((enabled) => ({ kind: "set_code_enabled" as const, id, enabled }))),
		...codes.map((id) => ({ kind: "delete_code" as const, id })),
		...codes.flatMap((of) => [0, 86_400].map((keepFor) => rotateCode("c3", { of, keepFor, remove: "c2" }))),
		...[["p"], ["q"], null].map((policies) => ({ kind: "set_policies" as const, accountId: "linker", policies })),
		...[true, false].flatMap((enabled) =>
			(["owner", "linker"] as const).map((by) => ({
				kind: "set_link_enabled" as const,
				accountId: "linker",
				by,
				enabled,
			})),
		),
	];

	test("exactly those end that were good before it and are not after it", () => {
		fc.assert(
			fc.property(
				fc.array(fc.constantFrom(...changes), { maxLength: 8 }),
				fc.constantFrom(...changes),
				(done, last) => {
					const before = done.reduce(apply, full);
					const closed = closedBy(before, apply(before, last), start);
					const pairs = codes.flatMap((codeId) => accounts.map((accountId) => ({ codeId, accountId })));
					const isGood = (state: ApiKeyState, { codeId, accountId }: (typeof pairs)[number]) =>
						checkApiKey(state, { codeId }, accountId, start).kind === "good";
					const wasGood = pairs.filter((pair) => isGood(before, pair));
					const ended = wasGood.filter(({ codeId, accountId }) =>
						closed.some((of) => (of.party ?? codeId) === codeId && (of.accountId ?? accountId) === accountId),
					);
					expect(ended).toEqual(wasGood.filter((pair) => !isGood(apply(before, last), pair)));
				},
			),
		);
	});

	test("a change that takes nothing looks at none", () => {
		for (const change of [addCode("c3"), { kind: "set_policies", accountId: "linker", policies: [] } as const]) {
			expect(closedBy(full, apply(full, change), start)).toEqual([]);
		}
	});
});
