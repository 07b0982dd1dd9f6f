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

function nested(levels: number): string {
	return `{"x":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
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
		expect(await errorFor(nested(100))).toBeNull();
		expect(await errorFor(nested(101))).toBe("invalid_request");
		expect(await errorFor(nested(2000))).toBe("invalid_request");
	});
});

describe("OIDC Core §5.5.1.1: `acr`", () => {
	test.each([
		[{ essential: true, values: ["phr", "phrh"] }, "unmet_authentication_requirements"],
		[{ essential: true, value: "phr" }, "unmet_authentication_requirements"],
		[{ essential: true, values: [] }, "unmet_authentication_requirements"],
		[{ essential: true, values: ["phr", "pwd"] }, null],
		[{ essential: true, value: "pwd" }, null],
		[{ essential: true }, null],
		[{ values: ["phr"] }, null],
		[null, null],
	])("%j leads to %s", async (acr, error) => {
		expect(await errorFor({ id_token: { acr } })).toBe(error);
	});
});

describe("OIDC Core §5.5.1: `sub` with a value", () => {
	test("is for that person alone", async () => {
		for (const member of ["id_token", "userinfo"]) {
			expect(await errorFor({ [member]: { sub: { value: adaId } } })).toBeNull();
			expect(await errorFor({ [member]: { sub: { values: [graceId, adaId] } } })).toBeNull();
			expect(await errorFor({ [member]: { sub: { value: graceId } } })).toBe("login_required");
			expect(await errorFor({ [member]: { sub: { values: [] } } })).toBe("login_required");
		}
		const both = { id_token: { sub: { value: adaId } }, userinfo: { sub: { value: graceId } } };
		expect(await errorFor(both)).toBe("login_required");
	});

	test("who is not signed in is asked to be, and has to be that person then", async () => {
		const claims = JSON.stringify({ id_token: { sub: { value: graceId } } });
		const page = await ask(authorizePath(webApp, { scope: "openid", claims }));
		const { hidden } = formOn(page, "password");
		const next = hidden.continue ?? "";
		const asAda = await ask(next, { headers: { cookie: await signInAnew(ada) } });
		expect(locationOf(asAda).searchParams.get("error")).toBe("login_required");
		expect((await ask(next, { headers: { cookie: await signInAnew(grace) } })).text).toContain('value="allow"');
	});
});

describe("OIDC Core §3.1.2.1: id_token_hint", () => {
	const silent = { scope: "openid", prompt: "none" };

	test("of the person who is signed in changes nothing", async () => {
		const { idToken } = await signedInTo(webApp);
		const path = authorizePath(webApp, { ...silent, id_token_hint: idToken });
		expect(codeOf(await open(path))).toMatch(/^lkc_/);
	});

	test("may be one whose time is over", async () => {
		const { idToken } = await signedInTo(webApp);
		const old = { ...claimsOf(idToken), iat: now() - 90_000, exp: now() - 86_400 };
		const hint = await signedByUs(old, { alg: "RS256", typ: "JWT" });
		expect(codeOf(await open(authorizePath(webApp, { ...silent, id_token_hint: hint })))).toMatch(/^lkc_/);
	});

	test("of somebody else: silently login_required, else that person is asked to sign in", async () => {
		const who = { who: grace, account: demo.accounts.acme };
		const { idToken } = await signedInTo(webApp, {}, who);
		const hint = { scope: "openid", id_token_hint: idToken };
		const error = locationOf(await open(authorizePath(webApp, { ...hint, prompt: "none" })));
		expect(error.searchParams.get("error")).toBe("login_required");
		const page = await open(authorizePath(webApp, hint));
		expect(page.text).toContain("You are signed in as somebody else");
		// The hint is no way to learn a user name.
		expect(page.text).not.toContain(`value="${grace.username}"`);
		const { hidden, action } = formOn(page, "password");
		const asAda = await postForm(action, { ...hidden, ...ada }, ownPage);
		const next = asAda.headers.get("location") ?? "";
		expect((await open(next)).text).toContain("You are signed in as somebody else");
		const asGrace = await ask(next, { headers: { cookie: await signedIn(grace) } });
		expect(asGrace.text).toContain('value="allow"');
	});

	test("that nobody believes is refused: another's, an access token, alg none, a bent one, a stranger's", async () => {
		const { idToken, accessToken, refreshToken } = await signedInTo(webApp);
		const other = await signedInTo(nativeApp);
		const [header = "", payload = "", signature = ""] = idToken.split(".");
		const none = Uint8Array.from(new TextEncoder().encode('{"alg":"none","typ":"JWT"}')).toBase64({
			alphabet: "base64url",
			omitPadding: true,
		});
		const hints = [
			other.idToken,
			accessToken,
			(await granted(webApp)).accessToken,
			refreshToken,
			`${none}.${payload}.`,
			`${none}.${payload}.${signature}`,
			`${header}.${payload}.`,
			`${header}.${payload}.${signature.slice(0, -4)}AAAA`,
			...respelled(signature).map((spelling) => `${header}.${payload}.${spelling}`),
			await signedByUs({ ...claimsOf(idToken), iss: "https://evil.example" }, { alg: "RS256", typ: "JWT" }),
			await signedByUs({ ...claimsOf(idToken), aud: [webApp.client.id, "x"] }, { alg: "RS256", typ: "at+jwt" }),
			await signedByUs(claimsOf(idToken), { alg: "RS256", typ: "at+jwt" }),
			await signedByUs({ ...claimsOf(idToken), aud: "x" }, { alg: "RS256", typ: "JWT" }),
			"x",
			"a.b.c",
			"x".repeat(9000),
		];
		for (const [index, hint] of hints.entries()) {
			const location = locationOf(await open(authorizePath(webApp, { ...silent, id_token_hint: hint })));
			expect([index, location.searchParams.get("error")]).toEqual([index, "invalid_request"]);
			expect(location.searchParams.get("iss")).toBe(issuer);
		}
	});

	test("a client's own is in the algorithm that it registered", async () => {
		const client = await aClient(webApp, { options: { idTokenAlg: "ES256" } });
		const { idToken } = await signedInTo(client);
		expect(codeOf(await open(authorizePath(client, { ...silent, id_token_hint: idToken })))).toMatch(/^lkc_/);
	});
});
