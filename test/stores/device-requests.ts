import { describe, expect, test, vi } from "vitest";
import type { DeviceAnswer } from "../../src/domain/device-request.ts";
import { deviceAsk, hash, newId, newSubject, now, type Stores, times } from "./builders.ts";

export function describeDeviceRequests({ platform: { deviceRequests } }: Stores): void {
	const asked = { codeHash: hash("device code"), clientId: "client" };
	describe("what devices ask for", () => {
		test("is found by its user code for ten minutes, and by no other", async () => {
			const code = hash(newId());
			expect(await deviceRequests.open(code, deviceAsk())).toBe("opened");
			expect(await deviceRequests.find(code)).toEqual({
				...deviceAsk(),
				createdAt: now(),
				expiresAt: now() + 600,
				interval: 5,
				polledAt: null,
				answer: null,
			});
			expect(await deviceRequests.find(hash(newId()))).toBeNull();
			vi.setSystemTime(Date.now() + 599_000);
			expect(await deviceRequests.find(code)).not.toBeNull();
			vi.setSystemTime(Date.now() + 1000);
			expect(await deviceRequests.find(code)).toBeNull();
			expect(await deviceRequests.poll(code, asked)).toEqual({ kind: "expired" });
		});

		test("of a hundred that would have one user code one gets it, until it has ended", async () => {
			const code = hash(newId());
			const opened = await Promise.all(times(100, (index) => deviceRequests.open(code, deviceAsk(`code ${index}`))));
			expect(opened.filter((each) => each === "opened")).toHaveLength(1);
			vi.setSystemTime(Date.now() + 600_000);
			expect(await deviceRequests.open(code, deviceAsk())).toBe("opened");
			// The one before has not become this one.
			expect(await deviceRequests.poll(code, { ...asked, codeHash: hash("code 0") })).toEqual({ kind: "expired" });
			expect(await deviceRequests.answer(code, hash("code 0"), { kind: "denied" })).toBe("unknown");
		});

		test("RFC 8628 §3.5: of a hundred polls at once one is in time, and each other adds five seconds", async () => {
			const code = hash(newId());
			await deviceRequests.open(code, deviceAsk());
			const polled = await Promise.all(times(100, () => deviceRequests.poll(code, asked)));
			expect(polled.filter(({ kind }) => kind === "pending")).toHaveLength(1);
			expect(polled.filter(({ kind }) => kind === "slow_down")).toHaveLength(99);
			expect(await deviceRequests.find(code)).toMatchObject({ interval: 5 + 99 * 5, polledAt: now() });
			vi.setSystemTime(Date.now() + 499_000);
			expect(await deviceRequests.poll(code, asked)).toEqual({ kind: "slow_down" });
		});

		test("another client's poll is a mismatch, and changes nothing", async () => {
			const code = hash(newId());
			await deviceRequests.open(code, deviceAsk());
			const other = { ...asked, clientId: "other" };
			expect(await deviceRequests.poll(code, other)).toEqual({ kind: "mismatch" });
			expect(await deviceRequests.find(code)).toMatchObject({ interval: 5, polledAt: null });
		});

		test("of a hundred answers at once the first stands, and the same once more is the same", async () => {
			const code = hash(newId());
			await deviceRequests.open(code, deviceAsk());
			const answers = times(100, (index) => (index % 2 ? { kind: "denied" as const } : allowed(`grant ${index}`)));
			const told = await Promise.all(answers.map((each) => deviceRequests.answer(code, asked.codeHash, each)));
			const first = answers[told.indexOf("answered")];
			if (!first) throw new Error("None stands");
			expect(told.filter((each) => each === "answered")).toHaveLength(first.kind === "denied" ? 50 : 1);
			expect(await deviceRequests.answer(code, asked.codeHash, first)).toBe("answered");
			expect(await deviceRequests.poll(code, asked)).toEqual(first);
			// It is told as often as it is asked.
			expect(await deviceRequests.poll(code, asked)).toEqual(first);
		});

		test("an answer in the last second is there for three minutes", async () => {
			const code = hash(newId());
			await deviceRequests.open(code, deviceAsk());
			vi.setSystemTime(Date.now() + 599_000);
			expect(await deviceRequests.answer(code, asked.codeHash, { kind: "denied" })).toBe("answered");
			vi.setSystemTime(Date.now() + 179_000);
			expect(await deviceRequests.poll(code, asked)).toEqual({ kind: "denied" });
			vi.setSystemTime(Date.now() + 1000);
			expect(await deviceRequests.poll(code, asked)).toEqual({ kind: "expired" });
		});
	});
}

function allowed(grantId: string): DeviceAnswer {
	return { kind: "allowed", subject: newSubject(), accountId: "account", grantId };
}
