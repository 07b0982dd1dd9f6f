import { describe, expect, test, vi } from "vitest";
import type { ApiKeyChange } from "../../../src/domain/api-key-state.ts";
import { hash, login, newId, newSubject, now, type Stores, tally, times } from "../builders.ts";

export function describeApiKeyStates({ platform }: Stores): void {
	const made = async () => {
		const id = newSubject("key");
		const ledger = platform.ledgers.of(id);
		await ledger.changeKey({ kind: "create", ownerId: "owner", policies: ["p1"] });
		await ledger.changeKey({ kind: "add_code", id: "c1", hash: hash("c1") });
		return { id, ledger };
	};

	describe("API keys", () => {
		test("a key that was made is good for its owner, by the code's hash", async () => {
			const { ledger } = await made();
			expect(await ledger.checkKey(hash("c1"), null)).toMatchObject({
				kind: "good",
				accountId: "owner",
				policies: ["p1"],
				code: { id: "c1", expiresAt: now() + 365 * 86_400 },
			});
			expect(await ledger.checkKey(hash("c2"), null)).toEqual({ kind: "refused", reason: "unknown" });
			expect(await ledger.checkKey(hash("c1"), "linker")).toEqual({ kind: "refused", reason: "no_access" });
		});

		test("contract 003: of ten codes that are added at once two stay", async () => {
			const ledger = platform.ledgers.of(newSubject("key"));
			await ledger.changeKey({ kind: "create", ownerId: "owner", policies: [] });
			const add = (index: number) => ledger.changeKey({ kind: "add_code", id: `c${index}`, hash: hash(`c${index}`) });
			expect(tally(await Promise.all(times(10, add)))).toEqual({ changed: 2, refused: 8 });
		});

		test("the same change again is unchanged, and refused where there is nothing left to delete", async () => {
			const { ledger } = await made();
			const twice = async (change: ApiKeyChange) => {
				await ledger.changeKey(change);
				return ledger.changeKey(change);
			};
			expect(await twice({ kind: "create", ownerId: "thief", policies: [] })).toMatchObject({ kind: "unchanged" });
			expect(await twice({ kind: "add_code", id: "c1", hash: hash("c1") })).toMatchObject({ kind: "unchanged" });
			expect(await twice({ kind: "set_state", state: "disabled" })).toMatchObject({ kind: "unchanged" });
			expect(await twice({ kind: "set_code_enabled", id: "c1", enabled: false })).toMatchObject({ kind: "unchanged" });
			expect(await twice({ kind: "delete_code", id: "c1" })).toEqual({ kind: "refused", reason: "unknown_code" });
			expect(await twice({ kind: "delete" })).toMatchObject({ kind: "unchanged" });
		});

		test("a link opens the linker's account by the linker's policies, until it is taken away", async () => {
			const { ledger } = await made();
			await ledger.changeKey({ kind: "set_policies", accountId: "linker", policies: ["p9"] });
			expect(await ledger.checkKey(hash("c1"), "linker")).toMatchObject({ kind: "good", policies: ["p9"] });
			await ledger.changeKey({ kind: "set_policies", accountId: "linker", policies: null });
			expect(await ledger.checkKey(hash("c1"), "linker")).toEqual({ kind: "refused", reason: "no_access" });
		});

		test("no interleaving of changes reopens a deleted key", async () => {
			const { ledger } = await made();
			const enable: ApiKeyChange = { kind: "set_state", state: "enabled" };
			await Promise.all([
				...times(10, () => ledger.changeKey(enable)),
				ledger.changeKey({ kind: "delete" }),
				...times(10, () => ledger.changeKey(enable)),
				ledger.changeKey({ kind: "create", ownerId: "owner", policies: ["p1"] }),
				ledger.changeKey({ kind: "add_code", id: "c2", hash: hash("c2") }),
			]);
			expect(await ledger.checkKey(hash("c1"), null)).toMatchObject({ kind: "refused" });
			expect(await ledger.checkKey(hash("c2"), null)).toMatchObject({ kind: "refused" });
		});

		test("DESIGN §3.5: a verdict is uncopied until its rev, and no earlier one, is acknowledged", async () => {
			const { ledger } = await made();
			expect(await ledger.uncopiedKey()).toMatchObject({ rev: 2, copiedRev: 0 });
			await ledger.acknowledgeKey(1);
			expect(await ledger.uncopiedKey()).toMatchObject({ rev: 2, copiedRev: 1 });
			await ledger.acknowledgeKey(2);
			expect(await ledger.uncopiedKey()).toBeNull();
		});

		test("a login by access code needs an offer that is made of the key's own policies", async () => {
			const { ledger } = await made();
			const proof = { kind: "access_code", codeHash: hash("c1"), accountId: null } as const;
			const reoffer = { kind: "reoffer", ownerId: "owner", accountId: "owner", policies: ["p1"] };
			expect(await ledger.login(proof, login({ offer: null }))).toEqual(reoffer);
			expect(await ledger.login(proof, login({ policies: { accountId: "owner", ids: ["p2"] } }))).toEqual(reoffer);
			const fitting = login({ policies: { accountId: "owner", ids: ["p1"] } });
			expect(await ledger.login(proof, fitting)).toMatchObject({ kind: "started", accountId: "owner" });
			const wrong = { ...proof, codeHash: hash("wrong") };
			expect(await ledger.login(wrong, fitting)).toEqual({ kind: "refused", reason: "unknown" });
		});

		test("a session ends with its code, its key and its link, and does not come back with them", async () => {
			const { ledger } = await made();
			await ledger.changeKey({ kind: "set_policies", accountId: "linker", policies: ["p9"] });
			const proof = { kind: "access_code", codeHash: hash("c1"), accountId: "linker" } as const;
			const start = async () => {
				const outcome = await ledger.login(proof, login({ policies: { accountId: "linker", ids: ["p9"] } }));
				return "payload" in outcome ? outcome.sid : "";
			};
			const live = async (sid: string) => (await ledger.inspectSession(sid, { jti: newId(), notBefore: 0 })) !== null;
			const changes: readonly [ApiKeyChange, ApiKeyChange][] = [
				[
					{ kind: "set_code_enabled", id: "c1", enabled: false },
					{ kind: "set_code_enabled", id: "c1", enabled: true },
				],
				[
					{ kind: "set_state", state: "disabled" },
					{ kind: "set_state", state: "enabled" },
				],
				[
					{ kind: "set_policies", accountId: "linker", policies: null },
					{ kind: "set_policies", accountId: "linker", policies: ["p9"] },
				],
			];
			for (const [end, restore] of changes) {
				const before = await start();
				expect(await live(before)).toBe(true);
				await ledger.changeKey(end);
				expect(await live(before)).toBe(false);
				await ledger.changeKey(restore);
				expect(await live(before)).toBe(false);
				expect(await live(await start())).toBe(true);
			}
		});

		test("an access code ends after 365 days, and the key's verdict outlives every purge", async () => {
			const { ledger } = await made();
			vi.setSystemTime(Date.now() + 365 * 86_400_000);
			expect(await ledger.checkKey(hash("c1"), null)).toEqual({
				kind: "refused",
				reason: "code_expired",
				ownerId: "owner",
			});
		});
	});
}
