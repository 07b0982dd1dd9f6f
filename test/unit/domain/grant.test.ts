import { describe, expect, test } from "vitest";
import {
	bindingProblem,
	isLive,
	purgeAt,
	type Redeem,
	redeem,
	revoke,
	tombstoneTtl,
} from "../../../src/domain/grant.ts";
import { type Refresh, refresh, repeatWindows } from "../../../src/domain/refresh.ts";
import { aGrant, aRedemption, aRefresh, day, hash, start, stored } from "./builders.ts";

const active = stored(redeem(aGrant(), aRedemption(), start + 5));
const second = stored(refresh(active, aRefresh(1), start + 100));
const third = stored(refresh(second, aRefresh(2), start + 200));
const ended = stored(redeem(active, aRedemption({ attempt: "another" }), start + 6));

describe("redeeming a code", () => {
	test("RFC 6749 §4.1.2: a code used twice ends its grant", () => {
		expect(redeem(active, aRedemption({ attempt: "another" }), start + 6)).toEqual({
			kind: "replayed",
			grant: expect.objectContaining({ phase: "revoked", reason: "code_replayed", revokedAt: start + 6 }),
		});
	});

	test("RFC 6749 §4.1.2: a replay ends its grant even when the code, or the grant, has long expired", () => {
		for (const later of [start + 180, start + 365 * day]) {
			expect(redeem(active, aRedemption({ attempt: "another" }), later).kind).toBe("replayed");
		}
	});

	test("the same attempt again is the edge's own retry: the same answer, nothing to store", () => {
		expect(redeem(active, aRedemption(), start + 9)).toEqual({ kind: "repeated", expiresAt: start + 5 + 90 * day });
	});

	const wrong: [string, Partial<Redeem>, ReturnType<typeof bindingProblem>][] = [
		["RFC 6749 §4.1.3: another code", { codeHash: hash("other") }, "code"],
		["RFC 6749 §4.1.3: another client", { clientId: "client-2" }, "client"],
		["RFC 6749 §4.1.3: another redirect URI", { redirectUri: "https://client.example/cb/" }, "redirect_uri"],
		["RFC 6749 §4.1.3: no redirect URI where one was named", { redirectUri: null }, "redirect_uri"],
		["RFC 7636 §4.6: another challenge", { codeChallenge: "other" }, "code_verifier"],
		["RFC 7636 §4.6: no verifier where there was a challenge", { codeChallenge: null }, "code_verifier"],
	];
	test.each(wrong)("%s is refused in every phase and changes nothing", (_, fields, problem) => {
		const command = aRedemption({ ...fields, attempt: "another" });
		expect(bindingProblem(aGrant(), command)).toBe(problem);
		for (const grant of [aGrant(), active, second, ended]) {
			expect(redeem(grant, command, start + 6)).toEqual({ kind: "mismatch" });
		}
	});

	test("RFC 9449 §10: a code that is bound to a key, by another or by none, is refused in every phase and changes nothing", () => {
		const bound = aGrant({ code: { ...aGrant().code, senderKey: "mine" } });
		const redeemed = stored(redeem(bound, aRedemption({ senderKey: "mine" }), start + 5));
		const left = { senderKey: undefined } as object;
		for (const said of [{ senderKey: "other" }, { senderKey: null }, left, {}]) {
			const command = aRedemption({ ...said, attempt: "another" });
			expect(bindingProblem(bound, command)).toBe("sender_key");
			for (const grant of [bound, redeemed]) expect(redeem(grant, command, start + 6)).toEqual({ kind: "mismatch" });
		}
		expect(redeem(redeemed, aRedemption({ senderKey: "mine", attempt: "another" }), start + 6).kind).toBe("replayed");
	});

	test("RFC 9449 §5: a family that began with a key is refreshed by that alone, its ancestors too", () => {
		const first = aRedemption({ refresh: { ...(aRedemption().refresh ?? never()), senderKey: "mine" } });
		const one = stored(redeem(aGrant(), first, start + 5));
		const two = stored(refresh(one, { ...aRefresh(1), senderKey: "mine" }, start + 100));
		const three = stored(refresh(two, { ...aRefresh(2), senderKey: "mine" }, start + 200));
		for (const said of [{ senderKey: "other" }, { senderKey: null }, {}]) {
			for (const generation of [1, 2, 3]) {
				expect(refresh(three, { ...aRefresh(generation), ...said }, start + 300)).toEqual({ kind: "mismatch" });
			}
		}
		expect(refresh(three, { ...aRefresh(1), senderKey: "mine" }, start + 300).kind).toBe("reused");
		expect(refresh(three, { ...aRefresh(3), senderKey: "mine" }, start + 300).kind).toBe("rotated");
	});

	test("RFC 9449 §5: one that began without is bound by the first refresh with a key, and what was not bound ends it without", () => {
		const one = stored(redeem(aGrant(), aRedemption(), start + 5));
		const bare = { isProven: false, senderKey: "mine" };
		const two = stored(refresh(one, { ...aRefresh(1), ...bare }, start + 100));
		expect(refresh(two, { ...aRefresh(2), isProven: false }, start + 101)).toEqual({ kind: "mismatch" });
		expect(refresh(two, { ...aRefresh(2), ...bare, senderKey: "other" }, start + 101)).toEqual({ kind: "mismatch" });
		expect(refresh(two, { ...aRefresh(1), ...bare }, start + 101).kind).toBe("repeated");
		for (const said of [{ senderKey: "other" }, { senderKey: null }, {}]) {
			expect(refresh(two, { ...aRefresh(1), isProven: false, ...said }, start + 101).kind).toBe("reused");
		}
		// By a secret it is proven already.
		const changed = stored(refresh(one, { ...aRefresh(1), isProven: true, senderKey: "mine" }, start + 100));
		expect(refresh(changed, { ...aRefresh(2), isProven: true }, start + 101).kind).toBe("rotated");
		// A key that nobody knew is no proof of whose an old one is.
		expect(refresh(changed, { ...aRefresh(1), ...bare }, start + 200).kind).toBe("reused");
	});

	test("RFC 9700 §4.8.2: a verifier where no challenge was made is refused", () => {
		const grant = aGrant({ code: { ...aGrant().code, codeChallenge: null } });
		expect(redeem(grant, aRedemption(), start)).toEqual({ kind: "mismatch" });
		expect(redeem(grant, aRedemption({ codeChallenge: null }), start).kind).toBe("redeemed");
	});

	test("RFC 6749 §4.1.3: a redirect URI that was not named may be left out, never be another", () => {
		const grant = aGrant({ code: { ...aGrant().code, redirectUriNamed: false } });
		expect(redeem(grant, aRedemption({ redirectUri: null }), start).kind).toBe("redeemed");
		expect(redeem(grant, aRedemption(), start).kind).toBe("redeemed");
		expect(redeem(grant, aRedemption({ redirectUri: "https://evil.example/" }), start)).toEqual({ kind: "mismatch" });
	});

	test("contract 000: a code is good for its 3 minutes and not a second more", () => {
		expect(redeem(aGrant(), aRedemption(), start + 179).kind).toBe("redeemed");
		expect(redeem(aGrant(), aRedemption(), start + 180)).toEqual({ kind: "expired" });
	});

	test("DESIGN §3.6: a grant from before its client, account or membership ended is not redeemed", () => {
		expect(redeem(aGrant(), aRedemption({ notBefore: start + 1 }), start + 2)).toEqual({ kind: "revoked" });
		expect(redeem(aGrant(), aRedemption({ notBefore: start }), start + 2).kind).toBe("redeemed");
	});

	test("a client that does not refresh gets a grant that cannot be", () => {
		const grant = stored(redeem(aGrant(), aRedemption({ refresh: null }), start));
		expect(isLive(grant, 0, start)).toBe(true);
		expect(refresh(grant, aRefresh(1), start)).toEqual({ kind: "mismatch" });
	});

	test("a grant that is open has no refresh token to guess", () => {
		expect(refresh(aGrant(), aRefresh(1), start)).toEqual({ kind: "mismatch" });
		expect(refresh(aGrant(), aRefresh(0), start)).toEqual({ kind: "mismatch" });
	});
});

