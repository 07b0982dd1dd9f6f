import { describe, expect, test } from "vitest";
import type { AuditFilter } from "../../src/domain/ports/audit-log.ts";
import { newId, now, type Stores, times } from "./builders.ts";
import { install, addAccount, addMember, auditEntry, registerRows } from "./register-builders.ts";

const everything: AuditFilter = { actor: null, action: null, target: null, from: null, to: null };

export function describeAuditLog({ platform }: Stores): void {
	const { auditLog, register } = platform;
	const anAccount = () => addAccount(register);

	describe("the audit log", () => {
		test("an account's entries, newest first, in pages that neither skip nor repeat", async () => {
			const [{ id: accountId }, other] = [await anAccount(), await anAccount()];
			const entries = times(7, (index) => auditEntry({ accountId, at: now() - Math.floor(index / 3) }));
			await auditLog.add([...entries.toReversed(), auditEntry({ accountId: other.id }), auditEntry()]);
			const seen: string[] = [];
			let before: { at: number; id: number } | null = null;
			for (let page = 0; page < 4; page++) {
				const found = await auditLog.search(accountId, everything, before, 2);
				seen.push(...found.rows.map(({ action }) => action));
				before = found.next;
			}
			expect(seen).toEqual(entries.map(({ action }) => action));
			const [newest] = (await auditLog.search(accountId, everything, null, 1)).rows;
			expect(newest).toMatchObject({ ...entries[0] });
			await auditLog.add([]);
		});

		test("what is noted the first time alone is noted once in its time, by whomever and however many at once", async () => {
			const [{ id: accountId }, other] = [await anAccount(), await anAccount()];
			const entry = auditEntry({ accountId, actor: "client", action: "token.exchange", detail: { apis: "a" } });
			const since = now() - 86_400;
			await Promise.all(times(5, () => auditLog.addFirst(entry, since)));
			await auditLog.addFirst({ ...entry, at: entry.at + 5, address: null }, since);
			for (const changes of [{ target: "another" }, { actor: "another" }, { detail: { apis: "b" } }]) {
				await auditLog.addFirst({ ...entry, ...changes }, since);
			}
			await auditLog.addFirst({ ...entry, accountId: other.id }, since);
			const count = async (of: string) => (await auditLog.search(of, everything, null, 20)).rows.length;
			expect([await count(accountId), await count(other.id)]).toEqual([4, 1]);
			await auditLog.addFirst({ ...entry, at: entry.at + 86_400 }, entry.at);
			expect(await count(accountId)).toBe(5);
		});

		test("it is searched by who, what, on what and when", async () => {
			const { id: accountId } = await anAccount();
			const entry = (at: number, actor: string, action: string, target: string) =>
				auditEntry({ accountId, at: now() - at, actor, action, target });
			await auditLog.add([
				entry(3, "ada", "key.create", "k1"),
				entry(2, "bob", "key.delete", "k1"),
				entry(1, "ada", "keyring.create", "k2"),
				entry(0, "ada", "key", "k2"),
			]);
			const found = async (filter: Partial<AuditFilter>) =>
				(await auditLog.search(accountId, { ...everything, ...filter }, null, 10)).rows.map(({ action }) => action);
			expect(await found({ actor: "ada" })).toEqual(["key", "keyring.create", "key.create"]);
			expect(await found({ actor: "ad" })).toEqual([]);
			expect(await found({ action: "key.create" })).toEqual(["key.create"]);
			expect(await found({ action: "key.", target: "k1" })).toEqual([]);
			expect((await found({ action: "key" })).filter((action) => action.includes("."))).toEqual([
				"key.delete",
				"key.create",
			]);
			expect(await found({ target: "k2", actor: "ada" })).toEqual(["key", "keyring.create"]);
			expect(await found({ from: now() - 2, to: now() })).toEqual(["keyring.create", "key.delete"]);
		});

		test("all of a noun's actions are put in order, in pages that neither skip nor repeat", async () => {
			const { id: accountId } = await anAccount();
			const actions = ["key.create", "key.delete", "keyring.create", "kex.create", "key.rename"];
			const entries = times(40, (index) =>
				auditEntry({
					accountId,
					at: now() - Math.floor(index / 3),
					action: actions[index % 5] ?? "",
					target: `${index}`,
				}),
			);
			await auditLog.add(entries.toReversed());
			const seen: string[] = [];
			let before: { at: number; id: number } | null = null;
			const filter = { ...everything, action: "key", from: now() - 12, to: now() };
			do {
				const found = await auditLog.search(accountId, filter, before, 4);
				seen.push(...found.rows.map(({ target }) => target));
				before = found.next;
			} while (before);
			const wanted = entries.filter(({ action, at }) => action.startsWith("key.") && at >= now() - 12 && at < now());
			expect(seen).toEqual(wanted.map(({ target }) => target));
		});

		test("it is walked back, too, from any place: by who, what, a noun and a time", async () => {
			const { id: accountId } = await anAccount();
			const entries = times(30, (index) =>
				auditEntry({
					accountId,
					at: now() - Math.floor(index / 4),
					actor: "ada",
					action: index % 2 ? "key.create" : "key.delete",
					target: `${index}`,
				}),
			);
			await auditLog.add(entries.toReversed());
			const range = { from: now() - 6, to: now() };
			for (const filter of [{}, { actor: "ada" }, { action: "key.create" }, { action: "key" }, range]) {
				const wanted = { ...everything, ...filter };
				const { rows } = await auditLog.search(accountId, wanted, null, 100);
				const all = rows.map(({ target }) => target);
				const place = rows[9] ?? null;
				const back = await auditLog.search(accountId, wanted, place, 4, true);
				expect(back.rows.map(({ target }) => target)).toEqual(all.slice(5, 9).toReversed());
				expect(back.next).toMatchObject({ id: rows[5]?.id });
				const rest = await auditLog.search(accountId, wanted, back.next, 100, true);
				expect([rest.rows.map(({ target }) => target), rest.next]).toEqual([all.slice(0, 5).toReversed(), null]);
				const whole = await auditLog.search(accountId, wanted, null, 100, true);
				expect(whole.rows.map(({ target }) => target)).toEqual(all.toReversed());
			}
		});

		test("what is called like this is found by the beginning of its name, of each kind and of the account alone", async () => {
			const rows = registerRows();
			const [{ id: accountId }] = rows.accounts;
			await register.add(rows);
			const ada = await addMember(register, accountId, "member");
			const other = await anAccount();
			const called = async (of: string | null, beginning: string) =>
				(await auditLog.called(of, beginning, 5)).map(({ kind, name }) => `${kind} ${name}`);
			expect(await called(accountId, "kE")).toEqual(["key Key"]);
			expect(await called(accountId, "r")).toEqual(["client Radar", "policy Read"]);
			expect((await called(accountId, "shop/")).toSorted()).toEqual(
				["dev", "old", "prod"].map((name) => `environment shop/${name}`),
			);
			expect(await called(accountId, "pro")).toEqual(["environment shop/prod"]);
			expect(await called(accountId, "ey")).toEqual([]);
			expect(await called(other.id, "k")).toEqual([]);
			expect(await auditLog.called(accountId, "", 5, "person")).toEqual([{ kind: "person", id: ada.id, name: "Ada" }]);
			expect(await called(null, "ac")).toContain("account Acme");
		});

		test("a filter beside the one that an index serves looks at ten entries for each of a page, and goes on behind them", async () => {
			const { id: accountId } = await anAccount();
			const entries = times(57, (index) => {
				const action = index % 19 === 18 ? "key.delete" : "key.create";
				return auditEntry({ accountId, at: now() - Math.floor(index / 4), actor: "ada", action, target: `${index}` });
			});
			await auditLog.add(entries.toReversed());
			const pages: string[][] = [];
			let before: { at: number; id: number } | null = null;
			do {
				const found = await auditLog.search(
					accountId,
					{ ...everything, actor: "ada", action: "key.delete" },
					before,
					2,
				);
				pages.push(found.rows.map(({ target }) => target));
				before = found.next;
			} while (before);
			expect(pages).toEqual([["18"], ["37"], ["56"]]);
		});

		test("names are those that the account may see", async () => {
			const rows = registerRows();
			const [owner] = rows.accounts;
			const other = await anAccount();
			await register.add(rows);
			const mine = await addMember(register, owner.id, "member");
			const stranger = await addMember(register, other.id, "admin");
			const ids = [
				mine.id,
				stranger.id,
				rows.apiKeys[0].id,
				rows.accessCodes[0].id,
				rows.policies[0].id,
				rows.environments[0].id,
				rows.clients[0].id,
				owner.id,
				other.id,
				"nobody",
			];
			const api = { description: "", permissions: [], tokenTtl: null, algorithm: null, servers: [] };
			const apis = [owner.id, other.id, null].map((accountId) => ({
				...api,
				id: newId(),
				identifier: `https://${newId()}.example`,
				accountId,
				name: `API of ${accountId}`,
			}));
			await register.add({ apis });
			const named = await auditLog.names(
				owner.id,
				apis.map(({ id }) => id),
			);
			expect([...named.values()].toSorted()).toEqual([`API of ${owner.id}`, "API of null"].toSorted());
			const operated = await auditLog.names(null, [apis[2]?.id ?? ""]);
			expect([...operated.values()]).toEqual(["API of null"]);
			expect(new Map(await auditLog.names(owner.id, ids))).toEqual(
				new Map([
					[mine.id, "Ada"],
					[rows.apiKeys[0].id, "Key"],
					[rows.accessCodes[0].id, "Code"],
					[rows.policies[0].id, "Read"],
					[rows.environments[0].id, "shop/prod"],
					[rows.clients[0].id, "Radar"],
					[owner.id, "Acme"],
				]),
			);
			const seenByOther = async (where?: { areInLog: boolean }) =>
				[...(await auditLog.names(other.id, ids, where)).keys()].toSorted();
			const withClient = [stranger.id, rows.clients[0].id, other.id].toSorted();
			expect(await seenByOther()).toEqual([stranger.id, other.id].toSorted());
			expect(await seenByOther({ areInLog: true })).toEqual(withClient);
			const installed = install(other.id, { clientId: rows.clients[0].id, subject: stranger.id });
			await register.addInstall(installed, auditEntry());
			expect(await seenByOther()).toEqual(withClient);
			expect(await auditLog.names(owner.id, [])).toEqual(new Map());
		});
	});
}
