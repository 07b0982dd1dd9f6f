import { describe, expect, test } from "vitest";
import { idTokenOf, signedInTo, userinfo } from "../support/openid.ts";
import { ada, codeOf, decide, formOn, grace, signedIn, signInAnew } from "../support/people.ts";
import { aClient } from "../support/registered.ts";
import { type Answer, ask, locationOf, ownPage, postForm } from "../support/requests.ts";
import { respelled } from "../support/respelled.ts";
import { signedByUs } from "../support/signed-by-us.ts";
import { demo, issuer, now } from "../support/target.ts";
import { authorizePath, claimsOf, exchange, granted, type Registered, tokensOf } from "../support/tokens.ts";

const { webApp, nativeApp } = demo;
const [adaId, graceId] = demo.people.map(({ id }) => id);

async function open(path: string): Promise<Answer> {
	return ask(path, { headers: { cookie: await signedIn(ada) } });
}

async function errorFor(claims: unknown, client: Registered = webApp): Promise<string | null> {
	const text = typeof claims === "string" ? claims : JSON.stringify(claims);
	const answer = await open(authorizePath(client, { scope: "openid", claims: text }));
	return answer.status === 200 ? null : locationOf(answer).searchParams.get("error");
}

describe("OIDC Core §5.5: claims by name", () => {
	test("are asked of the person in words, and then told where they were asked for", async () => {
		const claims = JSON.stringify({
			userinfo: { email: { essential: true }, nickname: null, "name#de": null, unknown: null, constructor: null },
			id_token: { given_name: null, auth_time: { essential: true }, email: null },
			vendor: { email: null },
		});
		const path = authorizePath(webApp, { scope: "openid", claims });
		const page = await open(path);
		for (const sentence of ["Know you again", "See your e-mail address", "See your nickname", "See your given name"]) {
			expect(page.text).toContain(sentence);
		}
		expect(page.text.match(/See your e-mail address/g)).toHaveLength(1);
		const answer = await exchange(codeOf(await decide(path)), { client: webApp });
		const told = claimsOf(idTokenOf(answer));
		expect(told).toMatchObject({ given_name: "Ada", email: "ada@acme.example" });
		expect(told).not.toHaveProperty("nickname");
		const info = (await userinfo(tokensOf(answer).accessToken)).body;
		expect(info).toMatchObject({ sub: adaId, email: "ada@acme.example", nickname: "Countess" });
		expect(info).not.toHaveProperty("given_name");
		expect(info).not.toHaveProperty("name");
	});

	test("what a scope stands for is said once", async () => {
		const claims = JSON.stringify({ userinfo: { email: null, name: null } });
		const page = await open(authorizePath(webApp, { scope: "openid email", claims }));
		expect(page.text.match(/See your e-mail address/g)).toHaveLength(1);
		expect(page.text).toContain("See your full name");
	});

	test("OIDC Core §3.1.2.1: without `openid` they are nobody's to ask for", async () => {
		const claims = JSON.stringify({ userinfo: { email: null } });
		const page = await open(authorizePath(webApp, { scope: "events:read", claims }));
		expect(page.text).not.toContain("e-mail");
	});

	test.each([
		["no JSON", "email"],
		["a list", [{ userinfo: {} }]],
		["a string", '"userinfo"'],
		["null", "null"],
		["a member twice", '{"userinfo":{},"userinfo":{"email":null}}'],
		["a list of claims", { userinfo: ["email"] }],
		["null for a list of claims", { id_token: null }],
		["a claim that is a word", { userinfo: { email: "please" } }],
		["a claim that is a list", { userinfo: { email: [] } }],
		["essential in words", { userinfo: { email: { essential: "true" } } }],
		["values that are no list", { id_token: { acr: { values: "pwd" } } }],
		["more than 4 KiB", { userinfo: { [`x${"x".repeat(4096)}`]: null } }],
	])("%s is malformed", async (_, claims) => {
		expect(await errorFor(claims)).toBe("invalid_request");
	});

	test("100 levels do no harm, and what is deeper is malformed", async () => {
		const nested = (levels: number) => `{"x":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
		expect(await errorFor(nested(100))).toBeNull();
		expect(await errorFor(nested(101))).toBe("invalid_request");
		expect(await errorFor(nested(2000))).toBe("invalid_request");
	});
});
