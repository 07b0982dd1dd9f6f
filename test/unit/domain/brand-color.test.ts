import fc from "fast-check";
import { expect, test } from "vitest";
import { colorProblem, contrastOf, darkShades, lightShades } from "../../../src/domain/brand-color.ts";

test("WCAG 2.2: the contrast of black and white is 21, and of a colour to itself 1", () => {
	expect(contrastOf("#000000", "#ffffff")).toBeCloseTo(21, 5);
	expect(contrastOf("#3a47bf", "#3a47bf")).toBe(1);
	// The grey that WCAG's own examples have at its limit.
	expect(contrastOf("#767676", "#ffffff")).toBeCloseTo(4.54, 2);
});

test("WCAG 2.2 §1.4.3: a colour that cannot be read on a light page is none", () => {
	expect(colorProblem("#3a47bf")).toBe(null);
	expect(colorProblem("#ffcc00")).toMatch(/^has a contrast of 1\.\d\d to the page/);
	// Enough on white alone.
	expect(colorProblem("#767676")).toMatch(/^has a contrast of 4\.\d\d /);
});

test("WCAG 2.2 §1.4.3: whatever colour is taken, its links and buttons can be read in light and in the dark", () => {
	const colors = fc
		.integer({ min: 0, max: 0xff_ff_ff })
		.map((each) => `#${each.toString(16).padStart(6, "0")}`)
		.filter((color) => colorProblem(color) === null);
	const grounds = { light: ["#ffffff", "#f4f5f9"], dark: ["#0f1219", "#181d28"] };
	fc.assert(
		fc.property(colors, (color) => {
			for (const [shades, on] of [
				[lightShades(color), grounds.light],
				[darkShades(color), grounds.dark],
			] as const) {
				const { text, hover, button, buttonHover, onButton, tint } = shades;
				const pairs = on.flatMap((ground) => [text, hover].map((each) => [each, ground] as const));
				pairs.push([onButton, button], [onButton, buttonHover], [text, tint]);
				for (const [one, other] of pairs) expect(contrastOf(one, other)).toBeGreaterThanOrEqual(4.4);
			}
		}),
	);
});
