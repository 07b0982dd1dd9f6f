import { expect, test } from "vitest";
import { readName } from "../../../src/domain/display-name.ts";

test.each([
	[" Ada ", "Ada"],
	["Ωμέγα 株式会社", "Ωμέγα 株式会社"],
	["\u{1f511}".repeat(100), "\u{1f511}".repeat(100)],
	["<b>&\"'", "<b>&\"'"],
])("%j is the name %j", (text, name) => {
	expect(readName(text)).toBe(name);
});

test.each(["", " ", "\u00a0", "a\tb", "a\u0000", "a\u202eb", "a\u2028b", "a\u200bb", "\ud800", "x".repeat(101)])(
	"%j is none",
	(text) => {
		expect(readName(text)).toBeNull();
	},
);
