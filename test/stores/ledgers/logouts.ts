import { describe, expect, test, vi } from "vitest";
import type { RemoteLedger } from "../../../src/domain/ports/ledgers.ts";
import type { CodeRecord } from "../../../src/domain/ports/codes.ts";
import { codeRecord, hash, newId, newSubject, now, redeem, type Stores, times } from "../builders.ts";

/** A code that was given in a sign-in, to a client that is told of its end, or whose grant goes with it. */
export function codeOf(sid: string, changes: Partial<CodeRecord> = {}, isTold = true): CodeRecord {
	const claims = { userinfo: [], idToken: [] };
	const tie = isTold ? { isTold } : { endsWithSignIn: true as const };
	const identity = { nonce: null, authenticatedAt: now(), sid, claims, ...tie };
	return codeRecord({ identity: identity, ...changes });
}

/** Somebody has signed in to a client by it. */
export async function givenIn(ledger: RemoteLedger, record: CodeRecord): Promise<CodeRecord> {
	await ledger.openGrant(record);
	const { clientId } = record;
	expect(await ledger.redeem(record.id, redeem({ clientId }))).toMatchObject({ kind: "redeemed" });
	return record;
}

export function describeLogouts({ platform, damageRow }: Stores): void {
	describe("logouts", () => {
		test("the end of a sign-in is written down for each client of it, once, and told again to whoever asks again", async () => {
			const ledger = platform.ledgers.of(newSubject());
			const [sid, other] = [newId(), newId()];
			for (const id of [sid, other]) await ledger.openSignIn({ id, hash: hash(id) });
			for (const clientId of ["one", "one", "two"]) await givenIn(ledger, codeOf(sid, { clientId }));
			await givenIn(ledger, codeOf(other, { clientId: "three" }));
			const ended = await ledger.endSignIn(sid);
			expect(ended.grants).toEqual([]);
			expect(ended.logouts.map(({ clientId, sid: of, tries }) => [clientId, of, tries])).toEqual([
				["one", sid, 0],
				["two", sid, 0],
			]);
			expect(await ledger.endSignIn(sid)).toEqual(ended);
			expect(await ledger.checkSignIn(other, hash(other))).not.toBeNull();
		});

		test("is due a minute later, later each time it fails, and not any more once it is over", async () => {
			const ledger = platform.ledgers.of(newSubject());
			const sid = newId();
			await ledger.openSignIn({ id: sid, hash: hash(sid) });
			await givenIn(ledger, codeOf(sid));
			const { logouts } = await ledger.endSignIn(sid);
			const id = logouts[0]?.id ?? "";
			const waits: number[] = [];
			for (;;) {
				const begun = now();
				while ((await ledger.dueLogouts()).length === 0) vi.setSystemTime(Date.now() + 60_000);
				waits.push(now() - begun);
				if ((await ledger.logoutTried(id, "failed")) === "over") break;
			}
			expect(waits).toEqual([60, 120, 240, 480, 960, 1920, 3840, 7680]);
			vi.setSystemTime(Date.now() + 86_400_000);
			expect(await ledger.dueLogouts()).toEqual([]);
			expect(await ledger.logoutTried(id, "failed")).toBe("over");
			expect((await ledger.endSignIn(sid)).logouts).toEqual([]);
		});

		test("what goes with a sign-in ends with it, and what waits for its code; nothing else does", async () => {
			const ledger = platform.ledgers.of(newSubject());
			const sid = newId();
			await ledger.openSignIn({ id: sid, hash: hash(sid) });
			const [tied, told] = [await givenIn(ledger, codeOf(sid, {}, false)), await givenIn(ledger, codeOf(sid))];
			const waiting = codeOf(sid);
			await ledger.openGrant(waiting);
			const untied = await givenIn(ledger, codeRecord());
			const { grants } = await ledger.endSignIn(sid);
			expect(grants.toSorted()).toEqual([tied.id, waiting.id].toSorted());
			const ids = [tied, told, waiting, untied].map(({ id }) => id);
			expect(await ledger.grantStates(ids)).toEqual(["gone", "live", "gone", "live"]);
			expect(await ledger.redeem(waiting.id, redeem())).toEqual({ kind: "revoked" });
		});

		test("a code of a sign-in that ended while its person was asked is good for nothing", async () => {
			const ledger = platform.ledgers.of(newSubject());
			const sid = newId();
			await ledger.openSignIn({ id: sid, hash: hash(sid) });
			await ledger.endSignIn(sid);
			const late = codeOf(sid);
			expect(await ledger.openGrant(late)).toBe("opened");
			expect(await ledger.redeem(late.id, redeem())).toEqual({ kind: "revoked" });
		});

		test("one sign-in and what was given in it can be spared where all others end", async () => {
			const ledger = platform.ledgers.of(newSubject());
			const sids = times(3, () => newId());
			for (const id of sids) await ledger.openSignIn({ id, hash: hash(id) });
			for (const id of sids) await givenIn(ledger, codeOf(id, { clientId: `client of ${id}` }));
			const [mine = "", ...others] = sids;
			const { logouts } = await ledger.endEverything({ signIn: mine, sessionsOf: "password" });
			expect(logouts.map(({ sid }) => sid).toSorted()).toEqual(others.toSorted());
		});

		test("what was given in a sign-in that has run out ends where everything does, and its client is told", async () => {
			const subject = newSubject();
			const ledger = platform.ledgers.of(subject);
			const [mine, gone] = [newId(), newId()];
			for (const id of [mine, gone]) await ledger.openSignIn({ id, hash: hash(id) });
			const tied = await givenIn(ledger, codeOf(gone, {}, false));
			const told = await givenIn(ledger, codeOf(gone, { clientId: "told" }));
			const spared = await givenIn(ledger, codeOf(mine, {}, false));
			// Its row is purged when it has run out; nor can this one be read.
			await damageRow(subject, "sign_in", gone, "{");
			const log = vi.spyOn(console, "error").mockImplementation(() => {});
			const ended = await ledger.endEverything({ signIn: mine, sessionsOf: "password" });
			expect(ended.grants).toEqual([tied.id]);
			expect(ended.logouts.map(({ clientId, sid }) => [clientId, sid])).toEqual([["told", gone]]);
			expect(await ledger.grantStates([tied, told, spared].map(({ id }) => id))).toEqual(["gone", "live", "live"]);
			log.mockRestore();
		});

		test("whoever is removed from an account is logged out of what they use for it, and stays signed in", async () => {
			const ledger = platform.ledgers.of(newSubject());
			const sid = newId();
			await ledger.openSignIn({ id: sid, hash: hash(sid) });
			await givenIn(ledger, codeOf(sid, { clientId: "theirs" }));
			await givenIn(ledger, codeOf(sid, { clientId: "another's", accountId: "another" }));
			expect((await ledger.logOutOf("account")).map(({ clientId }) => clientId)).toEqual(["theirs"]);
			expect(await ledger.checkSignIn(sid, hash(sid))).not.toBeNull();
		});

		test("who is still to be told is kept where an account, or all, is forgotten", async () => {
			for (const forget of ["forgetAccount", "erase"] as const) {
				const ledger = platform.ledgers.of(newSubject());
				const [sid, ended] = [newId(), newId()];
				for (const id of [sid, ended]) {
					await ledger.openSignIn({ id, hash: hash(id) });
					await givenIn(ledger, codeOf(id));
				}
				await ledger.endSignIn(ended);
				await (forget === "erase" ? ledger.erase() : ledger.forgetAccount("account"));
				vi.setSystemTime(Date.now() + 60_000);
				const due = await ledger.dueLogouts();
				expect(due.map((logout) => logout.sid).toSorted()).toEqual([sid, ended].toSorted());
				expect(await ledger.listGrants({ after: "", limit: 9 })).toEqual([]);
				for (const { id } of due) await ledger.logoutTried(id, "over");
				expect(await ledger.dueLogouts()).toEqual([]);
			}
		});
	});
}
