import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Sealed } from "../../../src/domain/brands.ts";
import {
	continueSession,
	type Session,
	sessionLookup,
	type SessionOffer,
	sessionPayload,
	type SessionVerdict,
} from "../../../src/domain/session.ts";
import { anOffer, aSession, aSessionRequest, start } from "./builders.ts";

const later = start + 1000;
const offered = anOffer({ sid: "sid-2", kid: "kid-2", issuedAt: later, expiresAt: later + 7200 });

describe("continuing a login session", () => {
	test("contract 001: a valid token is given again as it is, byte for byte", () => {
		const current = aSession();
		expect(continueSession(current, aSessionRequest({ offer: offered }), later)).toEqual({
			kind: "same",
			session: current,
		});
	});

	test("contract 001: without a session, or with one that has expired, another is started", () => {
		const request = aSessionRequest({ offer: offered, sessionId: "s" });
		for (const current of [null, aSession({ expiresAt: later })]) {
			expect(continueSession(current, request, later)).toEqual({
				kind: "started",
				session: {
					sid: "sid-2",
					credential: "code-1",
					accountId: "account-1",
					sessionId: "s",
					scope: "events:read",
					payload: JSON.stringify({ sub: "key_any_1", exp: start + 7200, jti: "jti-1", sid: "sid-2" }),
					jti: "jti-1",
					kid: "kid-2",
					startedAt: later,
					issuedAt: later,
					expiresAt: later + 7200,
				},
			});
		}
		expect(continueSession(aSession({ expiresAt: later + 1 }), request, later).kind).toBe("same");
	});

	test("contract 001: `min_ttl` asks for another token when less than that remains, and not when as much does", () => {
		const current = aSession({ expiresAt: later + 600 });
		const verdict = (minTtl: number) => continueSession(current, aSessionRequest({ offer: offered, minTtl }), later);
		expect(verdict(600).kind).toBe("same");
		expect(verdict(601)).toMatchObject({ kind: "renewed", session: { expiresAt: later + 7200, kid: "kid-2" } });
	});

	test("a renewal stays in its session, so that revoking it ends the earlier token as well", () => {
		const current = aSession({ expiresAt: later + 600 });
		const session = minted(continueSession(current, aSessionRequest({ offer: offered, minTtl: 601 }), later));
		expect(session.sid).toBe("sid-1");
		expect(session.startedAt).toBe(start);
		expect(JSON.parse(session.payload)).toHaveProperty("sid", "sid-1");
	});

	test("DESIGN §3.4: wider permissions renew the token and leave the earlier one alone", () => {
		const offer = { ...offered, scope: "events:read events:write" };
		expect(continueSession(aSession(), aSessionRequest({ offer }), later)).toMatchObject({
			kind: "renewed",
			session: { sid: "sid-1", scope: "events:read events:write" },
		});
		expect(continueSession(aSession({ scope: "" }), aSessionRequest({ offer }), later).kind).toBe("renewed");
	});

	test.each([
		["fewer", "events:read"],
		["others", "events:read keys:read"],
		["none", ""],
	])("DESIGN §3.4: %s permissions than before start another session, so that the earlier tokens end", (_, scope) => {
		const current = aSession({ scope: "events:read events:write" });
		const request = aSessionRequest({ offer: { ...offered, scope } });
		expect(continueSession(current, request, later)).toMatchObject({
			kind: "started",
			session: { sid: "sid-2", scope },
		});
	});

	test("narrowing counts even when `min_ttl` asks for another token anyway", () => {
		const current = aSession({ scope: "events:read events:write" });
		expect(continueSession(current, aSessionRequest({ offer: offered, minTtl: 7200 }), later).kind).toBe("started");
	});

	test("DESIGN §3.4: a token whose signing key was withdrawn is not signed again, and its session ends", () => {
		const request = aSessionRequest({ offer: offered, kids: ["kid-2"] });
		expect(continueSession(aSession(), request, later)).toMatchObject({ kind: "started", session: { sid: "sid-2" } });
		const wider = { ...offered, scope: "events:read events:write" };
		expect(continueSession(aSession(), { ...request, offer: wider }, later).kind).toBe("started");
	});

	test("a key that merely no longer signs first is still a key: rotation of keys changes no token", () => {
		const request = aSessionRequest({ offer: offered, kids: ["kid-3", "kid-2", "kid-1"] });
		expect(continueSession(aSession(), request, later).kind).toBe("same");
	});

	test("DESIGN §3.6: a session from before its account, key or person ended is over; a renewal does not make it younger", () => {
		const renewed = aSession({ issuedAt: start + 500 });
		for (const current of [aSession(), renewed]) {
			const request = aSessionRequest({ offer: offered, notBefore: start + 1 });
			expect(continueSession(current, request, later).kind).toBe("started");
			expect(continueSession(current, { ...request, notBefore: start }, later).kind).toBe("same");
		}
	});

	test("the payload names the session's own `sid`, whatever the claims say", () => {
		const offer = { ...offered, claims: { sid: "forged", jti: "jti-2" } };
		expect(JSON.parse(minted(continueSession(null, aSessionRequest({ offer }), later)).payload)).toEqual({
			sid: "sid-2",
			jti: "jti-2",
		});
	});

	test("property: a token is handed out again only unexpired, with exactly the offered scope, signable and long enough", () => {
		const scope = fc.subarray(["events:read", "events:write", "keys:read"]).map((values) => values.join(" "));
		fc.assert(
			fc.property(
				fc.record({
					scope,
					kid: fc.constantFrom("kid-1", "kid-2"),
					expiresAt: fc.integer({ min: later - 5, max: later + 60 }),
				}),
				scope,
				fc.nat({ max: 60 }),
				fc.subarray(["kid-1", "kid-2"]),
				fc.integer({ min: start - 1, max: start + 1 }),
				(fields, offeredScope, minTtl, kids, notBefore) => {
					const current = aSession(fields);
					const offer = { ...offered, scope: offeredScope };
					const verdict = continueSession(current, aSessionRequest({ offer, minTtl, kids, notBefore }), later);
					const isOver = later >= current.expiresAt || start < notBefore;
					const isReusable = !isOver && current.scope === offeredScope && kids.includes(current.kid);
					expect(verdict.kind === "same").toBe(isReusable && current.expiresAt - later >= minTtl);
					// An earlier token outlives the verdict only inside a session that may do all that it may.
					const session = minted(verdict);
					const keepsEarlier = session.sid === current.sid;
					const granted = session.scope.split(" ");
					const lost = current.scope.split(" ").filter((value) => value !== "" && !granted.includes(value));
					expect(keepsEarlier && (isOver || lost.length > 0 || !kids.includes(current.kid))).toBe(false);
					expect(JSON.parse(JSON.stringify(session))).toStrictEqual(session);
				},
			),
			{ numRuns: 2000 },
		);
	});
});

