import { describe, expect, test } from "vitest";
import type { LoginProof, SessionLogin } from "../../../src/domain/ledger-verdicts.ts";
import { sessionLookup, sessionsPerSubject } from "../../../src/domain/session.ts";
import { signInTtl } from "../../../src/domain/sign-in.ts";
import type { ApiKeyChange } from "../../../src/domain/api-key-state.ts";
import type { Seconds } from "../../../src/domain/brands.ts";
import { addCode, aGrant, anOffer, aRedemption, aRefresh, aSession, day, hash, start } from "./builders.ts";
import { MapRows } from "./map-rows.ts";

function opened(...ids: string[]): MapRows {
	const rows = new MapRows();
	for (const id of ids) {
		const { phase: _, createdAt: __, ...terms } = aGrant({ id });
		rows.at(start).openGrant(terms);
	}
	return rows;
}

function redeemed(...ids: string[]): MapRows {
	const rows = opened(...ids);
	for (const id of ids) expect(rows.at(start).redeem(id, aRedemption()).kind).toBe("redeemed");
	return rows;
}

/** A later grant that has all of these, and more. */
function steppedUp(
	rows: MapRows,
	id: string,
	...replaces: string[]
): ReturnType<ReturnType<MapRows["at"]>["openGrant"]> {
	const { phase: _, createdAt: __, ...terms } = aGrant({ id });
	return rows.at(start + 1).openGrant({ ...terms, code: { ...terms.code, replaces } });
}
function counts(rows: MapRows, id: string): boolean {
	return rows.at(start + 2).inspectGrant(id, { notBefore: 0 }) !== null;
}

/** The ledger of a key with one access code `c1`, which another account has linked. */
function aKeyLedger(...changes: ApiKeyChange[]): MapRows {
	const rows = new MapRows();
	for (const change of [
		{ kind: "create", ownerId: "owner", policies: ["p1", "p2"] } as const,
		addCode("c1"),
		{ kind: "set_policies", accountId: "linker", policies: ["p3"] } as const,
		...changes,
	]) {
		expect(rows.at(start).changeKey(change).kind).toBe("changed");
	}
	return rows;
}

const password: LoginProof = { kind: "proved", credential: "password", accountId: "account-1" };

function byCode(accountId: string | null = null, code = "c1"): LoginProof {
	return { kind: "access_code", codeHash: hash(code), accountId };
}

function aLogin(fields: Partial<SessionLogin> & { sid?: string; now?: Seconds } = {}): SessionLogin {
	const { sid = "sid-1", now = start, ...others } = fields;
	return {
		sessionId: "",
		minTtl: 0,
		kids: ["kid-1"],
		notBefore: 0,
		offer: anOffer({ sid, issuedAt: now, expiresAt: now + 7200 }),
		isFresh: true,
		policies: { accountId: "owner", ids: ["p1", "p2"] },
		...others,
	};
}

function aScopedLogin(scope: string, sid: string): SessionLogin {
	return aLogin({ offer: anOffer({ scope, sid }) });
}

const anyJti = { jti: "jti-1", notBefore: 0 };

