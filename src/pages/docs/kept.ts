import type { Call } from "../../endpoint/call.ts";

/** Neither has anything of anybody in it, and both change with a deploy alone. */
export const cached = { "cache-control": "public, max-age=300" };

/** Made when it is first asked for, and kept: an isolate has one issuer. */
export function kept<Value>(build: (call: Call) => Promise<Value>): (call: Call) => Promise<Value> {
	let built: { issuer: string; value: Value } | null = null;
	return async (call) => {
		const { issuer } = call.services.config;
		if (built?.issuer === issuer) return built.value;
		const value = await build(call);
		// Not the promise: one request does not wait for what another does.
		built = { issuer, value };
		return value;
	};
}
