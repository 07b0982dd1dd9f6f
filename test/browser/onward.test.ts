import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OnwardServer, startOnwardServer } from "../peers/onward-server.ts";
import { demo } from "../support/demo-world.ts";
import { challenged } from "../support/pkce.ts";
import { signedIn, signIn, stage } from "./stage.ts";

const on = stage();

// Chromium and Safari hold every redirect that follows a form to `form-action` of the page that the form stood on: those of the
// client as well. Claude, Cursor and other desktop applications are answered at an https callback that leads on to them by 307, as
// `https://claude.ai/api/mcp/auth_callback` to `claude://claude.ai/settings/connectors` (PrefectHQ/fastmcp issue 3369 of March 2026).
const destinations: Record<string, string> = {
	"a private-use scheme": "claude://callback?code=handed-on",
	"http on loopback": "http://localhost:8788/portal",
	"https elsewhere": "https://onward.example/done",
};
const names = Object.keys(destinations);

let client: OnwardServer;
/** Registered by an administrator: an application, and an integration for each destination, whose first URL is its only one. */
const clients: { application?: string; popup?: string; readonly integrations: Record<string, string> } = {
	integrations: {},
};

beforeAll(async () => {
	client = await startOnwardServer(destinations);
	const urls = names.map((name) => client.callback(name));
	const more = { post_logout_redirect_urls: urls, scopes: ["events:read"] };
	clients.application = await register({
		kind: "application",
		name: "Onward",
		redirect_urls: urls,
		...more,
	});
	const opener = { name: "Popup", redirect_urls: [client.callback("opener")] };
	clients.popup = await register({ kind: "application", ...opener, ...more });
	for (const [index, name] of names.entries()) {
		const redirect_urls = urls.slice(index, index + 1);
		clients.integrations[name] = await register({ name: `Onward to ${name}`, redirect_urls, scopes: ["events:read"] });
	}
});
afterAll(() => client.close());

async function register(body: object): Promise<string> {
	const { username, password } = demo.ada;
	const login = { username, password, account: "acme" };
	const { access_token: token } = await on.post<{ access_token: string }>("/auth/login", login);
	return (await on.post<{ client_id: string }>("/v1/integrations", body, token)).client_id;
}

function authorizeLink(name: string, query: Record<string, string> = {}): string {
	return linkTo(client.callback(name), query);
}

function linkTo(redirectUri: string, query: Record<string, string> = {}): string {
	return `${on.origin}/oauth/authorize?${new URLSearchParams({
		response_type: "code",
		client_id: clients.application ?? "",
		redirect_uri: redirectUri,
		state: "s",
		...challenged,
		...query,
	}).toString()}`;
}

/** Does something that answers the client, and waits until the browser is, or tries to be, where the client leads on to. */
async function leadsTo(page: Page, name: string, act: () => Promise<void>): Promise<void> {
	const url = destinations[name] ?? "";
	// No program here takes the one, no server the other: the browser gives up, having got there.
	const there = page.waitForRequest((request) => request.url().startsWith(url));
	await act();
	await there;
}

async function press(page: Page, button: string): Promise<void> {
	await page.getByRole("button", { name: button, exact: true }).click();
}

// With a certificate of its own the client's server is as good as any.
const options = { ignoreHTTPSErrors: true };

