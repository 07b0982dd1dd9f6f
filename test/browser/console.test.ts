import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { demo } from "../support/demo-world.ts";
import { barriersOf, tooSmallOn } from "./barriers.ts";
import { accountMenu, signIn, stage } from "./stage.ts";

const on = stage("alone");

const pages = {
	"the environments": "environments",
	"a new environment": "environments/new",
	"the events": "events",
	"the events, with an error": "events?before=yesterday",
	"the audit log": "audit",
	"the audit log, filtered": "audit?action=sign_in",
	"the audit log, with an error": "audit?from=yesterday",
	"my sessions and grants": "my-access",
	"sign-in and security": "security",
	"the question before signing out everywhere": "security/sign-out-everywhere",
	"the question before revoking everything": "my-access/grants/revoke-all",
	"the settings": "settings",
	"the profile": "settings/profile",
	"a new integration or application": "integrations/new",
	"an application": `integrations/${demo.webApp.id}`,
	"an application, to be changed": `integrations/${demo.webApp.id}/edit`,
	"the account's settings": "settings/account",
	"the people": "settings/people",
	"an invitation": "settings/people/new",
	"a page that is not there": "nothing",
};

describe("WCAG 2.2 AA", () => {
	test.each(Object.entries(pages))("%s: axe finds nothing, and nothing scrolls sideways", async (_, path) => {
		const { page, violations } = await on.openSignedIn(demo.ada);
		await page.goto(`${on.origin}/console/acme/${path}`);
		await isAccessible(page);
		expect(violations).toEqual([]);
	});

	test("a person, and the address that is said to be theirs", async () => {
		const { page, violations } = await on.openSignedIn(demo.ada);
		await page.goto(`${on.origin}/console/acme/settings/people`);
		await page.getByRole("link", { name: "Change Grace Hopper" }).click();
		await isAccessible(page);
		await page.getByRole("link", { name: "Verify an address" }).click();
		await page.getByLabel("E-mail address").fill("grace@acme");
		await page.getByRole("button", { name: "Save" }).click();
		await page.getByText("Enter an e-mail address such as").first().waitFor();
		await isAccessible(page);
		await page.getByLabel("E-mail address").fill("grace@acme.example");
		await page.getByRole("button", { name: "Save" }).click();
		await page.getByText("The address is verified.").waitFor();
		await isAccessible(page);
		expect(violations).toEqual([]);
	});

	test("an event, however long its words are, and the question before it is deleted", async () => {
		const { page, violations } = await on.openSignedIn(demo.ada);
		const login = await fetch(`${on.origin}/auth/login`, {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: JSON.stringify({ ...demo.ada, account: "acme" }),
		});
		const { access_token: token }: { access_token: string } = JSON.parse(await login.text());
		const sent = await fetch(`${on.origin}/v1/events?environment=my-workspace/prod`, {
			method: "POST",
			headers: { authorization: `Bearer ${token}` },
			body: JSON.stringify({ long: "x".repeat(2000) }),
		});
		expect(sent.status).toBe(202);
		await page.goto(`${on.origin}/console/acme/events`);
		await isAccessible(page);
		await page.getByRole("link", { name: /^Delete event / }).click();
		await page.getByRole("heading", { name: "Delete this event?" }).waitFor();
		await isAccessible(page);
		await page.getByRole("button", { name: "Delete this event" }).click();
		await page.getByText("The event is deleted.").waitFor();
		expect(violations).toEqual([]);
	});

	test("a form with errors, the link of an invitation that is shown once, and the page that it leads to", async () => {
		// With a sign-in of its own: it ends, and other tests go on with theirs.
		const { page } = await on.open();
		await page.goto(`${on.origin}/sign-in`);
		await signIn(page, demo.ada);
		await page.waitForURL(/\/console\/acme$/);
		const people = `${on.origin}/console/acme/settings/people`;
		await page.goto(`${people}/new`);
		await page.getByLabel("Note").fill("x".repeat(201));
		await page.getByRole("button", { name: "Create invitation" }).click();
		await page.getByRole("alert").waitFor();
		await isAccessible(page);
		await page.getByLabel("Note").fill("For Barbara");
		await page.getByRole("button", { name: "Create invitation" }).click();
		await page.getByText("it is shown this once").waitFor();
		await isAccessible(page);
		const link = (await page.locator("#invitation-link").textContent()) ?? "";
		await page.getByRole("link", { name: "I have copied it" }).click();
		await page.getByText("For Barbara", { exact: true }).waitFor();
		await isAccessible(page);
		await page.goto(link);
		await page.getByRole("heading", { name: "You belong there already" }).waitFor();
		await isAccessible(page);
		await page.getByRole("button", { name: "Sign in as somebody else" }).click();
		await page.getByLabel("Your name").fill("Barbara Liskov");
		await page.getByLabel("User name").fill("a b");
		await page.getByLabel("Password").fill("what nobody guesses");
		await isAccessible(page);
		await page.getByRole("button", { name: "Join" }).click();
		await page.getByRole("alert").waitFor();
		expect(await page.getByLabel("Your name").inputValue()).toBe("Barbara Liskov");
		await isAccessible(page);
		await page.getByLabel("User name").fill("barbara");
		await page.getByLabel("Password").fill("what nobody guesses");
		await page.getByRole("button", { name: "Join" }).click();
		await page.waitForURL(/\/console\/acme$/);
		await page.goto(`${on.origin}/console/acme/settings`);
		await page.getByRole("link", { name: "Leave Acme" }).click();
		await isAccessible(page);
		await page.getByRole("button", { name: "Leave this account" }).click();
		await page.getByText("belong to no account").waitFor();
		await page.goto(link);
		await page.getByRole("heading", { name: "Accepted already" }).waitFor();
		await isAccessible(page);
	});
});