describe("grants in a ledger", () => {
	test("DESIGN §4.1: opening a grant again, at any time after, changes nothing: a used code stays used", () => {
		const rows = redeemed("g1");
		const before = rows.text();
		const { phase: _, createdAt: __, ...terms } = aGrant({ id: "g1" });
		rows.at(start + 9).openGrant(terms);
		expect(rows.text()).toBe(before);
		expect(rows.at(start + 9).redeem("g1", aRedemption({ attempt: "another" }))).toEqual({ kind: "replayed" });
		rows.at(start + 10).openGrant(terms);
		expect(rows.at(start + 10).redeem("g1", aRedemption({ attempt: "another" }))).toEqual({ kind: "revoked" });
	});

	test("the ledger stamps a grant by its own clock and knows its terms when KV does not", () => {
		const rows = opened("g1");
		expect(rows.at(start).grantTerms("g1")).toEqual(aGrant({ id: "g1" }));
		expect(rows.at(start).grantTerms("g2")).toBeNull();
	});

	test("an authentic token of a grant that is not there is refused, and makes nothing", () => {
		const rows = new MapRows();
		const ledger = rows.at(start);
		expect(ledger.redeem("g1", aRedemption())).toEqual({ kind: "unknown" });
		expect(ledger.refresh("g1", aRefresh(1))).toEqual({ kind: "unknown" });
		expect(ledger.revokeGrant("g1", null)).toBe("unknown");
		expect(ledger.inspectGrant("g1", { notBefore: 0 })).toBeNull();
		for (const kind of ["grant", "session", "revoked_token"] as const) expect(rows.count(kind)).toBe(0);
	});

	test("DESIGN §4.1: of 100 redemptions at once one succeeds, and the replays end what it got", () => {
		const rows = opened("g1");
		const answers = Array.from({ length: 100 }, (_, index) =>
			rows.at(start).redeem("g1", aRedemption({ attempt: `attempt-${index}` })),
		);
		expect(answers.filter((answer) => answer.kind === "redeemed")).toHaveLength(1);
		expect(rows.at(start).inspectGrant("g1", { notBefore: 0 })).toBeNull();
	});

	test("the edge's retry of a redemption gets the same answer", () => {
		const rows = opened("g1");
		const first = rows.at(start).redeem("g1", aRedemption());
		expect(first).toEqual({ kind: "redeemed", expiresAt: start + 90 * day });
		expect(rows.at(start + 1).redeem("g1", aRedemption())).toEqual(first);
	});

	test("an answer carries no row: neither hashes nor what is stored", () => {
		const rows = redeemed("g1");
		const rotated = rows.at(start + 1).refresh("g1", aRefresh(1));
		expect(Object.keys(rotated).toSorted()).toEqual(["expiresAt", "keyVersion", "kind", "terms"]);
		expect(rows.at(start + 70).refresh("g1", aRefresh(1))).toEqual({ kind: "reused" });
	});

	test("DESIGN §4.3: reuse revokes this family and no other: the person's other devices notice nothing", () => {
		const rows = redeemed("phone", "laptop");
		rows.at(start + 1).refresh("phone", aRefresh(1));
		expect(rows.at(start + 70).refresh("phone", aRefresh(1))).toEqual({ kind: "reused" });
		expect(rows.at(start + 31).inspectGrant("phone", { notBefore: 0 })).toBeNull();
		expect(rows.at(start + 31).refresh("laptop", aRefresh(1)).kind).toBe("rotated");
	});

	test("a step up: what it has all of goes on until its code is redeemed, and ends with that", () => {
		const rows = redeemed("g1", "g2", "g3");
		expect(steppedUp(rows, "up", "g1", "g2")).toBe("opened");
		expect(["g1", "g2", "g3"].map((id) => counts(rows, id))).toEqual([true, true, true]);
		expect(rows.at(start + 2).redeem("up", aRedemption({ attempt: "a" })).kind).toBe("redeemed");
		expect(["g1", "g2", "g3", "up"].map((id) => counts(rows, id))).toEqual([false, false, true, true]);
		expect(rows.at(start + 2).redeem("up", aRedemption({ attempt: "a" })).kind).toBe("redeemed");
		// Whoever comes with what was before finds it ended, and ends nothing.
		expect(rows.at(start + 2).redeem("g1", aRedemption({ attempt: "late" }))).toEqual({ kind: "revoked" });
		expect(rows.at(start + 2).refresh("g2", aRefresh(1))).toEqual({ kind: "revoked" });
		expect(counts(rows, "up")).toBe(true);
		expect(rows.rowText("grant", "g1")).toContain("replaced");
	});

	test("a step up from what has ended meanwhile is not opened: whoever ended it did not mean it to go on in another", () => {
		const rows = redeemed("g1", "g2");
		rows.at(start + 1).revokeGrant("g1", null);
		const before = rows.text();
		expect(steppedUp(rows, "up", "g1", "g2")).toBe("overtaken");
		expect(rows.text()).toBe(before);
		expect(steppedUp(rows, "up", "g2")).toBe("opened");
		// Repeating it is the edge's retry.
		rows.at(start + 1).revokeGrant("g2", null);
		expect(steppedUp(rows, "up", "g2")).toBe("opened");
	});

	test("of two steps up at once both come through, and neither ends the other", () => {
		const rows = redeemed("g1");
		for (const id of ["one", "two"]) expect(steppedUp(rows, id, "g1")).toBe("opened");
		for (const id of ["two", "one"]) expect(rows.at(start + 2).redeem(id, aRedemption()).kind).toBe("redeemed");
		expect(["g1", "one", "two"].map((id) => counts(rows, id))).toEqual([false, true, true]);
	});

	test("a replay of its code ends the step up alone, and brings nothing back", () => {
		const rows = redeemed("g1", "g2");
		steppedUp(rows, "up", "g1");
		rows.at(start + 2).redeem("up", aRedemption({ attempt: "a" }));
		expect(rows.at(start + 2).redeem("up", aRedemption({ attempt: "b" }))).toEqual({ kind: "replayed" });
		expect(["g1", "g2", "up"].map((id) => counts(rows, id))).toEqual([false, true, false]);
	});

	test("nobody ends by it what another client or account has", () => {
		const rows = redeemed("g1");
		const { phase: _, createdAt: __, ...terms } = aGrant({ id: "up", accountId: "account-2" });
		rows.at(start + 1).openGrant({ ...terms, code: { ...terms.code, replaces: ["g1"] } });
		expect(rows.at(start + 2).redeem("up", aRedemption()).kind).toBe("redeemed");
		expect(counts(rows, "g1")).toBe(true);
	});

	test("what a client has is what counts of it, and can still be used", () => {
		const rows = redeemed("g1", "g2");
		const ids = (at: Seconds, client: string) =>
			rows
				.at(at)
				.grantsTo(client)
				.map(({ id }) => id);
		expect([ids(start, "client-1"), ids(start, "client-2")]).toEqual([["g1", "g2"], []]);
		rows.at(start).revokeGrant("g1", null);
		expect(ids(start, "client-1")).toEqual(["g2"]);
		expect(ids(start + 30 * day, "client-1")).toEqual([]);
	});

	test("RFC 7009 §2.1: a client revokes its own grants only; the subject any", () => {
		const rows = redeemed("g1", "g2");
		expect(rows.at(start).revokeGrant("g1", "client-2")).toBe("unknown");
		expect(rows.at(start).inspectGrant("g1", { notBefore: 0 })).not.toBeNull();
		expect(rows.at(start).revokeGrant("g1", "client-1")).toBe("revoked");
		expect(rows.at(start).revokeGrant("g2", null)).toBe("revoked");
		for (const id of ["g1", "g2"]) {
			expect(rows.at(start).inspectGrant(id, { notBefore: 0 })).toBeNull();
			expect(rows.at(start).revokeGrant(id, null)).toBe("unchanged");
		}
		expect(rows.rowText("grant", "g1")).toContain("client_request");
		expect(rows.rowText("grant", "g2")).toContain("subject_request");
	});

	test("RFC 7662 §2.2: a refresh token is active while it is the current one and its family is in use", () => {
		const rows = redeemed("g1");
		const isActive = (generation: number, now: Seconds) =>
			rows.at(now).inspectGrant("g1", { refresh: hash(`refresh-${generation}`), notBefore: 0 }) !== null;
		expect(isActive(1, start)).toBe(true);
		expect(isActive(2, start)).toBe(false);
		rows.at(start + 1).refresh("g1", aRefresh(1));
		expect(isActive(1, start + 2)).toBe(false);
		expect(isActive(2, start + 30 * day)).toBe(true);
		expect(isActive(2, start + 1 + 30 * day)).toBe(false);
		// What it gave may still be used: only the family has become idle.
		expect(rows.at(start + 1 + 30 * day).inspectGrant("g1", { notBefore: 0 })).not.toBeNull();
	});

	test("a grant without refresh tokens has none that is active", () => {
		const rows = opened("g1");
		rows.at(start).redeem("g1", aRedemption({ refresh: null }));
		expect(rows.at(start).inspectGrant("g1", { notBefore: 0 })).not.toBeNull();
		expect(rows.at(start).inspectGrant("g1", { refresh: hash("refresh-1"), notBefore: 0 })).toBeNull();
	});

	test("DESIGN §3.6: inspection tells what was granted, and nothing where the grant is older than what stands behind it", () => {
		const rows = redeemed("g1");
		const { clientId, accountId, scope, createdAt } = aGrant();
		const told = { clientId, accountId, scope, createdAt, expiresAt: start + 90 * day };
		expect(rows.at(start).inspectGrant("g1", { notBefore: start })).toEqual(told);
		expect(rows.at(start).inspectGrant("g1", { notBefore: start + 1 })).toBeNull();
	});

	test("RFC 7009 §2.1: revoking one access token leaves its grant, its siblings and its refresh token alone", () => {
		const rows = redeemed("g1");
		rows.at(start).revokeToken("jti-1", start + 3600);
		expect(rows.at(start).inspectGrant("g1", { jti: "jti-1", notBefore: 0 })).toBeNull();
		expect(rows.at(start).inspectGrant("g1", { jti: "jti-2", notBefore: 0 })).not.toBeNull();
		expect(rows.at(start).refresh("g1", aRefresh(1)).kind).toBe("rotated");
	});

	test("a revoked access token stays revoked for whoever has a slower clock, and is forgotten then", () => {
		const rows = redeemed("g1");
		const isActive = (now: Seconds) => rows.at(now).inspectGrant("g1", { jti: "jti-1", notBefore: 0 }) !== null;
		rows.at(start).revokeToken("jti-1", start + 100);
		rows.purge(start + 160);
		expect(isActive(start + 160)).toBe(false);
		rows.purge(start + 100 + 3600);
		expect(rows.count("revoked_token")).toBe(0);
		rows.at(start + 7200).revokeToken("jti-1", start + 100);
		expect(rows.count("revoked_token")).toBe(0);
	});

	test("DESIGN §4.5: what has ended is purged, and a purged code or token opens nothing", () => {
		const rows = redeemed("g1", "g2");
		rows.at(start + 1).revokeGrant("g1", null);
		rows.purge(start + 91 * day);
		expect(rows.count("grant")).toBe(0);
		expect(rows.at(start + 91 * day).redeem("g1", aRedemption())).toEqual({ kind: "unknown" });
		expect(rows.at(start + 91 * day).refresh("g2", aRefresh(1))).toEqual({ kind: "unknown" });
	});
});

