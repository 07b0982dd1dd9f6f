import { describe, expect, test } from "vitest";
import type { Environment } from "../../src/domain/environment.ts";
import { lastPublicKeyVersion } from "../../src/domain/ports/environments.ts";
import { newId, type Stores, times } from "./builders.ts";
import { addAccount, auditEntry } from "./register-builders.ts";

export function describeEnvironments({ platform, auditedActions }: Stores): void {
	const { environments, register } = platform;
	const anAccount = () => addAccount(register);

	describe("environments", () => {
		test("of ten at once with one name one is made, and noted once", async () => {
			const { id: accountId } = await anAccount();
			const entry = auditEntry();
			const made = times(10, () => environment(accountId, "shop", "prod"));
			const outcomes = await Promise.all(made.map((each) => environments.create(each, entry)));
			expect(outcomes.filter((outcome) => outcome === "created")).toHaveLength(1);
			expect(outcomes.filter((outcome) => outcome === "taken")).toHaveLength(9);
			expect((await auditedActions()).filter((action) => action === entry.action)).toHaveLength(1);
			const winner = made[outcomes.indexOf("created")];
			expect(winner && (await environments.create(winner, auditEntry()))).toBe("same");
			expect(await environments.list(accountId, null, 10)).toEqual([winner]);
		});

		test("an id that stands for something else is taken, whoever's it is", async () => {
			const [mine, other] = [await anAccount(), await anAccount()];
			const theirs = environment(other.id, "shop", "prod");
			await environments.create(theirs, auditEntry());
			const same = { ...theirs, accountId: mine.id };
			expect(await environments.create(same, auditEntry())).toBe("taken");
			expect(await environments.create({ ...theirs, name: "dev" }, auditEntry())).toBe("taken");
			expect(await environments.find(mine.id, theirs.id)).toBeNull();
			expect(await environments.setEnabled(same, false, auditEntry())).toBeNull();
			expect(await environments.rotateKey(same, 1, auditEntry())).toBeNull();
			expect(await environments.find(other.id, theirs.id)).toEqual(theirs);
		});

		test("they are listed by workspace and name, in pages, switched off or not", async () => {
			const { id: accountId } = await anAccount();
			const names = ["b/a", "a/b", "a/a", "a-b/c", "b/b"];
			for (const each of names) {
				const [workspace = "", name = ""] = each.split("/");
				const made = environment(accountId, workspace, name);
				await environments.create(made, auditEntry());
				if (each === "a/b") await environments.setEnabled(made, false, auditEntry());
			}
			const list = async (after: { workspace: string; name: string } | null, limit: number) =>
				(await environments.list(accountId, after, limit)).map((each) => `${each.workspace}/${each.name}`);
			expect(await list(null, 10)).toEqual(["a/a", "a/b", "a-b/c", "b/a", "b/b"]);
			expect(await list({ workspace: "a", name: "b" }, 2)).toEqual(["a-b/c", "b/a"]);
			expect(await list({ workspace: "b", name: "b" }, 2)).toEqual([]);
		});

		test("switching is noted where it changes something", async () => {
			const { id: accountId } = await anAccount();
			const made = environment(accountId, "shop", "prod");
			await environments.create(made, auditEntry());
			const [off, again] = [auditEntry(), auditEntry()];
			expect(await environments.setEnabled(made, false, off)).toEqual({ ...made, enabled: false });
			expect(await environments.setEnabled(made, false, again)).toEqual({ ...made, enabled: false });
			expect(await auditedActions()).toContain(off.action);
			expect(await auditedActions()).not.toContain(again.action);
		});

		test("of ten who replace the same key one does; the last version is not replaced", async () => {
			const { id: accountId } = await anAccount();
			const made = environment(accountId, "shop", "prod");
			await environments.create(made, auditEntry());
			await Promise.all(times(10, () => environments.rotateKey(made, 1, auditEntry())));
			expect(await environments.find(accountId, made.id)).toEqual({ ...made, keyVersion: 2 });
			const worn = { ...environment(accountId, "shop", "worn"), keyVersion: lastPublicKeyVersion };
			await environments.create(worn, auditEntry());
			expect(await environments.rotateKey(worn, lastPublicKeyVersion, auditEntry())).toEqual(worn);
		});
	});
}

function environment(accountId: string, workspace: string, name: string): Environment {
	return { id: newId(), accountId, workspace, name, keyVersion: 1, enabled: true };
}
