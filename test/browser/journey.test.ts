import { auth, UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { describe, expect, test } from "vitest";
import { createMcpProvider, type MemoryProvider } from "../peers/mcp-client.ts";
import { startMcpServer } from "../peers/mcp-server.ts";
import * as byHand from "./by-hand.ts";
import { stage } from "./stage.ts";

// From nothing to an API of a company's own and to its end, as the people of a new deployment do it.

const office = { name: "Bureau of Counting", slug: "bureau" };
const company = { name: "Harvest Works", slug: "harvest" };
const operator = { name: "Ida Rhodes", username: "ida", password: "violet lanterns at noon" };
const administrator = { name: "Joan Clarke", username: "joan", password: "seven quiet harbours" };

describe.each(byHand.browsers)("a browser, %o", (browser) => {
	const on = stage("alone", byHand.nothingMade);
	const site = byHand.clientsSite();
	const look = byHand.lookIn(browser);

	test(
		"set up, a second account, an invitation, an API, a key, an application that steps up, a suspension",
		{
			timeout: 300_000,
		},
		async () => {
			const { page: idas, violations } = await on.open(browser);
			await byHand.setUp(idas, on.origin, office, operator, look);
			await byHand.makeAccount(idas, on.origin, company, look);
			const base = `${on.origin}/console/${company.slug}`;
			const { page } = await on.open(browser);
			const link = await byHand.invite(idas, base, "Administrator", "For Joan", look);
			await byHand.joinAsNew(page, link, administrator, look);

			// The company's MCP server is an API of its own, and has an id by which it asks.
			const metadata = await fetch(`${on.origin}/.well-known/oauth-authorization-server`);
			const notes = await startMcpServer(await metadata.json(), {
				required: "notes:read",
				tools: { add_note: "notes:write" },
			});
			try {
				const permissions = ["notes:read", "notes:write", "notes:delete"];
				const api = { name: "Notes", identifier: notes.url.href, permissions };
				const server = await byHand.registerApi(page, base, api, look);

				await byHand.makePolicy(page, base, "Readers of notes", "notes:read", look);
				const key = await byHand.makeKey(page, base, "Night shift", "Readers of notes", look);
				const verify = () => verdictOn(key.secret, server);
				expect(await verify()).toMatchObject([200, { valid: true, permissions: ["notes:read"] }]);

				const logIn = async () =>
					(
						await fetch(`${on.origin}/auth/login`, {
							method: "POST",
							body: new URLSearchParams({ api_key: key.secret }),
						})
					).status;
				expect(await logIn()).toBe(200);

				const provider = createMcpProvider({ redirect: site.redirect() });
				const first = await toolAfterConsent("whoami", provider);
				expect(first).toMatchObject({ aud: notes.url.href, scope: "notes:read" });
				const { refresh_token: _, ...kept } = provider.stored();
				await provider.saveTokens(kept);
				const second = await toolAfterConsent("add_note", provider);
				expect(second).toMatchObject({ sub: first.sub, scope: "notes:read notes:write" });
				await page.goto(`${base}/my-access`);
				await look(page);
				expect(await page.getByRole("row").filter({ hasText: "MCP interop" }).count()).toBe(1);

				await byHand.suspend(idas, on.origin, company, look);
				// At once where it was done, and within 30 seconds elsewhere.
				await expect.poll(async () => (await verify())[0], { timeout: 40_000 }).toBe(401);
				expect(await logIn()).toBe(403);
				const token = provider.stored();
				const client_id = (await provider.clientInformation())?.client_id ?? "";
				const refresh = { grant_type: "refresh_token", refresh_token: token.refresh_token ?? "", client_id };
				const refused = await fetch(`${on.origin}/oauth/token`, { method: "POST", body: new URLSearchParams(refresh) });
				expect([refused.status, await refused.json()]).toMatchObject([400, { error: "invalid_grant" }]);
				const opened = await page.goto(base);
				expect(opened?.status()).toBeGreaterThanOrEqual(400);
				await look(page);
				expect(violations).toEqual([]);
			} finally {
				await notes.close();
			}

			/** The SDK calls a tool, is refused, and sends the person to agree; then it calls again. */
			async function toolAfterConsent(tool: string, provider: MemoryProvider): Promise<Record<string, unknown>> {
				await expect(called(tool, provider)).rejects.toThrow(UnauthorizedError);
				await page.goto(provider.authorizationUrl().href);
				await page.getByRole("button", { name: "Allow", exact: true }).waitFor();
				await look(page);
				await page.getByRole("button", { name: "Allow", exact: true }).click();
				await page.getByText("Thank you, you can go on").waitFor();
				const authorizationCode = (await site.arrival()).searchParams.get("code") ?? "";
				expect(await auth(provider, { serverUrl: notes.url, authorizationCode })).toBe("AUTHORIZED");
				return called(tool, provider);
			}

			async function called(tool: string, provider: MemoryProvider): Promise<Record<string, unknown>> {
				const client = new Client({ name: "journey", version: "1.0.0" });
				await client.connect(new StreamableHTTPClientTransport(notes.url, { authProvider: provider }));
				try {
					const { content } = await client.callTool({ name: tool });
					const [{ text }] = content as [{ text: string }];
					return JSON.parse(text);
				} finally {
					await client.close();
				}
			}
		},
	);

	async function verdictOn(key: string, { id, secret }: byHand.MadeClient): Promise<[status: number, body: unknown]> {
		const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;
		const answer = await fetch(`${on.origin}/v1/keys/verify`, {
			method: "POST",
			headers: { authorization, "content-type": "application/json" },
			body: JSON.stringify({ key }),
		});
		return [answer.status, await answer.json()];
	}
});