describe.each([{ javaScriptEnabled: true }, { javaScriptEnabled: false }])("a browser, %o", (browser) => {
	describe.each(names)("a client's callback that leads on to %s is not stopped by the policy of the page", (name) => {
		test("of consent", async () => {
			const { page, violations } = await on.openSignedIn(demo.ada, { ...options, ...browser });
			await page.goto(authorizeLink(name, { prompt: "consent" }));
			await leadsTo(page, name, () => press(page, "Allow"));
			expect(client.seen.at(-1)).toMatch(/^GET .*code=lkc_/);
			expect(violations).toEqual([]);
		});

		test("of consent that is denied", async () => {
			const { page, violations } = await on.openSignedIn(demo.ada, { ...options, ...browser });
			await page.goto(authorizeLink(name, { prompt: "consent" }));
			await leadsTo(page, name, () => press(page, "Deny"));
			expect(client.seen.at(-1)).toMatch(/^GET .*error=access_denied/);
			expect(violations).toEqual([]);
		});

		test("of sign-in, where the person agreed before", async () => {
			const before = await on.openSignedIn(demo.ada, { ...options, ...browser });
			await before.page.goto(authorizeLink(name, { prompt: "consent" }));
			await leadsTo(before.page, name, () => press(before.page, "Allow"));

			const { page, violations } = await on.open({ ...options, ...browser });
			await page.goto(authorizeLink(name));
			// A wrong password first: the page that shows the error is another.
			await signIn(page, { ...demo.ada, password: "not her password" });
			await page.getByRole("alert").waitFor();
			await leadsTo(page, name, () => signIn(page, demo.ada));
			expect(client.seen.at(-1)).toMatch(/^GET .*code=lkc_/);
			expect(violations).toEqual([]);
		});

		test("of an answer by form_post", async () => {
			const { page, violations } = await on.openSignedIn(demo.ada, { ...options, ...browser });
			await page.goto(authorizeLink(name, { prompt: "consent", response_mode: "form_post" }));
			await leadsTo(page, name, async () => {
				await press(page, "Allow");
				if (!browser.javaScriptEnabled) await press(page, "Go on");
			});
			expect(client.seen.at(-1)).toMatch(/^POST /);
			expect(violations).toEqual([]);
		});

		test("of the installation of an integration", async () => {
			const { page, violations } = await on.openSignedIn(demo.ada, { ...options, ...browser });
			await page.goto(`${on.origin}/integrations/${clients.integrations[name]}`);
			await leadsTo(page, name, () => press(page, "Install"));
			expect(client.seen.at(-1)).toMatch(/^GET .*code=lkc_/);
			expect(violations).toEqual([]);
		});

		test("of logout", async () => {
			const { page, violations } = await on.open({ ...options, ...browser });
			await page.goto(`${on.origin}/sign-in`);
			await signIn(page, demo.ada);
			await signedIn(page);
			const query = { client_id: clients.application ?? "", post_logout_redirect_uri: client.callback(name) };
			await page.goto(`${on.origin}/oauth/logout?${new URLSearchParams(query).toString()}`);
			await leadsTo(page, name, () => press(page, "Sign out"));
			expect(violations).toEqual([]);
		});
	});
});

test("a client on loopback may lead on to https, and back to a program of its own", async () => {
	for (const to of ["https://onward.example/done", "claude://callback?code=handed-on"]) {
		const { page, violations } = await on.openSignedIn(demo.ada);
		on.callback.leadOn(to);
		const link = new URL("/oauth/authorize", on.origin);
		link.search = new URLSearchParams({
			response_type: "code",
			client_id: demo.nativeApp.id,
			redirect_uri: demo.nativeApp.redirectUri,
			...challenged,
		}).toString();
		await page.goto(link.href);
		const there = page.waitForRequest((request) => request.url().startsWith(to));
		await press(page, "Allow");
		await there;
		await on.callback.next();
		expect(violations).toEqual([]);
	}
});

test("Cursor, which registers itself, is answered at its own scheme, whichever button is pressed", async () => {
	const redirectUri = "cursor://anysphere.cursor-mcp/oauth/callback";
	const body = { client_name: "Cursor", redirect_uris: [redirectUri], token_endpoint_auth_method: "none" };
	const { client_id: id } = await on.post<{ client_id: string }>("/oauth/register", body);
	for (const button of ["Deny", "Allow"]) {
		const { page, violations } = await on.openSignedIn(demo.ada);
		await page.goto(linkTo(redirectUri, { client_id: id, scope: "events:read" }));
		const there = page.waitForRequest((request) => request.url().startsWith(`${redirectUri}?`));
		await press(page, button);
		expect((await there).url()).toContain(button === "Allow" ? "code=lkc_" : "error=access_denied");
		expect(violations).toEqual([]);
	}
});

describe("a client that asks in a window of its own, as signinPopup() of oidc-client-ts does", () => {
	test("its callback finds the page that opened the window, after sign-in and consent", async () => {
		const { page, context } = await on.open(options);
		await page.goto(`${client.origin}/application`);
		const opened = context.waitForEvent("page");
		const told = page.evaluate(
			(url) => {
				const heard = new Promise<string>((resolve) => {
					addEventListener("message", (event) => resolve(String(event.data)));
				});
				open(url);
				return heard;
			},
			linkTo(client.callback("opener"), { client_id: clients.popup ?? "" }),
		);
		const popup = await opened;
		await signIn(popup, demo.ada);
		await press(popup, "Allow");
		expect(await told).toContain("code=lkc_");
	});
});
