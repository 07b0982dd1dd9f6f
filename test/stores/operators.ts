import { describe, expect, test } from "vitest";
import { bounds } from "../../src/domain/bounds.ts";
import { newSubject, type Stores, times } from "./builders.ts";
import { account, auditEntry, person } from "./register-builders.ts";

export function describeOperators({ platform, auditedActions }: Stores): void {
	const { operators, register } = platform;
	async function someone(changes = {}) {
		const added = person(changes);
		await register.add({ people: [added] });
		return added.id;
	}
	const anOperator = () => someone({ isOperator: true });

	describe("operators", () => {
		test("whoever is one makes another, once, and it is noted once", async () => {
			const [by, who] = [await anOperator(), await someone()];
			expect((await register.person(who))?.isOperator).toBeUndefined();
			const [first, again] = [auditEntry(), auditEntry()];
			expect(await operators.add(who, by, first)).toBe("added");
			expect(await operators.add(who, by, again)).toBe("same");
			expect((await register.person(who))?.isOperator).toBe(true);
			expect((await operators.list()).find(({ id }) => id === who)?.since).toBe(first.at);
			const actions = await auditedActions();
			expect([actions.includes(first.action), actions.includes(again.action)]).toEqual([true, false]);
			expect(await operators.add(newSubject(), by, auditEntry())).toBe("unknown");
			expect(await operators.add(await someone({ state: "ended" }), by, auditEntry())).toBe("unknown");
		});

		test("whoever is none, or has ended, makes none and removes none", async () => {
			const who = await anOperator();
			const none = [await someone(), await someone({ isOperator: true, state: "ended" }), newSubject()];
			for (const by of none) {
				const entry = auditEntry();
				expect(await operators.add(await someone(), by, entry)).toBe("not_permitted");
				expect(await operators.remove(who, by, entry)).toBe("not_permitted");
				expect(await auditedActions()).not.toContain(entry.action);
			}
			expect((await register.person(who))?.isOperator).toBe(true);
		});

		test("of ten who all leave at once one stays", async () => {
			for (const { id } of await operators.list()) await operators.remove(id, await anOperator(), auditEntry());
			const all = (await operators.list()).map(({ id }) => id);
			const left = await Promise.all(all.map((id) => operators.remove(id, id, auditEntry())));
			expect(left.filter((outcome) => outcome !== "removed")).toEqual(["last"]);
			const [last, ...others] = await operators.list();
			expect(others).toEqual([]);
			expect(await operators.remove(newSubject(), last?.id ?? "", auditEntry())).toBe("unknown");
			// Somebody who has ended runs nothing, and is no reason for the last one to go.
			await someone({ isOperator: true, state: "ended" });
			expect(await operators.remove(last?.id ?? "", last?.id ?? "", auditEntry())).toBe("last");
		});

		test("there are so many, and no more", async () => {
			const by = await anOperator();
			const room = bounds.operators.most - (await operators.list()).length;
			const people = await Promise.all(times(room + 2, () => someone()));
			const added = await Promise.all(people.map((id) => operators.add(id, by, auditEntry())));
			expect(added.filter((outcome) => outcome === "added")).toHaveLength(room);
			expect(added.filter((outcome) => outcome === "full")).toHaveLength(2);
			for (const id of people) await operators.remove(id, by, auditEntry());
		});

		test("what there is of the deployment is counted, without what has ended", async () => {
			const before = await operators.counts();
			await register.add({ accounts: [account(), account({ state: "ended" })], people: [person()] });
			const now = await operators.counts();
			expect([now.accounts - before.accounts, now.people - before.people]).toEqual([1, 1]);
			expect([now.keys, now.clients, now.apis]).toEqual([before.keys, before.clients, before.apis]);
		});
	});
}