async function isAccessible(page: Page): Promise<void> {
	expect(await barriersOf(page)).toEqual([]);
	for (const width of [375, 320]) {
		await page.setViewportSize({ width, height: 700 });
		expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
	}
	expect(await tooSmallOn(page)).toEqual([]);
}

test("in by signing in, from one account to another, round the console, and out everywhere", async () => {
	const { page } = await on.open();
	const other = await on.open();
	for (const each of [other.page, page]) {
		await each.goto(`${on.origin}/sign-in`);
		await signIn(each, demo.grace);
		await each.waitForURL(/\/console\/acme$/);
	}
	// She is a member of Acme, and administers Globex.
	expect(await page.getByRole("link", { name: "Audit log" }).count()).toBe(0);
	await accountMenu(page).click();
	await page.getByRole("link", { name: "Globex" }).click();
	await page.waitForURL(/\/console\/globex$/);
	await page.getByRole("link", { name: "Environments", exact: true }).click();
	await page.getByText("No environments yet").waitFor();

	await page.getByRole("link", { name: "Create the first one" }).click();
	await page.getByLabel("Workspace").fill("shop");
	await page.getByLabel("Environment", { exact: true }).fill("prod");
	await page.getByRole("button", { name: "Create environment" }).click();
	await page.getByText("The environment is there.").waitFor();
	const key = await page.locator("code", { hasText: /^lkp_/ }).first().innerText();
	const sent = await fetch(`${on.origin}/v1/events`, { method: "POST", headers: { "x-api-key": key }, body: "{}" });
	expect(sent.status).toBe(202);
	const toggle = page.getByRole("switch", { name: "Environment shop/prod" });
	await toggle.click();
	await page.getByText("Events with its public key are refused").waitFor();
	expect(await toggle.isChecked()).toBe(false);
	await page.getByRole("button", { name: /^Undo/ }).click();
	await page.getByText("Events with its public key are taken again").waitFor();
	expect(await toggle.isChecked()).toBe(true);
	await page.getByRole("link", { name: /^Replace public key/ }).click();
	await page.getByRole("button", { name: "Replace the key" }).click();
	await page.getByText("The public key was replaced.").waitFor();
	expect(await page.locator("code", { hasText: /^lkp_/ }).first().innerText()).not.toBe(key);

	await page.getByRole("link", { name: "Audit log" }).click();
	await page.getByRole("cell", { name: /Grace Hopper replaced the public key of environment\s+shop\/prod/ }).waitFor();

	await page.getByRole("link", { name: "Sign-in and security" }).click();
	await page.getByText("This browser").waitFor();
	expect(await page.getByText("This browser").count()).toBe(1);
	await page.getByRole("link", { name: "Sign out everywhere" }).click();
	await page.getByRole("button", { name: "Sign out everywhere" }).click();
	await page.getByText("You are not signed in.").waitFor();
	for (const each of [page, other.page]) {
		await each.goto(`${on.origin}/console`);
		await each.getByLabel("Password").waitFor();
	}
});

