import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { openTab, startBrowser, type Tab } from "../peers/browser.ts";
import { type CallbackServer, demoPort, startCallbackServer } from "../peers/callback-server.ts";
import { demo } from "../support/demo-world.ts";
import { challenged } from "../support/pkce.ts";
import type { SignInDetails } from "../support/person.ts";
import { freePort } from "../runners/free-port.ts";
import { type RunningWorker, startWorker, type WorkerOptions } from "../runners/start-worker.ts";

/** What every browser test plays on: the Worker, the integrator's web server, and a browser. */
export interface Stage {
	readonly origin: string;
	readonly callback: CallbackServer;
	/** A fresh profile, closed after the test. */
	open(options?: BrowserContextOptions): Promise<Tab>;
	/** The same, with a session of this person in it. */
	openSignedIn(who: SignInDetails, options?: BrowserContextOptions): Promise<Tab>;
	/** What a program gets for JSON. */
	post<Body>(path: string, body: object, token?: string): Promise<Body>;
}

/**
 * For the top of a test file, or of a `describe`. What it returns may be used inside tests only. `alone`: without the integrator's
 * web server. Files run beside each other, so that each has one of its own, which its browser finds at the port of them all.
 */
export function stage(alone: "alone" | null = null, of: Pick<WorkerOptions, "variables"> = {}): Stage {
	let worker: RunningWorker | undefined;
	let callback: CallbackServer | undefined;
	let browser: Browser | undefined;
	const tabs: Tab[] = [];
	const sessions = new Map<string, NonNullable<BrowserContextOptions["storageState"]>>();
	beforeAll(async () => {
		const port = await freePort();
		callback = alone ? undefined : await startCallbackServer(port);
		[worker, browser] = await Promise.all([startWorker(of), startBrowser({ [demoPort]: port })]);
	});
	afterEach(async () => {
		await Promise.all(tabs.splice(0).map((tab) => tab.close()));
	});
	afterAll(async () => {
		await Promise.all([worker?.stop(), browser?.close(), callback?.close()]);
	});
	async function open(options?: BrowserContextOptions): Promise<Tab> {
		const tab = await openTab(there(browser), options);
		tabs.push(tab);
		return tab;
	}

	/** A sign-in costs a password hash, so that one has to do for a file. */
	async function sessionOf(who: SignInDetails) {
		const { page, context } = await open();
		await page.goto(`${there(worker).origin}/sign-in`);
		await signIn(page, who);
		await signedIn(page);
		return context.storageState();
	}

	return {
		get origin() {
			return there(worker).origin;
		},
		get callback() {
			return there(callback);
		},
		open,
		async openSignedIn(who, options) {
			const storageState = sessions.get(who.username) ?? (await sessionOf(who));
			sessions.set(who.username, storageState);
			return open({ ...options, storageState });
		},
		async post<Body>(path: string, body: object, token?: string) {
			const answer = await fetch(there(worker).origin + path, {
				method: "POST",
				headers: {
					"content-type": "application/json",
					...(token !== undefined && { authorization: `Bearer ${token}` }),
				},
				body: JSON.stringify(body),
			});
			const text = await answer.text();
			if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
			const read: Body = JSON.parse(text);
			return read;
		},
	};
}

function there<Value>(value: Value | undefined): Value {
	if (value === undefined) throw new Error("The stage is there inside tests only");
	return value;
}

export function installLink(origin: string): string {
	return `${origin}/integrations/${demo.integration.id}?state=s%20t`;
}

export function authorizeLink(origin: string): string {
	const url = new URL("/oauth/authorize", origin);
	url.search = new URLSearchParams({
		response_type: "code",
		client_id: demo.nativeApp.id,
		redirect_uri: demo.nativeApp.redirectUri,
		state: "s t",
		...challenged,
	}).toString();
	return url.href;
}

/** In the console: the account's menu stands at its top, wherever one is. */
export async function signedIn(page: Page): Promise<void> {
	await accountMenu(page).waitFor();
}

/** From the console. */
export async function signOut(page: Page): Promise<void> {
	await accountMenu(page).click();
	await page.getByRole("button", { name: "Sign out", exact: true }).click();
}

/** The ways to the console's pages: on a phone a button opens them. */
export async function navigation(page: Page): Promise<Locator> {
	const menu = page.getByRole("button", { name: "Menu", exact: true });
	if (await menu.isVisible()) await menu.click();
	return page.getByRole("navigation", { name: "Console" });
}

export function accountMenu(page: Page): Locator {
	return page.getByRole("banner").getByRole("button", { name: /^Account/ });
}

export async function signIn(page: Page, { username, password }: SignInDetails): Promise<void> {
	await page.getByLabel("User name").fill(username);
	await page.getByLabel("Password").fill(password);
	await page.getByRole("button", { name: "Sign in", exact: true }).click();
}
