import type { BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AccountApi, accountApi } from "../peers/account-api.ts";
import { freePort } from "../runners/free-port.ts";
import { type RunningWorker, startWorker } from "../runners/start-worker.ts";
import { demo } from "../support/demo-world.ts";
import type { SignInDetails } from "../support/person.ts";
import { barriersOf, tooSmallOn } from "./barriers.ts";
import { signedIn, signIn, signOut, stage } from "./stage.ts";

// People of an account come in through their company's provider, which is another latchkey. It stands at another name of this machine,
// since a browser keeps cookies by host and not by port (RFC 6265 §8.5).

const on = stage("alone");
const security = "/console/acme/security";
const domain = "company.example";

let company: RunningWorker;
let there: string;
let acme: AccountApi;
beforeAll(async () => {
	const port = await freePort();
	there = `http://127.0.0.1:${port}`;
	company = await startWorker({ port, variables: { ISSUER: there } });
	const theirs = await accountApi(there, demo.ada, "acme");
	acme = await accountApi(on.origin, demo.ada, "acme");
	const about = { name: "latchkey of Acme", kind: "application", scopes: ["openid", "profile", "email"] };
	const us = await theirs("POST", "/v1/integrations", { ...about, redirect_urls: [`${on.origin}/`] });
	const provider = await acme("POST", "/v1/sign-in-providers", {
		kind: "oidc",
		name: "The company",
		issuer: there,
		client_id: us.client_id,
		client_secret: us.client_secret,
		scopes: about.scopes,
		just_in_time: true,
		default_role: "member",
		admits: "everybody",
	});
	await theirs("PATCH", `/v1/integrations/${String(us.client_id)}`, {
		redirect_urls: [provider.redirect_uri],
		post_logout_redirect_urls: [`${on.origin}/`],
	});
	await acme("PUT", `/v1/domains/${domain}`, { provider_id: provider.id });
	await acme("POST", `/v1/accounts/acme/domains/${domain}/confirm`);
});
afterAll(() => company?.stop());

async function isAccessible(page: Page): Promise<void> {
	expect([page.url(), await barriersOf(page), await tooSmallOn(page)]).toEqual([page.url(), [], []]);
}

/** At the company: their name, their password, and, the first time, that we may know who they are. */
async function provenThere(page: Page, who: SignInDetails): Promise<void> {
	await page.waitForURL((url) => url.origin === there);
	await signIn(page, who);
	await page.waitForURL((url) => url.origin === on.origin || url.pathname !== "/sign-in");
	if (new URL(page.url()).origin === there) {
		// Who belongs to several accounts there says in which.
		const account = page.getByRole("radio", { name: /Acme/ });
		if (await account.isVisible()) await account.check();
		await page.getByRole("button", { name: "Allow" }).click();
	}
	await page.waitForURL((url) => url.origin === on.origin);
}

/** From the page that says that they are still signed in there, to there and back. */
async function signOutThere(page: Page): Promise<void> {
	await signOut(page);
	await page.getByRole("link", { name: /The company/ }).click();
	await page.waitForURL((url) => url.origin === there);
	await page.getByRole("button", { name: "Sign out" }).click();
	await page.waitForURL(`${on.origin}/`);
}

const desk: BrowserContextOptions = { colorScheme: "light" };
const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

describe.each([
	["at a desk", desk],
	["on a phone", phone],
])("%s", (_, browser) => {
	test("an address of the company leads to its provider, which lets its people in just in time and signs them out", async () => {
		const { page, violations } = await on.open(browser);
		await page.goto(`${on.origin}/sign-in`);
		await page.getByLabel("User name").fill(`ada@${domain}`);
		await page.getByRole("button", { name: "Sign in", exact: true }).click();
		await page.getByText("The company").first().waitFor();
		await isAccessible(page);
		await page.getByRole("button", { name: /The company/ }).click();
		await provenThere(page, demo.ada);
		await signedIn(page);
		expect(new URL(page.url()).pathname).toBe("/console/acme");
		const { people } = await acme("GET", "/v1/people");
		expect(people).toContainEqual(expect.objectContaining({ username: "ada@acme", role: "member" }));
		await signOutThere(page);
		await page.goto(`${on.origin}/console/acme`);
		await page.getByLabel("User name").waitFor();
		expect(violations).toEqual([]);
	});

	test("a member links it, comes in through it, and unlinks it", async () => {
		const { page, violations } = await on.open(browser);
		await page.goto(`${on.origin}/sign-in`);
		await signIn(page, demo.grace);
		await page.goto(`${on.origin}${security}`);
		await page.getByRole("link", { name: /^Link The company/ }).click();
		await isAccessible(page);
		await page.getByLabel("Your password").fill(demo.grace.password);
		await page.getByRole("button", { name: /^Go on to/ }).click();
		await provenThere(page, demo.grace);
		const unlink = page.locator("summary", { hasText: "Unlink" });
		await unlink.waitFor();
		await isAccessible(page);

		await signOut(page);
		await page.goto(`${on.origin}/sign-in`);
		await page.getByLabel("User name").fill(`grace@${domain}`);
		await page.getByRole("button", { name: "Sign in", exact: true }).click();
		await page.getByRole("button", { name: /The company/ }).click();
		await signedIn(page);
		await signOutThere(page);

		await page.goto(`${on.origin}/sign-in`);
		await signIn(page, demo.grace);
		await page.goto(`${on.origin}${security}`);
		await unlink.click();
		await page.getByRole("button", { name: /^Unlink/ }).click();
		await page.getByRole("link", { name: /^Link The company/ }).waitFor();
		expect(violations).toEqual([]);
	});
});
