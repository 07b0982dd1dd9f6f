import { describe, expect, test, vi } from "vitest";
import {
	byPassword,
	codeRecord,
	hash,
	login,
	newId,
	newSubject,
	now,
	redeem,
	refresh,
	type Stores,
} from "./builders.ts";

const all = { after: "", limit: 100 };

export function describePersonAccess({ platform }: Stores): void {
	describe("what a person holds", () => {
		test("grants are listed while they count, in pages", async () => {
			const ledger = platform.ledgers.of(newSubject());
			const ids = [];
			for (let count = 0; count < 3; count++) {
				const record = codeRecord();
				await ledger.openGrant(record);
				await ledger.redeem(record.id, redeem());
				ids.push(record.id);
			}
			ids.sort();
			await ledger.openGrant(codeRecord());
			expect((await ledger.listGrants(all)).map(({ id }) => id)).toEqual(ids);
			expect((await ledger.listGrants({ after: ids[0] ?? "", limit: 1 })).map(({ id }) => id)).toEqual([ids[1]]);
			await ledger.revokeGrant(ids[1] ?? "", null);
			expect((await ledger.listGrants(all)).map(({ id }) => id)).toEqual([ids[0], ids[2]]);
			expect((await ledger.listGrants(all))[0]).toEqual({
				id: ids[0],
				clientId: "client",
				accountId: "account",
				scope: ["events:read", "events:write"],
				createdAt: now(),
				// It rotates: without use it ends before its absolute end.
				expiresAt: now() + 7 * 86_400,
			});
			expect(await platform.ledgers.of(newSubject()).listGrants(all)).toEqual([]);
		});

		test("all grants end at once, redeemed or not, and stay ended", async () => {
			const ledger = platform.ledgers.of(newSubject());
			const [active, open] = [codeRecord(), codeRecord()];
			await ledger.openGrant(active);
			await ledger.openGrant(open);
			await ledger.redeem(active.id, redeem());
			await ledger.revokeGrants();
			await ledger.revokeGrants();
			expect(await ledger.listGrants(all)).toEqual([]);
			expect(await ledger.refresh(active.id, refresh(1))).toEqual({ kind: "revoked" });
			expect(await ledger.redeem(open.id, redeem())).toEqual({ kind: "revoked" });
		});

		test("sign-ins are listed with where they come from, and never with their hash", async () => {
			const ledger = platform.ledgers.of(newSubject());
			const ids = [newId(), newId()].toSorted();
			const from = { address: "192.0.2.1", browser: "Firefox on Linux" };
			await ledger.openSignIn({ id: ids[0] ?? "", hash: hash("a"), from });
			await ledger.openSignIn({ id: ids[1] ?? "", hash: hash("b") });
			const expiresAt = now() + 12 * 3600;
			expect(await ledger.listSignIns(all)).toEqual([
				{ id: ids[0], from, authenticatedAt: now(), expiresAt },
				{ id: ids[1], authenticatedAt: now(), expiresAt },
			]);
			expect(await ledger.listSignIns({ after: ids[0] ?? "", limit: 5 })).toHaveLength(1);
			expect(await ledger.listSignIns({ after: "", limit: 1 })).toHaveLength(1);
			vi.setSystemTime(Date.now() + 12 * 3600_000);
			expect(await ledger.listSignIns(all)).toEqual([]);
		});

		test("the subject lists and ends sessions of every credential and account", async () => {
			const ledger = platform.ledgers.of(newSubject());
			await ledger.login(byPassword, login());
			await ledger.login({ ...byPassword, accountId: "other" }, login());
			const sessions = await ledger.listSessions({ all: true, ...all });
			expect(sessions.map(({ accountId }) => accountId).toSorted()).toEqual(["account", "other"]);
			for (const { sid } of sessions) expect(await ledger.revokeSession(sid, null)).toBe("revoked");
			expect(await ledger.listSessions({ all: true, ...all })).toEqual([]);
			expect(await ledger.revokeSession(sessions[0]?.sid ?? "", null)).toBe("unknown");
		});

		test("everything ends in one call: sign-ins and sessions, and no grant", async () => {
			const ledger = platform.ledgers.of(newSubject());
			const [id, grant] = [newId(), codeRecord()];
			await ledger.openSignIn({ id, hash: hash("cookie") });
			await ledger.login(byPassword, login());
			await ledger.openGrant(grant);
			await ledger.redeem(grant.id, redeem());
			await ledger.endEverything(null);
			await ledger.endEverything(null);
			expect(await ledger.checkSignIn(id, hash("cookie"))).toBeNull();
			expect(await ledger.listSessions({ all: true, ...all })).toEqual([]);
			expect(await ledger.listGrants(all)).toHaveLength(1);
		});

		test("one sign-in and the sessions of other credentials can be spared", async () => {
			const ledger = platform.ledgers.of(newSubject());
			const [mine, other] = [newId(), newId()];
			await ledger.openSignIn({ id: mine, hash: hash("mine") });
			await ledger.openSignIn({ id: other, hash: hash("other") });
			await ledger.login(byPassword, login());
			await ledger.login({ kind: "proved", credential: "client_secret", accountId: "account" }, login());
			await ledger.endEverything({ signIn: mine, sessionsOf: "password" });
			expect((await ledger.listSignIns(all)).map(({ id }) => id)).toEqual([mine]);
			const left = await ledger.listSessions({ all: true, ...all });
			expect(left.map(({ credential }) => credential)).toEqual(["client_secret"]);
		});
	});
}
