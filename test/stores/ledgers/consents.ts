import { describe, expect, test, vi } from "vitest";
import type { Consent } from "../../../src/domain/consent.ts";
import { noClaims } from "../../../src/domain/identity.ts";
import { codeRecord, newSubject, now, redeem, refresh, type Stores, times } from "../builders.ts";

type Given = Omit<Consent, "agreedAt">;

export function describeConsents({ platform }: Stores): void {
	const agreed = async (consent: Given | null = given(), record = codeRecord()) => {
		const ledger = platform.ledgers.of(newSubject());
		await ledger.openGrant(record, consent);
		return { ledger, id: record.id };
	};

	describe("remembered consents", () => {
		test("are written with the grant, once, and found by the client", async () => {
			const { ledger } = await agreed();
			expect(await ledger.consentTo("client")).toEqual({ ...given(), agreedAt: now() });
			expect(await ledger.consentTo("another")).toBeNull();
			expect(await (await agreed(null)).ledger.consentTo("client")).toBeNull();
		});

		test("add up when two are agreed to at once", async () => {
			const ledger = platform.ledgers.of(newSubject());
			await Promise.all(
				["email", "phone", "profile"].map((scope) => ledger.openGrant(codeRecord(), given({ scope: [scope] }))),
			);
			expect(await ledger.consentTo("client")).toMatchObject({ scope: ["email", "phone", "profile"] });
		});

		test("the same grant again remembers nothing more", async () => {
			const record = codeRecord();
			const { ledger } = await agreed(given(), record);
			await ledger.withdrawConsent("client");
			await ledger.openGrant(record, given());
			expect(await ledger.consentTo("client")).toBeNull();
		});

		test("end by themselves", async () => {
			const { ledger } = await agreed();
			vi.setSystemTime(Date.now() + 100_000);
			expect(await ledger.consentTo("client")).toBeNull();
			expect(await ledger.listConsents({ after: "", limit: 10 })).toEqual([]);
		});

		test("are listed in the order of their clients, a page at a time", async () => {
			const ledger = platform.ledgers.of(newSubject());
			const clients = times(5, (index) => `client ${index}`);
			for (const clientId of clients) await ledger.openGrant(codeRecord({ clientId }), given({ clientId }));
			const first = await ledger.listConsents({ after: "", limit: 3 });
			const rest = await ledger.listConsents({ after: first.at(-1)?.clientId ?? "", limit: 3 });
			expect([...first, ...rest].map(({ clientId }) => clientId)).toEqual(clients);
		});

		test("withdrawing one ends what the client was given, and nothing of another's", async () => {
			const { ledger, id } = await agreed();
			const others = codeRecord({ clientId: "another" });
			await ledger.openGrant(others, given({ clientId: "another" }));
			await ledger.redeem(id, redeem());
			// The register is told by what it answers: after a call that broke, the second one's answer.
			expect(await ledger.withdrawConsent("client")).toEqual([id]);
			expect(await ledger.withdrawConsent("client")).toEqual([id]);
			expect(await ledger.consentTo("client")).toBeNull();
			expect(await ledger.refresh(id, refresh(1))).toEqual({ kind: "revoked" });
			expect(await ledger.consentTo("another")).not.toBeNull();
			expect(await ledger.redeem(others.id, redeem({ clientId: "another" }))).toMatchObject({ kind: "redeemed" });
		});

		test("a grant that its subject takes back is asked for again; one that the client gives back is not", async () => {
			const byClient = await agreed();
			await byClient.ledger.revokeGrant(byClient.id, "client");
			expect(await byClient.ledger.consentTo("client")).not.toBeNull();
			const bySubject = await agreed();
			await bySubject.ledger.revokeGrant(bySubject.id, null);
			expect(await bySubject.ledger.consentTo("client")).toBeNull();
			const all = await agreed();
			await all.ledger.revokeGrants();
			expect(await all.ledger.consentTo("client")).toBeNull();
		});
	});
}

function given(changes: Partial<Given> = {}): Given {
	return {
		clientId: "client",
		accountId: "account",
		scope: ["openid"],
		resource: [],
		claims: noClaims,
		expiresAt: now() + 100,
		...changes,
	};
}
