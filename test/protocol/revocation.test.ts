import { describe, expect, test } from "vitest";
import { aClient, aKey } from "../support/registered.ts";
import { loggedIn, opens } from "../support/logins.ts";
import { type Answer, postForm, postJson, refusal } from "../support/requests.ts";
import { advance, demo } from "../support/target.ts";
import { basicOf, environments, exchange, granted, installed, introspect, refresh, revoke } from "../support/tokens.ts";

const { integration, webApp, nativeApp } = demo;

/** RFC 7009 §2.2: 200, whatever the token was, and not a word about it. */
function silent(answer: Answer): void {
	expect([answer.status, answer.text]).toEqual([200, ""]);
	expect(answer.headers.get("cache-control")).toBe("no-store");
}

describe("revocation (RFC 7009)", () => {
	test("§2.1: a refresh token ends its grant and every access token of it", async () => {
		const { accessToken, refreshToken } = await granted(webApp);
		const second = await refresh(refreshToken, { client: webApp });
		silent(await revoke(String(second.body.refresh_token), webApp));
		for (const token of [accessToken, String(second.body.access_token)]) {
			expect(await introspect(token, webApp)).toEqual({ active: false });
			expect((await environments(token)).status).toBe(401);
		}
		expect(refusal(await refresh(refreshToken, { client: webApp }))).toBe("400 invalid_grant");
	});

	test("an access token ends alone; its grant lives on", async () => {
		const { accessToken, refreshToken } = await granted();
		silent(await revoke(accessToken));
		expect(await introspect(accessToken)).toEqual({ active: false });
		expect((await environments(accessToken)).status).toBe(401);
		const next = await refresh(refreshToken);
		expect(await introspect(String(next.body.access_token))).toMatchObject({ active: true });
		await advance(3600);
		expect(await introspect(accessToken)).toEqual({ active: false });
	});

	test("other grants of the same person and client live on", async () => {
		const [one, other] = [await granted(), await granted()];
		silent(await revoke(one.refreshToken));
		expect((await environments(one.accessToken)).status).toBe(401);
		expect((await environments(other.accessToken)).status).toBe(200);
	});

	test("an ancestor of the current refresh token ends the grant too: whoever asks is its client", async () => {
		const { refreshToken } = await granted(webApp);
		const second = await refresh(refreshToken, { client: webApp });
		silent(await revoke(refreshToken, webApp));
		expect(refusal(await refresh(String(second.body.refresh_token), { client: webApp }))).toBe("400 invalid_grant");
	});

	test("a public client revokes with its id alone", async () => {
		const { refreshToken } = await granted(nativeApp);
		silent(await revoke(refreshToken, nativeApp));
		expect(refusal(await refresh(refreshToken, { client: nativeApp }))).toBe("400 invalid_grant");
	});

	test("§2.1: another client's token is left alone, and the caller is not told", async () => {
		const { accessToken, refreshToken } = await granted();
		for (const token of [accessToken, refreshToken]) {
			silent(await revoke(token, webApp));
			silent(await revoke(token, nativeApp));
		}
		expect((await environments(accessToken)).status).toBe(200);
		expect((await refresh(refreshToken)).status).toBe(200);
	});

	test("§2.2: an unknown, damaged, expired or revoked token answers 200", async () => {
		const { accessToken, refreshToken } = await granted();
		for (const token of [
			"x",
			"lkr_x",
			`${refreshToken}x`,
			accessToken.slice(0, -2),
			"a.b.c",
			"eyJhbGciOiJub25lIn0.e30.",
		]) {
			silent(await revoke(token));
		}
		expect((await environments(accessToken)).status).toBe(200);
		silent(await revoke(refreshToken));
		silent(await revoke(refreshToken));
		await advance(86_400);
		silent(await revoke(accessToken));
	});

	test("§2.1: a wrong token_type_hint does not matter", async () => {
		for (const token_type_hint of ["access_token", "refresh_token", "nonsense"]) {
			const { accessToken, refreshToken } = await granted();
			silent(await postForm("/oauth/revoke", { token: refreshToken, token_type_hint }, basicOf(integration)));
			expect(await introspect(accessToken)).toEqual({ active: false });
		}
	});

	test("a code cannot be revoked, and is still good", async () => {
		const code = await installed();
		silent(await revoke(code));
		expect((await exchange(code)).status).toBe(200);
	});

	test("without a token, without authentication, or as JSON, it is refused", async () => {
		const { refreshToken } = await granted();
		expect(refusal(await postForm("/oauth/revoke", {}, basicOf(integration)))).toBe("400 invalid_request");
		expect(refusal(await postForm("/oauth/revoke", { token: refreshToken }))).toBe("401 invalid_client");
		const json = await postJson("/oauth/revoke", { token: refreshToken }, basicOf(integration));
		expect(refusal(json)).toBe("415 invalid_request");
		expect((await refresh(refreshToken)).status).toBe(200);
	});

	test("DESIGN §4.4: what was revoked stays so, whatever is tried in between", async () => {
		const { code, refreshToken } = await granted(webApp);
		const tries = await Promise.all([
			...[1, 2, 3, 4, 5].map(() => refresh(refreshToken, { client: webApp })),
			revoke(refreshToken, webApp),
			...[1, 2, 3].map(() => refresh(refreshToken, { client: webApp })),
		]);
		for (const { body } of tries) {
			const token = typeof body.access_token === "string" ? body.access_token : "none";
			expect(await introspect(token, webApp)).toEqual({ active: false });
		}
		expect(refusal(await refresh(refreshToken, { client: webApp }))).toBe("400 invalid_grant");
		expect(refusal(await exchange(code, { client: webApp }))).toBe("400 invalid_grant");
	});
});