describe("logging in", () => {
	test("contract 001: the same token while it is valid, whoever asks and whatever it offers", () => {
		const rows = new MapRows();
		const first = rows.at(start).login(password, aLogin());
		expect(first).toMatchObject({ kind: "started", sid: "sid-1", kid: "kid-1", expiresAt: start + 7200 });
		const later = rows.at(start + 7199).login(password, aLogin({ sid: "sid-2", now: start + 7199 }));
		expect(later).toEqual({ ...first, kind: "same" });
		expect(rows.writes).toBe(1);
		expect(rows.at(start + 7200).login(password, aLogin({ sid: "sid-3" }))).toMatchObject({
			kind: "started",
			sid: "sid-3",
		});
		expect(rows.count("session")).toBe(1);
	});

	test("without an offer there is nothing to sign: refused, nothing stored", () => {
		const rows = aKeyLedger();
		const { writes } = rows;
		const answer = { kind: "refused", reason: "no_access" };
		expect(rows.at(start).login(password, aLogin({ offer: null }))).toEqual(answer);
		expect(rows.at(start).login(byCode(), aLogin({ offer: null }))).toEqual(answer);
		expect(rows.writes).toBe(writes);
	});

	test("contract 001: a new `session_id` forces a fresh token, and each of them has its own", () => {
		const rows = new MapRows();
		rows.at(start).login(password, aLogin());
		expect(rows.at(start).login(password, aLogin({ sid: "sid-2", sessionId: "b" }))).toMatchObject({ kind: "started" });
		expect(rows.at(start).login(password, aLogin({ sid: "sid-3", sessionId: "b" }))).toMatchObject({ sid: "sid-2" });
		expect(rows.at(start).login(password, aLogin({ sid: "sid-4" }))).toMatchObject({ kind: "same", sid: "sid-1" });
	});

	test("each credential and each account has sessions of its own", () => {
		const rows = new MapRows();
		const proofs: LoginProof[] = [
			password,
			{ ...password, credential: "client_secret" },
			{ ...password, accountId: "account-2" },
		];
		for (const [index, proof] of proofs.entries()) {
			expect(rows.at(start).login(proof, aLogin({ sid: `sid-${index}` })).kind).toBe("started");
		}
		for (const [index, proof] of proofs.entries()) {
			expect(rows.at(start).login(proof, aLogin({ sid: "other" }))).toMatchObject({
				kind: "same",
				sid: `sid-${index}`,
			});
		}
	});

	test("contract 001: a session can be revoked alone, and what comes after is another", () => {
		const rows = new MapRows();
		const by = { credential: "password", accountId: "account-1" };
		rows.at(start).login(password, aLogin());
		rows.at(start).login(password, aLogin({ sid: "sid-2", sessionId: "b" }));
		expect(rows.at(start).revokeSession("sid-1", { ...by, accountId: "account-2" })).toBe("unknown");
		expect(rows.at(start).revokeSession("sid-1", { ...by, credential: "client_secret" })).toBe("unknown");
		expect(rows.at(start).inspectSession("sid-1", anyJti)).not.toBeNull();
		expect(rows.at(start).revokeSession("sid-1", by)).toBe("revoked");
		expect(rows.at(start).revokeSession("sid-1", by)).toBe("unknown");
		expect(rows.at(start).inspectSession("sid-1", anyJti)).toBeNull();
		expect(rows.at(start).inspectSession("sid-2", anyJti)).not.toBeNull();
		expect(rows.at(start).login(password, aLogin({ sid: "sid-3" }))).toMatchObject({ kind: "started", sid: "sid-3" });
		expect(rows.at(start).inspectSession("sid-1", anyJti)).toBeNull();
	});

	const ends: [string, (rows: MapRows) => void][] = [
		["revoked alone", (rows) => rows.at(start).revokeSession("sid-1", null)],
		["ended with all others", (rows) => rows.at(start).endEverything(null)],
		[
			"replaced by a narrower one, and that ended",
			(rows) => {
				rows.at(start).login(password, aScopedLogin("", "sid-2"));
				rows.at(start).revokeSession("sid-2", null);
			},
		],
		[
			"renewed and then ended",
			(rows) => {
				const offer = anOffer({ scope: "events:read events:write", sid: "sid-2", claims: { jti: "jti-2" } });
				rows.at(start).login(password, aLogin({ offer }));
				rows.at(start).revokeSession("sid-1", null);
			},
		],
	];
	test.each(ends)("a login that is repeated after a call that broke does not open again what was %s", (_, end) => {
		const rows = new MapRows();
		const broken = aLogin();
		expect(rows.at(start).login(password, broken)).toMatchObject({ kind: "started", sid: "sid-1" });
		end(rows);
		expect(rows.at(start).inspectSession("sid-1", anyJti)).toBeNull();
		expect(rows.at(start).login(password, broken)).toMatchObject({ kind: "reoffer", accountId: "account-1" });
		expect(rows.at(start).inspectSession("sid-1", anyJti)).toBeNull();
		expect(rows.at(start).login(password, aLogin({ sid: "sid-3" }))).toMatchObject({ kind: "started", sid: "sid-3" });
	});

	test("what is kept of an ended session goes with its token, and of one that had expired nothing is", () => {
		const rows = new MapRows();
		rows.at(start).login(password, aLogin());
		rows.at(start).revokeSession("sid-1", null);
		expect(rows.count("revoked_token")).toBe(1);
		rows.purge(start + 7200);
		expect(rows.count("revoked_token")).toBe(0);
		rows.at(start).login(password, aLogin({ sid: "sid-2" }));
		rows.at(start + 7200).login(password, aLogin({ sid: "sid-3", now: start + 7200 }));
		expect(rows.count("revoked_token")).toBe(0);
	});

	test("DESIGN §3.4: an earlier token lives on in a renewed session, and ends with a narrowed one", () => {
		const rows = new MapRows();
		rows.at(start).login(password, aScopedLogin("a b", "sid-1"));
		expect(rows.at(start).login(password, aScopedLogin("a b c", "sid-2"))).toMatchObject({
			kind: "renewed",
			sid: "sid-1",
		});
		expect(rows.at(start).inspectSession("sid-1", anyJti)).toMatchObject({ scope: "a b c" });
		expect(rows.at(start).login(password, aScopedLogin("a", "sid-3"))).toMatchObject({ kind: "started", sid: "sid-3" });
		expect(rows.at(start).inspectSession("sid-1", anyJti)).toBeNull();
		expect(rows.count("session")).toBe(1);
	});

	test("inspection: expired, older than what stands behind it, or of a token that was revoked alone", () => {
		const rows = new MapRows();
		rows.at(start).login(password, aLogin());
		expect(rows.at(start + 7199).inspectSession("sid-1", anyJti)).toMatchObject({ sid: "sid-1" });
		expect(rows.at(start + 7200).inspectSession("sid-1", anyJti)).toBeNull();
		expect(rows.at(start).inspectSession("sid-1", { ...anyJti, notBefore: start })).not.toBeNull();
		expect(rows.at(start).inspectSession("sid-1", { ...anyJti, notBefore: start + 1 })).toBeNull();
		expect(rows.at(start).inspectSession("sid-9", anyJti)).toBeNull();
		rows.at(start).revokeToken("jti-1", start + 7200);
		expect(rows.at(start).inspectSession("sid-1", anyJti)).toBeNull();
		expect(rows.at(start).inspectSession("sid-1", { ...anyJti, jti: "jti-2" })).not.toBeNull();
	});

	test("sessions are listed for their credential and account, live ones only, page by page", () => {
		const rows = new MapRows();
		for (const id of ["a", "b", "c", "d"]) rows.at(start).login(password, aLogin({ sid: `sid-${id}`, sessionId: id }));
		rows.at(start).login({ ...password, accountId: "account-2" }, aLogin({ sid: "sid-bb" }));
		rows.at(start).login({ ...password, credential: "client_secret" }, aLogin({ sid: "sid-cc" }));
		const list = (after: string, limit: number, now = start) =>
			rows
				.at(now)
				.listSessions({ credential: "password", accountId: "account-1", after, limit })
				.map((session) => session.sessionId);
		expect(list("", 100)).toEqual(["a", "b", "c", "d"]);
		expect(list("", 3)).toEqual(["a", "b", "c"]);
		expect(list("sid-c", 3)).toEqual(["d"]);
		expect(list("", 100, start + 7200)).toEqual([]);
	});

	test("DESIGN §3.4: at most 10,000 live sessions; an expired one makes room, an existing one goes on", () => {
		const rows = new MapRows();
		for (let index = 0; index < sessionsPerSubject; index++) {
			const session = aSession({ sid: `sid-${index}`, credential: "password", sessionId: `${index}` });
			rows.put("session", session.sid, sessionLookup(session), session, session.expiresAt + (index === 0 ? 0 : 10));
		}
		expect(sessionsPerSubject).toBe(10_000);
		expect(rows.at(start).login(password, aLogin({ sid: "new", sessionId: "new" }))).toEqual({ kind: "full" });
		expect(rows.count("session")).toBe(10_000);
		expect(rows.at(start).login(password, aLogin({ sid: "new", sessionId: "5" })).kind).toBe("same");
		expect(
			rows.at(start).login(password, aLogin({ sid: "new", sessionId: "5", minTtl: 7211, now: start + 60 })).kind,
		).toBe("renewed");
		const later = aLogin({ sid: "new", sessionId: "new", now: start + 7200 });
		expect(rows.at(start + 7200).login(password, later).kind).toBe("started");
		expect(rows.count("session")).toBe(10_000);
	});
});

