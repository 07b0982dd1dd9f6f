import { execFile } from "node:child_process";
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { request as askByHttps } from "node:https";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openTab, startBrowser, type Tab } from "../../peers/browser.ts";
import { type Certificates, makeCertificates } from "../../peers/certificates.ts";
import { freePort } from "../../runners/free-port.ts";
import { type RunningWorker, startWorker } from "../../runners/start-worker.ts";
import { temporaryFolder } from "../../runners/temporary-folder.ts";
import { makeSite, relyingParty, reverseProxy } from "./sites.ts";
import { type Apache, startApache } from "./start-apache.ts";

// Debian's libapache2-mod-auth-openidc, as it is, with latchkey behind a reverse proxy and nothing made by clicking.

const password = "a password of their own";
const aboutPeople = ["openid", "profile", "email", "offline_access"];
const scopes = [...aboutPeople, "events:read"];
/** What the usual site guards by access tokens. The module sends no `resource`: its client asks for this by default. */
const files = { identifier: "https://files.example/api", scopes: [...aboutPeople, "files:read"] };

describe.each([
	{ where: "at the root of a host", base: "" },
	{ where: "at a path of a host", base: "/id" },
])("latchkey behind Apache, $where", ({ base }) => {
	let folder: string;
	let certificates: Certificates;
	let issuer: string;
	let worker: RunningWorker;
	let proxy: Apache;
	let parties: Apache;
	let browser: Browser;
	let relay: Relay;
	const sites = { usual: 0, unusual: 0, stranger: 0 };
	const tabs: Tab[] = [];

	beforeAll(async () => {
		folder = await temporaryFolder();
		await chmod(folder, 0o755); // Apache gives up being root
		certificates = await makeCertificates(folder);
		await makeSite(join(folder, "site"));
		for (const name of ["usual", "unusual", "stranger"] as const) sites[name] = await freePort();
		const [port, workerPort] = [await freePort(), await freePort()];
		issuer = `https://localhost:${port}${base}`;
		const setupSecret = randomBytes(24).toString("hex");
		worker = await startWorker({
			port: workerPort,
			variables: {
				ISSUER: issuer,
				SEAL_KEYS: `1:${randomBytes(32).toString("base64url")}`,
				DEMO_DATA: null,
				SETUP_SECRET: setupSecret,
				REGISTRATION: "open",
			},
		});
		proxy = await startApache(join(folder, "proxy"), reverseProxy(port, workerPort, certificates));
		relay = await startRelay(`${origin("unusual")}/private/callback?logout=backchannel`, certificates.ca);
		const clients = await provision(setupSecret);
		parties = await startApache(join(folder, "parties"), await relyingParties(clients));
		browser = await startBrowser();
	});
	afterEach(async () => {
		await Promise.all(tabs.splice(0).map((tab) => tab.close()));
	});
	afterAll(async () => {
		await Promise.all([browser?.close(), relay?.close(), parties?.stop(), proxy?.stop(), worker?.stop()]);
		await rm(folder, { recursive: true, force: true });
	});

	test("code flow with PKCE, RS256, client_secret_basic: claims of the id_token and of UserInfo reach the page", async () => {
		const page = await open();
		await logIn(page, "usual");
		expect(await claimsOn(page)).toMatchObject({
			preferred_username: "ida",
			name: "Ida Rhodes",
			email: "ida@example.com",
			iss: issuer,
			acr: "pwd",
		});
	});

	test("form_post, PS256, client_secret_post: the same person has the same sub", async () => {
		const page = await open();
		await logIn(page, "usual");
		const { sub } = await claimsOn(page);
		// Signed in at latchkey already: only the consent is asked for.
		await page.goto(`${origin("unusual")}/private/`);
		await page.getByRole("button", { name: "Allow" }).click();
		await page.getByRole("heading", { name: "Private" }).waitFor();
		expect((await claimsOn(page)).sub).toBe(sub);
	});

	test("refresh by the module's own hook: another access token, and the session goes on", async () => {
		const page = await open();
		await logIn(page, "usual");
		const before = await session(page);
		const back = `${origin("usual")}/private/`;
		const query = new URLSearchParams({ refresh: back, access_token: before.access_token });
		await page.goto(`${origin("usual")}/private/callback?${query}`);
		expect(page.url()).toBe(back);
		const after = await session(page);
		expect(after.access_token).not.toBe(before.access_token);
		expect(after.userinfo.sub).toBe(before.userinfo.sub);
	});

	test("RFC 7662: the module as a resource server, under an id of its own, takes the access token, and none that was damaged", async () => {
		const page = await open();
		await logIn(page, "usual");
		const { access_token: token } = await session(page);
		const ask = (bearer: string) =>
			page.request.get(`${origin("usual")}/api/`, { headers: { authorization: `Bearer ${bearer}` } });
		const answer = await ask(token);
		expect(answer.status()).toBe(200);
		expect((await answer.text()).split(" ")).toContain("files:read");
		expect((await ask(`${token.slice(0, -4)}AAAA`)).status()).toBe(401);
	});

	test("RP-Initiated Logout: asks, ends both sessions, and comes back", async () => {
		const page = await open();
		await logIn(page, "usual");
		const welcome = `${origin("usual")}/`;
		await page.goto(`${origin("usual")}/private/callback?${new URLSearchParams({ logout: welcome })}`);
		expect(new URL(page.url()).origin).toBe(new URL(issuer).origin);
		await page.getByRole("button", { name: "Sign out" }).click();
		await page.getByRole("heading", { name: "Welcome" }).waitFor();
		expect(page.url()).toBe(welcome);
		// Nothing is left: neither the site nor latchkey knows the person any more.
		await page.goto(`${origin("usual")}/private/`);
		await page.getByLabel("Password").waitFor();
	});

	test("Back-Channel Logout: signed out at latchkey, the site that was not asked knows the person no more", async () => {
		const page = await open();
		await logIn(page, "unusual");
		const told = relay.answers.length;
		await page.goto(`${issuer}/oauth/logout`);
		await page.getByRole("button", { name: "Sign out" }).click();
		await page.getByRole("heading", { name: "You are signed out" }).waitFor();
		await expect.poll(() => relay.answers.slice(told), { timeout: 20_000 }).toEqual([200]);
		await page.goto(`${origin("unusual")}/private/`);
		await page.getByLabel("Password").waitFor();
	});

	test("RFC 7591: the module registers itself from nothing but the issuer, and logs in", async () => {
		const page = await open();
		await page.goto(`${origin("stranger")}/private/`);
		// The module's own page: it has no provider, and asks for one.
		await page.locator("input[type=text]").fill(issuer);
		await page.locator("input[type=submit]").click();
		await signIn(page);
		// Nobody vouches for it: the page says where the person would go.
		await page.getByText(`127.0.0.1:${sites.stranger}`).first().waitFor();
		await page.getByRole("button", { name: "Allow" }).click();
		await page.getByRole("heading", { name: "Private" }).waitFor();
		expect(await claimsOn(page)).toMatchObject({ iss: issuer, name: "Ida Rhodes" });
	});

	test("nothing was refused, failed or crashed, but for the damaged token", () => {
		const errors = `${proxy.output()}${parties.output()}`.split("\n").filter((line) => line.includes(":error]"));
		expect(errors.filter((line) => !line.includes("oidc_oauth_"))).toEqual([]);
		expect(worker.output()).not.toMatch(/error/i);
	});

	function origin(site: keyof typeof sites): string {
		return `https://127.0.0.1:${sites[site]}`;
	}

	/** Chromium has a store of authorities of its own: what it would say of ours is not what is tested. */
	async function open(): Promise<Page> {
		const tab = await openTab(browser, { ignoreHTTPSErrors: true });
		tabs.push(tab);
		return tab.page;
	}

	async function logIn(page: Page, site: keyof typeof sites): Promise<void> {
		await page.goto(`${origin(site)}/private/`);
		await signIn(page);
		await page
			.getByRole("button", { name: "Allow" })
			.or(page.getByRole("heading", { name: "Private" }))
			.waitFor();
		// A consent that was given before is remembered.
		if (!page.url().startsWith(origin(site))) await page.getByRole("button", { name: "Allow" }).click();
		await page.getByRole("heading", { name: "Private" }).waitFor();
	}

	async function session(page: Page): Promise<{ access_token: string; userinfo: { sub: string } }> {
		const answer = await page.request.get(`${origin("usual")}/private/callback?info=json`);
		return answer.json();
	}

	/** By `npm run provision`: the ids and secrets, by name. */
	async function provision(setupSecret: string): Promise<Record<string, { id: string; secret: string }>> {
		const client = (name: string, site: keyof typeof sites, more: object) => ({
			name,
			kind: "application",
			redirect_urls: [`${origin(site)}/private/callback`],
			scopes,
			...more,
		});
		const { identifier } = files;
		const permissions = [{ name: "files:read", title: "Read files" }];
		const plan = {
			account: { name: "Census", slug: "census" },
			person: { name: "Ida Rhodes", username: "ida", password, profile: { email: "ida@example.com" } },
			apis: [{ identifier, name: "Files", permissions, servers: ["files server"] }],
			clients: [
				client("files server", "usual", { scopes: ["openid"] }),
				client("usual", "usual", {
					scopes: files.scopes,
					default_resource: identifier,
					require_pkce: true,
					post_logout_redirect_urls: [`${origin("usual")}/`],
				}),
				client("unusual", "unusual", {
					id_token_signed_response_alg: "PS256",
					backchannel_logout_uri: relay.uri,
					scopes: scopes.filter((each) => each !== "offline_access"),
				}),
			],
		};
		const file = join(folder, "plan.json");
		await writeFile(file, JSON.stringify(plan));
		const { stdout } = await promisify(execFile)(process.execPath, ["scripts/provision.ts", file, "--at", issuer], {
			env: { ...process.env, SETUP_SECRET: setupSecret, NODE_EXTRA_CA_CERTS: certificates.files.ca },
		});
		const made: { clients: { name: string; client_id: string; client_secret: string }[] } = JSON.parse(stdout);
		return Object.fromEntries(
			made.clients.map(({ name, client_id: id, client_secret: secret }) => [name, { id, secret }]),
		);
	}

	async function relyingParties(clients: Record<string, { id: string; secret: string }>): Promise<string> {
		const configured = (name: string) => ({
			OIDCProviderMetadataURL: `${issuer}/.well-known/openid-configuration`,
			OIDCClientID: clients[name]?.id ?? "",
			OIDCClientSecret: clients[name]?.secret ?? "",
		});
		const metadata = join(folder, "metadata");
		await mkdir(metadata);
		await chmod(metadata, 0o777);
		const directives = {
			usual: {
				...configured("usual"),
				OIDCProviderTokenEndpointAuth: "client_secret_basic",
				OIDCPKCEMethod: "S256", // it sends none unless told; the others are as they come
				OIDCOAuthIntrospectionEndpoint: `${issuer}/oauth/introspect`,
				OIDCOAuthClientID: clients["files server"]?.id ?? "",
				OIDCOAuthClientSecret: clients["files server"]?.secret ?? "",
				OIDCScope: `"${files.scopes.join(" ")}"`,
			},
			unusual: {
				...configured("unusual"),
				OIDCProviderTokenEndpointAuth: "client_secret_post",
				OIDCResponseMode: "form_post",
				OIDCIDTokenSignedResponseAlg: "PS256",
			},
			stranger: { OIDCMetadataDir: metadata },
		};
		return (["usual", "unusual", "stranger"] as const)
			.map((name) =>
				relyingParty({ port: sites[name], directives: directives[name] }, join(folder, "site"), certificates),
			)
			.join("");
	}
});

