import type { Platform } from "../../domain/ports.ts";
import { codes } from "./codes.ts";
import { events } from "./events.ts";
import { keyRings } from "./key-rings.ts";
import { ledgers } from "./ledgers.ts";
import { limiter } from "./limiter.ts";
import { register } from "./register.ts";

export function cloudflarePlatform(env: Env): Platform {
	return {
		codes: codes(env.CODES),
		ledgers: ledgers(env.LEDGER),
		keyRings: keyRings(env.KEY_RING, env.CODES),
		limiter: limiter(env.LIMITER),
		register: register(env.DB),
		events: events(env.EVENTS),
	};
}