describe("logging in with an access code", () => {
	test("the ledger judges the code: a wrong, disabled or expired one is refused with its reason", () => {
		const rows = aKeyLedger();
		expect(rows.at(start).login(byCode(null, "guessed"), aLogin())).toEqual({ kind: "refused", reason: "unknown" });
		expect(rows.at(start).login(byCode("stranger"), aLogin())).toEqual({ kind: "refused", reason: "no_access" });
		expect(rows.at(start + 365 * day).login(byCode(), aLogin())).toEqual({
			kind: "refused",
			reason: "code_expired",
			ownerId: "owner",
		});
		rows.at(start).changeKey({ kind: "set_code_enabled", id: "c1", enabled: false });
		expect(rows.at(start).login(byCode(), aLogin())).toEqual({
			kind: "refused",
			reason: "code_disabled",
			ownerId: "owner",
		});
		expect(new MapRows().at(start).login(byCode(), aLogin())).toEqual({ kind: "refused", reason: "unknown" });
		expect(rows.count("session")).toBe(0);
	});

	test("an offer made of anything but this account's policies for this key, now, is sent back", () => {
		const rows = aKeyLedger();
		const reoffer = { kind: "reoffer", ownerId: "owner", accountId: "owner", policies: ["p1", "p2"] };
		for (const policies of [
			null,
			{ accountId: "owner", ids: ["p1"] },
			{ accountId: "owner", ids: ["p1", "p2", "p3"] },
			{ accountId: "owner", ids: ["p1", "p3"] },
			{ accountId: "linker", ids: ["p1", "p2"] },
		]) {
			expect(rows.at(start).login(byCode(), aLogin({ policies }))).toEqual(reoffer);
		}
		expect(rows.count("session")).toBe(0);
		const inOtherOrder = { accountId: "owner", ids: ["p2", "p1"] };
		expect(rows.at(start).login(byCode(), aLogin({ policies: inOtherOrder }))).toMatchObject({ kind: "started" });
		rows.at(start).changeKey({ kind: "set_policies", accountId: "owner", policies: ["p1"] });
		expect(rows.at(start).login(byCode(), aLogin())).toEqual({ ...reoffer, policies: ["p1"] });
	});

	test("no account named is the owner's; a linker's session is its own", () => {
		const rows = aKeyLedger();
		const policies = { accountId: "linker", ids: ["p3"] };
		expect(rows.at(start).login(byCode(), aLogin({ sid: "sid-1" }))).toMatchObject({
			accountId: "owner",
			sid: "sid-1",
		});
		expect(rows.at(start).login(byCode("owner"), aLogin({ sid: "sid-2" }))).toMatchObject({
			kind: "same",
			sid: "sid-1",
		});
		expect(rows.at(start).login(byCode("linker"), aLogin({ sid: "sid-3", policies }))).toMatchObject({
			kind: "started",
			accountId: "linker",
			sid: "sid-3",
		});
	});

	const endings: [string, ApiKeyChange[], boolean, boolean][] = [
		["disabling the key", [{ kind: "set_state", state: "disabled" }], false, false],
		["deleting the key", [{ kind: "delete" }], false, false],
		["disabling the code", [{ kind: "set_code_enabled", id: "c1", enabled: false }], false, false],
		["taking the link away", [{ kind: "set_policies", accountId: "linker", policies: null }], true, false],
		["adding another code", [addCode("c2")], true, true],
	];
	test.each(endings)("DESIGN §4.9: %s counts at the next request for a session", (_, changes, owners, linkers) => {
		const rows = aKeyLedger();
		rows.at(start).login(byCode(), aLogin({ sid: "sid-1" }));
		const policies = { accountId: "linker", ids: ["p3"] };
		rows.at(start).login(byCode("linker"), aLogin({ sid: "sid-2", policies }));
		for (const sid of ["sid-1", "sid-2"]) expect(rows.at(start).inspectSession(sid, anyJti)).not.toBeNull();
		for (const change of changes) rows.at(start).changeKey(change);
		expect(rows.at(start).inspectSession("sid-1", anyJti) !== null).toBe(owners);
		expect(rows.at(start).inspectSession("sid-2", anyJti) !== null).toBe(linkers);
	});

	test("a login that is repeated does not open again what ended with its code, though that is enabled again", () => {
		const rows = aKeyLedger();
		rows.at(start).login(byCode(), aLogin());
		for (const enabled of [false, true]) rows.at(start).changeKey({ kind: "set_code_enabled", id: "c1", enabled });
		const reoffer = { kind: "reoffer", ownerId: "owner", accountId: "owner", policies: ["p1", "p2"] };
		expect(rows.at(start).login(byCode(), aLogin())).toEqual(reoffer);
		expect(rows.at(start).inspectSession("sid-1", anyJti)).toBeNull();
	});

	test("a session ends with the code that opened it, even when the other code is good", () => {
		const rows = aKeyLedger(addCode("c2"));
		rows.at(start).login(byCode(), aLogin({ sid: "sid-1" }));
		rows.at(start).login(byCode(null, "c2"), aLogin({ sid: "sid-2" }));
		rows.at(start).changeKey({ kind: "set_code_enabled", id: "c1", enabled: false });
		rows.at(start).changeKey({ kind: "delete_code", id: "c1" });
		expect(rows.at(start).inspectSession("sid-1", anyJti)).toBeNull();
		expect(rows.at(start).inspectSession("sid-2", anyJti)).not.toBeNull();
	});
});

