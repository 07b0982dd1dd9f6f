import { h } from "preact";
import { renderToString } from "preact-render-to-string";
import { expect, test } from "vitest";
import { Ago, clockIn, ClockOfPage, Day, Instant } from "../../../src/ui/instant.tsx";

const at = Date.UTC(2026, 6, 3, 21, 30) / 1000;
const shown = (timeZone: string | null) =>
	renderToString(h(ClockOfPage.Provider, { value: clockIn(timeZone) }, h(Instant, { at, now: at - 86_400 * 3 })));

test("an instant is its date first, where the reader is; how far away it is stands on hover, and the exact time is there for machines", () => {
	expect(shown("Asia/Tokyo")).toBe(
		'<time datetime="2026-07-03T21:30:00.000Z" title="in 3 days">4 Jul 2026, 06:30 GMT+9</time>',
	);
	expect(shown("Europe/London")).toContain(">3 Jul 2026, 22:30 BST<");
});

test("a date alone is that of the reader's place too", () => {
	const value = clockIn("Asia/Tokyo");
	expect(renderToString(h(ClockOfPage.Provider, { value }, h(Day, { at, now: at })))).toContain(">4 Jul 2026<");
});

test("where nobody knows the reader's time zone it is in UTC, and a browser that runs scripts may put its own there", () => {
	expect(shown(null)).toContain(" data-local>3 Jul 2026, 21:30 UTC<");
});

test("where it matters how far away it is, that comes first", () => {
	expect(renderToString(h(Ago, { at, now: at + 60 }))).toContain(' title="2026-07-03 21:30 UTC">1 minute ago<');
});
