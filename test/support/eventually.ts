import { vi } from "vitest";

/** What an answer was not kept waiting for (a line in a log, a letter): as long as the slowest machine may take, asked again and again. */
export function eventually<Value>(look: () => Value | Promise<Value>): Promise<Value> {
	return vi.waitFor(look, { timeout: 20_000, interval: 50 });
}
