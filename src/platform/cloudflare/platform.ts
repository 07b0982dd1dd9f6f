import type { Platform } from "../../domain/ports/platform.ts";
import { alertStore } from "./alert-store.ts";
import { auditStore } from "./audit-store.ts";
import { clientStore } from "./client-store.ts";
import { codes } from "./codes.ts";
import { environmentStore } from "./environment-store.ts";
import { events } from "./events.ts";
import { keyCopies } from "./key-copies.ts";
import { keyRings } from "./key-rings.ts";
import { keyStore } from "./key-store.ts";
import { ledgers } from "./ledgers.ts";
import { limiter } from "./limiter.ts";
import { pairInstalls } from "./pair-installs.ts";
import { peopleStore } from "./people-store.ts";
import { register } from "./register.ts";

export function cloudflarePlatform(env: Env): Platform {
	return {
		codes: codes(env.CODES),
		ledgers: ledgers(env.LEDGER),
		keyRings: keyRings(env.KEY_RING, env.CODES),
		limiter: limiter(env.LIMITER),
		register: register(env.DB),
		keyRegister: keyStore(env.DB),
		events: events(env.EVENTS),
		alerts: alertStore(env.EVENTS),
		keyCopies: keyCopies(env.DB),
		pairInstalls: pairInstalls(env.DB),
		clients: clientStore(env.DB),
		environments: environmentStore(env.DB),
		people: peopleStore(env.DB),
		auditLog: auditStore(env.DB),
	};
}
