import { describe, expect, test } from "vitest";
import { newId, newSubject, now, type Stores, times } from "./builders.ts";
import { addAccount } from "./register-builders.ts";

export function describePairInstalls({ platform, auditedActions, installedGrants }: Stores): void {
	const { pairInstalls, register } = platform;

	describe("token pairs", () => {
		test("are listed once and noted once, however often they are sent", async () => {
			const { id: accountId } = await addAccount(register);
			const subject = newSubject();
			const installs = times(3, (index) => ({
				grantId: newId(),
				clientId: subject,
				accountId,
				subject,
				scope: [["read", "write", "delete"][index] ?? ""],
				createdAt: now(),
				expiresAt: now() + 100,
			}));
			const action = `token_pairs.${newId()}`;
			const entry = { at: now(), accountId, actor: subject, action, target: subject, address: null, detail: {} };
			await Promise.all(times(3, () => pairInstalls.add(installs, entry)));
			expect(await installedGrants()).toEqual(expect.arrayContaining(installs.map(({ grantId }) => grantId)));
			expect((await auditedActions()).filter((each) => each === action)).toHaveLength(1);
		});
	});
}
