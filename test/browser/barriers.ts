import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

/**
 * What is against a page: what axe finds (WCAG 2.2 AA), in light and dark colours, and what has to be scrolled sideways at
 * 320 CSS pixels (WCAG 1.4.10). Nothing, where the page is as it should be.
 */
export async function barriersOf(page: Page): Promise<readonly unknown[]> {
	const barriers: unknown[] = [];
	for (const colorScheme of ["light", "dark"] as const) {
		await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
		// axe stays in the page from the first run, and a second time to put half a megabyte there takes longer than the run.
		const again = colorScheme === "dark" && { axeSource: ";" };
		// For pages without frames: for others axe would open a tab each time, to collect what it found.
		const { violations, passes } = await new AxeBuilder({ page, ...again }).setLegacyMode().analyze();
		if (page.frames().length > 1) barriers.push("frames, which are not looked into");
		if (passes.length <= 10) barriers.push(`no page: axe found ${passes.length} things to look at`);
		barriers.push(...violations.map(({ id, nodes }) => ({ colorScheme, id, nodes: nodes.map(({ html }) => html) })));
	}
	barriers.push(...(await overflowsOf(page, 320)));
	return barriers;
}

/** WCAG 1.4.10, and that no word runs out of what it stands in: what does, in a window of this width. */
export async function overflowsOf(page: Page, width: number): Promise<readonly unknown[]> {
	const size = page.viewportSize();
	await page.setViewportSize({ width, height: 640 });
	const found = await page.evaluate(() => {
		const root = document.documentElement;
		const cut = [...document.querySelectorAll<HTMLElement>("button, .button, h1, h2, h3, p, label, legend, th, td, dd")]
			// The edge of a mark at the end of a line is no word.
			.filter((each) => each.clientWidth > 1 && each.scrollWidth > each.clientWidth + 8)
			.map((each) => each.outerHTML.slice(0, 200));
		return [...(root.scrollWidth > root.clientWidth ? [{ width: root.scrollWidth }] : []), ...cut];
	});
	if (size) await page.setViewportSize(size);
	return found;
}

/** WCAG 2.5.5: what is pressed is as high as a thumb needs it, in a narrow window; in a wide one as a mouse does (WCAG 2.5.8: 24 or more). */
export async function tooSmallOn(page: Page): Promise<readonly string[]> {
	const pressed = page.locator(
		"button:visible, .button:visible, main nav a:visible, nav[aria-label=Console] a:visible, #account a:visible",
	);
	const lowerThan = (least: number) =>
		pressed.evaluateAll(
			(all, height) => all.filter((each) => each.getBoundingClientRect().height < height).map((each) => each.outerHTML),
			least,
		);
	const size = page.viewportSize();
	const wide = await lowerThan(size && size.width < 768 ? 44 : 36);
	await page.setViewportSize({ width: 375, height: 700 });
	const narrow = await lowerThan(44);
	if (size) await page.setViewportSize(size);
	return [...wide, ...narrow];
}
