import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { demo } from "../support/demo-world.ts";
import { signedIn, signIn, stage } from "./stage.ts";

const on = stage();

const back = "http://localhost:8788/portal/signed-out";

function logoutLink(query: Record<string, string> = {}): string {
	const asked = { client_id: demo.webApp.id, post_logout_redirect_uri: back, state: "s t", ...query };
	return `${on.origin}/oauth/logout?${new URLSearchParams(asked).toString()}`;
}

/** Somebody whose sign-in no other test needs. */
async function openAnew(options: { javaScriptEnabled: boolean }) {
	const tab = await on.open(options);
	await tab.page.goto(`${on.origin}/sign-in`);
	await signIn(tab.page, demo.ada);
	await signedIn(tab.page);
	return tab;
}

async function isSignedIn(page: Page): Promise<boolean> {
	await page.goto(on.origin);
	return page.getByText("Signed in as").isVisible();
}

// The answer's redirect leads to another origin, which `form-action` of the page's policy has to let through.
describe.each([{ javaScriptEnabled: true }, { javaScriptEnabled: false }])("a browser, %o", (browser) => {
	test("an application's link: who asks, and where to; yes signs out, and leads back with state", async () => {
		const { page, violations } = await openAnew(browser);
		await page.goto(logoutLink());
		await page.getByRole("heading", { level: 1, name: `${demo.webApp.name} asks you to sign out` }).waitFor();
		expect(await page.getByText("localhost:8788").isVisible()).toBe(true);
		await page.getByRole("button", { name: "Sign out", exact: true }).click();
		await page.getByText("Thank you, you can go on").waitFor();
		expect(page.url()).toBe(`${back}?state=s+t`);
		expect(await isSignedIn(page)).toBe(false);
		expect(violations).toEqual([]);
	});

	test("no leaves everything as it was", async () => {
		const { page } = await openAnew(browser);
		await page.goto(logoutLink());
		await page.getByRole("button", { name: "Stay signed in" }).click();
		await page.getByRole("heading", { level: 1, name: "You are still signed in" }).waitFor();
		expect(await isSignedIn(page)).toBe(true);
	});
});

test("RP-Initiated Logout §2: a form of the application's site comes without our cookie, and still finds who is signed in", async () => {
	const { page, violations } = await openAnew({ javaScriptEnabled: true });
	// 127.0.0.1 and localhost are two sites.
	await page.goto("http://127.0.0.1:8788/portal");
	await page.evaluate(
		({ action, fields }) => {
			const form = document.createElement("form");
			form.method = "post";
			form.action = action;
			for (const [name, value] of Object.entries(fields)) {
				form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
			}
			document.body.appendChild(form);
			form.submit();
		},
		{
			action: `${on.origin}/oauth/logout`,
			fields: { client_id: demo.webApp.id, post_logout_redirect_uri: back, state: "posted" },
		},
	);
	await page.getByText("You are signed in here as").waitFor();
	await page.getByRole("button", { name: "Sign out", exact: true }).click();
	await page.getByText("Thank you, you can go on").waitFor();
	expect(page.url()).toBe(`${back}?state=posted`);
	expect(violations).toEqual([]);
});

test("a link that leads elsewhere leads nowhere; one can still sign out there", async () => {
	const { page } = await openAnew({ javaScriptEnabled: true });
	await page.goto(logoutLink({ post_logout_redirect_uri: `${back}/` }));
	await page.getByRole("heading", { level: 1, name: "Wrong return URL" }).waitFor();
	await page.getByRole("button", { name: "Sign out", exact: true }).click();
	await page.getByRole("heading", { level: 1, name: "You are signed out" }).waitFor();
	expect(page.url()).toBe(`${on.origin}/oauth/logout`);
	expect(await isSignedIn(page)).toBe(false);
});

test("clickjacking: the question is not shown in a frame of another site", async () => {
	const { page } = await openAnew({ javaScriptEnabled: true });
	await page.goto("http://localhost:8788/portal");
	await page.evaluate((src) => {
		const frame = Object.assign(document.createElement("iframe"), { src });
		document.body.appendChild(frame);
		return new Promise((resolve) => frame.addEventListener("load", resolve));
	}, logoutLink());
	const [, frame] = page.frames();
	expect(await frame?.getByRole("button", { name: "Sign out" }).count()).toBe(0);
	expect(await isSignedIn(page)).toBe(true);
});