interface Relay {
	readonly uri: string;
	/** What the module answered. */
	readonly answers: readonly number[];
	close(): Promise<void>;
}

/** To a site whose certificate is of an authority that workerd has never heard of. */
async function startRelay(to: string, ca: string): Promise<Relay> {
	const answers: number[] = [];
	const server = createServer((request, response) => {
		const { "content-type": type, "content-length": length } = request.headers;
		const headers = { ...(type !== undefined && { "content-type": type }), "content-length": length ?? "0" };
		const passed = askByHttps(to, { method: request.method ?? "", headers, ca }, (answer) => {
			answers.push(answer.statusCode ?? 0);
			response.writeHead(answer.statusCode ?? 502);
			answer.pipe(response);
		});
		request.pipe(passed);
	});
	const port = await freePort();
	await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
	return {
		uri: `http://127.0.0.1:${port}/logout`,
		answers,
		close: () => new Promise((resolve) => server.close(() => resolve())),
	};
}

async function signIn(page: Page): Promise<void> {
	await page.getByLabel("User name").fill("ida");
	await page.getByLabel("Password").fill(password);
	await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

async function claimsOn(page: Page): Promise<Record<string, string>> {
	const claims: Record<string, string> = {};
	for (const value of await page.locator("dd").all()) {
		claims[(await value.getAttribute("id")) ?? ""] = (await value.textContent()) ?? "";
	}
	return claims;
}
