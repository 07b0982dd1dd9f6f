import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { languages } from "../../src/words/languages.ts";
import { demo } from "../support/demo-world.ts";
import { overflowsOf } from "./barriers.ts";
import { authorizeLink, installLink, stage } from "./stage.ts";

// What strangers see is said in six languages, whose words are longer than the English ones, and may once be in one that is
// written from the right.

const on = stage("alone", { variables: { MAIL_FROM: "latchkey@acme.example", DEMO_DATA: "on" } });

const paths = [
	"",
	"/sign-in",
	"/recover",
	"/recover?by=mail",
	"/recover?by=secret",
	"/oauth/logout",
	"/nowhere",
	"/join/lki_x",
	"/recover/lkv_x",
	"/oauth/authorize?client_id=nobody",
];

let strangers: readonly string[];
const signedIn = (): readonly string[] => [
	installLink(on.origin),
	authorizeLink(on.origin),
	`${on.origin}/device`,
	`${on.origin}/oauth/logout?client_id=${demo.webApp.id}`,
];
beforeAll(async () => {
	const token = (await on.post<{ access_token: string }>("/auth/login", { ...demo.ada, account: "acme" })).access_token;
	const invited = await on.post<{ url: string }>("/v1/invitations", { role: "member", note: "" }, token);
	const { username } = demo.grace;
	const { password } = demo.ada;
	const recovery = await on.post<{ url: string }>("/v1/recovery_links", { username, password }, token);
	strangers = paths.map((path) => on.origin + path).concat(installLink(on.origin), invited.url, recovery.url);
});

describe.each(languages)("in %s", (locale) => {
	test("WCAG 3.1.1, 1.4.10: axe finds nothing on the pages for strangers, and no word runs out of a phone", async () => {
		const stranger = await on.open({ locale });
		for (const url of strangers) expect([url, await wrongOn(stranger.page, url, locale)]).toEqual([url, []]);
		const person = await on.openSignedIn(demo.grace, { locale });
		for (const url of signedIn()) expect([url, await wrongOn(person.page, url, locale)]).toEqual([url, []]);
		expect([...stranger.violations, ...person.violations]).toEqual([]);
	});
});

async function wrongOn(page: Page, url: string, language: string): Promise<readonly unknown[]> {
	await page.goto(url);
	const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
	const found = violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) }));
	const lang = await page.evaluate(() => document.documentElement.lang);
	const overflows = [await overflowsOf(page, 320), await overflowsOf(page, 360)];
	return [...(lang === language ? [] : [{ lang }]), ...found, ...overflows.flat()];
}

describe("written from the right", () => {
	const consolePages = ["", "/keys", `/keys/${demo.apiKey.id}/codes`, "/audit", "/settings/people"];

	test.each([1280, 360])("a page is its own mirror image, and nothing overflows, in a window of %i", async (width) => {
		const person = await on.openSignedIn(demo.ada, { viewport: { width, height: 800 } });
		const stranger = await on.open({ viewport: { width, height: 800 } });
		const mine = consolePages.map((path) => `${on.origin}/console/acme${path}`).concat(installLink(on.origin));
		for (const url of mine) expect([url, await unmirrored(person.page, url)]).toEqual([url, []]);
		for (const url of strangers.slice(0, 4)) expect([url, await unmirrored(stranger.page, url)]).toEqual([url, []]);
	});
});

/** The parts that are not as far from the right as they were from the left, and what runs out of its place. */
async function unmirrored(page: Page, url: string): Promise<readonly unknown[]> {
	await page.goto(url);
	const before = await starts(page, "left");
	await page.evaluate(() => (document.documentElement.dir = "rtl"));
	const after = await starts(page, "right");
	if (before.length <= 5) return [`no page: ${before.length} parts of ${url}`];
	const moved = before.filter(({ start }, index) => Math.abs(start - (after[index]?.start ?? Infinity)) > 2);
	return [...moved, ...(await overflowsOf(page, page.viewportSize()?.width ?? 0))];
}

function starts(page: Page, side: "left" | "right") {
	return page.evaluate((from) => {
		const root = document.documentElement.getBoundingClientRect();
		const parts = [
			...document.querySelectorAll("header > *, main, h1, h2, .card, label, input, .button, table, th, td"),
		];
		return parts
			.filter((each) => each.getClientRects().length > 0)
			.map((each) => {
				const box = each.getBoundingClientRect();
				const start = from === "left" ? box.left - root.left : root.right - box.right;
				return { start: Math.round(start), part: each.outerHTML.slice(0, 120) };
			});
	}, side);
}