describe("signing in with a browser", () => {
	test("lasts a working day, and opens to the secret alone", () => {
		const rows = new MapRows();
		expect(rows.at(start).openSignIn({ id: "s1", hash: hash("cookie") })).toEqual({ expiresAt: start + signInTtl });
		expect(rows.at(start + signInTtl - 1).checkSignIn("s1", hash("cookie"))).toEqual({
			id: "s1",
			hash: hash("cookie"),
			authenticatedAt: start,
			expiresAt: start + signInTtl,
		});
		expect(rows.at(start + signInTtl).checkSignIn("s1", hash("cookie"))).toBeNull();
		expect(rows.at(start).checkSignIn("s1", hash("guessed"))).toBeNull();
		expect(rows.at(start).checkSignIn("s2", hash("cookie"))).toBeNull();
		expect(rows.purgeAt("sign_in", "s1")).toBe(start + signInTtl);
	});

	test("ends one by one", () => {
		const rows = new MapRows();
		for (const id of ["s1", "s2"]) rows.at(start).openSignIn({ id, hash: hash(id) });
		rows.at(start).endSignIn("s1");
		expect(rows.at(start).checkSignIn("s1", hash("s1"))).toBeNull();
		expect(rows.at(start).checkSignIn("s2", hash("s2"))).not.toBeNull();
	});
});

