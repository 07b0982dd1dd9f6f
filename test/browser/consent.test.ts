import { describe, expect, test } from "vitest";
import { challenged } from "../support/pkce.ts";
import { demo } from "../support/demo-world.ts";
import { authorizeLink, installLink, signIn, stage } from "./stage.ts";

const on = stage();

const links = [
	{ title: "the install page", link: installLink, of: demo.integration, yes: "Install", no: "Cancel" },
	{ title: "the authorization endpoint", link: authorizeLink, of: demo.nativeApp, yes: "Allow", no: "Deny" },
];

// The redirect leads to another origin, which `form-action` of the page's policy has to let through.
describe.each([{ javaScriptEnabled: true }, { javaScriptEnabled: false }])("a browser, %o", (browser) => {
	test.each(links)("$title: sign in, say yes, and a code arrives at the client", async ({ link, of, yes }) => {
		const { page, violations } = await on.open(browser);
		await page.goto(link(on.origin));
		expect(await page.title()).toBe("Sign in · latchkey");
		await page.getByText(of.name).waitFor();
		await signIn(page, demo.ada);

		await page.getByRole("heading", { level: 1, name: of.name }).waitFor();
		await page.getByRole("button", { name: yes, exact: true }).click();
		await page.getByText("Thank you, you can go on").waitFor();

		const arrived = await on.callback.next();
		expect(arrived.href).toMatch(`${of.redirectUri}?`);
		expect(Object.fromEntries(arrived.searchParams)).toEqual({
			code: expect.stringMatching(/^lkc_/),
			state: "s t",
			iss: on.origin,
		});
		expect(violations).toEqual([]);
	});

	test("OAuth 2.0 Form Post Response Mode: the answer is posted to the client", async () => {
		const { page, violations } = await on.open(browser);
		await page.goto(`${authorizeLink(on.origin)}&response_mode=form_post`);
		await signIn(page, demo.ada);
		const posted = page.waitForRequest((request) => request.url() === demo.nativeApp.redirectUri);
		await page.getByRole("button", { name: "Allow", exact: true }).click();
		if (!browser.javaScriptEnabled) await page.getByRole("button", { name: "Go on" }).click();
		const request = await posted;
		expect([request.method(), (await request.allHeaders()).origin]).toEqual(["POST", on.origin]);
		expect(Object.fromEntries(new URLSearchParams(request.postData() ?? ""))).toEqual({
			code: expect.stringMatching(/^lkc_/),
			state: "s t",
			iss: on.origin,
		});
		await page.getByText("Thank you, you can go on").waitFor();
		await on.callback.next();
		expect(violations).toEqual([]);
	});

	test("the client's callback may lead on to where it likes", async () => {
		const { page, violations } = await on.open(browser);
		// Another origin than the page's, and than the callback's.
		const docs = new URL("/docs", on.origin);
		docs.hostname = "127.0.0.1";
		on.callback.leadOn(docs.href);
		await page.goto(authorizeLink(on.origin));
		await signIn(page, demo.ada);
		await page.getByRole("button", { name: "Allow", exact: true }).click();
		await page.waitForURL(docs.href);
		await on.callback.next();
		expect(violations).toEqual([]);
	});

	test.each(links)("$title: go back instead of signing in, and the client learns only that", async ({ link, of }) => {
		const { page, violations } = await on.open(browser);
		await page.goto(link(on.origin));
		await page.getByLabel("User name").fill(demo.ada.username);
		await page.getByRole("button", { name: "Cancel", exact: true }).click();
		await page.getByText("Thank you, you can go on").waitFor();

		const arrived = await on.callback.next();
		expect(arrived.href).toMatch(`${of.redirectUri}?`);
		expect(Object.fromEntries(arrived.searchParams)).toEqual({
			error: "access_denied",
			error_description: "The person did not sign in",
			state: "s t",
			iss: on.origin,
		});
		expect(violations).toEqual([]);
	});

	test.each(links)("$title: say no, and the client learns only that", async ({ link, of, no }) => {
		const { page, violations } = await on.open(browser);
		await page.goto(link(on.origin));
		await signIn(page, demo.ada);
		await page.getByRole("button", { name: no, exact: true }).click();
		await page.getByText("Thank you, you can go on").waitFor();

		const arrived = await on.callback.next();
		expect(arrived.href).toMatch(`${of.redirectUri}?`);
		expect(Object.fromEntries(arrived.searchParams)).toEqual({
			error: "access_denied",
			error_description: expect.any(String),
			state: "s t",
			iss: on.origin,
		});
		expect(violations).toEqual([]);
	});
});

