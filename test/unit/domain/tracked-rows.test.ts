import { describe, expect, test } from "vitest";
import { Ledger } from "../../../src/domain/ledger.ts";
import { answerFrom, type HeldRow, isReplicaVerb } from "../../../src/domain/held-rows.ts";
import { lookupName, overlap, rowName } from "../../../src/domain/lease-view.ts";
import type { LoginProof, SessionLogin } from "../../../src/domain/ledger-verdicts.ts";
import { TrackedRows } from "../../../src/domain/tracked-rows.ts";
import { sessionLookup } from "../../../src/domain/session.ts";
import { addCode, aGrant, anOffer, aPair, aRedemption, aRefresh, aSession, hash, start, tiedTo } from "./builders.ts";
import { MapRows } from "./map-rows.ts";

const now = start + 10;

type Call = { readonly [Verb in keyof Ledger]: readonly [Verb, ...Parameters<Ledger[Verb]>] }[keyof Ledger];

function run(rows: TrackedRows | MapRows, [verb, ...args]: Call): unknown {
	const ledger = new Ledger(rows, now);
	return Reflect.apply(ledger[verb], ledger, args);
}

const byCode: LoginProof = { kind: "access_code", codeHash: hash("c1"), accountId: null };
const byPassword: LoginProof = { kind: "proved", credential: "password", accountId: "account-1" };

function aLogin(proof: LoginProof, fields: Partial<SessionLogin> = {}): Call {
	const policies = proof.kind === "access_code" ? { accountId: "owner", ids: ["p1"] } : null;
	const offer = anOffer({ sid: `sid of ${proof.kind}`, claims: { jti: `jti of ${proof.kind}` } });
	const whole = { sessionId: "", minTtl: 0, kids: ["kid-1"], notBefore: 0, isFresh: true, policies, offer, ...fields };
	return ["login", proof, whole];
}

/** A ledger with whatever a check can be about; a key's, or a person's. */
function aWorld(isKey: boolean): MapRows {
	const rows = new MapRows();
	const calls: Call[] = ["rotated", "replaced", "kept"].flatMap((id): Call[] => {
		const { phase: _, createdAt: __, ...terms } = aGrant({ id, rotation: id === "kept" ? "keep" : "rotate" });
		return [
			["openGrant", terms],
			["redeem", id, aRedemption()],
		];
	});
	const { phase: _, createdAt: __, ...later } = aGrant({ id: "later" });
	calls.push(["openGrant", { ...later, code: { ...later.code, replaces: ["replaced"] } }]);
	if (isKey) {
		calls.push(["changeKey", { kind: "create", ownerId: "owner", policies: ["p1"] }], ["changeKey", addCode("c1")]);
		calls.push(["changeKey", { kind: "add_link", accountId: "linker", policies: ["p2"] }]);
	}
	const { phase: ___, createdAt: ____, ...tied } = aGrant({ id: "tied", identity: tiedTo("in") });
	calls.push(
		["openSignIn", { id: "in", hash: hash("in"), from: { address: null, browser: "" } }],
		["openGrant", tied],
		["redeem", "tied", aRedemption()],
		aLogin(isKey ? byCode : byPassword),
	);
	for (const call of calls) run(rows, call);
	return rows;
}

type Held = ReadonlyMap<string, HeldRow>;

/** What a replica gets with the answer to a check. */
function lentFor(check: Call, rows: MapRows): Held {
	const lent = new TrackedRows(rows);
	run(lent, check);
	return new Map(lent.lendable().map((row) => [rowName(row.kind, row.id), { row, until: Infinity }]));
}

/** What it answers by that; null where it cannot. */
function answer([verb, ...args]: Call, held: Held): unknown {
	return isReplicaVerb(verb) ? answerFrom(held, verb, args, { now: 0, ledgerNow: now * 1000 }) : null;
}

const checks: readonly Call[] = [
	["inspectGrant", "rotated", { notBefore: 0 }],
	["inspectGrant", "rotated", { notBefore: 0, jti: "j" }],
	["inspectGrant", "replaced", { notBefore: 0 }],
	["inspectGrant", "kept", { notBefore: 0 }],
	["inspectGrant", "tied", { notBefore: 0 }],
	["refresh", "kept", aRefresh(1)],
	["isTokenRevoked", "j"],
	["checkKey", hash("c1"), null],
	["checkKey", hash("c1"), "linker"],
	["inspectSession", "sid of access_code", { jti: "jti of access_code", notBefore: 0 }],
	["inspectSession", "sid of proved", { jti: "j", notBefore: 0 }],
	aLogin(byCode),
	aLogin(byPassword),
];

