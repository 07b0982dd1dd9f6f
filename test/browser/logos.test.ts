import { readdirSync, readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readLogo } from "../../src/domain/svg.ts";
import { startBrowser } from "../peers/browser.ts";

let browser: Browser;
let page: Page;
beforeAll(async () => {
	browser = await startBrowser();
	page = await browser.newPage();
});
afterAll(() => browser?.close());

/** As an <img>, which is how our pages show it. */
async function drawn(svg: string): Promise<Buffer> {
	await page.setContent(`<img width="96" src="data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}">`);
	await page.locator("img").evaluate((image: HTMLImageElement) => image.decode());
	return page.locator("img").screenshot();
}

test.each(readdirSync("test/logos"))("what is kept of %s draws the same, point for point", async (name) => {
	// The program's own alternative to what only some can draw.
	const source = readFileSync(`test/logos/${name}`, "utf8").replace(/<foreignObject.*?<\/foreignObject>/s, "");
	const logo = readLogo(source);
	if (logo.kind === "refused") throw new Error(`The logo ${logo.reason}`);
	const [before, after, nothing] = [
		await drawn(source),
		await drawn(logo.svg),
		await drawn(logo.svg.replace(/>.*</s, "><")),
	];
	expect(after.equals(before)).toBe(true);
	expect(after.equals(nothing)).toBe(false);
});
