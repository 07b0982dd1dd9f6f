import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { demo } from "../support/demo-world.ts";
import { challenged } from "../support/pkce.ts";
import { signIn, stage } from "./stage.ts";

const on = stage("alone");

/** What would run, or open a dialog, were it not for text alone: in a tag, out of an attribute, as an address. */
const planted = `"><img src=x onerror=alert(1)><script>alert(2)</script>'-alert(3)-'`;
const most = 250;
/** So many times a page is asked for with the same parameters: a chart leads to the day before, and a log to each name and action in it. */
const alike = 2;

const timeout = 180_000;
test(
	"every page that the console leads to, with scripts planted in every name, runs none and is there",
	{ timeout },
	async () => {
		const { page, violations } = await on.openSignedIn(demo.ada);
		const stranger = await on.open();
		const dialogs: string[] = [];
		const answers = new Map<string, number>();
		for (const each of [page, stranger.page]) {
			each.on("dialog", (dialog) => {
				dialogs.push(`${each.url()}: ${dialog.message()}`);
				void dialog.dismiss();
			});
			each.on("response", (response) => {
				if (response.status() >= 500) answers.set(response.url(), response.status());
			});
		}
		let [made, posted] = [0, 0];
		const questions = (await plant()).flatMap(questionsOf);

		// Who asks, for somebody who is signed in: an installation, a consent, a logout...
		for (const path of questions) {
			answers.set(path, (await page.goto(on.origin + path))?.status() ?? 0);
			expect([path, await page.locator("h1").innerText()]).toEqual([path, expect.stringContaining(planted)]);
			made += await page.locator("img[src=x]").count();
		}
		// ... and for somebody who has to sign in first.
		for (const path of questions.filter((each) => !each.startsWith("/oauth/logout"))) {
			await stranger.page.goto(on.origin + path);
			expect([path, await stranger.page.title()]).toEqual([path, "Sign in · latchkey"]);
			await signIn(stranger.page, { username: planted, password: planted });
			await stranger.page.getByRole("alert").waitFor();
			expect(await stranger.page.getByLabel("User name").inputValue()).toBe(planted);
			expect([path, await stranger.page.locator("main").innerText()]).toEqual([path, expect.stringContaining(planted)]);
			made += await stranger.page.locator("img[src=x]").count();
		}

		const waiting = ["/console/acme/keys", "/console/acme/settings", "/operator"];
		const seen = new Set<string>();
		const shown = new Set<string>();
		for (let path = waiting.shift(); path !== undefined && seen.size < most; path = waiting.shift()) {
			if (seen.has(path) || [...seen].filter((each) => isLike(each, path)).length === alike) continue;
			seen.add(path);
			const answer = await page.goto(on.origin + path);
			// A link of ours that leads nowhere is as wrong as a script.
			answers.set(path, answer?.status() ?? 0);
			if ((await page.content()).includes("onerror=alert(1)")) shown.add(path);
			made += await page.locator("img[src=x]").count();
			for (const href of await linksOf(page)) if (!seen.has(href)) waiting.push(href);
		}

		// What answers a form shows what was typed, whether it is taken or not.
		for (const path of [...seen].filter((each) => /\/(?:new|link|profile|settings)$/.test(each))) {
			await page.goto(on.origin + path);
			const form = page.locator("main form:has(button[type=submit])").first();
			if ((await form.count()) === 0) continue;
			await form.evaluate((each: HTMLFormElement) => (each.noValidate = true));
			await form.locator("details").evaluateAll((all) => {
				for (const each of all) each.setAttribute("open", "");
			});
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
		expect([...violations, ...stranger.violations]).toEqual([]);
		expect(made).toBe(0);
		expect(posted).toBeGreaterThan(4);
		expect(seen.size).toBeGreaterThan(100);
		expect(shown.size).toBeGreaterThan(50);
		expect([...shown]).toEqual(
			expect.arrayContaining(["/console/acme/events", "/console/acme/apis", "/operator/accounts", "/operator/audit"]),
		);
	},
);

/** Whether only what is asked for of a page differs. */
function isLike(path: string, other: string): boolean {
	return path.includes("?") && path.replaceAll(/=[^&]*/g, "") === other.replaceAll(/=[^&]*/g, "");
}

/** Paths of the console, an account's and the operators', that links and forms without a change lead to. */
async function linksOf(page: Page): Promise<string[]> {
	const found = await page.evaluate(() =>
		[...document.querySelectorAll("a[href], form[method=get]")].map(
			(each) => each.getAttribute("href") ?? each.getAttribute("action") ?? "",
		),
	);
	return found
		.filter((href) => /^\/(?:console|operator|accounts\/new|docs$)/.test(href))
		.map((href) => href.split("#")[0] ?? href);
}

/** What a person is asked on behalf of a client: may it be installed, may it have this, do they want to be signed out. */
function questionsOf({ id, redirectUri, isInstalled }: Planted): readonly string[] {
	const asked = {
		response_type: "code",
		client_id: id,
		redirect_uri: redirectUri,
		...challenged,
	};
	return [
		isInstalled ? `/integrations/${id}` : `/oauth/authorize?${new URLSearchParams(asked).toString()}`,
		`/oauth/logout?client_id=${id}`,
	];
}

interface Planted {
	readonly id: string;
	readonly redirectUri: string;
	/** From its install page; the other way is an authorization request. */
	readonly isInstalled: boolean;
}

/**
 * An account, an invitation, APIs, a key with a code, a policy, an integration, and a client that registered itself, each with such a name; and events with such
 * members in an environment of their own, whose name can have nothing but letters and digits.
 */
async function plant(): Promise<readonly Planted[]> {
	const login = { username: demo.ada.username, password: demo.ada.password, account: "acme" };
	const { access_token: token } = await on.post<{ access_token: string }>("/auth/login", login);
	const policy = await on.post<{ id: string }>(
		"/v1/policies",
		{ name: planted, description: planted, permissions: ["events:read"] },
		token,
	);
	const key = await on.post<{ id: string }>(
		"/v1/keys",
		{ name: planted, tags: [planted.slice(0, 30)], policies: [policy.id] },
		token,
	);
	await on.post(`/v1/keys/${key.id}/codes`, { description: planted }, token);
	await on.post("/v1/environments", { workspace: "planted", name: "planted" }, token);
	const events = [{ message: planted }, { [planted]: planted, deeper: { [planted]: [planted] } }];
	await on.post("/v1/events?environment=planted/planted", events, token);
	await on.post("/v1/accounts", { name: planted, slug: "planted", administrator: "nobody" }, token);
	await on.post("/v1/invitations", { role: "member", note: planted }, token);
	const named = { name: planted, description: planted };
	for (const path of ["/v1/apis", "/v1/deployment/apis"]) {
		const permissions = [{ name: `of${path.replaceAll("/", ":")}`, title: planted, description: planted }];
		await on.post(path, { ...named, identifier: `https://planted.example${path}`, permissions }, token);
	}
	const redirectUri = "https://radar.example/x";
	const integration = await on.post<{ client_id: string }>(
		"/v1/integrations",
		{ name: planted, description: planted, redirect_urls: [redirectUri], scopes: ["events:read"] },
		token,
	);
	const registered = await on.post<{ client_id: string }>("/oauth/register", {
		client_name: planted,
		redirect_uris: [redirectUri],
		token_endpoint_auth_method: "none",
	});
	return [
		{ id: integration.client_id, redirectUri, isInstalled: true },
		{ id: registered.client_id, redirectUri, isInstalled: false },
	];
}