describe("refreshing", () => {
	test("RFC 9700 §4.14.2: a rotation hands out one successor, and the current token is the one to use", () => {
		const verdict = refresh(active, aRefresh(1), start + 100);
		expect(verdict).toMatchObject({ kind: "rotated", keyVersion: 1, expiresAt: start + 5 + 90 * day });
		expect(refresh(second, aRefresh(2), start + 200).kind).toBe("rotated");
		expect(refresh(third, aRefresh(3), start + 300).kind).toBe("rotated");
	});

	test("DESIGN §4.3: for 60 s the replaced token gets the same successor, by the winner's key version", () => {
		expect(repeatWindows).toEqual({ bearer: 60, proven: day });
		const late = aRefresh(1, { successor: { hash: hash("by another key"), keyVersion: 2 } });
		for (const moment of [start + 100, start + 159]) {
			const verdict = refresh(second, late, moment);
			expect(verdict).toEqual({
				kind: "repeated",
				terms: expect.anything(),
				expiresAt: expect.anything(),
				keyVersion: 1,
			});
		}
	});

	test("where nobody said to what it rotates nothing changes, whatever else would have been answered", () => {
		const unprepared = { successor: null };
		expect(refresh(active, aRefresh(1, unprepared), start + 100)).toEqual({ kind: "unprepared" });
		expect(refresh(second, aRefresh(1, unprepared), start + 100).kind).toBe("repeated");
		expect(refresh(second, aRefresh(1, unprepared), start + 160).kind).toBe("reused");
		expect(refresh(active, aRefresh(1, { ...unprepared, clientId: "client-2" }), start + 100).kind).toBe("mismatch");
	});

	test("DESIGN §4.3: after 60 s the replaced token ends the family", () => {
		expect(refresh(second, aRefresh(1), start + 160)).toEqual({
			kind: "reused",
			grant: expect.objectContaining({ phase: "revoked", reason: "refresh_token_reused", revokedAt: start + 160 }),
		});
	});

	describe("DESIGN §4.3: where the client proves itself", () => {
		const proven = { isProven: true };
		const replaced = stored(refresh(active, aRefresh(1, proven), start + 100));

		test("the replaced token gets the same successor for a day, by the winner's key version", () => {
			const late = aRefresh(1, { ...proven, successor: { hash: hash("by another key"), keyVersion: 2 } });
			for (const moment of [start + 160, start + 100 + day - 1]) {
				expect(refresh(replaced, late, moment)).toMatchObject({ kind: "repeated", keyVersion: 1 });
			}
			expect(refresh(replaced, late, start + 100 + day).kind).toBe("reused");
		});

		test("and no longer than until the successor is used", () => {
			const used = stored(refresh(replaced, aRefresh(2, proven), start + 101));
			expect(refresh(used, aRefresh(1, proven), start + 102).kind).toBe("reused");
			expect(refresh(used, aRefresh(2, proven), start + 102).kind).toBe("repeated");
		});

		test("what was replaced, or comes back, without a proof has the time of a bearer's", () => {
			expect(refresh(second, aRefresh(1, proven), start + 159).kind).toBe("repeated");
			expect(refresh(second, aRefresh(1, proven), start + 160).kind).toBe("reused");
			expect(refresh(replaced, aRefresh(1), start + 159).kind).toBe("repeated");
			expect(refresh(replaced, aRefresh(1), start + 160).kind).toBe("reused");
		});

		test("a grant that was stored before there was such a thing goes on as a bearer's", () => {
			if (replaced.phase !== "active") throw new Error("It is active");
			const { previous, ...family } = replaced.refresh!;
			const { isProven: _, ...before } = previous!;
			const old = { ...replaced, refresh: { ...family, previous: before } } as typeof replaced;
			expect(refresh(old, aRefresh(1, proven), start + 159).kind).toBe("repeated");
			expect(refresh(old, aRefresh(1, proven), start + 160).kind).toBe("reused");
			expect(refresh(old, aRefresh(2, proven), start + 160).kind).toBe("rotated");
		});

		test("it ends where the family is idle or over", () => {
			const short = stored(
				redeem(aGrant(), aRedemption({ refresh: { hash: hash("refresh-1"), idleTtl: 300 } }), start),
			);
			const once = stored(refresh(short, aRefresh(1, proven), start + 100));
			expect(refresh(once, aRefresh(1, proven), start + 399).kind).toBe("repeated");
			expect(refresh(once, aRefresh(1, proven), start + 400).kind).toBe("expired");
		});
	});

	test("a deployment may give bearers more or less time", () => {
		expect(refresh(second, aRefresh(1, { bearerWindow: 10 }), start + 109).kind).toBe("repeated");
		expect(refresh(second, aRefresh(1, { bearerWindow: 10 }), start + 110).kind).toBe("reused");
		expect(refresh(second, aRefresh(1, { bearerWindow: 3600 }), start + 3699).kind).toBe("repeated");
	});

	test("DESIGN §4.3: the window closes at once when the successor is used", () => {
		const used = stored(refresh(second, aRefresh(2), start + 101));
		expect(refresh(second, aRefresh(1), start + 102).kind).toBe("repeated");
		expect(refresh(used, aRefresh(1), start + 102).kind).toBe("reused");
	});

	test("RFC 9700 §4.14.2: any ancestor ends the family, however old", () => {
		const fourth = stored(refresh(third, aRefresh(3), start + 300));
		for (const generation of [1, 2]) expect(refresh(fourth, aRefresh(generation), start + 301).kind).toBe("reused");
		expect(refresh(fourth, aRefresh(3), start + 360).kind).toBe("reused");
	});

	test("RFC 9700 §4.14.2: an ancestor ends a family that has become idle: its access tokens may still live", () => {
		expect(refresh(third, aRefresh(1), start + 200 + 30 * day).kind).toBe("reused");
	});

	test("a token that no rotation has committed is a stranger's, whatever its seal says", () => {
		expect(refresh(second, aRefresh(3), start + 101)).toEqual({ kind: "mismatch" });
		expect(refresh(second, aRefresh(99), start + 101)).toEqual({ kind: "mismatch" });
	});

	const wrong: [string, Partial<Refresh>][] = [
		["RFC 6749 §6: another client", { clientId: "client-2" }],
		["another account", { accountId: "account-2" }],
		["another secret", { hash: hash("other") }],
	];
	test.each(wrong)("%s changes nothing, with the current token and with the replaced one", (_, fields) => {
		for (const moment of [start + 101, start + 170]) {
			expect(refresh(second, aRefresh(2, fields), moment)).toEqual({ kind: "mismatch" });
			expect(refresh(second, aRefresh(1, fields), moment)).toEqual({ kind: "mismatch" });
		}
	});

	test("RFC 6749 §6: a stranger's client cannot end a family with an old token either", () => {
		expect(refresh(third, aRefresh(1, { clientId: "client-2" }), start + 500)).toEqual({ kind: "mismatch" });
		expect(refresh(third, aRefresh(1, { accountId: "account-2" }), start + 500)).toEqual({ kind: "mismatch" });
	});

	test("RFC 6749 §6: a scope may be narrower; one that is wider is refused and burns nothing", () => {
		const wider = ["events:read", "keys:write"];
		expect(refresh(active, aRefresh(1, { scope: wider }), start + 100)).toEqual({ kind: "scope" });
		expect(refresh(active, aRefresh(1, { scope: ["events:read"] }), start + 100).kind).toBe("rotated");
		expect(refresh(second, aRefresh(1, { scope: wider }), start + 101)).toEqual({ kind: "scope" });
		expect(refresh(second, aRefresh(1, { scope: ["events:read"] }), start + 101).kind).toBe("repeated");
	});

	test("RFC 8707 §2.2: of permissions that were agreed to for others once, none are in what is asked for; the family goes on", () => {
		const before = { ...active, resource: ["https://mcp.example/"] };
		for (const resource of [null, ["HTTPS://MCP.example:443"]]) {
			expect(refresh(before, aRefresh(1, { resource }), start + 100).kind).toBe("rotated");
			const asked = aRefresh(1, { resource, scope: ["events:read"] });
			expect(refresh(before, asked, start + 100)).toEqual({ kind: "scope" });
		}
		expect(refresh(before, aRefresh(1, { resource: ["https://mcp.example/v1"] }), start + 100)).toEqual({
			kind: "resource",
		});
	});

	test("RFC 6749 §6: narrowing one access token leaves the grant's scope as it was", () => {
		const narrowed = stored(refresh(active, aRefresh(1, { scope: ["events:read"] }), start + 100));
		expect(narrowed.scope).toEqual(["events:read", "events:write"]);
	});

	test("the family has an absolute end that no use moves", () => {
		let grant = active;
		for (let generation = 1; generation < 5; generation++) {
			grant = stored(refresh(grant, aRefresh(generation), start + generation * 20 * day));
			expect(purgeAt(grant)).toBe(start + 5 + 90 * day);
		}
		expect(refresh(grant, aRefresh(5), start + 4 + 90 * day).kind).toBe("rotated");
		expect(refresh(grant, aRefresh(5), start + 5 + 90 * day)).toEqual({ kind: "expired" });
		expect(refresh(grant, aRefresh(1), start + 5 + 90 * day)).toEqual({ kind: "expired" });
	});

	test("a rotating family ends when it is not used, and each use puts that off", () => {
		expect(refresh(active, aRefresh(1), start + 4 + 30 * day).kind).toBe("rotated");
		expect(refresh(active, aRefresh(1), start + 5 + 30 * day)).toEqual({ kind: "expired" });
		expect(refresh(second, aRefresh(2), start + 99 + 30 * day).kind).toBe("rotated");
		expect(refresh(second, aRefresh(2), start + 100 + 30 * day)).toEqual({ kind: "expired" });
	});

	test("contract 000: a kept token stays the same for as often as it is used", () => {
		const grant = stored(redeem(aGrant({ rotation: "keep" }), aRedemption(), start));
		for (const moment of [start, start + 1, start + 100, start + 20 * day]) {
			expect(refresh(grant, aRefresh(1), moment)).toMatchObject({ kind: "kept", expiresAt: start + 90 * day });
			expect(refresh(grant, aRefresh(1), moment)).not.toHaveProperty("grant");
		}
	});

	test("contract 000: a kept token, whose use leaves no trace, ends at the absolute end alone", () => {
		const grant = stored(redeem(aGrant({ rotation: "keep" }), aRedemption(), start));
		expect(refresh(grant, aRefresh(1), start + 90 * day - 1).kind).toBe("kept");
		expect(refresh(grant, aRefresh(1), start + 90 * day)).toEqual({ kind: "expired" });
	});

	test("DESIGN §3.6: a grant from before its client, account or membership ended is not refreshed", () => {
		expect(refresh(active, aRefresh(1, { notBefore: start + 1 }), start + 100)).toEqual({ kind: "revoked" });
		expect(refresh(active, aRefresh(1, { notBefore: start }), start + 100).kind).toBe("rotated");
		expect(refresh(second, aRefresh(1, { notBefore: start + 1 }), start + 101)).toEqual({ kind: "revoked" });
	});

	test("an answer tells the terms that were agreed to, and no hash of a token", () => {
		const { phase: _, ...terms } = aGrant();
		expect(refresh(active, aRefresh(1), start + 100)).toMatchObject({ terms });
		const repeated = refresh(second, aRefresh(1), start + 101);
		expect(repeated).toHaveProperty("terms", terms);
		expect(JSON.stringify(repeated)).not.toContain("refresh-");
	});
});

