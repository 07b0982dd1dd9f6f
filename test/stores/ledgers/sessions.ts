import { describe, expect, test, vi } from "vitest";
import type { LoggedIn } from "../../../src/domain/ledger-verdicts.ts";
import { byPassword, login, newSubject, now, sealed, type Stores, tally, times } from "../builders.ts";

export function describeSessions({ platform }: Stores): void {
	const by = { credential: "password", accountId: "account" };

	describe("sessions", () => {
		test("contract 001: of 50 parallel logins one starts the session, and all get the same payload", async () => {
			const ledger = platform.ledgers.of(newSubject());
			const outcomes = await Promise.all(times(50, () => ledger.login(byPassword, login())));
			expect(tally(outcomes)).toEqual({ started: 1, same: 49 });
			expect(new Set(outcomes.map((outcome) => "payload" in outcome && outcome.payload))).toHaveLength(1);
		});

		test("contract 001: of 50 parallel logins with signatures of their own, all get that of the one that started", async () => {
			const ledger = platform.ledgers.of(newSubject());
			const requests = times(50, (index) => signedLogin(`sealed ${index}`));
			const outcomes = await Promise.all(requests.map((request) => ledger.login(byPassword, request)));
			expect(tally(outcomes)).toEqual({ started: 1, same: 49 });
			const kept = new Set(outcomes.map((outcome) => good(outcome).signature));
			expect(kept.size).toBe(1);
			const of = requests.find(({ offer }) => offer?.sid === good(outcomes[0]!).sid)?.offer;
			expect([...kept]).toEqual([of?.signature?.sealed]);
		});

		test("what is not signed starts nothing, and a signature for a session that was revoked brings it not back", async () => {
			const ledger = platform.ledgers.of(newSubject());
			const first = good(await ledger.login(byPassword, signedLogin("first")));
			await ledger.revokeSession(first.sid, by);
			const next = signedLogin("next");
			const offer = next.offer && { ...next.offer, signature: { sid: first.sid, sealed: sealed("renewal") } };
			expect(await ledger.login(byPassword, { ...next, offer })).toEqual({ kind: "unsigned", sid: next.offer?.sid });
			expect(await ledger.inspectSession(first.sid, { jti: "x", notBefore: 0 })).toBeNull();
			expect(await ledger.listSessions({ ...by, after: "", limit: 10 })).toEqual([]);
			expect(good(await ledger.login(byPassword, next))).toMatchObject({ kind: "started", signature: sealed("next") });
		});

		test("a scope alone gets the session that permits it, and for anything else a token is asked for", async () => {
			const ledger = platform.ledgers.of(newSubject());
			const bare = { scope: "events:read", signature: null };
			const ask = (scope: string, minTtl = 0) =>
				ledger.login(byPassword, { ...login({ minTtl }), offer: { ...bare, scope } });
			expect(await ask("events:read")).toEqual({ kind: "unsigned", sid: null });
			const first = good(await ledger.login(byPassword, login()));
			expect(await ask("events:read")).toEqual({ ...first, kind: "same" });
			expect(await ask("events:read", 7201)).toEqual({ kind: "unsigned", sid: first.sid });
			expect(await ask("events:read events:write")).toEqual({ kind: "unsigned", sid: first.sid });
			expect(await ask("")).toEqual({ kind: "unsigned", sid: null });
			expect(await ledger.inspectSession(first.sid, { jti: "x", notBefore: 0 })).toMatchObject({ sid: first.sid });
			await ledger.revokeSession(first.sid, by);
			expect(await ask("events:read")).toEqual({ kind: "unsigned", sid: null });
			expect(await ledger.listSessions({ ...by, after: "", limit: 10 })).toEqual([]);
		});

		test("another session_id, account or credential is another session", async () => {
			const ledger = platform.ledgers.of(newSubject());
			const first = good(await ledger.login(byPassword, login()));
			const named = good(await ledger.login(byPassword, login({ sessionId: "named" })));
			const other = good(await ledger.login({ ...byPassword, accountId: "other" }, login()));
			expect(new Set([first.sid, named.sid, other.sid])).toHaveLength(3);
			expect(await ledger.listSessions({ ...by, after: "", limit: 10 })).toHaveLength(2);
		});

		test("less than min_ttl left renews the token inside the session", async () => {
			const ledger = platform.ledgers.of(newSubject());
			const first = good(await ledger.login(byPassword, login()));
			vi.setSystemTime(Date.now() + 4000_000);
			const renewed = await ledger.login(byPassword, login({ minTtl: 3600 }));
			expect(renewed).toMatchObject({ kind: "renewed", sid: first.sid, expiresAt: now() + 7200 });
			expect(await ledger.listSessions({ ...by, after: "", limit: 10 })).toHaveLength(1);
		});

		test("a session that ended takes its tokens with it, and the next login is another session", async () => {
			const ledger = platform.ledgers.of(newSubject());
			const { sid } = good(await ledger.login(byPassword, login()));
			expect(await ledger.revokeSession(sid, { ...by, accountId: "other" })).toBe("unknown");
			expect(await ledger.inspectSession(sid, { jti: "x", notBefore: 0 })).toMatchObject({ sid });
			expect(await ledger.revokeSession(sid, by)).toBe("revoked");
			expect(await ledger.revokeSession(sid, by)).toBe("unknown");
			expect(await ledger.inspectSession(sid, { jti: "x", notBefore: 0 })).toBeNull();
			const next = good(await ledger.login(byPassword, login()));
			expect(next.kind).toBe("started");
			expect(next.sid).not.toBe(sid);
		});

		test("a narrower offer replaces the session, so that the earlier token is dead", async () => {
			const ledger = platform.ledgers.of(newSubject());
			const wide = login();
			const offer = wide.offer && { ...wide.offer, scope: "events:read events:write" };
			const { sid } = good(await ledger.login(byPassword, { ...wide, offer }));
			expect(await ledger.login(byPassword, login())).toMatchObject({ kind: "started" });
			expect(await ledger.inspectSession(sid, { jti: "x", notBefore: 0 })).toBeNull();
		});

		test("RFC 7009: a token that was revoked alone is not handed out again by the next login", async () => {
			const ledger = platform.ledgers.of(newSubject());
			const offered = login();
			const first = good(await ledger.login(byPassword, offered));
			await ledger.revokeToken(offered.offer?.claims.jti ?? "", first.expiresAt);
			const next = good(await ledger.login(byPassword, login()));
			expect(next.payload).not.toBe(first.payload);
			expect(await ledger.listSessions({ ...by, after: "", limit: 10 })).toHaveLength(1);
		});

		test("a narrower offer from what an isolate remembers ends nothing: it is asked to look again", async () => {
			const ledger = platform.ledgers.of(newSubject());
			const wide = login();
			const offer = wide.offer && { ...wide.offer, scope: "events:read events:write" };
			const { sid } = good(await ledger.login(byPassword, { ...wide, offer }));
			expect(await ledger.login(byPassword, login({ isFresh: false }))).toMatchObject({ kind: "reoffer" });
			expect(await ledger.inspectSession(sid, { jti: "x", notBefore: 0 })).toMatchObject({ sid });
		});

		test("a revoked token and an earlier standing end what inspection says", async () => {
			const ledger = platform.ledgers.of(newSubject());
			const { sid } = good(await ledger.login(byPassword, login()));
			expect(await ledger.inspectSession(sid, { jti: "jti", notBefore: 0 })).not.toBeNull();
			await ledger.revokeToken("jti", now() + 60);
			expect(await ledger.inspectSession(sid, { jti: "jti", notBefore: 0 })).toBeNull();
			expect(await ledger.inspectSession(sid, { jti: "x", notBefore: now() + 1 })).toBeNull();
			expect(await ledger.inspectSession(sid, { jti: "x", notBefore: now() })).not.toBeNull();
		});

		test("sessions are listed in pages, in the order of their ids", async () => {
			const ledger = platform.ledgers.of(newSubject());
			for (const index of [3, 1, 5, 2, 4]) {
				const request = login({ sessionId: `session ${index}` });
				await ledger.login(byPassword, {
					...request,
					offer: request.offer && { ...request.offer, sid: `sid-${index}` },
				});
			}
			const page = await ledger.listSessions({ ...by, after: "sid-2", limit: 2 });
			expect(page.map((session) => session.sid)).toEqual(["sid-3", "sid-4"]);
			expect(page[0]).toMatchObject({ sessionId: "session 3", credential: "password", kid: "kid" });
			expect(await ledger.listSessions({ ...by, credential: "client_secret", after: "", limit: 9 })).toEqual([]);
		});

		test("an expired session is not listed, and the next login starts another", async () => {
			const ledger = platform.ledgers.of(newSubject());
			const { sid } = good(await ledger.login(byPassword, login()));
			vi.setSystemTime(Date.now() + 7200_000);
			expect(await ledger.listSessions({ ...by, after: "", limit: 9 })).toEqual([]);
			expect(await ledger.inspectSession(sid, { jti: "x", notBefore: 0 })).toBeNull();
			expect(await ledger.login(byPassword, login())).toMatchObject({ kind: "started" });
		});

		test("the subject lists and ends sessions of every credential and account", async () => {
			const ledger = platform.ledgers.of(newSubject());
			await ledger.login(byPassword, login());
			await ledger.login({ ...byPassword, accountId: "other" }, login());
			const sessions = await ledger.listSessions({ all: true, after: "", limit: 100 });
			expect(sessions.map(({ accountId }) => accountId).toSorted()).toEqual(["account", "other"]);
			for (const { sid } of sessions) expect(await ledger.revokeSession(sid, null)).toBe("revoked");
			expect(await ledger.listSessions({ all: true, after: "", limit: 100 })).toEqual([]);
			expect(await ledger.revokeSession(sessions[0]?.sid ?? "", null)).toBe("unknown");
		});
	});
}

function signedLogin(text: string) {
	const request = login();
	const { offer } = request;
	return { ...request, offer: offer && { ...offer, signature: { sid: offer.sid, sealed: sealed(text) } } };
}

function good(outcome: LoggedIn) {
	if (!("payload" in outcome)) throw new Error(`the login was ${outcome.kind}`);
	return outcome;
}
