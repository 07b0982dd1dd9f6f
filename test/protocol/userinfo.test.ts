import { describe, expect, test } from "vitest";
import { maxFormBytes } from "../../src/http/body.ts";
import { staleness } from "../../src/operations/lookups.ts";
import { loggedIn } from "../support/logins.ts";
import { signedInTo, userinfo } from "../support/openid.ts";
import { generated } from "../support/pairs.ts";
import { ada as lovelace, grace } from "../support/people.ts";
import { aClient, aPerson } from "../support/registered.ts";
import { type Answer, ask, bearer, post, postForm, refusal } from "../support/requests.ts";
import { advance, demo, issuer, setStanding } from "../support/target.ts";
import { claimsOf, granted, refresh, revoke, tokensOf } from "../support/tokens.ts";

const { webApp, nativeApp } = demo;
const ada = demo.people[0]?.id;
const everything = "openid profile email address phone";

function challengeOf({ headers }: Answer): string {
	return headers.get("www-authenticate") ?? "";
}

describe("OIDC Core §5.3: UserInfo", () => {
	test("§5.3.2: the subject alone where openid alone was asked for, the same as in the id_token", async () => {
		const { accessToken, idToken } = await signedInTo(webApp);
		const answer = await userinfo(accessToken);
		expect([answer.status, answer.body]).toEqual([200, { sub: ada }]);
		expect(answer.headers.get("content-type")).toBe("application/json");
		expect(answer.headers.get("cache-control")).toBe("no-store");
		expect(claimsOf(idToken).sub).toBe(ada);
	});

	test("§5.4: profile", async () => {
		const { accessToken } = await signedInTo(webApp, { scope: "openid profile" });
		expect((await userinfo(accessToken)).body).toEqual({
			sub: ada,
			name: "Ada Lovelace",
			given_name: "Ada",
			middle_name: "King",
			family_name: "Lovelace",
			nickname: "Countess",
			preferred_username: "ada",
			profile: "https://acme.example/people/ada",
			picture: "https://acme.example/people/ada.png",
			website: "https://ada.example",
			gender: "female",
			birthdate: "1815-12-10",
			zoneinfo: "Europe/London",
			locale: "en-GB",
			updated_at: 1_767_225_600,
		});
	});

	test.each([
		["email", { email: "ada@acme.example", email_verified: false }],
		["phone", { phone_number: "+442079460000", phone_number_verified: false }],
		[
			"address",
			{
				address: { street_address: "12 St James's Square", locality: "London", postal_code: "SW1Y 4JH", country: "UK" },
			},
		],
	])("§5.4: %s, and nothing else of the person", async (scope, claims) => {
		const { accessToken } = await signedInTo(webApp, { scope: `openid ${scope}` });
		expect((await userinfo(accessToken)).body).toEqual({ sub: ada, ...claims });
	});

	test("§5.3.2: what a person has not entered is left out, and never null", async () => {
		const { accessToken } = await signedInTo(
			webApp,
			{ scope: everything },
			{ who: grace, account: demo.accounts.acme },
		);
		expect((await userinfo(accessToken)).body).toEqual({
			sub: demo.people[1]?.id,
			name: "Grace Hopper",
			preferred_username: "grace",
		});
	});

	test("§5.5: a claim that the request named, for UserInfo, without its scope", async () => {
		const claims = JSON.stringify({
			userinfo: { email: null, nickname: { essential: true } },
			id_token: { phone_number: null },
		});
		const { accessToken } = await signedInTo(webApp, { claims });
		expect((await userinfo(accessToken)).body).toEqual({ sub: ada, email: "ada@acme.example", nickname: "Countess" });
	});

	test("RFC 6749 §6: a narrowed token tells less", async () => {
		const { refreshToken } = await signedInTo(webApp, { scope: "openid email phone" });
		const answer = await refresh(refreshToken, { client: webApp, fields: { scope: "openid phone" } });
		const { body } = await userinfo(tokensOf(answer).accessToken);
		expect(Object.keys(body)).toEqual(["phone_number", "phone_number_verified", "sub"]);
	});

	test("offline_access is no claim, and a public client is told as much", async () => {
		const { accessToken } = await signedInTo(nativeApp, { scope: "openid offline_access email" });
		expect((await userinfo(accessToken)).body).toMatchObject({ sub: ada, email: "ada@acme.example" });
	});
});

