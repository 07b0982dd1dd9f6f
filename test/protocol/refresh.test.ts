import { describe, expect, test } from "vitest";
import { aKeyClient, assertionOf, type KeyClient, withAssertion } from "../support/assertions.ts";
import { refusal, times } from "../support/requests.ts";
import { aClient } from "../support/registered.ts";
import { advance, demo } from "../support/target.ts";
import { claimsOf, environments, exchange, granted, introspect, refresh, tokensOf } from "../support/tokens.ts";

const client = demo.webApp;
const day = 86_400;

async function rotated(refreshToken: string, by = client): Promise<string> {
	return tokensOf(await refresh(refreshToken, { client: by })).refreshToken ?? "";
}

/** One that may authenticate by its key, or name itself alone; and how it refreshes by each. */
const aClientOfBoth = () => aKeyClient({ authMethods: ["none", "private_key_jwt"] });
const unproven = (token: string, by: KeyClient) => refresh(token, { client: by });
const proven = async (token: string, by: KeyClient) =>
	refresh(token, { client: by, fields: { client_id: undefined, ...withAssertion(await assertionOf(by)) } });

describe("rotation (RFC 9700 §4.14.2)", () => {
	test("each refresh gives another refresh token, and an access token of the same grant", async () => {
		const { accessToken, refreshToken } = await granted(client);
		const answer = await refresh(refreshToken, { client });
		expect(answer.headers.get("cache-control")).toBe("no-store");
		expect(answer.body).toEqual({
			access_token: expect.any(String),
			token_type: "Bearer",
			expires_in: 3600,
			refresh_token: expect.stringMatching(/^lkr_/),
			scope: expect.stringContaining("events:read"),
		});
		const next = tokensOf(answer);
		expect(next.refreshToken).not.toBe(refreshToken);
		expect(claimsOf(next.accessToken).grant_id).toBe(claimsOf(accessToken).grant_id);
		expect(claimsOf(next.accessToken).jti).not.toBe(claimsOf(accessToken).jti);
	});

	test("a public client always rotates", async () => {
		const { refreshToken } = await granted(demo.nativeApp);
		const next = await rotated(refreshToken, demo.nativeApp);
		expect(next).toMatch(/^lkr_/);
		expect(next).not.toBe(refreshToken);
	});

	test("DESIGN §4.3: 100 parallel refreshes with one token all get one successor", async () => {
		const { refreshToken } = await granted(client);
		const answers = await Promise.all(times(100, () => refresh(refreshToken, { client })));
		expect(answers.map((answer) => answer.status)).toEqual(times(100, () => 200));
		const successors = new Set(answers.map((answer) => tokensOf(answer).refreshToken));
		expect(successors.size).toBe(1);
		const [successor] = successors;
		expect((await refresh(successor ?? "", { client })).status).toBe(200);
	});

	test("RFC 7662 §2.2: the token that was replaced is not active, though its successor may be had with it once more", async () => {
		const { refreshToken } = await granted(client);
		const successor = await rotated(refreshToken);
		expect(await introspect(refreshToken, client)).toEqual({ active: false });
		expect(await introspect(successor, client)).toMatchObject({ active: true });
		expect(await rotated(refreshToken)).toBe(successor);
	});

	// A laptop sleeps, or a phone loses its radio, while the answer is on its way: it comes with the old token hours later, as Claude's
	// desktop application did (anthropics/claude-code issue 93014 of September 2026: 2 minutes to 8 hours later).
	test("DESIGN §4.3: a client that authenticates and lost the answer gets the same successor a day later", async () => {
		const { refreshToken } = await granted(client);
		const successor = await rotated(refreshToken);
		await advance(day - 1);
		const again = tokensOf(await refresh(refreshToken, { client }));
		expect(again.refreshToken).toBe(successor);
		expect((await environments(again.accessToken)).status).toBe(200);
		expect((await refresh(successor, { client })).status).toBe(200);
	});

	test("after a day a retry is reuse: the family ends", async () => {
		const { refreshToken } = await granted(client);
		const successor = await rotated(refreshToken);
		await advance(day);
		expect(refusal(await refresh(refreshToken, { client }))).toBe("400 invalid_grant");
		expect(refusal(await refresh(successor, { client }))).toBe("400 invalid_grant");
	});

	test("DESIGN §4.3: a public client, of which a thief needs the token alone, gets it for a minute", async () => {
		const { nativeApp } = demo;
		const { refreshToken } = await granted(nativeApp);
		const successor = await rotated(refreshToken, nativeApp);
		await advance(59);
		const again = tokensOf(await refresh(refreshToken, { client: nativeApp }));
		expect(again.refreshToken).toBe(successor);
		expect((await environments(again.accessToken)).status).toBe(200);
		expect((await refresh(successor, { client: nativeApp })).status).toBe(200);
	});

	test("after a minute a public client's retry is reuse: the family ends", async () => {
		const { nativeApp } = demo;
		const { accessToken, refreshToken } = await granted(nativeApp);
		const successor = await rotated(refreshToken, nativeApp);
		await advance(60);
		expect(refusal(await refresh(refreshToken, { client: nativeApp }))).toBe("400 invalid_grant");
		expect(refusal(await refresh(successor, { client: nativeApp }))).toBe("400 invalid_grant");
		expect((await environments(accessToken)).status).toBe(401);
	});

	describe("RFC 9700 §4.14.2: of a client that may authenticate, or name itself alone, what it did counts", () => {
		test("a thief who names it, and has the token alone, is found out when it comes itself", async () => {
			const by = await aClientOfBoth();
			const { refreshToken } = await granted(by);
			const stolen = tokensOf(await unproven(refreshToken, by)).refreshToken ?? "";
			await advance(60);
			expect(refusal(await proven(refreshToken, by))).toBe("400 invalid_grant");
			expect(refusal(await unproven(stolen, by))).toBe("400 invalid_grant");
		});

		test("a thief who comes later with the token that it had replaced ends the family, and gets nothing", async () => {
			const by = await aClientOfBoth();
			const { refreshToken } = await granted(by);
			const successor = tokensOf(await proven(refreshToken, by)).refreshToken ?? "";
			await advance(60);
			expect(refusal(await unproven(refreshToken, by))).toBe("400 invalid_grant");
			expect(refusal(await proven(successor, by))).toBe("400 invalid_grant");
		});

		test("by assertions alone it has the day", async () => {
			const by = await aClientOfBoth();
			const { refreshToken } = await granted(by);
			const successor = tokensOf(await proven(refreshToken, by)).refreshToken;
			await advance(day - 1);
			expect(tokensOf(await proven(refreshToken, by)).refreshToken).toBe(successor);
		});
	});

	test("the window closes when the successor is used", async () => {
		const { refreshToken } = await granted(client);
		const second = await rotated(refreshToken);
		const third = await rotated(second);
		// Though it authenticates, and no minute is over.
		expect(refusal(await refresh(refreshToken, { client }))).toBe("400 invalid_grant");
		expect(refusal(await refresh(third, { client }))).toBe("400 invalid_grant");
	});

	test("reuse of any ancestor ends this family, and no other grant of the person", async () => {
		const others = [await granted(client), await granted(demo.integration), await granted(demo.nativeApp)];
		const { accessToken, refreshToken } = await granted(client);
		let newest = refreshToken;
		const family = [refreshToken];
		for (let generation = 0; generation < 4; generation++) {
			newest = await rotated(newest);
			family.push(newest);
			await advance(30);
		}
		expect(refusal(await refresh(family[1] ?? "", { client }))).toBe("400 invalid_grant");
		for (const token of family) expect(refusal(await refresh(token, { client }))).toBe("400 invalid_grant");
		expect((await environments(accessToken)).status).toBe(401);

		const [web, integration, native] = others;
		expect((await refresh(web!.refreshToken, { client })).status).toBe(200);
		expect((await refresh(integration!.refreshToken)).status).toBe(200);
		expect((await refresh(native!.refreshToken, { client: demo.nativeApp })).status).toBe(200);
	});

	test("a stranger who reuses somebody's old token ends nothing", async () => {
		const { refreshToken } = await granted(client);
		const newest = await rotated(await rotated(refreshToken));
		const stranger = await aClient(client);
		expect(refusal(await refresh(refreshToken, { client: stranger }))).toBe("400 invalid_grant");
		expect(refusal(await refresh(refreshToken, { client: demo.nativeApp }))).toBe("400 invalid_grant");
		expect((await refresh(newest, { client })).status).toBe(200);
	});
});

