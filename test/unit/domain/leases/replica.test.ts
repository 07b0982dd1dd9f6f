import { describe, expect, test } from "vitest";
import { LeaseReplica } from "../../../../src/domain/lease-replica.ts";
import type { Lent, LentRow } from "../../../../src/domain/lease-view.ts";
import { replicaSpan } from "../../../../src/domain/lease.ts";
import type { SessionLogin } from "../../../../src/domain/ledger-verdicts.ts";
import { sessionLookup } from "../../../../src/domain/session.ts";
import { addCode, aKey, aRefresh, aSession, aSessionRequest, hash, start } from "../builders.ts";
import { activeGrant } from "./rows.ts";

const now = start * 1000;
const check = ["checkKey", [hash("code-1"), null]] as const;
const keyRow: LentRow = { kind: "key", id: "verdict", lookup: null, body: aKey([addCode("code-1")], start) };
const used: LentRow = {
	...keyRow,
	body: { ...keyRow.body!, codes: keyRow.body!.codes.map((code) => ({ ...code, lastUsedAt: start })) },
};

function lent(rows: readonly LentRow[], fields: { version?: number; now?: number } = {}): Lent {
	return { lease: { version: fields.version ?? 0, span: replicaSpan }, rows, now: fields.now ?? now };
}

/** Asks, and brings the answer back at once. */
function bring(replica: LeaseReplica, subject: string, rows: readonly LentRow[], version = 0): void {
	const read = replica.read(subject, ...check, now);
	if (read.kind === "ask") replica.answered(read.ask, lent(rows, { version }), now);
}