describe("OIDC Core §5.3.1: how it is asked", () => {
	test("by GET or POST in the header, or by POST in a form, it answers the same", async () => {
		const { accessToken } = await signedInTo(webApp, { scope: "openid email" });
		const { body } = await userinfo(accessToken);
		const answers = [
			await ask("/oauth/userinfo", { method: "POST", headers: bearer(accessToken) }),
			await postForm("/oauth/userinfo", {}, bearer(accessToken)),
			await post("/oauth/userinfo", "{}", { "content-type": "application/json", ...bearer(accessToken) }),
			await postForm("/oauth/userinfo", { access_token: accessToken }),
			await postForm("/oauth/userinfo", { access_token: accessToken, other: "x" }),
		];
		expect(answers.map((answer) => [answer.status, answer.body])).toEqual(answers.map(() => [200, body]));
		expect((await ask("/oauth/userinfo", { method: "HEAD", headers: bearer(accessToken) })).status).toBe(200);
	});

	test("RFC 6750 §2: in two ways at once it is refused, the same token or not", async () => {
		const { accessToken } = await signedInTo(webApp);
		const query = `/oauth/userinfo?access_token=${accessToken}`;
		const answers = [
			await postForm("/oauth/userinfo", { access_token: accessToken }, bearer(accessToken)),
			await postForm("/oauth/userinfo", { access_token: "other" }, bearer(accessToken)),
			await ask(query, { headers: bearer(accessToken) }),
			await postForm(query, { access_token: accessToken }),
		];
		for (const answer of answers) {
			expect(refusal(answer)).toBe("400 invalid_request");
			expect(challengeOf(answer)).toContain('error="invalid_request"');
		}
	});

	test("RFC 6749 §3.2: a form with the token twice is refused", async () => {
		const { accessToken } = await signedInTo(webApp);
		const form = { "content-type": "application/x-www-form-urlencoded" };
		const body = `access_token=${accessToken}&access_token=${accessToken}`;
		expect(refusal(await post("/oauth/userinfo", body, form))).toBe("400 invalid_request");
	});

	test("RFC 9700 §4.3.2: a token in the URL is none", async () => {
		const { accessToken } = await signedInTo(webApp);
		const answer = await ask(`/oauth/userinfo?access_token=${accessToken}`);
		expect(answer.status).toBe(401);
		expect(challengeOf(answer)).not.toContain("error=");
	});

	test("RFC 6750 §2.2: a token in a body that is no form is none", async () => {
		const { accessToken } = await signedInTo(webApp);
		const body = JSON.stringify({ access_token: accessToken });
		const answer = await post("/oauth/userinfo", body, { "content-type": "application/json" });
		expect(answer.status).toBe(401);
	});

	test("a form that is too large is refused", async () => {
		const answer = await postForm("/oauth/userinfo", { access_token: "x".repeat(maxFormBytes) });
		expect(refusal(answer)).toBe("413 invalid_request");
	});

	test("a page of any origin may ask, from a browser, and is told of a refusal too", async () => {
		const { accessToken } = await signedInTo(webApp);
		const preflight = await ask("/oauth/userinfo", { method: "OPTIONS", headers: { origin: "https://app.example" } });
		expect(preflight.headers.get("access-control-allow-headers")).toContain("authorization");
		expect(preflight.headers.get("access-control-allow-methods")).toMatch(/GET.*POST/);
		for (const answer of [preflight, await userinfo(accessToken), await userinfo("x")]) {
			expect(answer.headers.get("access-control-allow-origin")).toBe("*");
			expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
		}
	});
});

describe("who is told nothing", () => {
	test("RFC 6750 §3.1: a request without a token, which is told of no error", async () => {
		const answer = await ask("/oauth/userinfo");
		expect(answer.status).toBe(401);
		expect(challengeOf(answer)).toMatch(/^Bearer /);
		expect(challengeOf(answer)).not.toContain("error");
	});

	test("an access token without openid: a permission, a login token, a token pair", async () => {
		const tokens = [
			(await granted(webApp, { scope: "events:read" })).accessToken,
			(await granted()).accessToken,
			await loggedIn({ api_key: demo.apiKey.accessCode }),
			await loggedIn({ username: lovelace.username, password: lovelace.password, account: "acme" }),
			(await generated()).read.access,
		];
		for (const token of tokens) {
			const answer = await userinfo(token);
			expect(refusal(answer)).toBe("403 insufficient_scope");
			expect(challengeOf(answer)).toMatch(/error="insufficient_scope".* scope="openid"/);
		}
	});

	test("profile without openid is not enough", async () => {
		const { accessToken } = await granted(webApp, { scope: "profile email" });
		expect(refusal(await userinfo(accessToken))).toBe("403 insufficient_scope");
	});

	test("an expired or revoked token, and one whose grant has ended", async () => {
		const [expired, revoked, ended] = [await signedInTo(webApp), await signedInTo(webApp), await signedInTo(webApp)];
		await revoke(revoked.accessToken, webApp);
		await revoke(ended.refreshToken, webApp);
		for (const { accessToken } of [revoked, ended]) {
			const answer = await userinfo(accessToken);
			expect(refusal(answer)).toBe("401 invalid_token");
			expect(challengeOf(answer)).toContain('error="invalid_token"');
		}
		await advance(3600);
		expect(refusal(await userinfo(expired.accessToken))).toBe("401 invalid_token");
	});

	test(`DESIGN §4.9: of a person or for a client that has ended, within ${staleness} seconds`, async () => {
		const who = await aPerson({ [demo.accounts.acme]: "member" });
		const client = await aClient(webApp);
		const [ofPerson, ofClient] = [await signedInTo(webApp, {}, { who }), await signedInTo(client)];
		await setStanding({ kind: "person", id: who.id }, { state: "ended", notBefore: 0 });
		await setStanding({ kind: "client", id: client.client.id }, { state: "ended", notBefore: 0 });
		await advance(staleness + 1);
		expect(refusal(await userinfo(ofPerson.accessToken))).toBe("401 invalid_token");
		expect(refusal(await userinfo(ofClient.accessToken))).toBe("401 invalid_token");
	});
});

// Relying parties that ask for `openid` and an API in one request (Spring Security 7.1.2, told to send `resource`) call
// UserInfo with the one token that they get.
test.each(["https://mcp.example/", `${issuer}/v1/keys`, `${issuer}/`, `${issuer}/oauth/userinfo`])(
	"OIDC Core §5.3: a token with openid is taken whatever else it is for: %s",
	async (resource) => {
		const { accessToken } = await signedInTo(webApp, { scope: "openid email", resource });
		expect((await userinfo(accessToken)).body).toMatchObject({ sub: ada, email: "ada@acme.example" });
		const without = (await granted(webApp, { scope: "email", resource })).accessToken;
		expect(refusal(await userinfo(without))).toBe("403 insufficient_scope");
	},
);
