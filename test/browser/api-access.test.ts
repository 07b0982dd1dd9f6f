import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { demo } from "../support/demo-world.ts";
import { barriersOf } from "./barriers.ts";
import { stage } from "./stage.ts";

const on = stage("alone");

let guessed: Promise<void> | undefined;

/** Somebody tries passwords for Grace until they are held off: an alert for both of her accounts. */
function guessPasswords(): Promise<void> {
	guessed ??= (async () => {
		for (let attempt = 0; attempt < 12; attempt++) {
			await fetch(`${on.origin}/auth/login`, {
				method: "POST",
				headers: { "content-type": "application/json", "cf-connecting-ip": "203.0.113.9" },
				body: JSON.stringify({ username: demo.grace.username, password: "a guess" }),
			});
		}
	})();
	return guessed;
}

const write = { env: "production", k8s_cluster: "prod-us-east-1", app: "backend-api" };

async function putChangeEvent(baseUrl: string, token: string): Promise<unknown> {
	const answer = await fetch(`${baseUrl}change_events`, {
		method: "PUT",
		headers: { "X-LAST9-API-TOKEN": `Bearer ${token}`, "content-type": "application/json" },
		body: JSON.stringify({
			timestamp: "2024-01-15T17:57:22+05:30",
			event_name: "new_deployment",
			event_state: "start",
			attributes: write,
		}),
	});
	return answer.json();
}

describe.each([{ javaScriptEnabled: true }, { javaScriptEnabled: false }])("a browser, %o", (browser) => {
	test("generates tokens, downloads them, and they work", async () => {
		const { page, violations } = await on.openSignedIn(demo.ada, browser);
		await page.goto(`${on.origin}/console/acme/api-access`);
		const baseUrl = await page.locator("#base-url").innerText();
		expect(baseUrl).toBe(`${on.origin}/api/v4/organizations/acme/`);
		await page.getByRole("button", { name: "Generate Tokens" }).click();
		await page.getByRole("heading", { level: 1, name: "Your tokens" }).waitFor();
		for (const scope of ["Read", "Write", "Delete"])
			await page.getByRole("heading", { level: 2, name: scope }).waitFor();
		const token = await page.locator("#write-access").innerText();
		expect(await putChangeEvent(baseUrl, token)).toEqual({ message: "success" });
		// The curl of the contract, filled in.
		expect(await page.locator("#first-curl").innerText()).toContain(`Bearer ${token}`);

		const [download] = await Promise.all([
			page.waitForEvent("download"),
			page.getByRole("link", { name: "Download as .json" }).click(),
		]);
		expect(download.suggestedFilename()).toBe("tokens-acme.json");
		const file: Record<string, Record<string, unknown>> = JSON.parse(await readFile(await download.path(), "utf8"));
		expect(Object.keys(file)).toEqual(["read", "write", "delete"]);
		expect(file.write).toMatchObject({ access_token: token, type: "Bearer", scopes: ["write"] });

		await page.getByRole("link", { name: "I have kept them" }).click();
		await page.getByRole("button", { name: "Generate Tokens" }).waitFor();
		expect(await page.content()).not.toContain(token);
		expect(violations).toEqual([]);
	});

	test("sees an alert, and filters by kind", async () => {
		const { page, violations } = await on.openSignedIn(demo.grace, browser);
		await guessPasswords();
		await page.goto(`${on.origin}/console/globex/alerts`);
		await page.getByRole("cell", { name: /^Many failed sign-ins/ }).waitFor();
		await page.getByLabel("Kind").selectOption({ label: "Authorization code used twice" });
		await page.getByRole("button", { name: "Show" }).click();
		await page.getByRole("heading", { name: "No alerts of this kind here" }).waitFor();
		expect(new URL(page.url()).searchParams.get("kind")).toBe("code_replayed");
		expect(violations).toEqual([]);
	});
});

test("a copy button copies the token whole", async () => {
	const { page, context } = await on.openSignedIn(demo.ada);
	await context.grantPermissions(["clipboard-read", "clipboard-write"]);
	await page.goto(`${on.origin}/console/acme/api-access`);
	await page.getByRole("button", { name: "Copy base URL" }).click();
	await page.getByRole("button", { name: "Copied" }).waitFor();
	expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${on.origin}/api/v4/organizations/acme/`);
	await page.getByRole("button", { name: "Generate Tokens" }).click();
	await page.getByRole("button", { name: "Copy delete refresh token" }).click();
	await page.getByRole("button", { name: "Copied" }).waitFor();
	const token = await page.locator("#delete-refresh").innerText();
	expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(token);
	await page.getByRole("button", { name: "Copy request" }).click();
	await page.waitForFunction(async () => (await navigator.clipboard.readText()).startsWith("curl"));
	const curl = await page.evaluate(() => navigator.clipboard.readText());
	expect(curl.split("\n")).toHaveLength(13);
});

test("a member is told that their write and delete tokens open nothing", async () => {
	const { page } = await on.openSignedIn(demo.grace);
	await page.goto(`${on.origin}/console/acme/api-access`);
	await page.getByText("Your role reads").waitFor();
	await page.goto(`${on.origin}/console/globex/api-access`);
	expect(await page.getByText("Your role reads").count()).toBe(0);
});

test("WCAG 2.2 AA: the pages have no violation that axe finds", async () => {
	const { page } = await on.openSignedIn(demo.ada);
	await page.goto(`${on.origin}/console/acme/api-access`);
	expect(await barriersOf(page)).toEqual([]);
	await page.getByRole("button", { name: "Generate Tokens" }).click();
	await page.getByRole("heading", { level: 1, name: "Your tokens" }).waitFor();
	expect(await barriersOf(page)).toEqual([]);
	await page.goto(`${on.origin}/console/acme/alerts?kind=access_code_expiring`);
	await page.getByRole("heading", { name: /No alerts/ }).waitFor();
	expect(await barriersOf(page)).toEqual([]);
	const grace = await on.openSignedIn(demo.grace);
	await guessPasswords();
	await grace.page.goto(`${on.origin}/console/globex/alerts`);
	await grace.page.getByRole("cell", { name: /^Many failed sign-ins/ }).waitFor();
	expect(await barriersOf(grace.page)).toEqual([]);
});
