// ISO 8601 as RFC 3339 §5.6 profiles it: with an offset, or it would be anybody's guess which instant is meant.
const form = /^(\d{4})-(\d\d)-(\d\d)[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;

/** JSON Schema of an instant with its offset. */
export const dateTimeSchema = { type: "string", format: "date-time" } as const;

/** Epoch milliseconds of a date and time with Z or an offset; null for anything else. */
export function readInstant(text: string): number | null {
	const [, year, month, day] = form.exec(text)?.map(Number) ?? [];
	if (year === undefined || month === undefined || day === undefined) return null;
	// What Date takes for another day (30 February) was never meant.
	if (day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return null;
	const time = Date.parse(text);
	return Number.isNaN(time) ? null : time;
}

/** Contract 004: "either the Z or the +00:00" has to stand at the end, so that it is UTC. */
export function readUtc(text: string): number | null {
	return /(?:Z|\+00:00)$/.test(text) ? readInstant(text) : null;
}

/** As the contract's own sample has it, but for the fraction, which is left out where it is zero. */
export function writeUtc(milliseconds: number): string {
	return new Date(milliseconds).toISOString().replace(".000Z", "Z");
}
