import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { readFile } from "node:fs/promises";
import { demo } from "../support/demo-world.ts";
import { barriersOf } from "./barriers.ts";
import { navigation, stage } from "./stage.ts";

const on = stage();

const redirectUrl = "http://localhost:8788/radar/callback";
const svg =
	'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4" fill="#0b6e4f"/></svg>';

describe.each([{ javaScriptEnabled: true }, { javaScriptEnabled: false }])("a browser, %o", (browser) => {
	const hasScript = browser.javaScriptEnabled;
	const name = `Radar ${hasScript ? "with" : "without"} a script`;

	test("register, install as another person, exchange, see it installed, revoke", { timeout: 150_000 }, async () => {
		const { page, violations } = await on.openSignedIn(demo.ada, browser);
		const look = hasScript ? () => isAccessible(page) : async () => {};
		await page.goto(`${on.origin}/console/acme/integrations`);
		await look();
		await page.getByRole("link", { name: "Register an integration" }).click();
		await page.getByLabel("Name", { exact: true }).fill(name);
		await page.getByLabel("Description").fill("Draws deployments beside errors.");
		await page.getByLabel("Logo (an .svg file)").setInputFiles({
			name: "radar.svg",
			mimeType: "image/svg+xml",
			buffer: Buffer.from(svg),
		});
		await page.getByLabel("Redirect URLs").fill("http://radar.example/callback");
		await page.getByLabel(/See the environments of the account/).check();
		await look();
		await page.getByRole("button", { name: "Register" }).click();
		// What was wrong stands beside its field, and what was typed is still there: the logo too.
		await page.getByRole("alert").getByText("Redirect URL 1 must use https").waitFor();
		await look();
		expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe(name);
		expect(await page.getByLabel("Logo, as SVG source").inputValue()).toBe(svg);
		await page.getByLabel("Redirect URLs").fill(redirectUrl);
		await page.getByRole("button", { name: "Register" }).click();

		await page.getByRole("heading", { name: "It is registered" }).waitFor();
		await look();
		const clientId = await page.locator("#client-id").innerText();
		const clientSecret = await page.locator("#client-secret").innerText();
		const installUrl = await page.locator("#install-url").innerText();
		expect(installUrl).toBe(`${on.origin}/integrations/${clientId}`);
		const [download] = await Promise.all([
			page.waitForEvent("download"),
			page.getByRole("link", { name: "Download as .txt" }).click(),
		]);
		expect(download.suggestedFilename()).toBe("latchkey-client-secret.txt");
		expect(await readFile(await download.path(), "utf8")).toBe(
			`Client ID: ${clientId}\nClient secret: ${clientSecret}\n`,
		);
		expect(await page.getByRole("button", { name: "Copy client secret" }).isVisible()).toBe(hasScript);
		await page.getByRole("link", { name: "I have kept it" }).click();
		await look();
		expect(await page.content()).not.toContain(clientSecret);

		const other = await on.openSignedIn(demo.grace, browser);
		await other.page.goto(installUrl);
		await other.page.getByRole("radio", { name: /Acme/ }).check();
		await other.page.getByRole("button", { name: "Install", exact: true }).click();
		await other.page.getByText("Thank you, you can go on").waitFor();
		const code = (await on.callback.next()).searchParams.get("code");
		const credentials = { clientId, clientSecret, redirect: redirectUrl };
		const tokens = await postJson("/oauth/token", { grantType: "authorization_code", ...credentials, code });
		expect(tokens).toMatchObject({ expiresIn: 86_400, tokenType: "Bearer" });
		const token = String(tokens.accessToken);
		expect(await introspect(token, clientId, clientSecret)).toMatchObject({ active: true });

		await (await navigation(page)).getByRole("link", { name: "Installed" }).click();
		const row = page.getByRole("row").filter({ hasText: name });
		expect(await row.innerText()).toContain("Grace Hopper");
		expect(await row.innerText()).toContain("See the environments of the account");
		await look();
		await row.getByRole("link", { name: "Revoke" }).click();
		await look();
		await page.getByRole("button", { name: "Revoke access" }).click();
		await page.getByText("Its access has ended, everywhere and at once.").waitFor();
		expect(await page.getByRole("row").filter({ hasText: name }).count()).toBe(0);
		expect(await introspect(token, clientId, clientSecret)).toEqual({ active: false });
		await look();
		expect(violations).toEqual([]);
	});

	test("replace the secret, edit, delete", { timeout: 150_000 }, async () => {
		const { page, violations } = await on.openSignedIn(demo.ada, browser);
		const look = hasScript ? () => isAccessible(page) : async () => {};
		await page.goto(`${on.origin}/console/acme/integrations`);
		await page.getByRole("link", { name }).click();
		await page.getByRole("link", { name: "Replace the secret" }).click();
		await look();
		await page.getByLabel("The older secret stays good for").selectOption("14 days");
		await page.getByRole("button", { name: "Create a new secret" }).click();
		await page.getByRole("heading", { name: "The new secret" }).waitFor();
		expect(await page.locator("#client-secret").innerText()).toMatch(/^lkcs_/);
		await look();
		await page.getByRole("link", { name: "I have kept it" }).click();
		await page.getByTitle("in 14 days", { exact: true }).waitFor();
		await look();
		await page.getByRole("link", { name: "End the older secret now" }).click();
		await look();
		await page.getByRole("button", { name: "End the older secret" }).click();
		await page.getByText("One secret is good.").waitFor();

		await page.getByRole("link", { name: "Edit" }).click();
		await page.getByLabel("Description").fill("Draws them better.");
		await look();
		await page.getByRole("button", { name: "Save" }).click();
		await page.getByText("Saved.").waitFor();
		await page.getByText("Draws them better.").waitFor();

		await page.getByRole("link", { name: "Delete" }).click();
		await page.getByText("is not installed anywhere.").waitFor();
		await look();
		await page.getByRole("button", { name: "Delete this integration" }).click();
		await page.getByText("It has ended.").waitFor();
		await look();
		expect(violations).toEqual([]);
	});
});

