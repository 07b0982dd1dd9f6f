import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from "vitest";
import type { Policy } from "../../src/domain/policy.ts";
import { byPassword, event, hash, login, newId, newSubject, now, type Stores, times } from "./builders.ts";
import {
	addAccount,
	auditEntry,
	byName,
	everyClient,
	everyInstall,
	install,
	keysByName,
	registerRows,
} from "./register-builders.ts";

/** What an earlier version, another hand or a broken disk may have left in a column of JSON. */
const damages = ["", "{", "nothing", `${"[".repeat(1001)}${"]".repeat(1001)}`, "[".repeat(100_000)];

/** A row that cannot be read never takes its neighbours along, and opens nothing itself. */
export function describeUnreadableRows({ platform, databases, damageRow }: Stores): void {
	const { register, keyRegister, clients, alerts, auditLog, keyCopies, events } = platform;
	let said: MockInstance<typeof console.error>;
	const toldOf = (id: string | number) =>
		said.mock.calls.filter(([line]) => String(line).includes(`"id":${JSON.stringify(id)}`)).length;
	const damage = async (database: keyof typeof databases, table: string, column: string, id: string, text: string) => {
		const key = { installs: "grant_id", key_verdicts: "key_id" }[table] ?? "id";
		const db = databases[database];
		const found = await db.prepare(`SELECT ${key} FROM ${table} WHERE ${key} = ?`).bind(id).all();
		expect(found.results).toHaveLength(1);
		await db.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${key} = ?`).bind(text, id).run();
	};

	describe.each(damages.map((text) => [text.slice(0, 10), text]))("rows with %j in a column of JSON", (_, text) => {
		beforeEach(() => {
			said = vi.spyOn(console, "error").mockImplementation(() => undefined);
		});
		afterEach(() => said.mockRestore());

		test("events: the others are found by every filter, and the operator is told once", async () => {
			const accountId = newId();
			const rows = times(3, (index) => event({ accountId, occurredAt: 1000 + index, body: '{"a":"b"}' }));
			await events.add(rows);
			const [first, bad, last] = rows.map(({ id }) => id);
			await damage("events", "events", "body", bad ?? "", text);
			const tests = [
				{ operator: "eq", value: "b" },
				{ operator: "neq", value: "c" },
				{ operator: "contains", value: "b" },
				{ operator: "in", value: ["b"] },
			] as const;
			const all = { accountId, from: null, before: null, after: null, limit: 10 };
			for (const each of tests) {
				const found = await events.search({ ...all, conditions: [{ path: ["a"], test: each }] }, null);
				expect(found.rows.map(({ id }) => id)).toEqual([last, first]);
			}
			for (const limit of [10, 20]) {
				const { rows: found } = await events.search({ ...all, limit, conditions: [] }, null);
				expect(found.map(({ body }) => body)).toEqual(['{"a":"b"}', null, '{"a":"b"}']);
			}
			expect(toldOf(bad ?? "")).toBe(1);
			expect(await events.find(accountId, bad ?? "")).toMatchObject({ body: null });
			expect(await events.remove(accountId, "event", bad ?? "")).toBe("removed");
			expect((await events.search({ ...all, conditions: [] }, null)).rows).toHaveLength(2);
		});

		test("alerts", async () => {
			const accountId = newId();
			const sighting = {
				accountId,
				kind: "dead_key_used",
				target: "",
				count: 1,
				at: now(),
				detail: { a: "b" },
			} as const;
			const [bad, good] = [newId(), newId()];
			await alerts.raise([bad, good].map((id) => ({ ...sighting, id, subject: id })));
			await damage("events", "alerts", "detail", bad, text);
			const all = { accountId, conditions: [], from: null, before: null, after: null, limit: 10 };
			const { rows } = await alerts.search(all, { kind: null, acknowledged: null });
			expect(new Set(rows.map(({ id }) => id))).toEqual(new Set([bad, good]));
			const conditions = [{ path: ["a"], test: { operator: "eq", value: "b" } }] as const;
			expect(
				(await alerts.search({ ...all, conditions }, { kind: null, acknowledged: null })).rows.map(({ id }) => id),
			).toEqual([good]);
		});

		test("the audit log", async () => {
			const { id: accountId } = await addAccount(register);
			await auditLog.add(times(3, () => auditEntry({ accountId })));
			const { rows: before } = await auditLog.search(accountId, noFilter, null, 10);
			const query = databases.register.prepare("UPDATE audit SET detail = ? WHERE id = ?");
			await query.bind(text, before[1]?.id ?? 0).run();
			const { rows: after } = await auditLog.search(accountId, noFilter, null, 10);
			expect(after).toEqual(before.map((entry, index) => (index === 1 ? { ...entry, detail: {} } : entry)));
		});

		test("policies: such a one permits nothing, and can be edited and deleted", async () => {
			const { id: accountId } = await addAccount(register);
			const made: Policy[] = times(3, (index) => ({
				id: newId(),
				accountId,
				name: `Policy ${index}`,
				description: "Reads",
				permissions: ["events:read"],
			}));
			await register.add({ policies: made });
			await damage("register", "policies", "permissions", made[1]?.id ?? "", text);
			const expected = made.map((policy, index) => (index === 1 ? { ...policy, permissions: [] } : policy));
			expect(await register.policies(accountId)).toEqual(expected);
			expect(await keyRegister.listPolicies(accountId, null, 10)).toEqual(expected);
			const bad = expected[1] as Policy;
			expect(await keyRegister.deletePolicy({ ...bad, rev: 0 }, auditEntry())).toBe("written");
		});

		test("keys: tags that are damaged are none, a copy that is damaged is of a key that opens nothing", async () => {
			const { id: accountId } = await addAccount(register);
			const ids = times(3, () => newSubject("key"));
			const policies = { [accountId]: ["p"] };
			for (const [index, id] of ids.entries()) {
				const row = { id, accountId, name: `Key ${index}`, tags: ["t"], type: "standard", createdAt: 5 } as const;
				await keyRegister.addKey(row, auditEntry());
				const codes = [{ id, hash: hash(id), enabled: true, createdAt: 1, expiresAt: 2 }];
				const verdict = { ownerId: accountId, state: "enabled", codes, policies, rev: 1, copiedRev: 0 } as const;
				await register.copyVerdict(id, verdict, now());
			}
			const [tagless = "", copyless = "", whole] = ids;
			await damage("register", "api_keys", "tags", tagless, text);
			await damage("register", "key_verdicts", "verdict", copyless, text);
			const listed = await keysByName(keyRegister, accountId, null, 10);
			expect(listed.map(({ key }) => key.id)).toEqual(ids);
			expect(listed.map(({ key }) => key.tags)).toEqual([[], ["t"], ["t"]]);
			expect(listed.map(({ verdict }) => verdict.state)).toEqual(["enabled", "disabled", "enabled"]);
			expect(listed[1]?.verdict).toMatchObject({ codes: [], policies: {} });
			const using = await keyRegister.keysWithPolicy({ id: "p", accountId });
			expect(using.map(({ id }) => id)).toEqual([tagless, whole]);
			expect(await keyCopies.find(ids[1] ?? newSubject("key"))).toBeNull();
			const ending = await keyCopies.expiring(now(), { endsAt: 0, keyId: "" }, 1000);
			expect(ending.map(({ keyId }) => keyId).filter((id) => ids.includes(id))).toEqual([tagless, whole]);
			// Whatever its ledger says next is taken, and all is well.
			const healed = { ownerId: accountId, state: "enabled", codes: [], policies, rev: 1, copiedRev: 0 } as const;
			await register.copyVerdict(ids[1] ?? newSubject("key"), healed, now());
			expect((await keysByName(keyRegister, accountId, null, 10))[1]?.verdict).toEqual(healed);
			await damage("register", "key_verdicts", "verdict", copyless, text);
			// A ghost is what has no copy at all, or one that says so.
			const another = { id: newSubject("key"), accountId, name: "Another", tags: [], type: "standard" } as const;
			await keyRegister.addKey({ ...another, createdAt: now() }, auditEntry());
			expect(await keyRegister.key(ids[1] ?? another.id)).not.toBeNull();
		});

		test.each(["redirect_uris", "auth_methods", "secrets", "grant_types", "scope", "options"])(
			"clients: the others are listed, and one with damaged %s has nothing there",
			async (column) => {
				const rows = registerRows();
				const [client] = rows.clients;
				const other = { ...client, id: newId(), name: "Beside" };
				await register.add({ ...rows, clients: [client, other] });
				await damage("register", "clients", column, client.id, text);
				const { rows: listed } = await clients.list(client.accountId, everyClient, byName);
				expect(listed.map(({ id }) => id).toSorted()).toEqual([client.id, other.id].toSorted());
				const member = column.replaceAll(/_(\w)/g, (_match, letter: string) => letter.toUpperCase());
				const found = (await register.client(client.id)) ?? {};
				expect(Object.values({ [member]: Reflect.get(found, member) })).toEqual([column === "options" ? {} : []]);
			},
		);

		test("installs and people", async () => {
			const rows = registerRows();
			await register.add(rows);
			const [{ id: accountId }, { id: clientId }, { id: personId }] = [
				rows.accounts[0],
				rows.clients[0],
				rows.people[0],
			];
			const membership = { personId, accountId, role: "member", state: "active", notBefore: 0 } as const;
			await register.add({ memberships: [membership] });
			const made = [personId, newSubject("key")].map((subject) => install(accountId, { clientId, subject }));
			for (const each of made) await register.addInstall(each, auditEntry());
			await damage("register", "installs", "scope", made[0]?.grantId ?? "", text);
			const { rows: listed } = await clients.installs({
				...everyInstall,
				accountId,
				now: now(),
				waiting: { pending: [], gone: [] },
			});
			expect(new Set(listed.map(({ scope }) => scope.length))).toEqual(new Set([0, 1]));
			await damage("register", "people", "profile", personId, text);
			expect(await register.person(personId)).toMatchObject({ id: personId });
			expect(await register.person(personId)).not.toHaveProperty("profile");
		});
	});

	test.each(["", "{", "[".repeat(100_000)])(
		"a damaged row of a ledger (%#) opens nothing, and the others are listed and ended",
		async (text) => {
			const told = vi.spyOn(console, "error").mockImplementation(() => undefined);
			const subject = newSubject();
			const ledger = platform.ledgers.of(subject);
			const logins = await Promise.all(times(3, (n) => ledger.login(byPassword, login({ sessionId: `s${n}` }))));
			const sids = logins.map((each) => ("sid" in each ? (each.sid ?? "") : ""));
			const bad = sids[1] ?? "";
			await damageRow(subject, "session", bad, text);
			const by = { credential: "password", accountId: "account" };
			const listed = await ledger.listSessions({ ...by, after: "", limit: 10 });
			expect(listed.map(({ sid }) => sid).toSorted()).toEqual(sids.filter((sid) => sid !== bad).toSorted());
			expect(told).toHaveBeenCalledTimes(1);
			for (const { sid } of listed) expect(await ledger.revokeSession(sid, by)).toBe("revoked");
			// Nobody knows what it was, so nothing is guessed.
			await expect(Promise.try(() => ledger.inspectSession(bad, { jti: "x", notBefore: 0 }))).rejects.toThrow("JSON");
			told.mockRestore();
		},
	);
}

const noFilter = { actor: null, action: null, target: null, from: null, to: null };
