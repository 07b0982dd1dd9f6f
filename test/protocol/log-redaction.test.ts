import { beforeAll, describe, expect, test } from "vitest";
import { aDevice } from "../support/devices.ts";
import { usableKey } from "../support/keys-api.ts";
import { ada, signedIn } from "../support/people.ts";
import { ask, basic, bearer, ownPage, post, postForm, postJson } from "../support/requests.ts";
import { selfRegistered } from "../support/self-registered.ts";
import { demo, logged } from "../support/target.ts";
import { granted, installed } from "../support/tokens.ts";

// DESIGN §4.6: whatever is presented, and wherever, is in no line of the log.

const secrets = new Map<string, string>();
let lines: readonly string[];

beforeAll(async () => {
	const web = await granted(demo.webApp);
	const all = {
		"an access code": (await usableKey()).code.secret,
		"a client secret": demo.webApp.secret ?? "",
		"a registration token": (await selfRegistered()).token,
		"an authorization code": await installed(),
		"a device code": (await aDevice()).deviceCode,
		"a refresh token": web.refreshToken,
		"an access token": web.accessToken,
		"a cookie": (await signedIn(ada)).split("=")[1] ?? "",
		"a password": "correct-horse-battery",
		"a short one": "hunter2",
		"an address": "ada.lovelace@mail.example",
	};
	for (const [name, secret] of Object.entries(all)) secrets.set(name, secret);
	for (const secret of secrets.values()) await presentEverywhere(secret);
	lines = await logged();
});

/** In each place of a request, right or wrong. */
async function presentEverywhere(secret: string): Promise<void> {
	const inUrl = encodeURIComponent(secret);
	for (const path of [
		`/${inUrl}`,
		`/v1/keys/${inUrl}`,
		`/v1/${inUrl}/x`,
		`/console/${inUrl}/keys`,
		`/auth/sessions/${inUrl}`,
	]) {
		await ask(path);
		await ask(path, { method: "DELETE" });
	}
	for (const name of ["apiKey", "client_id", "code", "token", "password", "account", "cursor", inUrl]) {
		await ask(`/v1/keys?${name}=${inUrl}`);
		await ask(`/oauth/authorize?${name}=${inUrl}`);
	}
	await ask(`/oauth/authorize?client_id=${encodeURIComponent(`https://127.0.0.1/${secret}`)}&redirect_uri=${inUrl}`);
	const authorize = new URLSearchParams({
		response_type: secret,
		client_id: demo.nativeApp.client.id,
		redirect_uri: demo.nativeApp.client.redirectUris[0] ?? "",
		scope: secret,
		state: secret,
		nonce: secret,
		claims: secret,
	});
	await ask(`/oauth/authorize?${authorize.toString()}`);
	for (const name of [
		"user-agent",
		"referer",
		"x-token",
		"x-api-key",
		"x-last9-api-token",
		"cookie",
		"traceparent",
		"origin",
	]) {
		await ask("/v1/keys", { headers: { [name]: secret } });
	}
	for (const value of [secret, `Bearer ${secret}`, `Basic ${secret}`, `Token ${secret}`, `Bearer ${btoa(secret)}`]) {
		await ask("/v1/keys", { headers: { authorization: value } });
		await postForm("/oauth/token", { grant_type: "client_credentials" }, { authorization: value });
	}
	await ask("/v1/keys", { headers: { ...bearer(secret), "x-api-key": secret } });
	for (const name of [
		"grant_type",
		"client_id",
		"client_secret",
		"code",
		"refresh_token",
		"scope",
		"client_assertion",
		secret,
	]) {
		await postForm("/oauth/token", {
			grant_type: "authorization_code",
			client_id: demo.nativeApp.client.id,
			[name]: secret,
		});
		await postJson("/oauth/token", { grantType: "refresh_token", clientId: demo.nativeApp.client.id, [name]: secret });
	}
	for (const path of ["/oauth/introspect", "/oauth/revoke"]) {
		await postForm(path, { token: secret, token_type_hint: secret }, basic(secret, secret));
		await postForm(path, { token: secret }, basic(demo.webApp.client.id, demo.webApp.secret ?? ""));
	}
	await postForm("/auth/login", { username: secret, password: secret });
	await postForm("/auth/login", { api_key: secret, session_id: secret, account: secret });
	await postForm("/sign-in", { username: secret, password: secret, [secret]: secret }, ownPage);
	await postJson("/auth/login", { username: { [secret]: secret }, [secret]: [secret] });
	for (const body of [`{"api_key": ${secret}}`, `{"${secret}`, secret, `[${secret}`, `{"a":1}${secret}`]) {
		await post("/auth/login", body, { "content-type": "application/json" });
		await post("/oauth/register", body, { "content-type": "application/json" });
		await post("/v1/events", body, { "content-type": "application/json", "x-api-key": secret });
	}
	await post("/auth/login", secret, {
		"content-type": `application/${/^\w+$/.test(secret) ? secret : "x"}; charset=${inUrl}`,
	});
	await postJson("/oauth/register", { client_name: secret, redirect_uris: [secret], jwks_uri: secret, scope: secret });
}

describe("the log shows nothing of what was presented, wherever it stood", () => {
	test("it was written all the while, and says what was refused", () => {
		expect(secrets.size).toBe(11);
		expect(lines.length).toBeGreaterThan(500);
		for (const event of ["request", "token.refused", "login.refused", "authorize.refused"]) {
			expect(lines.filter((line) => line.includes(`"event":"${event}"`))).not.toEqual([]);
		}
	});

	test("no secret, password, code, token, cookie or address stands in a line", () => {
		const all = lines.join("\n");
		for (const [name, secret] of secrets) {
			const parts = [
				secret,
				encodeURIComponent(secret),
				btoa(secret).slice(0, -4),
				secret.slice(5, 30),
				secret.slice(-20),
			];
			const found = parts.filter((part) => part.length > 6 && all.includes(part));
			expect([name, found]).toEqual([name, []]);
		}
	});

	test("and none of it failed on our side", () => {
		expect(lines.filter((line) => line.includes("failed"))).toEqual([]);
	});
});