test("without JavaScript everything works, but for the copy buttons, which are not shown", async () => {
	const { page } = await on.open({ javaScriptEnabled: false });
	await page.goto(`${on.origin}/console/acme/environments`);
	await signIn(page, demo.ada);
	await page.waitForURL(/\/console\/acme\/environments$/);
	expect(await page.getByRole("button", { name: "Copy public key" }).count()).toBe(0);
	await page.getByText("Send an event with curl").first().click();
	expect(
		await page
			.getByText(/^curl http/)
			.first()
			.isVisible(),
	).toBe(true);
	await page.getByRole("switch").first().click();
	await page.getByText("Disabled.").waitFor();
	await page.getByRole("button", { name: /^Undo/ }).click();
	await page.getByText("Enabled. Events").waitFor();
	await accountMenu(page).click();
	await page.getByText("You belong to no other account.").waitFor();
	await page.getByRole("link", { name: "Settings", exact: true }).click();
	await page.getByLabel("Name", { exact: true }).fill("");
	await page.getByLabel("Name", { exact: true }).fill("Ada, Countess of Lovelace");
	await page.getByRole("button", { name: "Save name" }).click();
	await page.getByText("Your name is saved.").waitFor();
});

test("on a phone the content comes first: the ways to other pages are behind a button, without JavaScript too", async () => {
	const { page } = await on.openSignedIn(demo.ada, { javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
	await page.goto(`${on.origin}/console/acme/keys`);
	const heading = await page.getByRole("heading", { level: 1, name: "API keys" }).boundingBox();
	expect(heading?.y).toBeLessThan(120);
	expect(await page.getByRole("navigation", { name: "Console" }).count()).toBe(0);
	await page.getByRole("button", { name: "Menu" }).press("Enter");
	await page.getByRole("navigation", { name: "Console" }).getByRole("link", { name: "Audit log" }).click();
	await page.getByRole("heading", { level: 1, name: "Audit log" }).waitFor();
});

test("a public key is copied by its button", async () => {
	const { page, context } = await on.openSignedIn(demo.ada);
	await context.grantPermissions(["clipboard-read", "clipboard-write"]);
	await page.goto(`${on.origin}/console/acme/environments`);
	await page.getByRole("button", { name: "Copy public key" }).first().click();
	await page.getByRole("button", { name: "Copied" }).waitFor();
	expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^lkp_/);
});

test("WCAG 2.1.1: the keyboard alone goes through the navigation, and the focus is to be seen", async () => {
	const { page } = await on.openSignedIn(demo.ada);
	await page.goto(`${on.origin}/console/acme/settings`);
	for (const label of ["Environments", "Audit log", "My sessions and grants", "Settings"]) {
		await page.keyboard.press("Escape");
		await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
		for (let presses = 0; ; presses++) {
			if (presses > 30) throw new Error(`Tab does not reach ${label}`);
			await page.keyboard.press("Tab");
			const focus = await page.evaluate(() => {
				const element = document.activeElement as HTMLElement;
				return { text: element.innerText.trim(), outline: getComputedStyle(element).outlineStyle };
			});
			expect(focus.outline, `the focus on "${focus.text}"`).not.toBe("none");
			if (focus.text === label) break;
		}
		await page.keyboard.press("Enter");
		await page.getByRole("heading", { level: 1, name: label }).waitFor();
		// What is read while it is still on its way has nothing behind it to go on to.
		await page.waitForLoadState("load");
	}
});
