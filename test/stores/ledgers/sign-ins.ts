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
	type Stores,
	times,
} from "../builders.ts";

const all = { after: "", limit: 100 };

export function describeSignIns({ platform }: Stores): void {
	describe("sign-ins", () => {
		test("RFC 8176: by what somebody signed in is kept", async () => {
			const ledger = platform.ledgers.of(newSubject());
			const id = newId();
			await ledger.openSignIn({ id, hash: hash("cookie"), amr: ["pwd"] });
			expect(await ledger.checkSignIn(id, hash("cookie"))).toMatchObject({ amr: ["pwd"] });
		});

		test("whether a sign-in opens one account alone is kept", async () => {
			const ledger = platform.ledgers.of(newSubject());
			const id = newId();
			await ledger.openSignIn({ id, hash: hash("cookie"), amr: [], within: "acme" });
			expect(await ledger.checkSignIn(id, hash("cookie"))).toMatchObject({ amr: [], within: "acme" });
		});

		test("a sign-in is good for its id with its hash, until it ends", async () => {
			const ledger = platform.ledgers.of(newSubject());
			const id = newId();
			const { expiresAt } = await ledger.openSignIn({ id, hash: hash("cookie") });
			expect(expiresAt).toBe(now() + 12 * 3600);
			expect(await ledger.checkSignIn(id, hash("cookie"))).toMatchObject({ id, authenticatedAt: now(), expiresAt });
			expect(await ledger.checkSignIn(id, hash("another"))).toBeNull();
			expect(await ledger.checkSignIn(newId(), hash("cookie"))).toBeNull();
			await ledger.endSignIn(id);
			await ledger.endSignIn(id);
			expect(await ledger.checkSignIn(id, hash("cookie"))).toBeNull();
		});

		test("a sign-in ends by the ledger's clock", async () => {
			const ledger = platform.ledgers.of(newSubject());
			const id = newId();
			await ledger.openSignIn({ id, hash: hash("cookie") });
			vi.setSystemTime(Date.now() + 12 * 3600_000);
			expect(await ledger.checkSignIn(id, hash("cookie"))).toBeNull();
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

		test("of very many each is listed once, and all end at once", async () => {
			const ledger = platform.ledgers.of(newSubject());
			const ids = times(401, () => newId()).toSorted();
			await Promise.all(ids.map((id) => ledger.openSignIn({ id, hash: hash("cookie") })));
			const listed = await ledger.listSignIns({ after: "", limit: 1000 });
			expect(listed.map(({ id }) => id)).toEqual(ids);
			const page = await ledger.listSignIns({ after: ids[99] ?? "", limit: 150 });
			expect(page.map(({ id }) => id)).toEqual(ids.slice(100, 250));
			await ledger.endEverything(null);
			expect(await ledger.listSignIns(all)).toEqual([]);
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