describe("introspection (RFC 7662)", () => {
	test("§2.2: an access token says what it is good for", async () => {
		const { accessToken } = await granted();
		const told = await introspect(accessToken);
		expect(told).toEqual({
			active: true,
			iss: "http://localhost:8787",
			sub: demo.people[0]?.id,
			aud: ["http://localhost:8787"],
			client_id: integration.client.id,
			account_id: demo.accounts.acme,
			scope: "environments:read events:read",
			iat: expect.any(Number),
			exp: Number(told.iat) + 86_400,
			jti: expect.stringMatching(/^[\w-]{22}$/),
			token_type: "Bearer",
		});
	});

	test("a refresh token says so, and has no jti", async () => {
		const { refreshToken } = await granted(webApp);
		const told = await introspect(refreshToken, webApp);
		expect(told).toMatchObject({ active: true, client_id: webApp.client.id, token_type: "refresh_token" });
		expect(told).not.toHaveProperty("jti");
		// It ends where nobody uses it.
		expect(Number(told.exp) - Number(told.iat)).toBe(30 * 86_400);
		const kept = await introspect((await granted()).refreshToken);
		expect(Number(kept.exp) - Number(kept.iat)).toBe(180 * 86_400);
	});

	test("a rotated refresh token is active no more", async () => {
		const { refreshToken } = await granted(webApp);
		await refresh(refreshToken, { client: webApp });
		expect(await introspect(refreshToken, webApp)).toEqual({ active: false });
	});

	test("§2.2: an expired token is inactive", async () => {
		const { accessToken } = await granted(webApp);
		await advance(3599);
		expect(await introspect(accessToken, webApp)).toMatchObject({ active: true });
		await advance(1);
		expect(await introspect(accessToken, webApp)).toEqual({ active: false });
	});

	test("§4: what was issued to another client is inactive, as what does not exist is", async () => {
		const { accessToken, refreshToken } = await granted();
		const stranger = await aClient(webApp);
		for (const token of [accessToken, refreshToken, "x", "lkr_x", "a.b.c", await installed()]) {
			expect(await introspect(token, stranger)).toEqual({ active: false });
		}
	});

	test("a login token is no client's business but its own", async () => {
		const key = await loggedIn({ api_key: (await aKey()).secret });
		expect(await introspect(key, webApp)).toEqual({ active: false });
		const own = await loggedIn({ client_id: webApp.client.id, client_secret: webApp.secret });
		expect(await introspect(own, webApp)).toMatchObject({ active: true, client_id: webApp.client.id });
		expect(await introspect(own)).toEqual({ active: false });
		// RFC 7009: and may be revoked by it, alone.
		silent(await revoke(own, webApp));
		expect(await introspect(own, webApp)).toEqual({ active: false });
		expect(await opens(own)).toBe(401);
	});

	test("introspection may not be cached", async () => {
		const answer = await postForm("/oauth/introspect", { token: "x" }, basicOf(integration));
		expect(answer.headers.get("cache-control")).toBe("no-store");
	});

	test("without a token, without authentication, or as JSON, it is refused", async () => {
		const { accessToken } = await granted();
		expect(refusal(await postForm("/oauth/introspect", {}, basicOf(integration)))).toBe("400 invalid_request");
		expect(refusal(await postForm("/oauth/introspect", { token: accessToken }))).toBe("401 invalid_client");
		const json = await postJson("/oauth/introspect", { token: accessToken }, basicOf(integration));
		expect(refusal(json)).toBe("415 invalid_request");
	});
});
