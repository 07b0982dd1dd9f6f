import type { Platform } from "../../domain/ports.ts";
import type { Seconds } from "../../domain/words.ts";
import { memoryCodes } from "./codes.ts";
import { MemoryEvents } from "./events.ts";
import { memoryKeyRings } from "./key-rings.ts";
import { memoryLedgers } from "./ledgers.ts";
import { memoryLimiter } from "./limiter.ts";
import { type MemoryRegister, memoryRegister } from "./register.ts";

export interface MemoryPlatform extends Platform {
	/** These two show their tables to whoever tests. */
	readonly register: MemoryRegister;
	readonly events: MemoryEvents;
}

/** Everything in one process, for tests and for runtimes without Cloudflare. It ends with the process. */
export function memoryPlatform(now: () => Seconds): MemoryPlatform {
	return {
		codes: memoryCodes(now),
		ledgers: memoryLedgers(now),
		keyRings: memoryKeyRings(now),
		limiter: memoryLimiter(now),
		register: memoryRegister(),
		events: new MemoryEvents(),
	};
}
