import { expect, test } from "vitest";
import { inWords, tryAgain } from "../../../src/ui/instant.tsx";

const [minute, hour, day] = [60, 3600, 86_400];

test.each([
	[0, "just now"],
	[59, "just now"],
	[-59, "just now"],
	[minute, "in 1 minute"],
	[-minute, "1 minute ago"],
	[90 * minute - 1, "in 1 hour"],
	[hour - 31, "in 59 minutes"],
	[hour, "in 1 hour"],
	[-2 * hour, "2 hours ago"],
	[day, "in 1 day"],
	[-59 * day, "59 days ago"],
	[60 * day, "in 2 months"],
	[-365 * day, "12 months ago"],
])("%d seconds from now, in words", (seconds, words) => {
	expect(inWords(seconds)).toBe(words);
});

test.each([
	[1, "Try again in a minute."],
	[60, "Try again in a minute."],
	[61, "Try again in 2 minutes."],
	[900, "Try again in 15 minutes."],
])("%d seconds to wait are said in minutes, and never too few", (seconds, words) => {
	expect(tryAgain(seconds)).toBe(words);
});
