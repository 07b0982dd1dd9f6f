import { describe, expect, test } from "vitest";
import type { ApiKeyRow } from "../../src/domain/ports/api-keys.ts";
import type { Policy } from "../../src/domain/policy.ts";
import type { ApiKeyState } from "../../src/domain/api-key-state.ts";
import type { CodeState } from "../../src/domain/code-state.ts";
import type { Sealed } from "../../src/domain/brands.ts";
import { type SubjectId, subjectId } from "../../src/domain/subject.ts";
import { hash, newId, newSubject, now, type Stores, times } from "./builders.ts";
import { addAccount, addApi, addMember, auditEntry, keysByName } from "./register-builders.ts";

export function describeApiKeys({ platform, databases, auditedActions }: Stores): void {
	const { keyRegister, register } = platform;

	const owner = async () => (await addAccount(register)).id;

	/** A key with its verdict. */
	async function key(accountId: string, changes: Partial<ApiKeyRow> = {}, judged: Partial<ApiKeyState> = {}) {
		const made = row(accountId, changes);
		expect(await keyRegister.addKey(made, auditEntry())).toBe("added");
		await register.copyVerdict(made.id, verdict(accountId, judged), now());
		return made;
	}

	/** Its verdict becomes another, of a later `rev`. */
	async function change({ id, accountId }: ApiKeyRow, rev: number, judged: Partial<ApiKeyState>, at = now()) {
		const entries = [auditEntry()];
		await register.copyVerdict(id, verdict(accountId, { ...judged, rev }), at, entries);
		return entries.map(({ action }) => action);
	}

	const linkersOf = async (id: ApiKeyRow["id"]) => (await keyRegister.links(id)).map(({ accountId }) => accountId);

	describe("keys", () => {
		test("a key is read as it was added, once, and its entry is written once", async () => {
			const made = row(await owner(), { type: "integration" });
			const entries = times(5, () => auditEntry());
			const outcomes = await Promise.all(entries.map((entry) => keyRegister.addKey(made, entry)));
			expect(outcomes.toSorted()).toEqual(["added", "same", "same", "same", "same"]);
			expect(await keyRegister.key(made.id)).toEqual({ ...made, rev: 0 });
			const actions = await auditedActions();
			expect(entries.filter(({ action }) => actions.includes(action))).toHaveLength(1);
			expect(await keyRegister.key("key_any_x")).toBeNull();
		});

		test("names are unique in their account, without regard to case", async () => {
			const [one, two] = [await owner(), await owner()];
			const first = await key(one, { name: "Name" });
			const entry = auditEntry();
			expect(await keyRegister.addKey(row(one, { name: "nAME" }), entry)).toBe("name_taken");
			expect(await auditedActions()).not.toContain(entry.action);
			await key(two, { name: "Name" });
			const other = await key(one);
			expect(await keyRegister.editKey({ ...other, name: "NAME", rev: 0 }, auditEntry())).toBe("name_taken");
			expect(await keyRegister.editKey({ ...first, name: "NAME", tags: [], rev: 0 }, auditEntry())).toBe("written");
			expect(await keyRegister.key(first.id)).toEqual({ ...first, name: "NAME", tags: [], rev: 1 });
			const stranger = { ...first, accountId: two, name: "Mine", rev: 1 };
			expect(await keyRegister.editKey(stranger, auditEntry())).toBe("overtaken");
		});

		test("of ten who edit a key as they read it one does, and one entry is written", async () => {
			const made = await key(await owner());
			const entries = times(10, () => auditEntry());
			const outcomes = await Promise.all(
				entries.map((entry, index) => keyRegister.editKey({ ...made, tags: [`${index}`], rev: 0 }, entry)),
			);
			expect(outcomes.toSorted()).toEqual([...times(9, () => "overtaken"), "written"]);
			expect(await keyRegister.key(made.id)).toMatchObject({ tags: [`${outcomes.indexOf("written")}`], rev: 1 });
			const actions = await auditedActions();
			expect(entries.filter(({ action }) => actions.includes(action))).toHaveLength(1);
		});

		test("a row that stands for no key makes room for its name", async () => {
			const accountId = await owner();
			const deleted = await key(accountId, { name: "Gone" }, linkedTo(accountId, await owner()));
			await change(deleted, 2, { state: "deleted" });
			const never = row(accountId, { name: "Never", createdAt: now() - 3601 });
			const young = row(accountId, { name: "Young" });
			await keyRegister.addKey(never, auditEntry());
			await keyRegister.addKey(young, auditEntry());
			expect(await keyRegister.addKey(row(accountId, { name: "gone" }), auditEntry())).toBe("added");
			expect(await keyRegister.addKey(row(accountId, { name: "never" }), auditEntry())).toBe("added");
			expect(await keyRegister.addKey(row(accountId, { name: "young" }), auditEntry())).toBe("name_taken");
			expect(await keyRegister.key(deleted.id)).toBeNull();
		});

		test("an account lists its own and linked keys by name, page after page, and no deleted or unlinked one", async () => {
			const [accountId, other] = [await owner(), await owner()];
			for (const name of ["b", "A", "C"]) await key(accountId, { name });
			await key(accountId, { name: "deleted" }, { state: "deleted" });
			const [linked, unlinked] = [await key(other, { name: "bb" }), await key(other, { name: "unlinked" })];
			for (const each of [linked, unlinked]) {
				await change(each, 2, linkedTo(other, accountId), 7);
				await change(each, 3, linkedTo(other, accountId), 8);
			}
			await change(unlinked, 4, {});
			const first = await keysByName(keyRegister, accountId, null, 2);
			expect(first.map((each) => each.key.name)).toEqual(["A", "b"]);
			const rest = await keysByName(keyRegister, accountId, first[1]?.key ?? null, 10);
			expect(rest.map((each) => [each.key.name, each.linkedAt])).toEqual([
				["bb", 7],
				["C", null],
			]);
			expect(rest[0]?.verdict.policies[accountId]).toEqual(["p"]);
			expect(await keyRegister.links(linked.id)).toEqual([{ keyId: linked.id, accountId, createdAt: 7 }]);
			expect(await keyRegister.links(unlinked.id)).toEqual([]);
		});

		test("a link is listed and unlisted by the latest verdict, whichever copy comes last", async () => {
			const [ownerId, linker] = [await owner(), await owner()];
			const linked = linkedTo(ownerId, linker);
			let made = await key(ownerId);
			// Linked, cut, linked again: any of the three may be the last to reach the register.
			for (const order of [
				[4, 2, 3],
				[4, 3, 2],
				[3, 4, 2],
			]) {
				made = await key(ownerId);
				for (const rev of order) await change(made, rev, rev === 3 ? {} : linked);
				expect(await linkersOf(made.id)).toEqual([linker]);
			}
			await change(made, 6, {});
			const late = await change(made, 5, linked);
			expect(await linkersOf(made.id)).toEqual([]);
			// What was changed is noted, though a later change had been copied before it.
			expect(await auditedActions()).toEqual(expect.arrayContaining(late));
		});

		test("a copy is not refused for accounts and keys that are not there", async () => {
			const made = await key(await owner());
			await change(made, 2, linkedTo(made.accountId, newId()));
			await register.copyVerdict(newSubject("key"), verdict(made.accountId), now());
			expect(await linkersOf(made.id)).toEqual([]);
		});

		test("a key goes with its codes and links, and its entries are written", async () => {
			const accountId = await owner();
			const linked = linkedTo(accountId, await owner());
			const made = await key(accountId, {}, linked);
			const code = { id: "c1", keyId: made.id, description: "x", sealedSecret: null };
			await keyRegister.addCode(code, auditEntry());
			expect(await linkersOf(made.id)).toHaveLength(1);
			const entries = await change(made, 9, { ...linked, state: "deleted" });
			expect(await keyRegister.key(made.id)).toBeNull();
			expect([await keyRegister.codes(made.id), await keyRegister.links(made.id)]).toEqual([[], []]);
			expect(await auditedActions()).toEqual(expect.arrayContaining(entries));
			// Whoever comes too late leaves nothing behind.
			const late = auditEntry();
			await keyRegister.addCode(code, late);
			await keyRegister.describeCode(code, code.description, late);
			await change(made, 8, linked);
			expect([await keyRegister.codes(made.id), await keyRegister.links(made.id)]).toEqual([[], []]);
			expect(await auditedActions()).not.toContain(late.action);
		});
	});

	describe("access codes", () => {
		test("are described, described anew and deleted", async () => {
			// A crash between ledger and register left a code without its row.
			const bareId = newId();
			const made = await key(await owner());
			const { id: keyId } = made;
			const code = { id: newId(), keyId, description: "One", sealedSecret: sealed("s") };
			await change(made, 2, { codes: [codeState(code.id), codeState(bareId)] });
			await keyRegister.addCode(code, auditEntry());
			await keyRegister.describeCode({ id: code.id, keyId, description: "Two" }, "One", auditEntry());
			expect(await keyRegister.codes(keyId)).toEqual([{ ...code, description: "Two" }]);
			// What was kept without it is told by it from when it is shown again, and by nothing else later.
			for (const visible of ["lk_a\u2026b", "lk_c\u2026d"])
				await keyRegister.noteVisible({ id: code.id, keyId, visible });
			await keyRegister.noteVisible({ id: code.id, keyId: bareId, visible: "lk_e\u2026f" });
			const shown = { ...code, visible: "lk_a\u2026b" };
			expect(await keyRegister.codes(keyId)).toEqual([{ ...shown, description: "Two" }]);
			const { id: other } = await key(await owner());
			const stolen = { id: code.id, keyId: other, description: "Stolen" };
			expect(await keyRegister.describeCode(stolen, "Two", auditEntry())).toBe("overtaken");
			const late = { id: code.id, keyId, description: "Three" };
			expect(await keyRegister.describeCode(late, "One", auditEntry())).toBe("overtaken");
			expect(await keyRegister.codes(keyId)).toEqual([{ ...shown, description: "Two" }]);
			const bare = { id: bareId, keyId, description: "Found" };
			await keyRegister.describeCode(bare, "", auditEntry());
			expect(await keyRegister.codes(keyId)).toContainEqual({ ...bare, sealedSecret: null });
			await change(made, 4, { codes: [codeState(bareId)] });
			// Late: an edit, the creation, and the copy of a verdict that still had it.
			await keyRegister.describeCode({ id: code.id, keyId, description: "Three" }, "Two", auditEntry());
			await keyRegister.addCode(code, auditEntry());
			await change(made, 3, { codes: [codeState(code.id)] });
			expect((await keyRegister.codes(keyId)).map(({ id }) => id)).toEqual([bare.id]);
		});

		test("DESIGN §1: an account that forbids to show secrets again keeps none, of before nor of after", async () => {
			const accountId = await owner();
			const [before, after, theirs] = [newId(), newId(), newId()];
			const { id: keyId } = await key(accountId, {}, { codes: [codeState(before), codeState(after)] });
			const { id: foreign } = await key(await owner(), {}, { codes: [codeState(theirs)] });
			const add = (of: SubjectId, id: string) =>
				keyRegister.addCode({ id, keyId: of, description: "x", sealedSecret: sealed("s") }, auditEntry());
			await add(keyId, before);
			await add(foreign, theirs);
			expect(await keyRegister.revealAllowed(accountId)).toBe(true);
			const entry = auditEntry();
			await keyRegister.setRevealAllowed(accountId, false, entry);
			await add(keyId, after);
			expect(await keyRegister.revealAllowed(accountId)).toBe(false);
			expect((await keyRegister.codes(keyId)).map(({ sealedSecret }) => sealedSecret)).toEqual([null, null]);
			expect((await keyRegister.codes(foreign)).map(({ sealedSecret }) => sealedSecret)).toEqual(["s"]);
			expect(await auditedActions()).toContain(entry.action);
			await keyRegister.setRevealAllowed(accountId, true, auditEntry());
			expect(await keyRegister.revealAllowed(accountId)).toBe(true);
			expect(await keyRegister.revealAllowed("nobody")).toBe(false);
		});

		test("DESIGN §1: of more keys than are forgotten at once none is shown again, be it allowed before all are", async () => {
			const accountId = await owner();
			// Before a thousand others and after them, in the order of forgetting.
			const made = ["0", "z"].map((place) => {
				const id = subjectId({ kind: "key", home: "any", id: newId().replace("id", place) });
				return { id, code: newId(), later: newId() };
			});
			const last = made[1]!;
			for (const { id, code, later } of made) {
				await key(accountId, { id }, { codes: [codeState(code), codeState(later)] });
			}
			const prefix = newId();
			await databases.register
				.prepare(
					`WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1500)
					INSERT INTO api_keys (id, account_id, name, tags, created_at)
					SELECT 'key_any_${prefix}' || n, '${accountId}', 'n' || n, '[]', 1 FROM numbers`,
				)
				.run();
			const add = (id: SubjectId, code: string) =>
				keyRegister.addCode({ id: code, keyId: id, description: "x", sealedSecret: sealed("s") }, auditEntry());
			const shown = async () =>
				(await Promise.all(made.map(async ({ id }) => keyRegister.codes(id)))).map((codes) =>
					codes.map(({ sealedSecret }) => sealedSecret),
				);
			const stored = async () => {
				const query = databases.register.prepare(
					"SELECT count(sealed_secret) AS n FROM access_codes JOIN api_keys ON api_keys.id = key_id WHERE account_id = ?",
				);
				return query.bind(accountId).first<number>("n");
			};
			for (const { id, code } of made) expect(await add(id, code)).toEqual({ isKept: true });
			await keyRegister.setRevealAllowed(accountId, false, auditEntry());
			expect([await shown(), await stored()]).toEqual([[[null], [null]], 1]);
			await keyRegister.setRevealAllowed(accountId, true, auditEntry());
			expect([await shown(), await stored()]).toEqual([[[null], [null]], 1]);
			// What comes where it is still to be forgotten would be forgotten with it.
			const kept = [true, false];
			for (const [index, { id, later }] of made.entries())
				expect(await add(id, later)).toEqual({ isKept: kept[index] });
			await keyRegister.forgetSealed();
			expect(await stored()).toBe(1);
			expect((await shown()).flat().filter((each) => each !== null)).toEqual(["s"]);
			expect((await shown())[0]).toContain("s");
			await register.copyVerdict(last.id, verdict(accountId, { codes: [codeState(last.code)], rev: 2 }), now());
			await register.copyVerdict(last.id, verdict(accountId, { codes: [codeState("anew")], rev: 3 }), now());
			expect(await add(last.id, "anew")).toEqual({ isKept: true });
		});
	});

	describe("policies", () => {
		test("are added once, edited and deleted by their own account", async () => {
			const accountId = await owner();
			const made = policy(accountId);
			expect(await keyRegister.addPolicy(made, null, auditEntry())).toBe("added");
			expect(await keyRegister.addPolicy(made, null, auditEntry())).toBe("same");
			expect(await keyRegister.policy(accountId, made.id)).toEqual({ ...made, rev: 0 });
			expect(await keyRegister.policy(await owner(), made.id)).toBeNull();
			const namesake = policy(accountId, { name: made.name.toUpperCase() });
			expect(await keyRegister.addPolicy(namesake, null, auditEntry())).toBe("name_taken");
			const edited = { ...made, name: "New", description: "Other", permissions: ["alerts:read"], rev: 0 };
			const foreign = { ...edited, accountId: await owner() };
			const refused = auditEntry();
			expect(await keyRegister.editPolicy(foreign, null, refused)).toBe("overtaken");
			expect(await keyRegister.deletePolicy(foreign, refused)).toBe("overtaken");
			expect(await keyRegister.editPolicy(edited, null, auditEntry())).toBe("written");
			expect(await keyRegister.policy(accountId, made.id)).toEqual({ ...edited, rev: 1 });
			expect(await keyRegister.editPolicy(edited, null, refused)).toBe("overtaken");
			expect(await keyRegister.deletePolicy(edited, refused)).toBe("overtaken");
			expect(await auditedActions()).not.toContain(refused.action);
			expect(await keyRegister.deletePolicy({ ...edited, rev: 1 }, auditEntry())).toBe("written");
			expect(await keyRegister.deletePolicy({ ...edited, rev: 1 }, auditEntry())).toBe("overtaken");
		});

		test("a person writes while their role permits it, in their own account, and not a moment longer", async () => {
			const accountId = await owner();
			const [boss, admin] = [
				await addMember(register, accountId, "admin"),
				await addMember(register, accountId, "admin"),
			];
			const hand = await addMember(register, accountId, "member");
			const stranger = await addMember(register, await owner(), "admin");
			const by = (personId: string) => ({ personId, accountId, roles: ["admin"] as const });
			const made = { ...policy(accountId), rev: 0 };
			const refused = auditEntry();
			for (const { id } of [hand, stranger]) {
				expect(await keyRegister.addPolicy(made, by(id), refused)).toBe("not_permitted");
			}
			expect(await keyRegister.addPolicy(made, by(admin.id), auditEntry())).toBe("added");
			const edited = { ...made, description: "Other" };
			for (const { id } of [hand, stranger]) {
				expect(await keyRegister.editPolicy(edited, by(id), refused)).toBe("not_permitted");
			}
			const of = { accountId, personId: admin.id };
			expect(await platform.people.setRole(of, { from: "admin", to: "member" }, by(boss.id), auditEntry())).toBe(
				"changed",
			);
			expect(await keyRegister.editPolicy(edited, by(admin.id), refused)).toBe("not_permitted");
			expect(await keyRegister.editPolicy(edited, by(boss.id), auditEntry())).toBe("written");
			expect(await auditedActions()).not.toContain(refused.action);
		});

		test("get what is a permission of latchkey or of an API that their account sees, and keep what they have", async () => {
			const [accountId, other] = [await owner(), await owner()];
			const [own, all, theirs] = [
				await addApi(register, accountId),
				await addApi(register, null),
				await addApi(register, other),
			];
			const refused = auditEntry();
			const names = ["events:read", own, all];
			const made = { ...policy(accountId, { permissions: [...names, "gone:read"] }), rev: 0 };
			const unknown = { unknownPermission: "gone:read" };
			expect(await keyRegister.addPolicy(made, null, refused)).toEqual(unknown);
			expect(await keyRegister.addPolicy({ ...made, permissions: names }, null, auditEntry())).toBe("added");
			expect(await keyRegister.editPolicy(made, null, refused)).toEqual(unknown);
			const stolen = { ...made, permissions: [...names, theirs] };
			expect(await keyRegister.editPolicy(stolen, null, refused)).toEqual({ unknownPermission: theirs });
			const before = policy(accountId, { permissions: ["gone:read"] });
			await register.add({ policies: [before] });
			const described = { ...before, description: "Other", rev: 0 };
			expect(await keyRegister.editPolicy(described, null, auditEntry())).toBe("written");
			expect(await auditedActions()).not.toContain(refused.action);
		});

		test("are listed by name, page after page", async () => {
			const accountId = await owner();
			for (const name of ["b", "A", "c"]) await keyRegister.addPolicy(policy(accountId, { name }), null, auditEntry());
			const first = await keyRegister.listPolicies(accountId, null, 2);
			expect(first.map(({ name }) => name)).toEqual(["A", "b"]);
			const down = await keyRegister.listPolicies(accountId, first[1] ?? null, 2, { q: null, isDown: true });
			expect(down).toEqual([first[0]]);
			expect(await keyRegister.countPolicies(accountId, null)).toBe(3);
			const called = first[1]?.name.toUpperCase() ?? "";
			expect(await keyRegister.listPolicies(accountId, null, 9, { q: called, isDown: true })).toContainEqual(first[1]);
			expect([
				await keyRegister.countPolicies(accountId, "nobody"),
				await keyRegister.countPolicies(accountId, "%"),
			]).toEqual([0, 0]);
			const rest = await keyRegister.listPolicies(accountId, first[1] ?? null, 2);
			expect(rest.map(({ name }) => name)).toEqual(["c"]);
		});

		test("the keys that an account gave a policy: own and linked ones, by that account's entry alone", async () => {
			const [accountId, other] = [await owner(), await owner()];
			const made = policy(accountId);
			await keyRegister.addPolicy(made, null, auditEntry());
			const given = { [accountId]: ["x", made.id] };
			await key(accountId, { name: "own" }, { policies: given });
			await key(accountId, { name: "gone" }, { policies: given, state: "deleted" });
			await key(accountId, { name: "without" }, { policies: { [accountId]: ["x"], [other]: [made.id] } });
			await key(other, { name: "linked" }, { policies: { [other]: [], ...given } });
			expect((await keyRegister.keysWithPolicy(made)).map(({ name }) => name)).toEqual(["linked", "own"]);
		});
	});
}

function row(accountId: string, changes: Partial<ApiKeyRow> = {}): ApiKeyRow {
	const id = newSubject("key");
	return { id, accountId, name: `Key ${id}`, tags: ["a"], type: "standard", createdAt: now(), ...changes };
}

function verdict(ownerId: string, changes: Partial<ApiKeyState> = {}): ApiKeyState {
	return {
		ownerId,
		state: "enabled",
		codes: [codeState("c1")],
		policies: { [ownerId]: ["p"] },
		rev: 1,
		copiedRev: 0,
		...changes,
	};
}

function codeState(id: string): CodeState {
	return { id, hash: hash(id), enabled: true, createdAt: 1, expiresAt: 2 };
}

function linkedTo(ownerId: string, linker: string): Pick<ApiKeyState, "policies"> {
	return { policies: { [ownerId]: ["p"], [linker]: ["p"] } };
}

function policy(accountId: string, changes: Partial<Policy> = {}): Policy {
	const id = newId();
	return { id, accountId, name: `Policy ${id}`, description: "Reads", permissions: ["events:read"], ...changes };
}

function sealed(text: string): Sealed {
	return text as Sealed;
}