describe("a replica", () => {
	test("answers from the rows that it was lent, and asks for all others", () => {
		const replica = new LeaseReplica("a");
		expect(replica.read("key-1", ...check, now).kind).toBe("ask");
		bring(replica, "key-1", [used]);
		expect(replica.read("key-1", ...check, now)).toMatchObject({ kind: "answer", answer: { kind: "good" } });
		expect(replica.read("key-2", ...check, now).kind).toBe("ask");
		expect(replica.read("key-1", "inspectSession", ["sid-1", { jti: "jti-1", notBefore: 0 }], now).kind).toBe("ask");
	});

	test("says no to nobody: what is no is the ledger's to say", () => {
		const replica = new LeaseReplica("a");
		bring(replica, "key-1", [used]);
		expect(replica.read("key-1", "checkKey", [hash("another"), null], now).kind).toBe("ask");
		expect(replica.read("key-1", "checkKey", [hash("code-1"), "stranger"], now).kind).toBe("ask");
		const disabled: LentRow = { ...used, body: { ...used.body!, state: "disabled" } };
		bring(replica, "key-2", [disabled]);
		expect(replica.read("key-2", ...check, now).kind).toBe("ask");
	});

	test("asks where the ledger would write: the first use of a code in a minute", () => {
		const replica = new LeaseReplica("a");
		bring(replica, "key-1", [keyRow]);
		expect(replica.read("key-1", ...check, now).kind).toBe("ask");
	});

	test("a key whose uses are counted is passed on each time, whatever is held of it", () => {
		const replica = new LeaseReplica("a");
		for (const [index, limits] of [{ uses: 5 }, { rate: { uses: 5, per: "day" } } as const].entries()) {
			const subject = `key-${index}`;
			bring(replica, subject, [{ ...used, body: { ...used.body!, limits } }]);
			expect(replica.read(subject, ...check, now).kind).toBe("ask");
		}
	});

	test("a key that is limited to networks is good here from those", () => {
		const replica = new LeaseReplica("a");
		bring(replica, "key-1", [{ ...used, body: { ...used.body!, limits: { networks: ["192.0.2.0/24"] } } }]);
		const from = (...address: string[]) => replica.read("key-1", "checkKey", [...check[1], ...address], now).kind;
		expect([from("192.0.2.1"), from("198.51.100.1"), from()]).toEqual(["answer", "ask", "ask"]);
	});

	test("a refresh token that stays is good here; one that rotates is the ledger's alone, and so is its introspection", () => {
		const replica = new LeaseReplica("a");
		const row = { kind: "grant", id: "grant-1", lookup: null } as const;
		bring(replica, "usr-1", [{ ...row, body: activeGrant({ rotation: "keep" }) }]);
		bring(replica, "usr-2", [{ ...row, body: activeGrant({ rotation: "rotate" }) }]);
		const kind = (subject: string, verb: string, command: object) =>
			replica.read(subject, verb, ["grant-1", command], now).kind;
		expect(kind("usr-1", "refresh", aRefresh(1))).toBe("answer");
		expect(kind("usr-1", "refresh", aRefresh(1, { hash: hash("guessed") }))).toBe("ask");
		expect(kind("usr-2", "refresh", aRefresh(1))).toBe("ask");
		expect(kind("usr-2", "inspectGrant", { notBefore: 0 })).toBe("answer");
		expect(kind("usr-2", "inspectGrant", { notBefore: 0, refresh: hash("refresh-1") })).toBe("ask");
	});

	test("a login finds the session of its own credential, account, `session_id` and API, and no other", () => {
		const replica = new LeaseReplica("a");
		const body = aSession({ credential: "password", accountId: "account-1" });
		bring(replica, "usr-1", [
			{ kind: "session", id: "sid-1", lookup: sessionLookup(body), body },
			{ kind: "revoked_token", id: "jti-1", lookup: null, body: null },
		]);
		const login = (fields: Partial<SessionLogin> = {}, accountId = "account-1") => {
			const proof = { kind: "proved", credential: "password", accountId };
			const request = { ...aSessionRequest(), isFresh: true, policies: null, ...fields };
			return replica.read("usr-1", "login", [proof, request], now);
		};
		expect(login()).toMatchObject({ kind: "answer", answer: { kind: "same", sid: "sid-1" } });
		expect(login({ sessionId: "another" }).kind).toBe("ask");
		expect(login({ resource: "https://api.example" }).kind).toBe("ask");
		expect(login({}, "account-2").kind).toBe("ask");
		// It would be renewed, which is the ledger's to do.
		expect(login({ minTtl: 7201 }).kind).toBe("ask");
	});

	test("that a token is not revoked can be lent; what was not lent is not absent", () => {
		const replica = new LeaseReplica("a");
		bring(replica, "cli-1", [{ kind: "revoked_token", id: "jti-1", lookup: null, body: null }]);
		expect(replica.read("cli-1", "isTokenRevoked", ["jti-1"], now)).toEqual({ kind: "answer", answer: false });
		expect(replica.read("cli-1", "isTokenRevoked", ["jti-2"], now).kind).toBe("ask");
	});

	test("only checks are answered here", () => {
		const replica = new LeaseReplica("a");
		bring(replica, "key-1", [used]);
		for (const verb of ["readKey", "revokeSession", "constructor", "toString", ""]) {
			expect(replica.read("key-1", verb, [], now).kind).toBe("ask");
		}
	});

	test("a lease counts from before the question, by the replica's own clock", () => {
		const replica = new LeaseReplica("a");
		const read = replica.read("key-1", ...check, now);
		if (read.kind !== "ask") throw new Error("it has nothing yet");
		replica.answered(read.ask, lent([used], { now: now - 5_000_000 }), now + 3000);
		expect(replica.read("key-1", ...check, now + replicaSpan - 1).kind).toBe("answer");
		expect(replica.read("key-1", ...check, now + replicaSpan).kind).toBe("ask");
	});

	test("what took longer than its lease lasts changes nothing of what was lent since", () => {
		const replica = new LeaseReplica("a");
		const slow = replica.read("key-1", ...check, now);
		const quick = replica.read("key-1", ...check, now + 100);
		if (slow.kind !== "ask" || quick.kind !== "ask") throw new Error("it has nothing yet");
		replica.answered(quick.ask, lent([used]), now + 200);
		replica.answered(slow.ask, lent([used]), now + replicaSpan);
		expect(replica.read("key-1", ...check, now + replicaSpan).kind).toBe("answer");
	});

	test("what ends by itself ends by the ledger's clock, whatever the replica's says", () => {
		const replica = new LeaseReplica("a");
		const body = aSession({ expiresAt: start + 3, credential: "code-1", accountId: "owner" });
		const rows: LentRow[] = [
			{ kind: "session", id: "sid-1", lookup: null, body },
			{ kind: "revoked_token", id: "jti-1", lookup: null, body: null },
			{ kind: "key", id: "verdict", lookup: null, body: null },
		];
		const inspect = ["inspectSession", ["sid-1", { jti: "jti-1", notBefore: 0 }]] as const;
		const wrong = now - 7_000_000;
		const read = replica.read("key-1", ...inspect, wrong);
		if (read.kind !== "ask") throw new Error("it has nothing yet");
		replica.answered(read.ask, lent(rows), wrong + 100);
		expect(replica.read("key-1", ...inspect, wrong + 2900).kind).toBe("answer");
		// Not after its end, even if the answer took no time; so at most that much earlier.
		expect(replica.read("key-1", ...inspect, wrong + 3000).kind).toBe("ask");
	});

	test("holds 10,000 subjects at most, and those that were used last", () => {
		const replica = new LeaseReplica("a");
		for (let n = 0; n < 10_000; n++) bring(replica, `key-${n}`, [used]);
		expect(replica.read("key-0", ...check, now).kind).toBe("answer");
		bring(replica, "key-10000", [used]);
		expect(replica.read("key-0", ...check, now).kind).toBe("answer");
		expect(replica.read("key-1", ...check, now).kind).toBe("ask");
	});

	test("holds 100 rows of a subject at most, and those that were lent last", () => {
		const replica = new LeaseReplica("a");
		const jtis = Array.from({ length: 101 }, (_, index) => `jti-${index}`);
		for (const id of jtis) bring(replica, "cli-1", [{ kind: "revoked_token", id, lookup: null, body: null }]);
		const kinds = jtis.map((jti) => replica.read("cli-1", "isTokenRevoked", [jti], now).kind);
		expect(kinds).toEqual(["ask", ...Array.from({ length: 100 }, () => "answer")]);
	});

	test("holds 25,000 rows at most, of however many subjects", () => {
		const replica = new LeaseReplica("a");
		const rows = Array.from({ length: 100 }, (_, index): LentRow => {
			return { kind: "revoked_token", id: `jti-${index}`, lookup: null, body: null };
		});
		for (let n = 0; n <= 250; n++) bring(replica, `cli-${n}`, rows);
		// Lent once more it counts once, and one that is forgotten leaves room.
		for (let n = 0; n < 10; n++) bring(replica, "cli-250", rows);
		replica.recalled("cli-2", 1, now);
		bring(replica, "cli-251", rows);
		const kinds = [0, 1, 2, 3, 250, 251].map((n) => replica.read(`cli-${n}`, "isTokenRevoked", ["jti-7"], now).kind);
		expect(kinds).toEqual(["ask", "answer", "ask", "answer", "answer", "answer"]);
	});

	test("holds 32 million characters at most, however much a row says", () => {
		const replica = new LeaseReplica("a");
		const rows = Array.from({ length: 100 }, (_, index): LentRow => {
			const body = aSession({ sid: `sid-${index}`, payload: "x".repeat(15_000), scope: "y".repeat(10_000) });
			return { kind: "session", id: body.sid, lookup: sessionLookup(body), body };
		});
		const none: LentRow = { kind: "revoked_token", id: "jti-7", lookup: null, body: null };
		for (let n = 0; n < 13; n++) bring(replica, `cli-${n}`, [...rows.slice(1), none]);
		// Lent once more it counts once, and one that was recalled leaves room.
		for (let n = 0; n < 10; n++) bring(replica, "cli-12", [...rows.slice(1), none]);
		replica.recalled("cli-3", 1, now);
		bring(replica, "cli-14", [...rows.slice(1), none]);
		const kinds = [0, 1, 2, 3, 4, 12, 14].map((n) => replica.read(`cli-${n}`, "isTokenRevoked", ["jti-7"], now).kind);
		expect(kinds).toEqual(["ask", "answer", "answer", "ask", "answer", "answer", "answer"]);
	});

	test("who asks for what is nowhere drives nothing out that others use", () => {
		const replica = new LeaseReplica("a", 2);
		bring(replica, "key-1", [used]);
		for (const subject of ["garbage-1", "garbage-2", "garbage-3"]) {
			const read = replica.read(subject, ...check, now);
			if (read.kind === "ask") replica.answered(read.ask, null, now);
		}
		expect(replica.read("key-1", ...check, now).kind).toBe("answer");
	});

	test("what was on its way when the subject was forgotten is not kept", () => {
		const replica = new LeaseReplica("a", 1);
		const read = replica.read("key-1", ...check, now);
		if (read.kind !== "ask") throw new Error("it has nothing yet");
		// Recalled, and then driven out: that it was recalled is forgotten with it.
		replica.recalled("key-1", 1, now);
		bring(replica, "key-2", [used]);
		expect(replica.read("key-1", ...check, now).kind).toBe("ask");
		replica.answered(read.ask, lent([used]), now);
		expect(replica.read("key-1", ...check, now).kind).toBe("ask");
	});

	test("a recall for an instance that is gone is answered by the one that is there, under its own name", () => {
		expect(new LeaseReplica("another").recalled("key-1", 7, now)).toEqual({ instance: "another" });
	});

	test("versions that begin anew, at a ledger that has forgotten its holders, are taken after a lease's time", () => {
		const replica = new LeaseReplica("a");
		bring(replica, "key-1", [used], 5);
		const later = now + replicaSpan;
		const read = replica.read("key-1", ...check, later);
		if (read.kind !== "ask") throw new Error("the lease has run out");
		replica.answered(read.ask, lent([used], { version: 0 }), later);
		expect(replica.read("key-1", ...check, later).kind).toBe("answer");
		replica.recalled("key-1", 1, later);
		expect(replica.read("key-1", ...check, later).kind).toBe("ask");
	});
});
