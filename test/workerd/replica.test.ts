import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import type { ReplicaObject } from "../../src/platform/cloudflare/replica-object.ts";
import { cloudflarePlatform } from "../../src/platform/cloudflare/platform.ts";
import { byPassword, login, newSubject } from "../stores/builders.ts";

// What is asked of a replica's object past the isolates, which ask only what it can answer.

const replica = () => env.REPLICA.getByName("SIN/0/");
const { ledgers } = cloudflarePlatform(env);

describe("a replica", () => {
	test("that is asked for a subject that is none, or for a verb that is none of its own, says so and asks nobody", async () => {
		await runInDurableObject(replica(), async (object: ReplicaObject) => {
			for (const subject of ["", "nobody", "../usr_any_x", "constructor"]) {
				await expect(object.check(subject, "inspectSession", ["x", {}])).rejects.toThrow("not a subject's id");
			}
			for (const verb of ["", "constructor", "toString", "revokeGrants", "readKey"]) {
				await expect(object.check(newSubject(), verb, [])).rejects.toThrow("no such verb");
			}
		});
	});

	test("answers by itself what it was lent, and stores nothing", async () => {
		const subject = newSubject();
		const opened = await ledgers.of(subject).login(byPassword, login());
		const args = ["sid" in opened ? opened.sid : "", { jti: "x", notBefore: 0 }];
		const answers = await runInDurableObject(replica(), async (object: ReplicaObject, { storage }) => {
			const first = await object.check(subject, "inspectSession", args);
			const second = await object.check(subject, "inspectSession", args);
			expect(storage.sql.exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '_cf%'").toArray()).toEqual([]);
			expect(await storage.getAlarm()).toBeNull();
			return [first, second];
		});
		expect(answers).toMatchObject([{ isOwn: false }, { isOwn: true }]);
		expect(answers[1]?.answer).toEqual(answers[0]?.answer);
	});

	test("holds no 'no': each is the ledger's own, which keeps nothing of whoever asks about nothing", async () => {
		const subject = newSubject();
		const ask = (object: ReplicaObject) => object.check(subject, "inspectSession", ["x", { jti: "x", notBefore: 0 }]);
		const answers = await runInDurableObject(replica(), async (object: ReplicaObject) => [
			await ask(object),
			await ask(object),
		]);
		expect(answers).toMatchObject([
			{ answer: null, isOwn: false },
			{ answer: null, isOwn: false },
		]);
		await runInDurableObject(env.LEDGER.getByName(subject, { locationHint: "weur" }), (_, { storage }) => {
			expect(storage.sql.exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '_cf%'").toArray()).toEqual([]);
		});
	});

	test("that is another than the one that was lent to answers a recall as who it is", async () => {
		const heard = await replica().recall(newSubject(), 7);
		await runInDurableObject(replica(), (_: ReplicaObject, state) => state.abort("gone")).catch(() => null);
		const again = await replica().recall(newSubject(), 7);
		expect(heard.instance).not.toBe(again.instance);
	});
});
