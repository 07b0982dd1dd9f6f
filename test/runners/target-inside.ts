import { env, exports } from "cloudflare:workers";
import { vi } from "vitest";
import type { Seconds } from "../../src/domain/brands.ts";
import { cloudflareBackstage } from "./cloudflare-backstage.ts";
import { issuer, type Target } from "../support/target.ts";

/** The Worker in whose isolate the test itself runs, and so its KV, D1 and Durable Objects. They all share the faked Date. */
export async function openInside(): Promise<Target> {
	vi.useFakeTimers({ toFake: ["Date"], now: Math.ceil(Date.now() / 1000) * 1000 });
	const lines: string[] = [];
	vi.spyOn(console, "info").mockImplementation((line) => lines.push(String(line)));
	const target: Target = {
		...cloudflareBackstage(env),
		now,
		async advance(seconds) {
			vi.setSystemTime((now() + seconds) * 1000);
		},
		logged: async () => lines,
		stored: () => Promise.reject(new Error("No test inside the Worker sees all files")),
		send: (path, init) => exports.default.fetch(new Request(issuer + path, { redirect: "manual", ...init })),
	};
	// The Worker seeds itself before its first answer.
	await target.send("/", {});
	return target;
}

function now(): Seconds {
	return Math.floor(Date.now() / 1000);
}
