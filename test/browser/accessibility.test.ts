import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { demo } from "../support/demo-world.ts";
import { type RunningWorker, startWorker } from "../runners/start-worker.ts";
import { barriersOf } from "./barriers.ts";
import { authorizeLink, installLink, signIn, stage } from "./stage.ts";

const on = stage();

/** One that nobody has set up. */
let fresh: RunningWorker;
beforeAll(async () => {
	fresh = await startWorker({ variables: { DEMO_DATA: "off", SETUP_SECRET: "s".repeat(32) } });
});
afterAll(() => fresh?.stop());

type Visit = () => Promise<Page>;
const pages: Record<string, Visit> = {
	"the start page": () => at(on.origin),
	"the start page of somebody who is signed in": async () => {
		const { page } = await on.openSignedIn(demo.grace);
		await page.goto(on.origin);
		return page;
	},
	"the sign-in page": () => at(`${on.origin}/sign-in`),
	"the sign-in page on the way to an integration": () => at(installLink(on.origin)),
	"the sign-in page with an error": async () => {
		const page = await at(`${on.origin}/sign-in`);
		await signIn(page, { username: "nobody", password: "whatever it was" });
		await page.getByRole("alert").waitFor();
		return page;
	},
	"the page for a lost password": () => at(`${on.origin}/recover`),
	"the page for a lost password with an error": async () => {
		const page = await at(`${on.origin}/recover`);
		await page.getByLabel("User name").fill("nobody");
		await page.getByLabel("Recovery code").fill("none");
		await page.getByLabel("New password").fill("whatever it was");
		await page.getByRole("button", { name: "Set the new password" }).click();
		await page.getByRole("alert").waitFor();
		return page;
	},
	"the page for an operator who lost everything": () => at(`${fresh.origin}/recover?by=secret`),
	"the page of a recovery link that is good no more": () => at(`${on.origin}/recover/lkv_x`),
	"the install page, with accounts to choose from": async () => {
		const { page } = await on.openSignedIn(demo.grace);
		await page.goto(installLink(on.origin));
		await page.getByRole("button", { name: "Install", exact: true }).waitFor();
		return page;
	},
	"the consent page, with one account": async () => {
		const { page } = await on.openSignedIn(demo.ada);
		await page.goto(authorizeLink(on.origin));
		await page.getByRole("button", { name: "Allow", exact: true }).waitFor();
		return page;
	},
	"the page that asks whether to sign out": async () => {
		const { page } = await on.openSignedIn(demo.ada);
		await page.goto(`${logoutUrl()}?client_id=${demo.webApp.id}`);
		await page.getByRole("button", { name: "Stay signed in" }).waitFor();
		return page;
	},
	"the page after staying signed in": async () => {
		const { page } = await on.openSignedIn(demo.ada);
		await page.goto(logoutUrl());
		await page.getByRole("button", { name: "Stay signed in" }).click();
		await page.getByRole("heading", { name: "You are still signed in" }).waitFor();
		return page;
	},
	"a wrong request to sign out": async () => {
		const { page } = await on.openSignedIn(demo.ada);
		await page.goto(`${logoutUrl()}?id_token_hint=x`);
		await page.getByRole("button", { name: "Stay signed in" }).waitFor();
		return page;
	},
	"the page of nobody who is signed in, with a place to go on to": () =>
		at(
			`${logoutUrl()}?client_id=${demo.webApp.id}&post_logout_redirect_uri=${encodeURIComponent("http://localhost:8788/portal/signed-out")}`,
		),
	"the documents": () => at(`${on.origin}/docs`),
	"a subject of the API, with an operation opened by a link": () => at(`${on.origin}/docs/api/api-keys#post_v1_keys`),
	"a guide": () => at(`${on.origin}/docs/guides/install-flow`),
	"the errors": () => at(`${on.origin}/docs/errors`),
	"an error, by the type of a problem": () => at(`${on.origin}/docs/errors/taken`),
	"what the documents have of some words": () => at(`${on.origin}/docs/search?q=verify+key`),
	"a problem": () => at(`${on.origin}/integrations/nothing`),
	"the set-up page": () => at(`${fresh.origin}/setup`),
	"the set-up page with errors": async () => {
		const page = await at(`${fresh.origin}/setup`);
		for (const field of await page.locator("main input").all()) await field.fill("-");
		await page.getByRole("button", { name: "Set up" }).click();
		await page.getByRole("alert").waitFor();
		return page;
	},
};

describe("WCAG 2.2 AA", () => {
	// A subject of the API has some thousands of elements, and axe looks at each twice.
	const timeout = 180_000;
	test.each(Object.entries(pages))(
		"%s has no violation that axe finds, in light or dark colours",
		{ timeout },
		async (_, visit) => {
			expect(await barriersOf(await visit())).toEqual([]);
		},
	);
});

function logoutUrl(): string {
	return `${on.origin}/oauth/logout`;
}

async function at(url: string): Promise<Page> {
	const { page } = await on.open();
	await page.goto(url);
	return page;
}

test("WCAG 2.1.1: sign-in and consent work with the keyboard alone", async () => {
	const { page } = await on.open();
	await page.goto(installLink(on.origin));
	await tabTo(page, "User name");
	await page.keyboard.type(demo.grace.username);
	await tabTo(page, "Password");
	await page.keyboard.type(demo.grace.password);
	await page.keyboard.press("Enter");
	await page.getByRole("radio").first().waitFor();

	await tabTo(page, "Acme Member");
	await page.keyboard.press("Space");
	await tabTo(page, "Install");
	await page.keyboard.press("Enter");
	await page.getByText("Thank you, you can go on").waitFor();
	expect((await on.callback.next()).searchParams.get("code")).toMatch(/^lkc_/);
});

test("WCAG 2.4.1: the first stop of the keyboard leads past what every page begins with", async () => {
	const { page } = await on.open();
	await page.goto(on.origin);
	await tabTo(page, "Skip to content");
	await page.keyboard.press("Enter");
	expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");

	const { page: console } = await on.openSignedIn(demo.ada);
	await console.goto(`${on.origin}/console/acme/settings`);
	await tabTo(console, "Skip to content");
	await console.keyboard.press("Enter");
	await console.keyboard.press("Tab");
	expect(await console.evaluate(() => document.activeElement?.closest("main")?.id)).toBe("main");
	expect(await console.getByRole("main").getByRole("navigation", { name: "Console" }).count()).toBe(0);
});

/** Presses Tab until the thing of this name has the focus, and sees to it that the focus can be seen (WCAG 2.4.7). */
async function tabTo(page: Page, name: string): Promise<void> {
	const visited: string[] = [];
	let isSeen = false;
	while (visited.at(-1) !== name) {
		if (visited.length === 20) throw new Error(`Tab does not reach ${name}, only ${visited.join(", ")}`);
		await page.keyboard.press("Tab");
		const focus = await page.evaluate(() => {
			const element = document.activeElement as HTMLElement | null;
			const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
			const { outlineStyle, boxShadow } = getComputedStyle(element ?? document.body);
			return {
				text: labels.map((label) => label.innerText).join(" ") || (element?.innerText ?? ""),
				isSeen: outlineStyle !== "none" || boxShadow !== "none",
			};
		});
		visited.push(focus.text.trim());
		isSeen = focus.isSeen;
	}
	expect(isSeen, `the focus on "${name}" is to be seen`).toBe(true);
}