test("of several accounts one has to be chosen before anything goes on", async () => {
	const { page } = await on.openSignedIn(demo.grace);
	await page.goto(installLink(on.origin));
	const before = on.callback.seen.length;
	const install = page.getByRole("button", { name: "Install", exact: true });
	await install.click();
	// The browser puts the focus where something is missing.
	await page.locator("input[name=account]:focus").waitFor();
	await page.getByRole("radio", { name: /Globex/ }).check();
	await install.click();
	await page.getByText("Thank you, you can go on").waitFor();
	expect(on.callback.seen.slice(before).map((url) => url.searchParams.has("code"))).toEqual([true]);
});

test("a wrong password shows the error and keeps the user name, and the right one then goes on to the question", async () => {
	const { page, violations } = await on.open();
	await page.goto(installLink(on.origin));
	await signIn(page, { ...demo.ada, password: "not her password" });
	await page.getByRole("alert").getByText("The user name or the password is wrong.").waitFor();
	expect(await page.title()).toMatch(/^Error: /);
	expect(await page.getByLabel("User name").inputValue()).toBe(demo.ada.username);
	expect(await page.getByLabel("Password").inputValue()).toBe("");

	await page.getByLabel("Password").fill(demo.ada.password);
	await page.getByRole("button", { name: "Sign in", exact: true }).click();
	await page.getByRole("heading", { level: 1, name: `Install ${demo.integration.name}` }).waitFor();
	expect(violations).toEqual([]);
});

test("signing out on the consent page leads back to it through a new sign-in", async () => {
	const { page } = await on.open();
	await page.goto(installLink(on.origin));
	await signIn(page, demo.ada);
	await page.getByRole("button", { name: "Sign out" }).click();
	await page.getByLabel("Password").waitFor();
	await signIn(page, demo.grace);
	await page.getByRole("heading", { level: 1, name: `Install ${demo.integration.name}` }).waitFor();
	expect(await page.getByText("Signed in as").innerText()).toContain("Grace Hopper");
});

test("OIDC Core §3.1.2.1: prompt=login asks for the password again, and then goes on to who agreed before at once", async () => {
	const { page, violations } = await on.open();
	const link = new URL("/oauth/authorize", on.origin);
	const { id, redirectUri } = demo.webApp;
	const asked = { response_type: "code", client_id: id, redirect_uri: redirectUri, ...challenged };
	link.search = new URLSearchParams(asked).toString();
	await page.goto(link.href);
	await signIn(page, demo.ada);
	await page.getByRole("button", { name: "Allow", exact: true }).click();
	await page.getByText("Thank you, you can go on").waitFor();
	await on.callback.next();

	await page.goto(`${link.href}&prompt=login`);
	await page.getByText("please sign in again").waitFor();
	expect(await page.getByLabel("User name").inputValue()).toBe(demo.ada.username);
	await signIn(page, { ...demo.ada, password: "not her password" });
	await page.getByRole("alert").waitFor();
	await page.getByText(demo.webApp.name).waitFor();
	await page.getByLabel("Password").fill(demo.ada.password);
	await page.getByRole("button", { name: "Sign in", exact: true }).click();
	// The form's policy has to let the redirects through that follow it.
	await page.getByText("Thank you, you can go on").waitFor();
	expect((await on.callback.next()).searchParams.get("code")).toMatch(/^lkc_/);
	expect(violations).toEqual([]);
});
