import { afterEach, describe, expect, test, vi } from "vitest";
import { openPlatform } from "../../src/platform/node/platform.ts";
import { SqlRows } from "../../src/platform/sql/sql-rows.ts";
import { byPassword, codeRecord, deviceAsk, hash, login, newId, newSubject, now, redeem, times } from "./builders.ts";
import { codeOf, givenIn } from "./ledgers/logouts.ts";

// A whole second that stands still.
vi.useFakeTimers({ toFake: ["Date"], now: Math.ceil(Date.now() / 1000) * 1000 });
const { platform, upkeep, files } = openPlatform(":memory:");

function advance(seconds: number): void {
	vi.setSystemTime(Date.now() + seconds * 1000);
}

async function count(table: string): Promise<number | null> {
	return files.ledgers.prepare(`SELECT count(*) AS n FROM ${table}`).first<number>("n");
}

/** Leaves room for one. */
function fillSessions(subject: string): void {
	files.ledgers.exec(
		`INSERT INTO rows (subject, kind, id, lookup, body, purge_at)
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
		SELECT ?1, 'session', 's' || i, 's' || i, '{}', ?2 FROM n`,
		subject,
		now() + 7200,
	);
}

afterEach(() => {
	vi.restoreAllMocks();
});

describe("upkeep", () => {
	test("DESIGN §4.5: what is due goes from every ledger, and nothing else does", async () => {
		const ledgers = times(3, () => platform.ledgers.of(newSubject()));
		const records = times(3, () => codeRecord());
		for (const [index, ledger] of ledgers.entries()) {
			await ledger.openGrant(records[index] ?? codeRecord());
			await ledger.openSignIn({ id: "in", hash: hash("x") });
		}
		advance(180 + 599);
		await upkeep();
		expect(await count("rows")).toBe(6);
		advance(1);
		await upkeep();
		expect(await count("rows")).toBe(3);
		for (const [index, ledger] of ledgers.entries()) {
			expect(await ledger.redeem(records[index]?.id ?? "", redeem())).toEqual({ kind: "unknown" });
			expect(await ledger.checkSignIn("in", hash("x"))).not.toBeNull();
		}
	});

	test("ended tallies, codes and what devices asked go", async () => {
		await platform.deviceRequests.open(hash(newId()), deviceAsk());
		advance(540);
		await platform.deviceRequests.open(hash(newId()), deviceAsk());
		await platform.limiter.take(newId(), { attempts: 5, window: 60 });
		await platform.limiter.take(newId(), { attempts: 5, window: 61 });
		await platform.codes.put(hash(newId()), codeRecord(), 60);
		await platform.codes.put(hash(newId()), codeRecord(), 61);
		advance(60);
		await upkeep();
		expect(await count("tallies")).toBe(1);
		expect(await count("codes")).toBe(1);
		expect(await count("device_requests")).toBe(1);
	});

	test("is done in slices, however much there is", async () => {
		files.ledgers.script(
			`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)
			INSERT INTO tallies (name, count, ends_at) SELECT 'n' || i, 1, 0 FROM n`,
		);
		await upkeep();
		expect(await count("tallies WHERE ends_at = 0")).toBe(0);
	});

	test("DESIGN §3.5: a verdict that a request left uncopied is copied and acknowledged, and stays", async () => {
		const id = newSubject("key");
		const ledger = platform.ledgers.of(id);
		await ledger.changeKey({ kind: "create", ownerId: "owner", policies: [] });
		const copied = () => files.register.prepare("SELECT rev FROM key_verdicts WHERE key_id = ?").bind(id).first("rev");
		advance(59);
		await upkeep();
		expect(await copied()).toBeNull();
		advance(1);
		await upkeep();
		expect(await copied()).toBe(1);
		expect(await ledger.uncopiedKey()).toBeNull();
		expect(await ledger.readKey()).not.toBeNull();
	});

	test("Back-Channel Logout: each subject whose clients are to be told by now is handed on, and nothing of it is purged", async () => {
		const [subject, other] = [newSubject(), newSubject()];
		for (const each of [subject, other]) {
			const ledger = platform.ledgers.of(each);
			await ledger.openSignIn({ id: "in", hash: hash("x") });
			for (const clientId of ["one", "two"]) await givenIn(ledger, codeOf("in", { clientId }));
		}
		await platform.ledgers.of(subject).endSignIn("in");
		const told: string[] = [];
		const tell = async (each: string) => void told.push(each);
		advance(59);
		await upkeep(tell);
		expect(told).toEqual([]);
		advance(86_400);
		await upkeep(tell);
		expect(told).toEqual([subject]);
		expect(await platform.ledgers.of(subject).dueLogouts()).toHaveLength(2);
	});

	test("a logout that cannot be read goes, and the others wait", async () => {
		const ledger = platform.ledgers.of(newSubject());
		await ledger.openSignIn({ id: "in", hash: hash("x") });
		for (const clientId of ["good", "bad"]) await givenIn(ledger, codeOf("in", { clientId }));
		await ledger.endSignIn("in");
		files.ledgers.exec("UPDATE rows SET body = '{' WHERE kind = 'logout' AND id = 'in bad'");
		advance(120);
		await upkeep(async () => {});
		expect(await count("rows WHERE kind = 'logout' AND id = 'in bad'")).toBe(0);
		expect((await ledger.dueLogouts()).map(({ clientId }) => clientId)).toEqual(["good"]);
	});

	test("tries again where the register failed", async () => {
		const ledger = platform.ledgers.of(newSubject("key"));
		const log = vi.spyOn(console, "error").mockImplementation(() => {});
		await ledger.changeKey({ kind: "create", ownerId: "owner", policies: [] });
		advance(60);
		files.register.script("ALTER TABLE key_verdicts RENAME TO elsewhere");
		await upkeep();
		files.register.script("ALTER TABLE elsewhere RENAME TO key_verdicts");
		expect(log).toHaveBeenCalledOnce();
		expect(await ledger.uncopiedKey()).not.toBeNull();
		await upkeep();
		expect(await ledger.uncopiedKey()).toBeNull();
	});
});

