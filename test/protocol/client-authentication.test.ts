import { describe, expect, test } from "vitest";
import { aClient } from "../support/registered.ts";
import { type Answer, basic, postForm, refusal } from "../support/requests.ts";
import { advance, demo, now } from "../support/target.ts";
import { authorized, basicOf, exchange, granted, installed, introspect } from "../support/tokens.ts";

const { integration, webApp, nativeApp } = demo;

describe("HTTP Basic (RFC 6749 §2.3.1)", () => {
	test.each([
		["no credentials", "Basic"],
		["no base64", "Basic !!!"],
		["no colon", `Basic ${btoa("nocolon")}`],
		["no user name", `Basic ${btoa(":secret")}`],
		["no password", `Basic ${btoa(`${webApp.client.id}:`)}`],
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

	test("RFC 6749 §2.3: Basic and a secret in the body are two methods", async () => {
		const code = await authorized(webApp);
		const both = { client: webApp, method: "basic" as const, fields: { client_secret: webApp.secret ?? "" } };
		expect(refusal(await exchange(code, both))).toBe("400 invalid_request");
		expect((await exchange(code, { client: webApp })).status).toBe(200);
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