test("a second click on the button makes no second integration", async () => {
	const { page } = await on.openSignedIn(demo.ada, { javaScriptEnabled: false });
	await page.goto(`${on.origin}/console/acme/integrations/new`);
	await page.getByLabel("Name", { exact: true }).fill("Clicked twice");
	await page.getByLabel("Redirect URLs").fill(redirectUrl);
	await page.getByRole("button", { name: "Register" }).dblclick();
	await page.getByRole("heading", { name: "It is registered" }).waitFor();
	await page.goto(`${on.origin}/console/acme/integrations`);
	expect(await page.getByRole("link", { name: "Clicked twice" }).count()).toBe(1);
});

// The upload refuses these: a browser has to withstand them all the same, by the headers that a logo is served with.
test.each([
	`<svg xmlns="http://www.w3.org/2000/svg"><script>new Image().src = "/ran"</script></svg>`,
	`<svg xmlns="http://www.w3.org/2000/svg" onload="new Image().src = '/ran'"/>`,
	`<svg xmlns="http://www.w3.org/2000/svg"><image href="/ran"/></svg>`,
	`<svg xmlns="http://www.w3.org/2000/svg"><style>@import "/ran";</style></svg>`,
	`<svg xmlns="http://www.w3.org/2000/svg"><foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="/ran"/></foreignObject></svg>`,
])("a logo that is opened by itself runs and loads nothing: %s", async (evil) => {
	const { page } = await on.openSignedIn(demo.ada);
	const logo = `${on.origin}/integrations/${demo.integration.id}/logo.svg`;
	const ran: string[] = [];
	await page.route("**/ran", (route) => {
		ran.push(route.request().url());
		return route.fulfill({ body: "" });
	});
	let isGuarded = false;
	await page.route(logo, async (route) => {
		const response = await route.fetch();
		const headers = isGuarded ? response.headers() : { "content-type": "image/svg+xml" };
		await route.fulfill({ status: 200, headers, body: evil });
	});
	await page.goto(logo);
	await expect.poll(() => ran.length).toBeGreaterThan(0); // without our headers it does
	ran.length = 0;
	isGuarded = true;
	await page.goto(`${on.origin}/`);
	await page.goto(logo);
	await page.waitForTimeout(500);
	expect(ran).toEqual([]);
});

async function isAccessible(page: Page): Promise<void> {
	expect([page.url(), await barriersOf(page)]).toEqual([page.url(), []]);
}

async function postJson(path: string, body: object): Promise<Record<string, unknown>> {
	const headers = { "content-type": "application/json" };
	const response = await fetch(on.origin + path, { method: "POST", headers, body: JSON.stringify(body) });
	return JSON.parse(await response.text());
}

async function introspect(token: string, id: string, secret: string): Promise<unknown> {
	const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;
	const body = new URLSearchParams({ token });
	const response = await fetch(`${on.origin}/oauth/introspect`, { method: "POST", headers: { authorization }, body });
	return JSON.parse(await response.text());
}
