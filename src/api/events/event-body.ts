import { readInstant } from "../../http/instant.ts";

/** An event as it was sent: any JSON object. Its `timestamp`, where it has one, says when it happened. */
export interface SentEvent {
	/** Epoch milliseconds; null where the sender did not say. */
	readonly occurredAt: number | null;
	readonly body: string;
}

/** SQLite fails at JSON that is deeper (https://www.sqlite.org/json1.html), and with it every search that comes upon it. */
const mostLevels = 1000;

/** A string says what is wrong, for the developer who sent it. */
export function readEvents(text: string, most: number): readonly SentEvent[] | string {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return "The body is not valid JSON.";
	}
	const sent: readonly unknown[] = Array.isArray(value) ? value : [value];
	if (sent.length === 0) return "The array has no events.";
	if (sent.length > most) return `The array has more than ${most} events: send it in parts.`;
	const events: SentEvent[] = [];
	for (const [index, event] of sent.entries()) {
		if (typeof event !== "object" || event === null || Array.isArray(event)) return `Event ${index} is not an object.`;
		if (!isWithin(event, mostLevels)) return `Event ${index} has more than ${mostLevels} levels of objects and arrays.`;
		const occurredAt = readTimestamp((event as { timestamp?: unknown }).timestamp);
		if (occurredAt === "malformed") {
			return `Event ${index} has a timestamp that is not an ISO 8601 date and time with Z or an offset.`;
		}
		events.push({ occurredAt, body: JSON.stringify(event) });
	}
	return events;
}

function isWithin(value: unknown, levels: number): boolean {
	if (typeof value !== "object" || value === null) return true;
	return levels > 0 && Object.values(value).every((each) => isWithin(each, levels - 1));
}

function readTimestamp(value: unknown): number | null | "malformed" {
	if (value === undefined) return null;
	return (typeof value === "string" ? readInstant(value) : null) ?? "malformed";
}