describe("a signature that differs each time is kept with its session", () => {
	test("contract 001: the one that came first, whatever later logins bring", () => {
		const first = minted(continueSession(null, aSessionRequest({ offer: signed("sid-2") }), later));
		expect(first).toMatchObject({ sid: "sid-2", signature: "of sid-2" });
		const again = continueSession(first, aSessionRequest({ offer: { ...signed("sid-3"), sid: "sid-3" } }), later);
		expect(again).toEqual({ kind: "same", session: first });
		const unsigned = { ...offered, sid: "sid-4", signature: null };
		expect(continueSession(first, aSessionRequest({ offer: unsigned }), later)).toEqual(again);
	});

	test("nothing is started or renewed unsigned: the ledger asks for the token that it would keep", () => {
		const unsigned = { ...offered, signature: null };
		expect(ask(null, unsigned)).toEqual({ kind: "unsigned", sid: "sid-2" });
		for (const offer of [unsigned, signed("sid-2")]) {
			expect(ask(aSession(), offer)).toEqual({ kind: "unsigned", sid: "sid-1" });
		}
		expect(ask(aSession(), signed("sid-1"))).toMatchObject({
			kind: "renewed",
			session: { sid: "sid-1", signature: "of sid-1", payload: sessionPayload(offered, "sid-1") },
		});
	});

	test("of a scope alone nothing is minted: a token is asked for, under the session's `sid` or a new one", () => {
		const bare = { scope: offered.scope, signature: null };
		const request = aSessionRequest({ offer: bare });
		const current = aSession();
		expect(continueSession(current, request, later)).toEqual({ kind: "same", session: current });
		expect(continueSession(current, { ...request, minTtl: 7200 }, later)).toEqual({ kind: "unsigned", sid: "sid-1" });
		const over = [null, aSession({ expiresAt: later }), aSession({ scope: "events:read events:write" })];
		for (const before of over) expect(continueSession(before, request, later)).toEqual({ kind: "unsigned", sid: null });
	});

	test("a token that was signed to renew a session does not bring it back once it has ended", () => {
		for (const current of [null, aSession({ expiresAt: later })]) {
			const verdict = continueSession(current, aSessionRequest({ offer: signed("sid-1") }), later);
			expect(verdict).toEqual({ kind: "unsigned", sid: "sid-2" });
		}
	});
});

/** The offer, with a token for this `sid`. */
function signed(sid: string): SessionOffer {
	return { ...offered, signature: { sid, sealed: `of ${sid}` as Sealed } };
}

/** A login that asks for another token. */
function ask(current: Session | null, offer: SessionOffer): SessionVerdict {
	return continueSession(current, aSessionRequest({ offer, minTtl: 7200 }), later);
}

function minted(verdict: SessionVerdict): Session {
	if (verdict.kind === "unsigned") throw new Error("a signature was asked for");
	return verdict.session;
}

test("a session is found by credential, account and `session_id`: no `session_id`, spaces or not, reaches another's", () => {
	const id = fc.stringMatching(/^[ab]{1,2}$/);
	// The caller chooses its `session_id` freely; the ids before it are ours.
	const parts = fc.record({ credential: id, accountId: id, sessionId: fc.stringMatching(/^[ab ]{0,6}$/) });
	fc.assert(
		fc.property(parts, parts, (a, b) => {
			const isSame = a.credential === b.credential && a.accountId === b.accountId && a.sessionId === b.sessionId;
			expect(sessionLookup(a) === sessionLookup(b)).toBe(isSame);
		}),
		{ numRuns: 3000 },
	);
});
