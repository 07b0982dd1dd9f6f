// `npm run pictures`: the console's pictures in the README, of the demonstration data with some use of it. Needs `npm run build` before it.
import { mkdirSync } from "node:fs";
import type { Page } from "playwright-core";
import { openTab, startBrowser } from "../test/peers/browser.ts";
import { startOnNode } from "../test/runners/start-serve.ts";
import { demo } from "../test/support/demo-world.ts";

const others = [
	["Metrics export", "metrics", "production"],
	["Deploy pipeline", "ci"],
	["Status page", "production"],
	["Data warehouse", "metrics", "nightly"],
	["On-call dashboard", "production"],
] as const;

const size = { width: 1280, height: 800 };
mkdirSync("docs/pictures", { recursive: true });
const server = await startOnNode();
const browser = await startBrowser();
try {
	const token = await use();
	const { page } = await openTab(browser, { viewport: size, colorScheme: "light" });
	await page.goto(`${server.origin}/integrations/${demo.integration.id}`);
	await signIn(page);
	await picture(page, "install");
	await page.goto(`${server.origin}/console/acme/keys`);
	await picture(page, "api-keys");
	await page.goto(`${server.origin}/console/acme/keys/${await keyOf(token)}/codes`);
	await picture(page, "access-codes");
} finally {
	await browser.close();
	await server.stop();
}

/** Of the demonstration's key: what an hour of it looks like. */
async function use(): Promise<string> {
	let token = "";
	for (let time = 0; time < 12; time++) {
		const answer = await send("POST", "/auth/login", { api_key: demo.accessCode, session_id: `report-${time % 8}` });
		token = String(answer.access_token);
		await send("GET", "/oauth/environments", undefined, token);
		if (time % 9 === 0) await send("POST", "/auth/login", { api_key: `${demo.accessCode.slice(0, -4)}0000` });
	}
	const own = String((await send("POST", "/auth/login", { ...demo.ada, account: "acme" })).access_token);
	for (const [name, ...tags] of others) await send("POST", "/v1/keys", { name, tags, policies: [] }, own);
	return own;
}

async function keyOf(token: string): Promise<string> {
	const found = await send("GET", "/v1/keys?q=Nightly", undefined, token);
	return (found.keys as readonly { readonly id: string }[])[0]?.id ?? "";
}

async function send(
	method: string,
	path: string,
	body?: object,
	token?: string,
): Promise<Readonly<Record<string, unknown>>> {
	const response = await fetch(server.origin + path, {
		method,
		headers: { "content-type": "application/json", ...(token !== undefined && { authorization: `Bearer ${token}` }) },
		...(body && { body: JSON.stringify(body) }),
	});
	return (await response.json()) as Readonly<Record<string, unknown>>;
}

async function signIn(page: Page): Promise<void> {
	await page.getByLabel("User name").fill(demo.ada.username);
	await page.getByLabel("Password", { exact: true }).fill(demo.ada.password);
	await page.getByRole("button", { name: "Sign in", exact: true }).click();
	await page.getByRole("button", { name: "Install" }).waitFor();
}

async function picture(page: Page, name: string): Promise<void> {
	await page.waitForLoadState("load");
	await page.screenshot({ path: `docs/pictures/${name}.png` });
}
