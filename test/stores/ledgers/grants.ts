import { describe, expect, test, vi } from "vitest";
import { noClaims } from "../../../src/domain/identity.ts";
import { codeRecord, hash, newId, newSubject, now, redeem, refresh, type Stores, tally, times } from "../builders.ts";

const all = { after: "", limit: 100 };

export function describeGrants({ platform }: Stores): void {
	const opened = async (changes: Parameters<typeof codeRecord>[0] = {}) => {
		const ledger = platform.ledgers.of(newSubject());
		const record = codeRecord(changes);
		await ledger.openGrant(record);
		return { ledger, id: record.id, record };
	};
	const redeemed = async (changes: Parameters<typeof codeRecord>[0] = {}) => {
		const grant = await opened(changes);
		expect(await grant.ledger.redeem(grant.id, redeem())).toMatchObject({ kind: "redeemed" });
		return grant;
	};

	describe("grants", () => {
		test("a grant is opened once: the same id again changes nothing", async () => {
			const { ledger, record } = await opened();
			await ledger.openGrant({ ...record, clientId: "another" });
			expect(await ledger.grantTerms(record.id)).toMatchObject({ ...record, createdAt: now() });
		});

		test("a ledger knows its own grants only", async () => {
			const { id } = await opened();
			const another = platform.ledgers.of(newSubject());
			expect(await another.grantTerms(id)).toBeNull();
			expect(await another.redeem(id, redeem())).toEqual({ kind: "unknown" });
			expect(await another.refresh(id, refresh(1))).toEqual({ kind: "unknown" });
			expect(await another.inspectGrant(id, { notBefore: 0 })).toBeNull();
			expect(await another.revokeGrant(id, null)).toBe("unknown");
		});

		test("a ledger may live anywhere", async () => {
			for (const home of ["any", "weur", "apac", "me"] as const) {
				const ledger = platform.ledgers.of(newSubject("client", home));
				const record = codeRecord();
				await ledger.openGrant(record);
				expect(await ledger.grantTerms(record.id)).toMatchObject(record);
			}
		});

		test("what is not a subject's id has no ledger", async () => {
			await expect(async () => platform.ledgers.of("usr_mars_x").grantTerms("x")).rejects.toThrow("subject");
		});

		test("RFC 6749 §4.1.2: of 100 parallel redemptions one succeeds, and the replays end the grant", async () => {
			const { ledger, id } = await opened();
			const outcomes = await Promise.all(times(100, () => ledger.redeem(id, redeem())));
			expect(tally(outcomes)).toEqual({ redeemed: 1, replayed: 1, revoked: 98 });
			expect(await ledger.inspectGrant(id, { notBefore: 0 })).toBeNull();
		});

		test("DESIGN §3.2: the same attempt again gets the same verdict", async () => {
			const { ledger, id } = await opened();
			const command = redeem();
			const outcomes = await Promise.all(times(5, () => ledger.redeem(id, command)));
			expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome)))).toHaveLength(1);
			expect(await ledger.inspectGrant(id, { notBefore: 0 })).not.toBeNull();
		});

		test("a mismatch changes nothing", async () => {
			const { ledger, id } = await opened();
			expect(await ledger.redeem(id, redeem({ clientId: "another" }))).toEqual({ kind: "mismatch" });
			expect(await ledger.redeem(id, redeem())).toMatchObject({ kind: "redeemed", expiresAt: now() + 30 * 86_400 });
		});

		test("of 100 parallel refreshes one rotates, and the others get the same successor", async () => {
			const { ledger, id } = await redeemed();
			const outcomes = await Promise.all(times(100, () => ledger.refresh(id, refresh(1))));
			expect(tally(outcomes)).toEqual({ rotated: 1, repeated: 99 });
			expect(await ledger.refresh(id, refresh(2))).toMatchObject({ kind: "rotated" });
		});

		test("RFC 9700 §4.14.2: an ancestor ends its family and no other", async () => {
			const { ledger, id } = await redeemed();
			const other = codeRecord();
			await ledger.openGrant(other);
			await ledger.redeem(other.id, redeem());
			await ledger.refresh(id, refresh(1));
			await ledger.refresh(id, refresh(2));
			expect(await ledger.refresh(id, refresh(1))).toEqual({ kind: "reused" });
			expect(await ledger.refresh(id, refresh(3))).toEqual({ kind: "revoked" });
			expect(await ledger.refresh(other.id, refresh(1))).toMatchObject({ kind: "rotated" });
		});

		test("a kept refresh token stays as it is", async () => {
			const { ledger, id } = await redeemed({ rotation: "keep" });
			const outcomes = await Promise.all(times(10, () => ledger.refresh(id, refresh(1))));
			expect(tally(outcomes)).toEqual({ kept: 10 });
		});

		test("no interleaving of refresh and revoke brings a grant back", async () => {
			const { ledger, id } = await redeemed();
			const refreshes = times(30, (index) => ledger.refresh(id, refresh(1 + Math.floor(index / 10))));
			const revocations = times(3, () => ledger.revokeGrant(id, "client"));
			const more = times(30, () => ledger.refresh(id, refresh(1)));
			await Promise.all([...refreshes, ...more]);
			expect((await Promise.all(revocations)).filter((outcome) => outcome === "revoked").length).toBeLessThanOrEqual(1);
			expect(await ledger.inspectGrant(id, { notBefore: 0 })).toBeNull();
			expect(await ledger.refresh(id, refresh(2))).toEqual({ kind: "revoked" });
			expect(await ledger.redeem(id, redeem())).toEqual({ kind: "revoked" });
		});

		test("RFC 7009 §2.1: a client ends its own grants only, the subject any", async () => {
			const { ledger, id } = await redeemed();
			expect(await ledger.revokeGrant(id, "another")).toBe("unknown");
			expect(await ledger.revokeGrant(id, null)).toBe("revoked");
			expect(await ledger.revokeGrant(id, "client")).toBe("unchanged");
		});

		test("a revoked token is dead, its grant is not", async () => {
			const { ledger, id } = await redeemed();
			const jti = newId();
			await ledger.revokeToken(jti, now() + 3600);
			expect(await ledger.inspectGrant(id, { jti, notBefore: 0 })).toBeNull();
			expect(await ledger.inspectGrant(id, { jti: newId(), notBefore: 0 })).toEqual({
				clientId: "client",
				accountId: "account",
				scope: ["events:read", "events:write"],
				createdAt: now(),
				expiresAt: now() + 30 * 86_400,
			});
			expect(await ledger.inspectGrant(id, { notBefore: now() + 1 })).toBeNull();
		});

		test("the ledger's own clock decides when a code and a family end", async () => {
			const late = await opened();
			const idle = await redeemed();
			vi.setSystemTime(Date.now() + 181_000);
			expect(await late.ledger.redeem(late.id, redeem())).toEqual({ kind: "expired" });
			vi.setSystemTime(Date.now() + 7 * 86_400_000);
			expect(await idle.ledger.refresh(idle.id, refresh(1))).toEqual({ kind: "expired" });
		});

		test("grants are listed while they count, in pages", async () => {
			const ledger = platform.ledgers.of(newSubject());
			const ids = [];
			for (let count = 0; count < 3; count++) {
				const record = codeRecord();
				await ledger.openGrant(record);
				await ledger.redeem(record.id, redeem());
				ids.push(record.id);
			}
			ids.sort();
			await ledger.openGrant(codeRecord());
			expect((await ledger.listGrants(all)).map(({ id }) => id)).toEqual(ids);
			expect((await ledger.listGrants({ after: ids[0] ?? "", limit: 1 })).map(({ id }) => id)).toEqual([ids[1]]);
			await ledger.revokeGrant(ids[1] ?? "", null);
			expect((await ledger.listGrants(all)).map(({ id }) => id)).toEqual([ids[0], ids[2]]);
			expect((await ledger.listGrants(all))[0]).toEqual({
				id: ids[0],
				clientId: "client",
				accountId: "account",
				scope: ["events:read", "events:write"],
				createdAt: now(),
				// It rotates: without use it ends before its absolute end.
				expiresAt: now() + 7 * 86_400,
			});
			expect(await platform.ledgers.of(newSubject()).listGrants(all)).toEqual([]);
		});

		test("all grants end at once, redeemed or not, and stay ended", async () => {
			const ledger = platform.ledgers.of(newSubject());
			const [active, open] = [codeRecord(), codeRecord()];
			await ledger.openGrant(active);
			await ledger.openGrant(open);
			await ledger.redeem(active.id, redeem());
			await ledger.revokeGrants();
			await ledger.revokeGrants();
			expect(await ledger.listGrants(all)).toEqual([]);
			expect(await ledger.refresh(active.id, refresh(1))).toEqual({ kind: "revoked" });
			expect(await ledger.redeem(open.id, redeem())).toEqual({ kind: "revoked" });
		});

		test("of 100 openings at once one opens, and the others are the same pair", async () => {
			const subject = newSubject();
			const ledger = platform.ledgers.of(subject);
			const scope = ["read"];
			const pair = {
				id: newId(),
				clientId: subject,
				accountId: "account",
				scope,
				rotation: "rotate",
				code: null,
			} as const;
			const command = { lifetime: 1000, refresh: { hash: hash("generation 1"), idleTtl: 100 } };
			const outcomes = await Promise.all(times(100, () => ledger.openPair(pair, command)));
			expect(outcomes).toEqual(times(100, () => ({ kind: "opened", expiresAt: now() + 1000 })));
			const other = { ...command, refresh: { ...command.refresh, hash: hash("another") } };
			expect(await ledger.openPair(pair, other)).toEqual({ kind: "taken" });
			expect(await ledger.grantTerms(pair.id)).toBeNull();
			expect(await ledger.inspectGrant(pair.id, { notBefore: 0 })).toMatchObject({ clientId: subject, scope });
		});
	});

	describe("what a grant is for", () => {
		const identity = { nonce: "n", authenticatedAt: now(), sid: "sign-in", claims: noClaims };

		test("RFC 8707, OIDC: resources and identity stay with the grant through redemption and rotation", async () => {
			const { ledger, id } = await opened({ rotation: "rotate", resource: ["https://a.example"], identity });
			const kept = { resource: ["https://a.example"], identity };
			expect(await ledger.grantTerms(id)).toMatchObject(kept);
			await ledger.redeem(id, redeem());
			expect(await ledger.refresh(id, refresh(1))).toMatchObject({ kind: "rotated", terms: kept });
			expect(await ledger.inspectGrant(id, { notBefore: 0 })).toMatchObject(kept);
		});

		test("RFC 8707 §2.2: a resource beyond the grant's is refused, and burns nothing", async () => {
			const { ledger, id } = await opened({ rotation: "rotate", resource: ["https://a.example"] });
			await ledger.redeem(id, redeem());
			for (const resource of [["https://b.example"], ["https://a.example", "https://latchkey.example"]]) {
				expect(await ledger.refresh(id, refresh(1, { resource }))).toEqual({ kind: "resource" });
			}
			expect(await ledger.refresh(id, refresh(1, { resource: ["https://a.example"] }))).toMatchObject({
				kind: "rotated",
			});
		});

		test("RFC 8707: a grant that names none is for latchkey itself", async () => {
			const { ledger, id } = await opened({ rotation: "rotate" });
			await ledger.redeem(id, redeem());
			expect(await ledger.refresh(id, refresh(1, { resource: ["https://b.example"] }))).toEqual({ kind: "resource" });
			const own = { resource: ["https://latchkey.example"], ownResource: "https://latchkey.example" };
			expect(await ledger.refresh(id, refresh(1, own))).toMatchObject({ kind: "rotated" });
		});

		test("RFC 7009: the token of a client that acts for itself has no row; once revoked it does", async () => {
			const ledger = platform.ledgers.of(newSubject("client"));
			expect(await ledger.isTokenRevoked("jti")).toBe(false);
			await ledger.revokeToken("jti", now() + 10);
			expect(await ledger.isTokenRevoked("jti")).toBe(true);
		});
	});
}
