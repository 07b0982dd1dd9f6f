import type { BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { type CallbackServer, startCallbackServer } from "../peers/callback-server.ts";
import { freePort } from "../runners/free-port.ts";
import type { SignInDetails } from "../support/person.ts";
import { setupSecret } from "../support/setup-secret.ts";
import { barriersOf } from "./barriers.ts";
import { navigation, signedIn, signIn } from "./stage.ts";

// What people do at a deployment that has no demonstration data, page by page. `look` sees each page that they pass.

export type Look = (page: Page) => Promise<void>;

type Browser = BrowserContextOptions & { readonly javaScriptEnabled: boolean };

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** What people have: scripts or none, a desk or a phone. */
export const browsers: readonly Browser[] = [
	{ javaScriptEnabled: true },
	{ javaScriptEnabled: false },
	{ javaScriptEnabled: true, ...phone },
];

/** Whether a page has barriers, asked of each in a browser that runs scripts, since what asks is one. */
export function lookIn({ javaScriptEnabled }: Browser): Look {
	return async (page) => {
		if (javaScriptEnabled) expect([page.url(), await barriersOf(page)]).toEqual([page.url(), []]);
	};
}

/** Of a deployment that nobody has set up. */
export const nothingMade = { variables: { DEMO_DATA: null } };

/** For the top of a `describe`: the web site of a client that is made by hand. Its origin may be used inside tests only. */
export function clientsSite(): { readonly redirect: () => string; readonly arrival: () => Promise<URL> } {
	let site: { readonly redirect: string; readonly server: CallbackServer } | undefined;
	beforeAll(async () => {
		const port = await freePort();
		site = { redirect: `http://localhost:${port}/callback`, server: await startCallbackServer(port) };
	});
	afterAll(() => site?.server.close());
	return {
		redirect: () => site?.redirect ?? "",
		arrival: () => site?.server.next() ?? Promise.reject(new Error("too early")),
	};
}

export interface NamedPerson extends SignInDetails {
	readonly name: string;
}

export interface Account {
	readonly name: string;
	readonly slug: string;
}

/** The first account, and who runs the deployment from then on; ends on the console. */
export async function setUp(page: Page, origin: string, account: Account, who: NamedPerson, look: Look): Promise<void> {
	await page.goto(`${origin}/setup`);
	await look(page);
	await page.getByLabel("Setup secret").fill(setupSecret);
	await page.getByLabel("Account name").fill(account.name);
	await page.getByLabel("Short name").fill(account.slug);
	await fillInPerson(page, who);
	await page.getByRole("button", { name: "Set up" }).click();
	await look(page);
	await page.goto(`${origin}/sign-in`);
	await signIn(page, who);
	await signedIn(page);
}

/** By an administrator; returns the link. */
export async function invite(page: Page, base: string, role: "Administrator" | "Member", note: string, look: Look) {
	await page.goto(`${base}/settings/people`);
	await look(page);
	await page.getByRole("link", { name: "Invite somebody" }).click();
	await page.getByRole("radio", { name: role }).check();
	await page.getByLabel("Note").fill(note);
	await look(page);
	await page.getByRole("button", { name: "Create invitation" }).click();
	await page.getByRole("heading", { name: "Invited" }).waitFor();
	await look(page);
	return page.locator("#invitation-link").innerText();
}

/** Somebody who had no user name here; ends on the console. */
export async function joinAsNew(page: Page, link: string, who: NamedPerson, look: Look): Promise<void> {
	await page.goto(link);
	await look(page);
	await fillInPerson(page, who);
	await page.getByRole("button", { name: "Join" }).click();
	await signedIn(page);
	await look(page);
}

/** Somebody who has one, in a browser in which they are not signed in. */
export async function joinAsKnown(page: Page, link: string, who: SignInDetails, look: Look): Promise<void> {
	await page.goto(link);
	await page.getByRole("link", { name: "Sign in to accept" }).click();
	await signIn(page, who);
	await page.getByRole("button", { name: "Accept" }).waitFor();
	await look(page);
	await page.getByRole("button", { name: "Accept" }).click();
	await signedIn(page);
	await look(page);
}

/** By an operator, who administers it from then on. */
export async function makeAccount(page: Page, origin: string, account: Account, look: Look): Promise<void> {
	await fillInAccount(page, origin, account, look);
	await page.getByRole("button", { name: "Create account", exact: true }).click();
	await page.getByText(account.name).first().waitFor();
	await look(page);
}

/** By an operator, who does not belong to it; returns the link of its first administrator. */
export async function makeAccountForOther(page: Page, origin: string, account: Account, look: Look): Promise<string> {
	await fillInAccount(page, origin, account, look);
	await page.getByRole("radio", { name: "Somebody else" }).check();
	await page.getByRole("button", { name: "Create account", exact: true }).click();
	await page.getByRole("button", { name: "Create a link" }).waitFor();
	await look(page);
	await page.getByRole("button", { name: "Create a link" }).click();
	const link = page.locator("#invitation-link");
	await link.waitFor();
	await look(page);
	return link.innerText();
}

async function fillInAccount(page: Page, origin: string, { name, slug }: Account, look: Look): Promise<void> {
	await page.goto(`${origin}/operator`);
	await look(page);
	await (await navigation(page)).getByRole("link", { name: "Accounts" }).click();
	await look(page);
	await page.getByRole("link", { name: "Create account" }).click();
	await page.getByLabel("Account name").fill(name);
	await page.getByLabel("Short name").fill(slug);
	await look(page);
}

/** By an operator. */
export async function suspend(page: Page, origin: string, { slug }: Account, look: Look): Promise<void> {
	await page.goto(`${origin}/operator/accounts/${slug}`);
	await look(page);
	await page.getByRole("link", { name: "Suspend" }).click();
	await look(page);
	await page.getByRole("button", { name: "Suspend this account" }).click();
	await page.getByRole("button", { name: "Reinstate" }).waitFor();
	await look(page);
}

export interface WantedApi {
	readonly name: string;
	readonly identifier: string;
	readonly permissions: readonly string[];
}

export interface MadeClient {
	readonly id: string;
	readonly secret: string;
}

/** With permissions that members have and that software may ask for by itself. Returns the client that serves it. */
export async function registerApi(page: Page, base: string, api: WantedApi, look: Look): Promise<MadeClient> {
	await page.goto(`${base}/apis`);
	await look(page);
	await page.getByRole("link", { name: "Register an API" }).click();
	await page.getByLabel("Identifier").fill(api.identifier);
	await page.getByLabel("Name", { exact: true }).fill(api.name);
	await look(page);
	await page.getByRole("button", { name: "Register the API" }).click();
	await page.getByText("It is registered.").waitFor();
	await look(page);
	for (const [index, name] of api.permissions.entries()) {
		if (index > 0) await page.getByRole("button", { name: "Add another" }).click();
		const row = page.locator("fieldset.permission-row").last();
		await row.getByLabel("Name", { exact: true }).fill(name);
		await row.getByLabel("What people read").fill(`May do ${name}`);
		await row.getByLabel("Members have it").check();
		await row.getByLabel("Software that registered itself").check();
	}
	await look(page);
	await page.getByRole("button", { name: "Save permissions" }).click();
	await page.getByText("Saved.").waitFor();
	const place = new URL(page.url()).pathname;
	await look(page);

	await page.getByRole("link", { name: "Choose the clients that serve it" }).click();
	await look(page);
	await page.getByRole("link", { name: "Create a client for a server" }).click();
	await page.getByLabel("Name", { exact: true }).fill(`${api.name} server`);
	await look(page);
	await page.getByRole("button", { name: "Create client" }).click();
	await page.locator("#client-secret").waitFor();
	await look(page);
	const made = {
		id: await page.locator("#client-id").innerText(),
		secret: await page.locator("#client-secret").innerText(),
	};
	await page.goto(new URL(place, page.url()).href);
	await page.getByText(made.id).waitFor();
	return made;
}

export async function makePolicy(page: Page, base: string, name: string, permission: string, look: Look) {
	await page.goto(`${base}/policies/new`);
	await page.getByLabel("Name").fill(name);
	await page.getByLabel("Description").fill("Made by hand");
	await page.locator(`input[name="permissions:${permission}"]`).check();
	await look(page);
	await page.getByRole("button", { name: "Create policy" }).click();
	await page.getByText("The policy was created.").waitFor();
}

export interface MadeKey {
	readonly id: string;
	readonly secret: string;
}

/** With one policy and one code. */
export async function makeKey(page: Page, base: string, name: string, policy: string, look: Look): Promise<MadeKey> {
	await page.goto(`${base}/keys/new`);
	await page.getByLabel("Name").fill(name);
	await page.getByRole("checkbox", { name: policy }).check();
	await page.getByRole("button", { name: "Create API key" }).click();
	await page.getByText("The API key was created.").waitFor();
	await look(page);
	const id = await page.locator("#key-id").innerText();
	await page.getByRole("link", { name: "Access codes" }).click();
	await page.getByLabel("Description").fill(name);
	await page.getByRole("button", { name: "Create access code" }).click();
	await page.getByText("The access code was created.").waitFor();
	await look(page);
	return { id, secret: await page.locator("#secret").innerText() };
}

async function fillInPerson(page: Page, { name, username, password }: NamedPerson): Promise<void> {
	await page.getByLabel("Your name").fill(name);
	await page.getByRole("textbox", { name: "User name" }).fill(username);
	await page.getByLabel("Password").fill(password);
}