describe("revoking", () => {
	test("DESIGN §4.4: a tombstone is a tombstone to every command", () => {
		expect(redeem(ended, aRedemption(), start + 7)).toEqual({ kind: "revoked" });
		expect(redeem(ended, aRedemption({ attempt: "another" }), start + 7)).toEqual({ kind: "revoked" });
		for (const generation of [0, 1, 2]) {
			expect(refresh(ended, aRefresh(generation), start + 7)).toEqual({ kind: "revoked" });
		}
		expect(revoke(ended, "subject_request", start + 7)).toBeNull();
		expect(isLive(ended, 0, start + 7)).toBe(false);
	});

	test("an open grant can be revoked, and its code is worth nothing then", () => {
		const tombstone = revoke(aGrant(), "subject_request", start + 1);
		expect(tombstone).toMatchObject({ phase: "revoked", reason: "subject_request", revokedAt: start + 1 });
		expect(tombstone && redeem(tombstone, aRedemption(), start + 2)).toEqual({ kind: "revoked" });
	});

	test("a tombstone keeps the terms and forgets every token", () => {
		const { phase: _, ...terms } = aGrant();
		expect(revoke(third, "client_request", start + 300)).toEqual({
			...terms,
			phase: "revoked",
			reason: "client_request",
			revokedAt: start + 300,
		});
	});
});

