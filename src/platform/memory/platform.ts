import type { Platform } from "../../domain/ports/platform.ts";
import type { Seconds } from "../../domain/brands.ts";
import { memoryAlerts } from "./alert-store.ts";
import { memoryAudit } from "./audit-store.ts";
import { memoryClients } from "./client-store.ts";
import { memoryCodes } from "./codes.ts";
import { memoryEnvironments } from "./environment-store.ts";
import { MemoryEvents } from "./events.ts";
import { memoryKeyCopies } from "./key-copies.ts";
import { memoryKeyRings } from "./key-rings.ts";
import { memoryKeyStore } from "./key-store.ts";
import { memoryLedgers } from "./ledgers.ts";
import { memoryLimiter } from "./limiter.ts";
import { memoryPairInstalls } from "./pair-installs.ts";
import { memoryPeople } from "./people-store.ts";
import { type MemoryRegister, memoryRegister } from "./register.ts";

export interface MemoryPlatform extends Platform {
	/** These two show their tables to whoever tests. */
	readonly register: MemoryRegister;
	readonly events: MemoryEvents;
}

/** Everything in one process, for tests and for runtimes without Cloudflare. It ends with the process. */
export function memoryPlatform(now: () => Seconds): MemoryPlatform {
	const register = memoryRegister();
	return {
		codes: memoryCodes(now),
		ledgers: memoryLedgers(now),
		keyRings: memoryKeyRings(now),
		limiter: memoryLimiter(now),
		register,
		keyRegister: memoryKeyStore(register.tables),
		events: new MemoryEvents(),
		alerts: memoryAlerts(),
		keyCopies: memoryKeyCopies(register.tables),
		pairInstalls: memoryPairInstalls(register.tables),
		clients: memoryClients(register.tables),
		environments: memoryEnvironments(register.tables),
		people: memoryPeople(register.tables),
		auditLog: memoryAudit(register.tables),
	};
}
