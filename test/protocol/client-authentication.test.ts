import { describe, expect, test } from "vitest";
import { aKeyClient, assertionOf, withAssertion } from "../support/assertions.ts";
import { aClient } from "../support/registered.ts";
import { type Answer, basic, postForm, refusal } from "../support/requests.ts";
import { advance, demo, now } from "../support/target.ts";
import { authorized, basicOf, exchange, granted, installed, introspect, refresh, tokensOf } from "../support/tokens.ts";

const { integration, webApp, nativeApp } = demo;

/** HTTP Basic with an empty password. */
const byName = ({ client }: { readonly client: { readonly id: string } }) => basic(client.id, "");

describe("HTTP Basic (RFC 6749 §2.3.1)", () => {
	test.each([
		["no credentials", "Basic"],
		["no base64", "Basic !!!"],
		["no colon", `Basic ${btoa("nocolon")}`],
		["no user name", `Basic ${btoa(":secret")}`],
		["a broken percent escape", `Basic ${btoa(`${webApp.client.id}:%zz`)}`],
		["bytes that are not UTF-8", `Basic ${btoa("\xff:\xff")}`],
		["two values", `Basic ${btoa("a:b")}, Basic ${btoa("c:d")}`],
	])("a malformed header: %s", async (_, authorization) => {
		const code = await authorized(webApp);
		const answer = await exchange(code, { client: webApp, method: "basic", headers: { authorization } });
		expect(refusal(answer)).toBe("400 invalid_request");
		expect((await exchange(code, { client: webApp, method: "basic" })).status).toBe(200);
	});

	test("RFC 6749 §5.2: a wrong secret is answered 401 with the challenge of the scheme", async () => {
		const answer = await exchange("x", { client: { ...webApp, secret: "lkcs_no" }, method: "basic" });
		expect(refusal(answer)).toBe("401 invalid_client");
		expect(answer.headers.get("www-authenticate")).toMatch(/^Basic realm="/);
	});

	test("without the header there is no challenge to answer", async () => {
		const answer = await exchange("x", { client: webApp, fields: { client_secret: "lkcs_no" } });
		expect(refusal(answer)).toBe("401 invalid_client");
		expect(answer.headers.has("www-authenticate")).toBe(false);
	});

	test("the scheme's name is not case sensitive (RFC 9110 §11.1)", async () => {
		const { authorization } = basicOf(webApp);
		const headers = { authorization: authorization.replace("Basic", "bAsIc") };
		expect((await exchange(await authorized(webApp), { client: webApp, method: "basic", headers })).status).toBe(200);
	});

	test("id and secret are form-decoded", async () => {
		const code = await authorized(webApp);
		const encoded = (webApp.secret ?? "")
			.split("")
			.map((char) => `%${char.charCodeAt(0).toString(16)}`)
			.join("");
		const authorization = `Basic ${btoa(`${webApp.client.id}:${encoded}`)}`;
		const answer = await exchange(code, { client: webApp, method: "basic", headers: { authorization } });
		expect(answer.status).toBe(200);
	});

	// requests-oauthlib 2.0.0 sends both when it refreshes by itself: its request() makes a header of client_id and client_secret, and
	// `auto_refresh_kwargs` puts them into the body.
	test("RFC 6749 §2.3: Basic and the very same pair in the body are one method", async () => {
		const { id } = webApp.client;
		const secret = webApp.secret ?? "";
		for (const fields of [{ client_id: id, client_secret: secret }, { client_secret: secret }]) {
			const code = await authorized(webApp);
			const { refreshToken } = tokensOf(await exchange(code, { client: webApp, method: "basic", fields }));
			const again = await refresh(refreshToken ?? "", { client: webApp, method: "basic", fields });
			expect(again.status).toBe(200);
			expect((await postForm("/oauth/introspect", { token: "x", ...fields }, basicOf(webApp))).status).toBe(200);
		}
	});

	test("the same pair twice is good where the client registered either method, and none that it did not", async () => {
		for (const method of ["client_secret_post", "client_secret_basic"] as const) {
			const one = await aClient(webApp, { authMethods: [method] });
			const fields = { token: "x", client_id: one.client.id, client_secret: one.secret ?? "" };
			expect((await postForm("/oauth/introspect", fields, basicOf(one))).status).toBe(200);
		}
		const neither = await aClient(webApp, { authMethods: ["private_key_jwt"] });
		const fields = { token: "x", client_id: neither.client.id, client_secret: neither.secret ?? "" };
		expect(refusal(await postForm("/oauth/introspect", fields, basicOf(neither)))).toBe("401 invalid_client");
	});

	test.each([
		["another secret", { client_secret: "lkcs_another" }],
		["the same secret with a space behind it", { client_secret: `${webApp.secret ?? ""} ` }],
		["the secret of another client", { client_secret: integration.secret ?? "" }],
		[
			"the id and secret of another client",
			{ client_id: integration.client.id, client_secret: integration.secret ?? "" },
		],
		["the same secret for another client", { client_id: integration.client.id, client_secret: webApp.secret ?? "" }],
	])("RFC 6749 §2.3: Basic beside %s is refused, and burns no code", async (_, fields) => {
		const code = await authorized(webApp);
		expect(refusal(await exchange(code, { client: webApp, method: "basic", fields }))).toBe("400 invalid_request");
		expect((await exchange(code, { client: webApp })).status).toBe(200);
	});

	// golang.org/x/oauth2 0.38.0 asks like that first, and is told by a refusal to send client_id in the body.
	test("RFC 6749 §2.3.1: an empty password is a public client that names itself", async () => {
		const code = await authorized(nativeApp);
		const tokens = tokensOf(await exchange(code, { client: nativeApp, method: "basic", headers: byName(nativeApp) }));
		const again = { client: nativeApp, method: "basic" as const, headers: byName(nativeApp) };
		expect((await refresh(tokens.refreshToken ?? "", again)).status).toBe(200);
		expect((await postForm("/oauth/revoke", { token: "x" }, byName(nativeApp))).status).toBe(200);
	});

	test("and opens nothing of a client that has a secret or a key, nor beside another method", async () => {
		const keyClient = await aKeyClient();
		for (const of of [webApp, integration, keyClient]) {
			for (const path of ["/oauth/token", "/oauth/revoke", "/oauth/introspect"]) {
				const answer = await postForm(path, { grant_type: "refresh_token", token: "x" }, byName(of));
				expect(refusal(answer)).toBe("401 invalid_client");
				expect(answer.headers.get("www-authenticate")).toMatch(/^Basic realm="/);
			}
		}
		const introspected = await postForm("/oauth/introspect", { token: "x" }, byName(nativeApp));
		expect(refusal(introspected)).toBe("401 invalid_client");
		expect(introspected.headers.get("www-authenticate")).toMatch(/^Basic realm="/);
		const beside = { token: "x", client_id: webApp.client.id, client_secret: webApp.secret ?? "" };
		expect(refusal(await postForm("/oauth/introspect", beside, byName(webApp)))).toBe("400 invalid_request");
		const asserted = { token: "x", ...withAssertion(await assertionOf(keyClient)) };
		expect(refusal(await postForm("/oauth/introspect", asserted, byName(keyClient)))).toBe("400 invalid_request");
	});

	test("a client_id beside Basic has to name the same client", async () => {
		const code = await authorized(webApp);
		const other = { client: webApp, method: "basic" as const, fields: { client_id: integration.client.id } };
		expect(refusal(await exchange(code, other))).toBe("400 invalid_request");
		const same = { client: webApp, method: "basic" as const, fields: { client_id: webApp.client.id } };
		expect((await exchange(code, same)).status).toBe(200);
	});

	test("a Bearer token is no client authentication", async () => {
		const { accessToken } = await granted();
		const answer = await postForm(
			"/oauth/token",
			{ grant_type: "refresh_token" },
			{ authorization: `Bearer ${accessToken}` },
		);
		expect(refusal(answer)).toBe("401 invalid_client");
	});
});

describe("who a client is", () => {
	const endpoints = ["/oauth/token", "/oauth/revoke", "/oauth/introspect"];
	const tried = { grant_type: "refresh_token", refresh_token: "x", token: "x" };

	test.each(endpoints)("unknown, ended and wrong are one answer at %s", async (path) => {
		const ended = await aClient(webApp, { state: "ended" });
		const tries: Record<string, string>[] = [
			{},
			{ client_id: "nobody", client_secret: "x" },
			{ client_id: webApp.client.id },
			{ client_id: webApp.client.id, client_secret: "x" },
			{ client_id: webApp.client.id, client_secret: integration.secret ?? "" },
			{ client_id: ended.client.id, client_secret: ended.secret ?? "" },
			{ client_id: `${webApp.client.id}x`, client_secret: webApp.secret ?? "" },
		];
		const answers: Answer[] = [];
		for (const fields of tries) answers.push(await postForm(path, { ...tried, ...fields }));
		expect(new Set(answers.map(refusal))).toEqual(new Set(["401 invalid_client"]));
		expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
	});

	test.each(endpoints)("RFC 6749 §2.3: a public client that shows a secret is refused at %s", async (path) => {
		const fields = { ...tried, client_id: nativeApp.client.id, client_secret: integration.secret ?? "" };
		expect(refusal(await postForm(path, fields))).toBe("401 invalid_client");
		expect(refusal(await postForm(path, tried, basic(nativeApp.client.id, "x")))).toBe("401 invalid_client");
	});

	test("RFC 7662 §2.1: a public client may not introspect", async () => {
		const { accessToken } = await granted(nativeApp);
		const fields = { token: accessToken, client_id: nativeApp.client.id };
		expect(refusal(await postForm("/oauth/introspect", fields))).toBe("401 invalid_client");
	});

	test("only a method that the client registered counts", async () => {
		const postOnly = await aClient(integration, { authMethods: ["client_secret_post"] });
		const code = await installed();
		expect(refusal(await exchange(code, { client: postOnly, method: "basic" }))).toBe("401 invalid_client");
		const basicOnly = await aClient(integration, { authMethods: ["client_secret_basic"] });
		expect(refusal(await exchange(code, { client: basicOnly, method: "post" }))).toBe("401 invalid_client");
		expect(await introspect("x", basicOnly)).toEqual({ active: false });
	});

	test("while a secret is being replaced both are good, until the old one's time is over", async () => {
		const [newer] = integration.client.secrets;
		const [older] = webApp.client.secrets;
		const secrets = [newer!, { ...older!, expiresAt: now() + 600 }];
		const { client } = await aClient(webApp, { secrets });
		const withNew = { client, secret: integration.secret };
		const withOld = { client, secret: webApp.secret };
		expect(await introspect("x", withNew)).toEqual({ active: false });
		expect(await introspect("x", withOld)).toEqual({ active: false });
		await advance(600);
		expect(await introspect("x", withNew)).toEqual({ active: false });
		expect(refusal(await postForm("/oauth/introspect", { token: "x" }, basicOf(withOld)))).toBe("401 invalid_client");
	});
});
