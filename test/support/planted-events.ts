import { randomId, systemRandom } from "../../src/crypto/random.ts";
import type { Event } from "../../src/domain/event.ts";

/** A row as an earlier version may have stored it: whatever `body` is. In May 2020, one second after the other. */
export function plantedEvent(accountId: string, index: number, body: string): Event {
	return {
		id: randomId(systemRandom),
		accountId,
		type: "event",
		environmentId: "e",
		environment: "w/n",
		receivedAt: Math.floor(Date.now() / 1000),
		occurredAt: Date.UTC(2020, 4, 2) + index * 1000,
		body,
	};
}

/** An object of so many levels: its own is one of them. */
export function nested(levels: number): string {
	return `{"deep":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
}