describe("the verdict of a key in its ledger", () => {
	test("is checked for the account that is named", () => {
		const rows = aKeyLedger();
		expect(rows.at(start).checkKey(hash("c1"), "linker")).toMatchObject({ kind: "good", policies: ["p3"] });
		expect(rows.at(start).checkKey(hash("c1"), null)).toMatchObject({ kind: "good", accountId: "owner" });
		expect(rows.at(start).checkKey(hash("c9"), null)).toEqual({ kind: "refused", reason: "unknown" });
	});

	test("DESIGN §3.5: each change asks for a copy, and wakes the alarm until the register has it", () => {
		const rows = aKeyLedger();
		const { rev } = rows.at(start).uncopiedKey() ?? { rev: 0 };
		expect(rev).toBe(3);
		expect(rows.purgeAt("key", "verdict")).toBeGreaterThan(start);
		rows.at(start).acknowledgeKey(rev - 1);
		expect(rows.at(start).uncopiedKey()).toMatchObject({ rev, copiedRev: rev - 1 });
		expect(rows.purgeAt("key", "verdict")).toBeGreaterThan(start);
		rows.at(start).acknowledgeKey(rev);
		expect(rows.at(start).uncopiedKey()).toBeNull();
		expect(rows.purgeAt("key", "verdict")).toBeNull();
		rows.at(start).changeKey({ kind: "set_state", state: "disabled" });
		expect(rows.at(start).uncopiedKey()).toMatchObject({ rev: rev + 1 });
	});

	test("DESIGN §3.5: a key that was only just made asks for its first copy", () => {
		const rows = new MapRows();
		rows.at(start).changeKey({ kind: "create", ownerId: "owner", policies: [] });
		expect(rows.at(start).uncopiedKey()).toMatchObject({ rev: 1, copiedRev: 0 });
	});

	test("DESIGN §3.5: an acknowledgement that comes late takes nothing back", () => {
		const rows = aKeyLedger();
		rows.at(start).acknowledgeKey(3);
		const { writes } = rows;
		for (const rev of [2, 3]) rows.at(start).acknowledgeKey(rev);
		expect(rows.at(start).uncopiedKey()).toBeNull();
		expect(rows.writes).toBe(writes);
		new MapRows().at(start).acknowledgeKey(1);
	});

	test("a refused or repeated change stores nothing and asks for no copy", () => {
		const rows = aKeyLedger();
		rows.at(start).acknowledgeKey(3);
		const before = rows.text();
		expect(rows.at(start).changeKey({ kind: "delete_code", id: "c1" }).kind).toBe("refused");
		expect(rows.at(start).changeKey({ kind: "set_state", state: "enabled" }).kind).toBe("unchanged");
		expect(rows.text()).toBe(before);
		expect(rows.at(start).uncopiedKey()).toBeNull();
	});

	test("DESIGN §4.4: a deleted key's tombstone is never purged, so that it cannot be made again", () => {
		const rows = aKeyLedger({ kind: "delete" });
		rows.purge(start + 3650 * day);
		const again = rows.at(start).changeKey({ kind: "create", ownerId: "owner", policies: ["p1"] });
		expect(again).toMatchObject({ kind: "unchanged", verdict: { state: "deleted" } });
		expect(rows.at(start).checkKey(hash("c1"), null).kind).toBe("refused");
	});
});
