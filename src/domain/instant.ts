// RFC 3339 §5.6: a date and a time with Z or an offset, or it would be anybody's guess which instant is meant.
const form = /^(\d{4})-(\d\d)-(\d\d)[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;

/** Epoch milliseconds of a date and time with Z or an offset; null for anything else. */
export function readInstant(text: string): number | null {
	const [, year, month, day] = form.exec(text)?.map(Number) ?? [];
	if (year === undefined || month === undefined || day === undefined) return null;
	// What Date takes for another day (30 February, 24:00) was never meant.
	if (day > new Date(Date.UTC(year, month, 0)).getUTCDate() || /[T ]24/i.test(text)) return null;
	const time = Date.parse(text);
	return Number.isNaN(time) ? null : time;
}

/** Contract 004: "either the Z or the +00:00" has to stand at the end, so that it is UTC. */
export function readUtc(text: string): number | null {
	return /(?:Z|\+00:00)$/i.test(text) ? readInstant(text) : null;
}

/** The same in epoch seconds, rounded down. */
export function readUtcSeconds(text: string): number | null {
	const time = readUtc(text);
	return time === null ? null : Math.floor(time / 1000);
}

/** As contract 004's own sample has it, but for the fraction, which is left out where it is zero. */
export function writeUtc(milliseconds: number): string {
	return new Date(milliseconds).toISOString().replace(".000Z", "Z");
}

/** An instant of ours, which are epoch seconds: `2026-01-31T08:00:00Z`. */
export function writeInstant(at: number): string;
export function writeInstant(at: number | null): string | null;
export function writeInstant(at: number | null): string | null {
	return at === null ? null : writeUtc(at * 1000);
}
