import { demo } from "../support/demo-world.ts";
import { challenged, verified } from "../support/pkce.ts";
import type { Stage } from "./stage.ts";

const redirectUri = "https://radar.example/done";

/** What the addresses of pages name: whoever is waited for, was sent a link, or is to be removed. */
export async function makeWhatPagesShow(on: Stage) {
	const { access_token: token } = await on.post<{ access_token: string }>("/auth/login", {
		...demo.ada,
		account: "acme",
	});
	const call = async <Body>(method: string, path: string, body?: object): Promise<Body> => {
		const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
		const answer = await fetch(on.origin + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
		const text = await answer.text();
		if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
		return JSON.parse(text === "" ? "{}" : text);
	};
	const invite = async () => {
		const invited = await call<{ id: string; url: string }>("POST", "/v1/invitations", { role: "member", note: "Hi" });
		return { id: invited.id, path: new URL(invited.url).pathname };
	};
	const { people } = await call<{ people: { id: string; username: string }[] }>("GET", "/v1/people");
	const grace = people.find(({ username }) => username === demo.grace.username)?.id ?? "";
	await call("POST", "/v1/operators", { username: demo.grace.username });
	for (const slug of ["closing", "empty"]) {
		await call("POST", "/v1/accounts", { name: `The ${slug} one`, slug, administrator: "nobody" });
	}
	await call("POST", "/v1/accounts/closing/suspend");
	const recovery = await call<{ url: string }>("POST", "/v1/recovery_links", {
		username: demo.grace.username,
		password: demo.ada.password,
	});
	await call("PUT", "/v1/profile", { email: "ada@acme.example" });
	await call("POST", "/v1/profile/verify_email", { password: demo.ada.password });
	const { environments } = await call<{ environments: { id: string }[] }>("GET", "/v1/environments");
	const api = await call<{ id: string }>("POST", "/v1/deployment/apis", {
		identifier: "https://wide.example.com",
		name: "Wide",
		permissions: [{ name: "wide:read", title: "See all" }],
	});
	const code = await call<{ id: string }>("POST", `/v1/keys/${demo.apiKey.id}/codes`, { description: "Off" });
	await call("PATCH", `/v1/keys/${demo.apiKey.id}/codes/${code.id}`, { enabled: false });
	const client = await call<{ client_id: string }>("POST", "/oauth/register", {
		client_name: "Registered by a program",
		redirect_uris: [redirectUri],
		token_endpoint_auth_method: "none",
		scope: "environments:read",
	});
	const issuer = await call<{ id: string }>("POST", "/v1/trusted-issuers", {
		kind: "identity_provider",
		name: "Acme's identity provider",
		issuer: "https://idp.acme.example",
		jwks_uri: "https://idp.acme.example/keys",
		clients: [demo.webApp.id],
	});
	const provider = await call<{ id: string }>("POST", "/v1/sign-in-providers", {
		kind: "oidc",
		name: "Acme's people",
		issuer: "https://people.acme.example",
		client_id: "latchkey",
		client_secret: "from the provider",
	});
	const { domain } = await call<{ domain: string }>("PUT", "/v1/domains/acme.example", { provider_id: provider.id });
	const wide = await call<{ id: string }>("POST", "/v1/deployment/sign-in-providers", {
		kind: "github",
		name: "GitHub",
		client_id: "latchkey",
		client_secret: "from the provider",
	});
	// A port of this machine that refuses.
	const webhook = await call<{ id: string }>("POST", "/v1/webhooks", {
		url: "http://127.0.0.1:9/latchkey",
		description: "Alerts to the chat",
		event_types: ["code.replayed", "refresh.reused"],
	});
	await call("POST", `/v1/webhooks/${webhook.id}/test`);
	const { keys } = await call<{ keys: { kid: string; alg: string }[] }>("GET", "/.well-known/jwks.json");
	return {
		grace,
		provider: provider.id,
		wideProvider: wide.id,
		domain,
		recovery: new URL(recovery.url).pathname,
		api: api.id,
		issuer: issuer.id,
		webhook: webhook.id,
		code: code.id,
		environment: environments[0]?.id ?? "",
		client: client.client_id,
		kid: keys.find(({ alg }) => alg === "ES256")?.kid ?? "",
		invitation: await invite(),
		taken: await invite(),
		...(await inABrowser(on, client.client_id)),
	};
}

/** What is made by agreeing to something, and what comes by mail. */
async function inABrowser(on: Stage, clientId: string) {
	const asking = await on.openSignedIn(demo.ada);
	const asked = { response_type: "code", client_id: clientId, redirect_uri: redirectUri, ...challenged };
	await asking.page.goto(`${on.origin}/oauth/authorize?${new URLSearchParams(asked).toString()}`);
	const [arrival] = await Promise.all([
		asking.page.waitForRequest((request) => request.url().startsWith(redirectUri)),
		asking.page.getByRole("button", { name: "Allow", exact: true }).click(),
	]);
	const code = new URL(arrival.url()).searchParams.get("code") ?? "";
	const redeemed = { grant_type: "authorization_code", code, client_id: clientId, redirect_uri: redirectUri };
	await on.post("/oauth/token", { ...redeemed, ...verified });
	// Another tab: that one is on its way to a host that is not there.
	const { page } = await on.openSignedIn(demo.ada);
	await page.goto(`${on.origin}/console/acme/my-access`);
	const grant = await page.locator('a[href$="/revoke"]').first().getAttribute("href");
	await page.goto(`${on.origin}/mail`);
	const link = await page.locator('a[href*="/verify/"]').first().getAttribute("href");
	return { grant: grant ?? "", verification: new URL(link ?? "").pathname };
}