describe("contract 000: an integration keeps its refresh token", () => {
	test.each(["camel", "snake", "form"] as const)("no refresh token in the answer (%s)", async (dialect) => {
		const { refreshToken } = await granted();
		const answer = await refresh(refreshToken, { dialect });
		expect(Object.keys(answer.body)).toEqual(
			dialect === "camel"
				? ["accessToken", "expiresIn", "tokenType"]
				: ["access_token", "token_type", "expires_in", "scope"],
		);
	});

	test("the same token works again and again, at once and over days", async () => {
		const { refreshToken } = await granted();
		const answers = await Promise.all(times(20, () => refresh(refreshToken)));
		expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
		for (let month = 0; month < 5; month++) {
			await advance(30 * day);
			expect((await refresh(refreshToken)).status).toBe(200);
		}
	});

	test("`redirect` is checked where it is sent, and costs nothing when it is wrong", async () => {
		const { refreshToken } = await granted();
		const redirect = demo.integration.client.redirectUris[0];
		const wrong = { dialect: "camel", fields: { redirect_uri: "https://evil.example/" } } as const;
		expect(refusal(await refresh(refreshToken, wrong))).toBe("400 invalid_grant");
		expect((await refresh(refreshToken, { dialect: "camel", fields: { redirect_uri: redirect } })).status).toBe(200);
		expect((await refresh(refreshToken, { dialect: "camel" })).status).toBe(200);
	});
});