/** Every verb there is, as it ends, narrows or replaces something, and as it does not. */
const calls: { readonly [Verb in keyof Ledger]: readonly Parameters<Ledger[Verb]>[] } = {
	openGrant: [[aGrant({ id: "another" })], [aGrant({ id: "rotated" })]],
	openPair: [[aPair(), { lifetime: 60, refresh: { hash: hash("r"), idleTtl: 60 } }]],
	redeem: [
		["later", aRedemption()],
		["rotated", aRedemption({ attempt: "another" })],
		["kept", aRedemption()],
	],
	refresh: [
		["rotated", aRefresh(1)],
		["rotated", aRefresh(0)],
		["kept", aRefresh(0)],
	],
	revokeGrant: [
		["rotated", null],
		["kept", "client-1"],
		["kept", "another client"],
	],
	revokeGrantsTo: [
		["client-1", "account-1"],
		["client-1", "another account"],
	],
	revokeGrants: [[]],
	revokeToken: [
		["j", now + 60],
		["jti of access_code", now + 60],
		["jti of proved", now + 60],
	],
	withdrawConsent: [["client-1"]],
	login: [
		aLogin(byCode, { offer: anOffer({ scope: "", sid: "another" }) }),
		aLogin(byPassword, { offer: anOffer({ scope: "", sid: "another" }) }),
		aLogin(byPassword, { offer: anOffer({ scope: "events:read events:write", sid: "sid of proved" }) }),
		aLogin(byCode, { sessionId: "another", offer: anOffer({ sid: "another" }) }),
	].map(([, ...args]) => args as Parameters<Ledger["login"]>),
	revokeSession: [
		["sid of access_code", null],
		["sid of proved", { credential: "password", accountId: "account-1" }],
	],
	endSignIn: [["in"]],
	endEverything: [[null], [{ signIn: "in", sessionsOf: "password" }]],
	changeKey: [
		[{ kind: "set_state", state: "disabled" }],
		[{ kind: "delete" }],
		[{ kind: "set_code_enabled", id: "c1", enabled: false }],
		[{ kind: "set_policies", accountId: "owner", policies: [] }],
		[{ kind: "set_policies", accountId: "linker", policies: null }],
		[{ kind: "edit_policies", accountId: "owner", from: ["p1"], policies: ["p3"] }],
		[{ kind: "set_link_enabled", accountId: "linker", by: "owner", enabled: false }],
		[{ kind: "create", ownerId: "account-1", policies: [] }],
		[addCode("c2")],
	],
	acknowledgeKey: [[99]],
	logOutOf: [["account-1"]],
	dueLogouts: [[]],
	logoutTried: [["in client-1", "over"]],
	forgetAccount: [["account-1"], ["owner"], ["another account"]],
	erase: [[]],
	// What only asks.
	grantsTo: [["client-1"]],
	grantTerms: [["rotated"]],
	inspectGrant: [["rotated", { notBefore: 0 }]],
	grantStates: [[["rotated"]]],
	listGrants: [[{ after: "", limit: 10 }]],
	isTokenRevoked: [["j"]],
	consentTo: [["client-1"]],
	listConsents: [[{ after: "", limit: 10 }]],
	inspectSession: [["sid of proved", { jti: "j", notBefore: 0 }]],
	listSessions: [[{ all: true, after: "", limit: 10 }]],
	openSignIn: [[{ id: "in", hash: hash("in"), from: { address: null, browser: "" } }]],
	hasSignIn: [["in", { clientId: "client-1", issuedAt: 0 }]],
	checkSignIn: [["in", hash("in")]],
	listSignIns: [[{ after: "", limit: 10 }]],
	checkKey: [[hash("c1"), null]],
	readKey: [[]],
	uncopiedKey: [[]],
};

const each = Object.entries(calls).map(
	([verb, argLists]) => [verb, argLists.map((args) => [verb, ...args] as unknown as Call)] as const,
);

describe.each(["key", "person"])("of the ledger of a %s", (whose) => {
	/** The verbs that made another answer of something that a replica had. */
	const ending = new Set<string>();

	test.each(each)("%s tells whoever holds what it makes false", (verb, ways) => {
		for (const check of checks) {
			for (const call of ways) {
				const rows = aWorld(whose === "key");
				const held = lentFor(check, rows);
				const before = answer(check, held);
				const tracked = new TrackedRows(rows);
				run(tracked, call);
				const after = answer(check, lentFor(check, rows));
				if (before === null || JSON.stringify(after) === JSON.stringify(before)) continue;
				ending.add(verb);
				expect([check, call, overlap(tracked.changed, [...held.keys()])]).toEqual([check, call, true]);
			}
		}
	});

	test("and there is something of each kind that can end", () => {
		const both = [
			"redeem",
			"refresh",
			"revokeGrant",
			"revokeGrants",
			"revokeGrantsTo",
			"revokeToken",
			"withdrawConsent",
		];
		const sessions = ["login", "revokeSession", "endSignIn", "endEverything", "forgetAccount", "erase"];
		expect([...ending].toSorted()).toEqual([...both, ...sessions, "changeKey"].toSorted());
	});
});

describe("what ends 10,000 rows at once", () => {
	const many = new MapRows();
	const sessionId = "x".repeat(256);
	for (let n = 0; n < 10_000; n++) {
		const session = aSession({ sid: `sid-${n}`, sessionId: `${n}${sessionId}`.slice(0, 256) });
		many.put("session", session.sid, sessionLookup(session), session, session.expiresAt);
	}
	const tracked = new TrackedRows(many);
	run(tracked, ["endEverything", null]);

	test("is noted in few words, which its storage and a comparison with others have room for", () => {
		expect(JSON.stringify(tracked.changed).length).toBeLessThan(1000);
		expect(JSON.stringify(tracked.touched).length).toBeLessThan(1000);
	});

	test.each([
		rowName("session", "sid-7"),
		lookupName("session", "code-1 account-1 "),
		rowName("revoked_token", "sid-7"),
	])("and covers each of them: %s", (row) => expect(overlap(tracked.changed, [row])).toBe(true));

	test("and none of other kinds", () => {
		expect(overlap(tracked.changed, [rowName("grant", "sid-7"), rowName("key", "verdict")])).toBe(false);
	});

	test("what ends a hundred names each of them", () => {
		const few = new TrackedRows(new MapRows());
		for (let n = 0; n < 100; n++) few.put("revoked_token", `${n}`, null, {}, now + 60);
		expect(few.changed).toEqual(Array.from({ length: 100 }, (_, n) => rowName("revoked_token", `${n}`)));
	});
});
