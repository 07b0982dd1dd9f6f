import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { subjectId } from "../../../src/domain/subject.ts";
import { type Ask, nearFirst, type Replicas } from "../../../src/platform/cloudflare/near-ledgers.ts";
import type { NearAnswer } from "../../../src/platform/cloudflare/replica-object.ts";

const subject = subjectId({ kind: "person", home: "weur", id: "A".repeat(22) });
const inEurope = subjectId({ kind: "person", home: "eu", id: "A".repeat(22) });
const inAmerica = subjectId({ kind: "person", home: "fed", id: "A".repeat(22) });
const check = ["inspectSession", ["sid", { jti: "jti", notBefore: 0 }]] as const;

/** Whom somebody asked, in their order. */
let asked: string[];
let near: () => Promise<NearAnswer>;
const own: NearAnswer = { answer: "near", load: "even", isOwn: true };

beforeEach(() => {
	vi.useFakeTimers({ now: 1_800_000_000_000 });
	asked = [];
	near = async () => own;
});
afterEach(() => {
	vi.useRealTimers();
});

function namespace(place: string): object {
	return {
		jurisdiction: (name: string) => namespace(`${place}${name}: `),
		getByName: (name: string) => ({
			check() {
				asked.push(`${place}${name}`);
				return near();
			},
		}),
	};
}

/** An isolate in a colo, so far from every home. */
function isolate(distance: number, colo: string | null = "SIN"): Ask {
	const askHome: Ask = async () => {
		asked.push("home");
		vi.advanceTimersByTime(distance);
		return "home";
	};
	return nearFirst(askHome, { namespace: namespace("") as Replicas["namespace"], colo: () => colo });
}

describe("a check", () => {
	test("goes home first, then to the replica of the colo, and home again where nobody asked for ten seconds", async () => {
		const ask = isolate(80);
		expect([await ask(subject, ...check), await ask(subject, ...check)]).toEqual(["home", "near"]);
		vi.advanceTimersByTime(9_999);
		await ask(subject, ...check);
		vi.advanceTimersByTime(10_000);
		await ask(subject, ...check);
		expect(asked).toEqual(["home", "SIN/0/", "SIN/0/", "home"]);
	});

	test("goes home where that is as near, and where nobody knows where this is", async () => {
		const asks = [isolate(3), isolate(80, null)];
		for (const ask of asks) for (let time = 0; time < 3; time++) await ask(subject, ...check);
		expect(new Set(asked)).toEqual(new Set(["home"]));
	});

	test("stays in the jurisdiction of the subject's home", async () => {
		const ask = isolate(80);
		for (const of of [inEurope, inAmerica]) for (let time = 0; time < 2; time++) await ask(of, ...check);
		expect(asked).toEqual(["home", "eu: SIN/0/", "home", "fedramp: SIN/0/"]);
	});

	test("goes to one of twice as many where they have too much to do, by the digest of the subject", async () => {
		const ask = isolate(80);
		near = async () => ({ ...own, load: "busy" });
		for (let time = 0; time < 4; time++) {
			await ask(subject, ...check);
			vi.advanceTimersByTime(9_000);
		}
		const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(subject)));
		const bits = (digest[0] ?? 0).toString(2).padStart(8, "0");
		expect(asked).toEqual(["home", "SIN/0/", `SIN/1/${bits.slice(0, 1)}`, `SIN/1/${bits.slice(0, 1)}`]);
	});

	test("of a replica that fails is answered by the home, which is asked alone for a while", async () => {
		const ask = isolate(80);
		near = () => Promise.reject(new Error("it fails"));
		for (let time = 0; time < 3; time++) await ask(subject, ...check);
		expect(asked).toEqual(["home", "SIN/0/", "home", "home"]);
	});

	test("of a replica that never answers is answered by the home, before twice its way and a little is over", async () => {
		const ask = isolate(80);
		await ask(subject, ...check);
		near = () => new Promise(() => {});
		const answer = ask(subject, ...check);
		await vi.advanceTimersByTimeAsync(260);
		expect(await answer).toBe("home");
	});
});

test("what changes something, or is for the ledger alone to judge, goes home", async () => {
	const ask = isolate(80);
	await ask(subject, ...check);
	const offer = { scope: "", claims: { jti: "jti" }, kid: "kid", sid: "sid", issuedAt: 0, expiresAt: 0 };
	const proof = { kind: "proved", credential: "password", accountId: "account" };
	await ask(subject, "inspectGrant", ["grant", { refresh: "hash", notBefore: 0 }]);
	await ask(subject, "refresh", ["grant", { generation: 1, successor: { hash: "hash", keyVersion: 1 } }]);
	await ask(subject, "login", [proof, { offer: { ...offer, signature: { sid: "sid", sealed: "sealed" } } }]);
	await ask(subject, "login", [proof, { offer: null }]);
	for (const verb of ["revokeGrant", "revokeSession", "redeem", "changeKey", "endEverything", "readKey"] as const)
		await ask(subject, verb, ["x"]);
	expect(new Set(asked)).toEqual(new Set(["home"]));
	asked = [];
	await ask(subject, "inspectGrant", ["grant", { notBefore: 0 }]);
	await ask(subject, "refresh", ["grant", { generation: 1, successor: null }]);
	await ask(subject, "login", [proof, { offer: { ...offer, signature: null } }]);
	await ask(subject, "checkKey", ["hash", null]);
	await ask(subject, "isTokenRevoked", ["jti"]);
	expect(asked).toEqual(Array.from({ length: 5 }, () => "SIN/0/"));
});
