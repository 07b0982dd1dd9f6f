import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { demo } from "../support/demo-world.ts";
import { stage } from "./stage.ts";

const on = stage("alone");

/** What would run, or open a dialog, were it not for text alone: in a tag, out of an attribute, as an address. */
const planted = `"><img src=x onerror=alert(1)><script>alert(2)</script>'-alert(3)-'`;
const most = 250;

test("every page that the console leads to, with scripts planted in every name, runs none and is there", async () => {
	const { page, violations } = await on.openSignedIn(demo.ada);
	const dialogs: string[] = [];
	page.on("dialog", (dialog) => {
		dialogs.push(`${page.url()}: ${dialog.message()}`);
		void dialog.dismiss();
	});
	const answers = new Map<string, number>();
	page.on("response", (response) => {
		if (response.status() >= 500) answers.set(response.url(), response.status());
	});
	await plant();

	const waiting = ["/console/acme/keys", "/console/acme/settings"];
	const seen = new Set<string>();
	let [shown, made, posted] = [0, 0, 0];
	for (let path = waiting.shift(); path !== undefined && seen.size < most; path = waiting.shift()) {
		if (seen.has(path)) continue;
		seen.add(path);
		const answer = await page.goto(on.origin + path);
		// A link of ours that leads nowhere is as wrong as a script.
		answers.set(path, answer?.status() ?? 0);
		if ((await page.content()).includes("onerror=alert(1)")) shown += 1;
		made += await page.locator("img[src=x]").count();
		for (const href of await linksOf(page)) if (!seen.has(href)) waiting.push(href);
	}

	// What answers a form shows what was typed, whether it is taken or not.
	for (const path of [...seen].filter((each) => /\/(?:new|link|profile|settings)$/.test(each))) {
		await page.goto(on.origin + path);
		const form = page.locator("main form:has(button[type=submit])").first();
		if ((await form.count()) === 0) continue;
		await form.evaluate((each: HTMLFormElement) => (each.noValidate = true));
		for (const field of await form.locator("input[type=text], textarea").all()) await field.fill(planted);
		const answered = page.waitForResponse((response) => response.request().method() === "POST");
		await form.locator("button[type=submit]").first().click();
		expect((await answered).status()).toBeLessThan(500);
		await page.waitForLoadState();
		made += await page.locator("img[src=x]").count();
		posted += 1;
	}

	expect([...answers].filter(([, status]) => status >= 400)).toEqual([]);
	expect(dialogs).toEqual([]);
	expect(violations).toEqual([]);
	expect(made).toBe(0);
	expect(posted).toBeGreaterThan(4);
	expect(seen.size).toBeGreaterThan(40);
	expect(shown).toBeGreaterThan(10);
});

/** Paths of the console that links and forms without a change lead to. */
async function linksOf(page: Page): Promise<string[]> {
	const found = await page.evaluate(() =>
		[...document.querySelectorAll("a[href], form[method=get]")].map(
			(each) => each.getAttribute("href") ?? each.getAttribute("action") ?? "",
		),
	);
	return found.filter((href) => /^\/(?:console|docs$)/.test(href)).map((href) => href.split("#")[0] ?? href);
}

/** A key with a code, a policy, an environment, an integration, events, each with such a name. */
async function plant(): Promise<void> {
	const login = { username: demo.ada.username, password: demo.ada.password, account: "acme" };
	const { access_token: token } = await send<{ access_token: string }>("/auth/login", login, "");
	const policy = await send<{ id: string }>(
		"/v1/policies",
		{ name: planted, description: planted, permissions: ["events:read"] },
		token,
	);
	const key = await send<{ id: string }>(
		"/v1/keys",
		{ name: planted, tags: [planted.slice(0, 30)], policies: [policy.id] },
		token,
	);
	await send(`/v1/keys/${key.id}/codes`, { description: planted }, token);
	await send(
		"/v1/integrations",
		{ name: planted, description: planted, redirect_urls: ["https://radar.example/x"], scopes: ["events:read"] },
		token,
	);
}

async function send<Body>(path: string, body: object, token: string): Promise<Body> {
	const answer = await fetch(on.origin + path, {
		method: "POST",
		headers: { "content-type": "application/json", ...(token !== "" && { authorization: `Bearer ${token}` }) },
		body: JSON.stringify(body),
	});
	const text = await answer.text();
	if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
	const read: Body = JSON.parse(text);
	return read;
}
