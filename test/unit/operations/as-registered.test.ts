import { expect, test, vi } from "vitest";
import type { ApiRegister } from "../../../src/domain/ports/apis.ts";
import type { Register } from "../../../src/domain/ports/register.ts";
import { spelledAsRegistered } from "../../../src/operations/clients/as-registered.ts";
import { targetsOf } from "../../../src/domain/targets.ts";
import { createLookups } from "../../../src/operations/lookups.ts";
import type { Services } from "../../../src/operations/services.ts";

test("what an account's APIs are called is read once a look-up, whatever is asked", async () => {
	const read = vi.fn<() => void>();
	const registered = new Proxy(
		Array.from({ length: 100 }, (_, index) => `https://api-${index}.example/v1`),
		{
			get(list, key) {
				if (typeof key === "string" && /^\d+$/.test(key)) read();
				return Reflect.get(list, key);
			},
		},
	);
	const servedIn = vi.fn<Register["servedIn"]>(async () => registered);
	const clock = { now: () => 0, later: () => {} };
	const none = { list: async () => [], leadsAnywhere: async () => false };
	const noApis = {} as Partial<ApiRegister> as ApiRegister;
	const issuer = "https://auth.example";
	const services = {
		config: { issuer },
		lookups: createLookups({ servedIn } as Partial<Register> as Register, noApis, none, none, none, clock),
	} as Partial<Services> as Services;
	const asked = [
		...Array.from({ length: 7 }, (_, index) => `https://other-${index}.example`),
		"HTTPS://API-99.example/v1",
	];
	for (let request = 0; request < 20; request += 1) {
		expect(await spelledAsRegistered(asked, targetsOf(asked, issuer, []), "acme", services)).toEqual([
			...asked.slice(0, -1),
			"https://api-99.example/v1",
		]);
	}
	expect(servedIn).toHaveBeenCalledOnce();
	expect(read.mock.calls.length).toBeLessThanOrEqual(registered.length);
});