describe("the file of ledgers", () => {
	test("a code's record disappears by itself, upkeep or not", async () => {
		const name = hash(newId());
		await platform.codes.put(name, codeRecord(), 180);
		advance(179);
		expect(await platform.codes.get(name)).not.toBeNull();
		advance(1);
		expect(await platform.codes.get(name)).toBeNull();
	});

	test("DESIGN §3.4: a subject has at most 10,000 live sessions", async () => {
		const subject = newSubject();
		const ledger = platform.ledgers.of(subject);
		await ledger.login(byPassword, login());
		fillSessions(subject);
		fillSessions(newSubject());
		expect(await ledger.login(byPassword, login({ sessionId: "one more" }))).toEqual({ kind: "full" });
		expect(await ledger.login(byPassword, login())).toMatchObject({ kind: "same" });
		expect(await platform.ledgers.of(newSubject()).login(byPassword, login())).toMatchObject({ kind: "started" });
		advance(7201);
		expect(await ledger.login(byPassword, login({ sessionId: "one more" }))).toMatchObject({ kind: "started" });
	});

	test("one subject's rows are not another's, whatever their ids", async () => {
		const [mine, theirs] = [platform.ledgers.of(newSubject()), platform.ledgers.of(newSubject())];
		await mine.openSignIn({ id: "same", hash: hash("mine") });
		await theirs.openSignIn({ id: "same", hash: hash("theirs") });
		expect(await mine.checkSignIn("same", hash("mine"))).not.toBeNull();
		expect(await mine.listSignIns({ after: "", limit: 9 })).toHaveLength(1);
		await theirs.endSignIn("same");
		await theirs.endEverything(null);
		expect(await mine.checkSignIn("same", hash("mine"))).not.toBeNull();
	});

	test("what is no subject's id has no ledger", async () => {
		await expect(platform.ledgers.of("x").endSignIn("x")).rejects.toThrow("not a subject's id");
	});

	test("an exception undoes what was written before it", () => {
		const rows = new SqlRows(files.ledgers, newSubject());
		rows.put("revoked_token", "kept", "lookup", {}, 100);
		const fail = () =>
			files.ledgers.transactionSync(() => {
				rows.delete("revoked_token", "kept");
				rows.put("revoked_token", "added", null, {}, 100);
				rows.put("revoked_token", "added", null, {}, 200);
				throw new Error("no");
			});
		expect(fail).toThrow("no");
		expect(rows.count("revoked_token")).toBe(1);
		expect(rows.get("revoked_token", "added")).toBeNull();
		expect(rows.find("revoked_token", "lookup")).toEqual({});
	});
});
