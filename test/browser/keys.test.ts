import { readFile } from "node:fs/promises";
import type { BrowserContext, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { demo } from "../support/demo-world.ts";
import { barriersOf } from "./barriers.ts";
import { stage } from "./stage.ts";

const on = stage("alone");
const acme = () => `${on.origin}/console/acme`;
const globex = () => `${on.origin}/console/globex`;

async function opens(secret: string, account = ""): Promise<number> {
	const query = account === "" ? "" : `?account=${account}`;
	return (await fetch(`${on.origin}/v1/environments${query}`, { headers: { "x-api-key": secret } })).status;
}

async function heading(page: Page, name: string): Promise<void> {
	await page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
}

async function isAccessible(page: Page): Promise<void> {
	expect([page.url(), await barriersOf(page)]).toEqual([page.url(), []]);
}

async function makePolicy(page: Page, base: string, name: string, permission: string): Promise<void> {
	await page.goto(`${base}/policies`);
	await page.getByRole("link", { name: "Create policy" }).click();
	await heading(page, "Create policy");
	await page.getByLabel("Name").fill(name);
	await page.getByLabel("Description").fill("Made in a browser test");
	await page.getByRole("checkbox", { name: permission }).check();
	await page.getByRole("button", { name: "Create policy" }).click();
	await page.getByText("The policy was created.").waitFor();
}

/** Contract 003: "This will avoid typing errors". */
async function copyButtonsWork(page: Page, context: BrowserContext, secret: string): Promise<void> {
	await context.grantPermissions(["clipboard-read", "clipboard-write"]);
	for (const [button, text] of [
		["Copy secret", secret],
		["Copy header", `x-api-key: ${secret}`],
		["Copy query", `?apiKey=${secret}`],
	] as const) {
		await page.getByRole("button", { name: button }).click();
		await page.getByRole("button", { name: "Copied" }).waitFor();
		expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(text);
		await page.getByRole("button", { name: button }).waitFor();
	}
}

// The journeys of contract 003, as its pages describe them.
describe.each([{ javaScriptEnabled: true }, { javaScriptEnabled: false }])("a browser, %o", (browser) => {
	const word = browser.javaScriptEnabled ? "scripted" : "plain";

	test("create a policy and a key, make a code, copy and download it, disable, delete", async () => {
		const { page, context, violations } = await on.openSignedIn(demo.ada, browser);
		await makePolicy(page, acme(), `Policy ${word}`, "environments:read");

		await page.goto(`${acme()}/keys`);
		await page.getByRole("link", { name: "Create API key" }).click();
		await heading(page, "Create API key");
		await page.getByLabel("Name").fill(`Key ${word}`);
		await page.getByLabel("Tags").fill("browser, test");
		await page.getByRole("checkbox", { name: `Policy ${word}` }).check();
		await page.getByRole("button", { name: "Create API key" }).click();
		await page.getByText("The API key was created.").waitFor();
		await heading(page, `Key ${word}`);

		await page.getByRole("link", { name: "Access codes" }).click();
		await page.getByText("There is no access code yet.").waitFor();
		await page.getByLabel("Description").fill("Browser code");
		await page.getByRole("button", { name: "Create access code" }).click();
		await page.getByText("The access code was created.").waitFor();
		const secret = await page.locator("#secret").innerText();
		expect(await opens(secret)).toBe(200);

		if (browser.javaScriptEnabled) await copyButtonsWork(page, context, secret);
		const [file] = await Promise.all([
			page.waitForEvent("download"),
			page.getByRole("link", { name: "Download .txt" }).click(),
		]);
		expect(file.suggestedFilename()).toBe(`key-${word}-access-code.txt`);
		expect(await readFile(await file.path(), "utf8")).toBe(`${secret}\n`);

		await page.getByRole("link", { name: "Done" }).click();
		await page.getByRole("switch", { name: "Access code Browser code" }).click();
		await page.getByText("The access code was disabled.").waitFor();
		expect(await opens(secret)).toBe(401);
		await page.getByRole("button", { name: "Undo" }).click();
		await page.getByText("The access code was enabled.").waitFor();
		expect(await opens(secret)).toBe(200);

		await page.getByRole("link", { name: "Show secret of Browser code" }).click();
		await page.getByLabel("Your password").fill("wrong");
		await page.getByRole("button", { name: "Show secret" }).click();
		await page.getByRole("alert").getByText("This is not your password.").waitFor();
		await page.getByLabel("Your password").fill(demo.ada.password);
		await page.getByRole("button", { name: "Show secret" }).click();
		await page.getByText("Here it is again.").waitFor();
		expect(await page.locator("#secret").innerText()).toBe(secret);

		await page.getByRole("link", { name: "Done" }).click();
		await page.getByRole("switch", { name: "Access code Browser code" }).click();
		await page.getByRole("link", { name: "Delete Browser code" }).click();
		await heading(page, "Delete access code?");
		await page.getByRole("button", { name: "Delete this access code" }).click();
		await page.getByText("The access code was deleted.").waitFor();

		await page.getByRole("link", { name: "Details" }).click();
		await page.getByRole("link", { name: "Delete key" }).click();
		await heading(page, "Delete API key?");
		await page.getByRole("button", { name: "Delete this key" }).click();
		await page.getByText("The API key was deleted.").waitFor();
		expect(await page.getByRole("link", { name: `Key ${word}` }).count()).toBe(0);
		expect(violations).toEqual([]);
	});

	test("type Integration: the key file is saved as JSON and as CSV, and its token opens the search", async () => {
		const { page, violations } = await on.openSignedIn(demo.ada, browser);
		await page.goto(`${acme()}/keys/new`);
		await page.getByLabel("Name").fill(`Integration ${word}`);
		await page.getByLabel("Type").selectOption("Integration");
		await page.getByRole("button", { name: "Create API key" }).click();
		await page.getByText("Save its key file now.").waitFor();
		const texts: string[] = [];
		for (const format of ["JSON", "CSV"]) {
			const [file] = await Promise.all([
				page.waitForEvent("download"),
				page.getByRole("link", { name: `Download key file (${format})` }).click(),
			]);
			expect(file.suggestedFilename()).toBe(`integration-${word}.${format.toLowerCase()}`);
			texts.push(await readFile(await file.path(), "utf8"));
		}
		const saved: { api_keys: Record<string, { token: string }> } = JSON.parse(texts[0] ?? "");
		const token = saved.api_keys[on.origin]?.token ?? "";
		expect(texts[1]).toContain(token);
		const found = await fetch(`${on.origin}/api/public/event/search`, {
			method: "POST",
			headers: { authorization: `Bearer ${token}` },
			body: '{"filters":[]}',
		});
		expect(found.status).toBe(200);
		expect(violations).toEqual([]);
	});

	test("another account links the key, and either side ends it", async () => {
		const owner = await on.openSignedIn(demo.ada, browser);
		const { page } = owner;
		await page.goto(`${acme()}/keys/new`);
		await page.getByLabel("Name").fill(`Shared ${word}`);
		await page.getByRole("button", { name: "Create API key" }).click();
		await page.getByText("The API key was created.").waitFor();
		const id = await page.locator("#key-id").innerText();
		await page.goto(`${acme()}/keys/${id}/codes`);
		await page.getByLabel("Description").fill("Shared code");
		await page.getByRole("button", { name: "Create access code" }).click();
		const secret = await page.locator("#secret").innerText();

		const { page: linker } = await on.openSignedIn(demo.grace, browser);
		await makePolicy(linker, globex(), `Linked ${word}`, "environments:read");
		await linker.goto(`${globex()}/keys`);
		await linker.getByRole("link", { name: "Link existing API key" }).click();
		await linker.getByLabel("API key ID").fill(id);
		await linker.getByRole("button", { name: "Link API key" }).click();
		await linker.getByRole("alert").getByText("Choose at least one policy.").waitFor();
		expect(await linker.getByLabel("API key ID").inputValue()).toBe(id);
		await linker.getByRole("checkbox", { name: `Linked ${word}` }).check();
		await linker.getByRole("button", { name: "Link API key" }).click();
		await linker.getByText("The API key was linked.").waitFor();
		expect(await linker.getByRole("link", { name: "Access codes" }).count()).toBe(0);
		expect(await opens(secret, "globex")).toBe(200);
		if (browser.javaScriptEnabled) await isAccessible(linker);
		await linker.getByRole("link", { name: "Remove link" }).click();
		await heading(linker, "Remove link?");
		if (browser.javaScriptEnabled) await isAccessible(linker);

		await page.goto(`${acme()}/keys/${id}/links`);
		await page.getByText("Globex", { exact: true }).waitFor();
		if (browser.javaScriptEnabled) await isAccessible(page);
		await page.getByRole("button", { name: "Disable the link of Globex" }).click();
		await page.getByText("The link was disabled.").waitFor();
		expect(await opens(secret, "globex")).toBe(401);
		await page.getByRole("button", { name: "Undo" }).click();
		await page.getByText("The link was enabled.").waitFor();
		await page.getByRole("link", { name: "Remove the link of Globex" }).click();
		if (browser.javaScriptEnabled) await isAccessible(page);
		await page.getByRole("button", { name: "Remove this link" }).click();
		await page.getByText("The link was removed.").waitFor();
		expect(await opens(secret, "globex")).toBe(403);
		await linker.goto(`${globex()}/keys/${id}`);
		await heading(linker, "Not there");
	});
});

describe("WCAG 2.2 AA: every page of keys and policies", () => {
	const key = `keys/${demo.apiKey.id}`;
	const code = `${key}/codes/${demo.apiKey.codeId}`;
	const policy = `policies/${demo.policyId}`;

	test.each(
		Object.entries({
			"the keys": ["keys", "keys/new", "keys/link"],
			"a key": [key, `${key}/policies`, `${key}/codes`, `${key}/links`, `${key}/delete`],
			"a code": [code, `${code}/secret`],
			"the policies": ["policies", "policies/new", policy, `${policy}/delete`],
		}),
	)("%s", async (_, paths) => {
		const { page, violations } = await on.openSignedIn(demo.ada);
		for (const path of paths) {
			const url = `${acme()}/${path}`;
			const answer = await page.goto(url);
			expect([url, answer?.status()]).toEqual([url, 200]);
			await isAccessible(page);
		}
		expect(violations).toEqual([]);
	});

	test("a key that was switched off, a form that is refused, and a secret", async () => {
		const { page, violations } = await on.openSignedIn(demo.ada);
		await page.goto(`${acme()}/${key}`);
		await page.getByRole("switch").click();
		await page.getByText("Disabled. Everything").waitFor();
		await isAccessible(page);
		await page.getByRole("button", { name: "Undo" }).click();
		await page.getByText("Enabled.").waitFor();
		await page.goto(`${acme()}/keys/new`);
		await page.getByLabel("Name").fill("Nightly report");
		await page.getByRole("button", { name: "Create API key" }).click();
		await page.getByRole("alert").getByText("There is an API key of this name already.").waitFor();
		await isAccessible(page);
		await page.goto(`${acme()}/${code}/secret`);
		await page.getByLabel("Your password").fill(demo.ada.password);
		await page.getByRole("button", { name: "Show secret" }).click();
		await page.getByText("Here it is again.").waitFor();
		await isAccessible(page);
		expect(violations).toEqual([]);
	});
});

test("an account without keys is told what to do next; a member sees keys, and nothing to change them with", async () => {
	const { page: fresh } = await on.openSignedIn(demo.grace);
	await fresh.goto(`${acme()}/keys/${demo.apiKey.id}`);
	await heading(fresh, "Nightly report");
	expect(await fresh.getByRole("button", { name: /Save|Disable|Enable/ }).count()).toBe(0);
	expect(await fresh.getByRole("switch").count()).toBe(0);
	expect(await fresh.getByRole("link", { name: /Delete/ }).count()).toBe(0);
	await isAccessible(fresh);
	await fresh.goto(`${acme()}/keys/new`);
	await heading(fresh, "Not for your role");
});
