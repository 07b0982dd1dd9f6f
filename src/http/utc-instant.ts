// RFC 3339 §5.6, in UTC alone (an instant without an offset is none, §4.4): an instant that is written in another zone is too easily meant otherwise (contract 004).
const form = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d(?:\.\d+)?)?(?:Z|\+00:00)$/;

/** Epoch seconds, rounded down, of a time in UTC such as `2026-01-31T08:00:00Z`; null for anything else. */
export function readUtcInstant(text: string): number | null {
	const [, day, minute, second = ":00"] = form.exec(text) ?? [];
	if (day === undefined || minute === undefined) return null;
	const time = Date.parse(`${day}T${minute}${second.slice(0, 7)}Z`);
	// What Date takes for another day (30 February) was never meant.
	if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== day) return null;
	return Math.floor(time / 1000);
}

export function writeUtcInstant(at: number): string {
	return new Date(at * 1000).toISOString().replace(".000Z", "Z");
}