describe("what was issued under a grant", () => {
	test("counts from the redemption to the end of the grant", () => {
		expect(isLive(aGrant(), 0, start)).toBe(false);
		expect(isLive(active, 0, start + 4 + 90 * day)).toBe(true);
		expect(isLive(active, 0, start + 5 + 90 * day)).toBe(false);
	});

	test("DESIGN §3.6: does not count where the grant is older than what stands behind it", () => {
		expect(isLive(active, start, start + 6)).toBe(true);
		expect(isLive(active, start + 1, start + 6)).toBe(false);
	});
});

describe("purging", () => {
	test("a row is kept for as long as anything could still ask for it", () => {
		expect(purgeAt(aGrant())).toBeGreaterThan(aGrant().code.expiresAt);
		expect(purgeAt(active)).toBe(start + 5 + 90 * day);
		expect(purgeAt(ended)).toBe(start + 6 + tombstoneTtl);
	});

	test("a tombstone outlives every access token of a day, and an hour for clocks", () => {
		expect(tombstoneTtl).toBeGreaterThanOrEqual(day + 3600);
	});
});

test("a grant survives JSON in every phase: what is stored is what was decided", () => {
	for (const grant of [aGrant(), active, second, third, ended]) {
		expect(JSON.parse(JSON.stringify(grant))).toStrictEqual(grant);
	}
});

function never(): never {
	throw new Error("A redemption without a refresh token");
}
