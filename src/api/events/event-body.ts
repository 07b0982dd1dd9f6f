import { readInstant } from "../../domain/instant.ts";
import { bounds, moreThan } from "../../domain/bounds.ts";
import type { SentEvent } from "../../domain/event.ts";
import { readJsonText, tooDeep } from "../../json-text.ts";

/** Any JSON objects. The `timestamp` of one, where it has that, says when it happened. A string says what is wrong, for the developer who sent it. */
export function readEvents(text: string): readonly SentEvent[] | string {
	const read = readJsonText(text);
	if (!read.ok) return read.reason === "too_deep" ? `The body ${tooDeep}.` : "The body is not valid JSON.";
	const sent: readonly unknown[] = Array.isArray(read.value) ? read.value : [read.value];
	if (sent.length === 0) return "The array has no events.";
	if (sent.length > bounds.events.most) return `The array has ${moreThan(bounds.events)}: send it in parts.`;
	const events: SentEvent[] = [];
	for (const [index, event] of sent.entries()) {
		if (typeof event !== "object" || event === null || Array.isArray(event)) return `Event ${index} is not an object.`;
		const occurredAt = readTimestamp((event as { timestamp?: unknown }).timestamp);
		if (occurredAt === "malformed") {
			return `Event ${index} has a timestamp that is not an ISO 8601 date and time with Z or an offset.`;
		}
		events.push({ occurredAt, body: JSON.stringify(event), sameAs: null });
	}
	return events;
}

function readTimestamp(value: unknown): number | null | "malformed" {
	if (value === undefined) return null;
	return (typeof value === "string" ? readInstant(value) : null) ?? "malformed";
}