describe("a refresh token ends", () => {
	test("a rotating family that nobody used for 30 days", async () => {
		const { refreshToken } = await granted(client);
		await advance(30 * day - 1);
		const next = await rotated(refreshToken);
		await advance(30 * day);
		expect(refusal(await refresh(next, { client }))).toBe("400 invalid_grant");
		expect(await introspect(next, client)).toEqual({ active: false });
	});

	test.each([
		["a kept token", demo.integration],
		["a rotating family, however busy", demo.webApp],
	])("%s after 180 days, and its access tokens with it", async (_, who) => {
		let { refreshToken } = await granted(who);
		for (let passed = 20; passed < 180; passed += 20) {
			await advance(20 * day);
			refreshToken = tokensOf(await refresh(refreshToken, { client: who })).refreshToken ?? refreshToken;
		}
		await advance(20 * day - 60);
		const last = await refresh(refreshToken, { client: who });
		expect(last.body.expires_in).toBe(60);
		refreshToken = tokensOf(last).refreshToken ?? refreshToken;
		await advance(60);
		expect(refusal(await refresh(refreshToken, { client: who }))).toBe("400 invalid_grant");
		expect(await introspect(tokensOf(last).accessToken, who)).toEqual({ active: false });
	});
});

describe("scope at refresh (RFC 6749 §6)", () => {
	test("narrower is given, and the grant stays as wide as it was", async () => {
		const { refreshToken } = await granted(client, { scope: "environments:read events:read" });
		const narrow = await refresh(refreshToken, { client, fields: { scope: "environments:read" } });
		expect(narrow.body.scope).toBe("environments:read");
		expect(claimsOf(tokensOf(narrow).accessToken).scope).toBe("environments:read");
		const whole = await refresh(tokensOf(narrow).refreshToken ?? "", { client });
		expect(whole.body.scope).toBe("environments:read events:read");
	});

	test.each([
		["wider", "environments:read events:read"],
		["what the client may have and the person did not give", "events:write"],
		["malformed", "environments:read  events:read"],
		["RFC 6749 §3.3: a quotation mark", 'environments:read"'],
	])("%s is refused and does not burn the token", async (_, scope) => {
		const { refreshToken } = await granted(client, { scope: "environments:read" });
		expect(refusal(await refresh(refreshToken, { client, fields: { scope } }))).toBe("400 invalid_scope");
		const next = await rotated(refreshToken);
		// Nor did it count as a use: the first token is the one before the current.
		expect(await rotated(refreshToken)).toBe(next);
	});

	test("parallel refreshes for different scopes get one successor, and each its own scope", async () => {
		const { refreshToken } = await granted(client, { scope: "environments:read events:read" });
		const scopes = ["environments:read", "events:read", "environments:read events:read"];
		const answers = await Promise.all(scopes.map((scope) => refresh(refreshToken, { client, fields: { scope } })));
		expect(answers.map((answer) => answer.body.scope)).toEqual(scopes);
		expect(new Set(answers.map((answer) => tokensOf(answer).refreshToken)).size).toBe(1);
	});
});

describe("a refresh that does not fit changes nothing", () => {
	test.each([
		["another client", { client: demo.integration }, "400 invalid_grant"],
		["a public client", { client: demo.nativeApp }, "400 invalid_grant"],
		["a wrong secret", { client, fields: { client_secret: "lkcs_no" } }, "401 invalid_client"],
		["no secret", { client, method: "none" as const }, "401 invalid_client"],
		[
			"a redirect URI that is not registered",
			{ client, fields: { redirect_uri: "https://evil.example/" } },
			"400 invalid_grant",
		],
	])("%s", async (_, wrong, refused) => {
		const { refreshToken } = await granted(client);
		for (let attempt = 0; attempt < 3; attempt++) expect(refusal(await refresh(refreshToken, wrong))).toBe(refused);
		await advance(60);
		expect((await refresh(refreshToken, { client })).status).toBe(200);
	});

	test("a damaged or foreign token", async () => {
		const { refreshToken } = await granted(client);
		const damaged = [refreshToken.slice(0, -1), `${refreshToken}A`, refreshToken.replace("lkr_", "lks_"), "lkr_", "x"];
		for (const each of damaged) expect(refusal(await refresh(each, { client }))).toBe("400 invalid_grant");
		expect((await refresh(refreshToken, { client })).status).toBe(200);
	});

	test("RFC 6749 §5.2: a client that is not registered for refresh tokens", async () => {
		const { refreshToken } = await granted(client);
		const codeOnly = await aClient(client, { grantTypes: ["authorization_code"] });
		expect(refusal(await refresh(refreshToken, { client: codeOnly }))).toBe("400 unauthorized_client");
	});

	test("the token of an open grant does not exist yet: its code opens nothing else", async () => {
		const { code } = await granted(client);
		expect(refusal(await exchange(code.replace("lkc_", "lkr_"), { client }))).toBe("400 invalid_grant");
	});
});
