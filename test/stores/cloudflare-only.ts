import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import type { LedgerRows } from "../../src/domain/ledger-rows.ts";
import type { LedgerObject } from "../../src/platform/cloudflare/ledger-object.ts";
import { repeatOnce } from "../../src/platform/cloudflare/repeat-once.ts";
import { mayRepeat, verbs } from "../../src/platform/cloudflare/repeatable-verbs.ts";
import { ObjectRows } from "../../src/platform/cloudflare/object-rows.ts";
import {
	byPassword,
	codeRecord,
	hash,
	login,
	newId,
	newSubject,
	now,
	redeem,
	ringKey,
	type Stores,
	times,
} from "./builders.ts";
import { crash, stub } from "./cloudflare-cleaning.ts";

const wanted = { rotateEvery: 86_400, isWanted: true };

/** What only Cloudflare can get wrong. */
export function describeCloudflare({ platform }: Stores): void {
	describe("KV", () => {
		test("a code's record disappears by itself after its ttl", async () => {
			const name = hash(newId());
			await platform.codes.put(name, codeRecord(), 180);
			const { keys } = await env.CODES.list({ prefix: `code:${name}` });
			expect(keys).toHaveLength(1);
			expect(keys[0]?.expiration).toBeGreaterThanOrEqual(now() + 178);
			expect(keys[0]?.expiration).toBeLessThanOrEqual(now() + 181);
		});

		test("a record that cannot be read is a miss", async () => {
			const name = hash(newId());
			await env.CODES.put(`code:${name}`, "{");
			expect(await platform.codes.get(name)).toBeNull();
		});

		test("a published ring that went missing is published again", async () => {
			const ring = await platform.keyRings.advance("EdDSA", [ringKey("a"), ringKey("b")], wanted);
			await env.CODES.delete("ring:EdDSA");
			expect(await platform.keyRings.published("EdDSA")).toBeNull();
			await platform.keyRings.advance("EdDSA", [], { ...wanted, rotateEvery: 10 * 365 * 86_400 });
			expect(await platform.keyRings.published("EdDSA")).toEqual(ring);
		});
	});

	test("a ring of before that nobody chose ends where it is kept and where it is published", async () => {
		const [current, next] = [ringKey("old"), ringKey("older")];
		const old = { current, next, currentSince: now() - 31 * 86_400, previous: [] };
		await runInDurableObject(env.KEY_RING.getByName("signing-keys"), async (_, { storage }) =>
			storage.kv.put("PS256", old),
		);
		const nobody = { ...wanted, isWanted: false };
		expect(await platform.keyRings.advance("PS256", [], nobody)).toMatchObject({ endsAt: now() + 90_000 });
		expect(await platform.keyRings.published("PS256")).toMatchObject({ current });
		vi.setSystemTime(Date.now() + 90_000_000);
		expect(await platform.keyRings.advance("PS256", [], nobody)).toBeNull();
		expect(await platform.keyRings.published("PS256")).toBeNull();
		expect(await platform.keyRings.withdraw("PS256", current.kid, ringKey("new"))).toBeNull();
	});

	test("a ring that cannot be published is answered all the same", async () => {
		const log = vi.spyOn(console, "error").mockImplementation(() => {});
		await env.CODES.delete("ring:EdDSA");
		vi.spyOn(env.CODES, "put").mockRejectedValueOnce(new Error("KV is away"));
		const ring = await platform.keyRings.advance("EdDSA", [ringKey("a"), ringKey("b")], wanted);
		const logged = log.mock.calls.map(([text]) => JSON.parse(text));
		vi.restoreAllMocks();
		expect(ring).not.toBeNull();
		const told = { event: "key_ring.publish_failed", algorithm: "EdDSA", error: "Error", message: "KV is away" };
		expect(logged).toEqual([{ at: expect.any(String), ...told }]);
	});

	describe("a ledger's object", () => {
		test("runs the verbs of a ledger and nothing else", async () => {
			await runInDurableObject(stub(newSubject()), async (object: LedgerObject) => {
				for (const verb of ["constructor", "toString", "__proto__", "alarm", ""]) {
					await expect(object.run(verb, [])).rejects.toThrow("no such verb");
				}
			});
		});

		test("is placed as the subject's id says, always the same way", async () => {
			const getByName = vi.spyOn(env.LEDGER, "getByName");
			const jurisdiction = vi.spyOn(env.LEDGER, "jurisdiction").mockReturnValue(env.LEDGER);
			for (const home of ["any", "apac", "eu", "fed"] as const) {
				await platform.ledgers.of(newSubject("person", home)).grantTerms("x");
			}
			const hints = getByName.mock.calls.map(([, options]) => options?.locationHint);
			const jurisdictions = jurisdiction.mock.calls.map(([name]) => name);
			vi.restoreAllMocks();
			expect(hints).toEqual([undefined, "apac", undefined, undefined]);
			expect(jurisdictions).toEqual(["eu", "fedramp"]);
		});

		test("what was answered outlives the instance", async () => {
			const subject = newSubject();
			const ledger = platform.ledgers.of(subject);
			const record = codeRecord();
			await ledger.openGrant(record);
			await ledger.redeem(record.id, redeem());
			await crash(subject);
			expect(await ledger.inspectGrant(record.id, { notBefore: 0 })).not.toBeNull();
			expect(await ledger.redeem(record.id, redeem())).toEqual({ kind: "replayed" });
		});

		test("DESIGN §3.2: a call that broke is made once more, and finds what the first one left", async () => {
			const subject = newSubject();
			const ledger = platform.ledgers.of(subject);
			const record = codeRecord();
			await ledger.openGrant(record);
			const command = redeem();
			const [, ...outcomes] = await Promise.all([crash(subject), ...times(5, () => ledger.redeem(record.id, command))]);
			expect(outcomes.map(({ kind }) => kind)).toEqual(times(5, () => "redeemed"));
		});

		test("an exception undoes what was written before it, the tables too", async () => {
			await runInDurableObject(stub(newSubject()), (_: LedgerObject, state) => {
				const rows = new ObjectRows(state.storage);
				const fail = (write: (rows: LedgerRows) => void) => () =>
					rows.transact((own) => {
						write(own);
						throw new Error("no");
					});
				expect(fail((own) => own.put("revoked_token", "first", null, {}, 100))).toThrow("no");
				expect(rows.get("revoked_token", "first")).toBeNull();
				expect(rows.takeDue()).toBeNull();
				rows.put("revoked_token", "kept", "lookup", {}, 100);
				expect(rows.count("revoked_token")).toBe(1);
				expect(fail((own) => own.put("revoked_token", "added", null, {}, 100))).toThrow("no");
				expect(fail((own) => own.delete("revoked_token", "kept"))).toThrow("no");
				expect(rows.count("revoked_token")).toBe(1);
				expect(rows.find("revoked_token", "lookup")).toEqual({});
			});
		});

		test("of several writes none is done where one of them fails, and nothing of them is remembered", async () => {
			await runInDurableObject(stub(newSubject()), (_: LedgerObject, state) => {
				const rows = new ObjectRows(state.storage);
				rows.put("revoked_token", "there", "taken", {}, 100);
				expect(rows.count("revoked_token")).toBe(1);
				const write = () =>
					rows.transact((own) => {
						own.put("revoked_token", "before", null, {}, 50);
						own.put("revoked_token", "second", "taken", {}, 100);
					});
				expect(write).toThrow("UNIQUE");
				for (const read of [rows, new ObjectRows(state.storage)]) {
					expect(read.get("revoked_token", "before")).toBeNull();
					expect(read.get("revoked_token", "second")).toBeNull();
					expect(read.count("revoked_token")).toBe(1);
				}
				expect(rows.takeDue()).toBeNull();
			});
		});

		test("what it read or wrote it has in memory, and a verb that changes nothing takes no transaction", async () => {
			await runInDurableObject(stub(newSubject()), (_: LedgerObject, { storage }) => {
				const written = new ObjectRows(storage);
				written.put("revoked_token", "a", "by a", { n: 1 }, 100);
				const rows = new ObjectRows(storage);
				const asked = () => rows.transact((own) => [own.get("revoked_token", "a"), own.get("revoked_token", "none")]);
				const found = () => rows.transact((own) => own.find("revoked_token", "by a"));
				expect(asked()).toEqual([{ n: 1 }, null]);
				const exec = vi.spyOn(storage.sql, "exec");
				const transaction = vi.spyOn(storage, "transactionSync");
				expect(asked()).toEqual([{ n: 1 }, null]);
				expect(exec).not.toHaveBeenCalled();
				expect(found()).toEqual({ n: 1 });
				expect(exec).not.toHaveBeenCalled();
				rows.transact((own) => own.put("revoked_token", "a", "by a", { n: 2 }, 100));
				expect([asked(), found()]).toEqual([[{ n: 2 }, null], { n: 2 }]);
				expect(exec).toHaveBeenCalledTimes(1);
				expect(transaction).not.toHaveBeenCalled();
				vi.restoreAllMocks();
				expect(new ObjectRows(storage).get("revoked_token", "a")).toEqual({ n: 2 });
			});
		});

		test("a row that has another lookup now is not found by the one before", async () => {
			await runInDurableObject(stub(newSubject()), (_: LedgerObject, { storage }) => {
				const rows = new ObjectRows(storage);
				rows.put("revoked_token", "a", "first", { n: 1 }, 100);
				expect(rows.find("revoked_token", "first")).toEqual({ n: 1 });
				rows.put("revoked_token", "a", "second", { n: 2 }, 100);
				expect(rows.find("revoked_token", "first")).toBeNull();
				expect(rows.find("revoked_token", "second")).toEqual({ n: 2 });
				rows.delete("revoked_token", "a");
				expect(rows.find("revoked_token", "second")).toBeNull();
				rows.put("revoked_token", "b", "second", { n: 3 }, 50);
				expect(rows.find("revoked_token", "second")).toEqual({ n: 3 });
				rows.purge(50);
				expect(rows.find("revoked_token", "second")).toBeNull();
				expect(rows.get("revoked_token", "b")).toBeNull();
			});
		});

		test("it remembers a hundred rows and no more", async () => {
			await runInDurableObject(stub(newSubject()), (_: LedgerObject, { storage }) => {
				const rows = new ObjectRows(storage);
				for (let n = 0; n < 300; n++) rows.put("revoked_token", `${n}`, `by ${n}`, { n }, 100);
				const exec = vi.spyOn(storage.sql, "exec");
				for (let n = 299; n >= 200; n--) expect(rows.find("revoked_token", `by ${n}`)).toEqual({ n });
				expect(exec).not.toHaveBeenCalled();
				for (let n = 0; n < 200; n++) expect(rows.get("revoked_token", `${n}`)).toEqual({ n });
				expect(exec).toHaveBeenCalledTimes(200);
				vi.restoreAllMocks();
			});
		});

		test("counts its rows as they come and go", async () => {
			await runInDurableObject(stub(newSubject()), (_: LedgerObject, state) => {
				const rows = new ObjectRows(state.storage);
				expect(rows.count("revoked_token")).toBe(0);
				for (const id of ["a", "b", "a", "c"]) rows.put("revoked_token", id, null, {}, id === "c" ? 50 : 100);
				expect(rows.count("revoked_token")).toBe(3);
				rows.delete("revoked_token", "b");
				rows.delete("revoked_token", "b");
				expect(rows.count("revoked_token")).toBe(2);
				rows.purge(50);
				expect(rows.count("revoked_token")).toBe(1);
				expect(rows.count("revoked_token")).toBe(new ObjectRows(state.storage).count("revoked_token"));
			});
		});

		test("DESIGN §3.4: a subject has at most 10,000 live sessions", async () => {
			const subject = newSubject();
			const ledger = platform.ledgers.of(subject);
			await ledger.login(byPassword, login());
			await runInDurableObject(stub(subject), (_: LedgerObject, { storage }) => {
				storage.sql.exec(
					`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9998)
					INSERT INTO rows (kind, id, lookup, body, purge_at) SELECT 'session', 's' || i, 's' || i, '{}', ? FROM n`,
					now() + 7200,
				);
			});
			const more = await Promise.all(times(3, (index) => ledger.login(byPassword, login({ sessionId: `${index}` }))));
			expect(more.map(({ kind }) => kind).toSorted()).toEqual(["full", "full", "started"]);
			expect(await ledger.login(byPassword, login())).toMatchObject({ kind: "same" });
		});
	});

	describe("a call that breaks", () => {
		test("is made once more where the runtime calls it transient", async () => {
			expect(await repeatOnce(fails({ retryable: true }))).toBe("answer");
			expect(await repeatOnce(fails({ durableObjectReset: true }))).toBe("answer");
			const always = vi
				.fn<() => Promise<string>>()
				.mockRejectedValue(Object.assign(new Error("x"), { retryable: true }));
			await expect(repeatOnce(always)).rejects.toThrow("x");
			expect(always).toHaveBeenCalledTimes(2);
		});

		test("is not where the object is overloaded, or threw itself", async () => {
			for (const properties of [{}, { remote: true }, { retryable: true, overloaded: true }]) {
				await expect(repeatOnce(fails(properties))).rejects.toThrow("broken");
			}
		});

		test("is not where a second run would answer something else", () => {
			expect(verbs.filter((verb) => !mayRepeat(verb, [{ kind: "create" }]))).toEqual(["revokeSession", "logoutTried"]);
			expect(mayRepeat("changeKey", [{ kind: "delete" }])).toBe(true);
			expect(mayRepeat("changeKey", [{ kind: "delete_code", id: "c1" }])).toBe(false);
		});
	});
}

/** Fails once, in a certain way. */
function fails(properties: object) {
	const error = Object.assign(new Error("broken"), properties);
	return vi.fn<() => Promise<string>>().mockRejectedValueOnce(error).mockResolvedValue("answer");
}
