import { describe, expect, test } from "vitest";
import { byPassword, codeRecord, hash, login, newId, newSubject, type Stores } from "../builders.ts";

const all = { all: true, after: "", limit: 9 } as const;

export function describeAccountEnds({ platform }: Stores): void {
	describe("what a ledger has of an account that goes", () => {
		test("is forgotten with its tombstones, and nothing of another account is", async () => {
			const ledger = platform.ledgers.of(newSubject());
			const [gone, revoked, kept] = [codeRecord(), codeRecord(), codeRecord({ accountId: "another" })];
			const { accountId } = gone;
			for (const record of [gone, revoked, kept]) await ledger.openGrant({ ...record, clientId: record.id });
			await ledger.revokeGrant(revoked.id, null);
			await ledger.login({ ...byPassword, accountId }, login());
			await ledger.login({ ...byPassword, accountId: "another" }, login());
			await ledger.openSignIn({ id: "sign-in", hash: hash("x") });
			await ledger.forgetAccount(accountId);
			await ledger.forgetAccount(accountId);
			expect(await ledger.grantStates([gone.id, revoked.id])).toEqual(["gone", "gone"]);
			expect(await ledger.grantTerms(kept.id)).not.toBeNull();
			expect((await ledger.listSessions(all)).map((session) => session.accountId)).toEqual(["another"]);
			expect(await ledger.checkSignIn("sign-in", hash("x"))).not.toBeNull();
		});

		test("the ledger of a subject of which nothing else is left goes whole, a deleted key's too", async () => {
			const key = newSubject("key");
			const ledger = platform.ledgers.of(key);
			await ledger.changeKey({ kind: "create", ownerId: "account", policies: [] });
			await ledger.changeKey({ kind: "add_code", id: newId(), hash: hash("code") });
			await ledger.changeKey({ kind: "delete" });
			await ledger.erase();
			await ledger.erase();
			expect(await ledger.readKey()).toBeNull();
			expect(await ledger.checkKey(hash("code"), null)).toEqual({ kind: "refused", reason: "unknown" });
			const person = platform.ledgers.of(newSubject());
			await person.openGrant(codeRecord());
			await person.openSignIn({ id: "sign-in", hash: hash("x") });
			await person.erase();
			expect(await person.checkSignIn("sign-in", hash("x"))).toBeNull();
			expect(await person.listGrants({ after: "", limit: 9 })).toEqual([]);
		});
	});
}
