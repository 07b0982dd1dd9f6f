import { describe, expect, test } from "vitest";
import { ada, codeOf, decide, signedIn } from "../support/people.ts";
import { aClient } from "../support/registered.ts";
import { ask, locationOf, refusal } from "../support/requests.ts";
import { demo } from "../support/target.ts";
import { authorizePath, exchange } from "../support/tokens.ts";

const { webApp, nativeApp } = demo;

async function open(path: string) {
	return ask(path, { headers: { cookie: await signedIn(ada) } });
}

describe("RFC 8252 §7.3: a native application learns its port when it starts", () => {
	test.each([
		["http://127.0.0.1:8788/cli/callback", "http://127.0.0.1:53123/cli/callback"],
		["http://127.0.0.1/cb", "http://127.0.0.1:1/cb"],
		["http://127.0.0.1:8788/cb", "http://127.0.0.1/cb"],
		["http://[::1]:8788/cb?x=1", "http://[::1]:65535/cb?x=1"],
		["http://localhost:8788", "http://localhost:9999"],
	])("%s is answered at %s, and the code is good with that one alone", async (registered, asked) => {
		const client = await aClient(nativeApp, { redirectUris: [registered] });
		const answer = await decide(authorizePath(client, { redirect_uri: asked }));
		expect(answer.headers.get("location")).toMatch(new RegExp(`^${RegExp.escape(asked)}[?&]code=lkc_`));
		const code = codeOf(answer);
		const fields = { redirect_uri: registered };
		expect(refusal(await exchange(code, { client, fields }))).toBe("400 invalid_grant");
		expect((await exchange(code, { client, fields: { redirect_uri: asked } })).status).toBe(200);
	});

	test("the consent page may lead to that port, and wherever the client leads on", async () => {
		const page = await open(authorizePath(nativeApp, { redirect_uri: "http://127.0.0.1:53123/cli/callback" }));
		expect(page.headers.get("content-security-policy")).not.toContain("form-action");
		expect(page.text).toContain("127.0.0.1:53123");
	});

	test.each([
		["another loopback", "http://localhost:53123/cli/callback"],
		["the other family", "http://[::1]:53123/cli/callback"],
		["https", "https://127.0.0.1:53123/cli/callback"],
		["another path", "http://127.0.0.1:53123/cli/callback2"],
		["a path that climbs", "http://127.0.0.1:53123/x/../cli/callback"],
		["a query more", "http://127.0.0.1:53123/cli/callback?next=evil"],
		["a fragment more", "http://127.0.0.1:53123/cli/callback#evil"],
		["a port that is none", "http://127.0.0.1:65536/cli/callback"],
		["a port in words", "http://127.0.0.1:http/cli/callback"],
		["no port after the colon", "http://127.0.0.1:/cli/callback"],
		["a port with a zero before it", "http://127.0.0.1:08788/cli/callback"],
		["a user", "http://127.0.0.1:53123@evil.example/cli/callback"],
		["a name that goes on", "http://127.0.0.1.evil.example/cli/callback"],
		["a name after the port", "http://127.0.0.1:53123.evil.example/cli/callback"],
		["the same address, otherwise written", "http://127.1:53123/cli/callback"],
		["capitals", "HTTP://127.0.0.1:53123/cli/callback"],
		["a line break", "http://127.0.0.1:53123/cli/callback\n"],
		["a backslash", "http://127.0.0.1:53123\\@evil.example/cli/callback"],
	])("%s is not only another port", async (_, redirect) => {
		const answer = await open(authorizePath(nativeApp, { redirect_uri: redirect }));
		expect(refusal(answer)).toBe("400 Wrong redirect URL");
		expect(answer.headers.has("location")).toBe(false);
	});
});

test("RFC 8252 §7.3: a client with a secret is no native application, and its port on loopback is its own", async () => {
	const [registered = ""] = webApp.client.redirectUris;
	const elsewhere = registered.replace(":8788/", ":53123/");
	expect(elsewhere).not.toBe(registered);
	expect(refusal(await open(authorizePath(webApp, { redirect_uri: elsewhere })))).toBe("400 Wrong redirect URL");
});

test("RFC 9700 §4.1.3: beyond loopback the port belongs to what is compared", async () => {
	const client = await aClient(webApp, { redirectUris: ["https://app.example:8443/cb", "http://127.0.0.1/cb"] });
	for (const redirect of ["https://app.example/cb", "https://app.example:443/cb", "https://app.example:8444/cb"]) {
		expect(refusal(await open(authorizePath(client, { redirect_uri: redirect })))).toBe("400 Wrong redirect URL");
	}
	const right = await decide(authorizePath(client, { redirect_uri: "https://app.example:8443/cb" }));
	expect(locationOf(right).host).toBe("app.example:8443");
});

test("RFC 9700 §4.12: every answer is 303, so that a password or a decision is never posted on", async () => {
	const answers = [
		await decide(authorizePath(webApp)),
		await decide(authorizePath(webApp), { decision: "deny" }),
		await open(authorizePath(webApp, { response_type: "token" })),
		await open(authorizePath(webApp, { prompt: undefined })),
	];
	for (const answer of answers) {
		expect([answer.status, answer.headers.get("cache-control")]).toEqual([303, "no-store"]);
		expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
	}
});
