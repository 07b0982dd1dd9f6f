import { credentialsIn } from "../support/credentials.ts";
import { describe, expect, test } from "vitest";
import type { Permission } from "../../src/domain/permission.ts";
import { staleness } from "../../src/operations/lookups.ts";
import {
	anIntegration,
	call,
	change,
	create,
	end,
	installBy,
	integrationBody,
	pathOf,
	read,
	rotate,
	tokenOf,
} from "../support/integrations.ts";
import { codeOf, decide } from "../support/people.ts";
import { aKey, anAccount, aPerson, aPolicy } from "../support/registered.ts";
import { type Answer, ask, postJson, refusal, times, saidIn } from "../support/requests.ts";
import { advance, demo, logged } from "../support/target.ts";
import { environments, exchange, granted, installPath, introspect, refresh } from "../support/tokens.ts";

const { acme, globex } = demo.accounts;

function fieldsOf({ status, body }: Answer): readonly string[] {
	if (status !== 400) throw new Error(`Not refused for a field: ${status}`);
	return (body.errors as { field: string }[]).map(({ field }) => field.split(".")[0] ?? "");
}

/** A key that may do this in Acme, as its header. */
async function keyFor(...permissions: Permission[]): Promise<Record<string, string>> {
	const { secret } = await aKey(acme, [await aPolicy(acme, permissions)]);
	return { "x-api-key": secret };
}

describe("registering a client", () => {
	test.each<[string, object]>([
		["name", { name: "" }],
		["name", { name: "   " }],
		["name", { name: "a".repeat(101) }],
		["name", { name: "Ra\u0000dar" }],
		["name", { name: "Ra\ndar" }],
		["name", { name: "Ra\u202edar" }],
		["name", { name: "Ra\ud800dar" }],
		["name", { name: 7 }],
		["name", { name: undefined }],
		["description", { description: "a".repeat(501) }],
		["description", { description: "a\u0007" }],
		["scopes", { scopes: ["events:everything"] }],
		["scopes", { scopes: ["constructor"] }],
		["scopes", { scopes: ["read"] }],
		["scopes", { scopes: undefined }],
		["redirect_urls", { redirect_urls: [] }],
		["redirect_urls", { redirect_urls: times(11, (index) => `https://radar.example/${index}`) }],
		["redirect_urls", { redirect_urls: ["https://radar.example/", "https://radar.example/"] }],
		["redirect_urls", { redirect_urls: "https://radar.example/" }],
		["access_token_ttl", { access_token_ttl: 86_401 }],
		["access_token_ttl", { access_token_ttl: 59 }],
		["access_token_ttl", { access_token_ttl: 3600.5 }],
		["access_token_ttl", { access_token_ttl: "3600" }],
		["rotation", { rotation: "keep", kind: "application", client_type: "public" }],
		["client_type", { client_type: "public", kind: "integration", rotation: "rotate" }],
		["acts_for_itself", { acts_for_itself: true }],
		["acts_for_itself", { acts_for_itself: true, kind: "application", client_type: "public" }],
		["kind", { kind: "Integration" }],
		["client_id", { client_id: "lkid_mine" }],
		["state", { state: "active" }],
		["accountId", { accountId: globex }],
	])("a bad %s is told by its name: %j", async (field, changes) => {
		const answer = await create(changes);
		expect(refusal(answer)).toBe("400 Malformed request");
		expect(fieldsOf(answer)).toEqual([field]);
	});

	// RFC 9700 §4.1.3, RFC 8252 §7: what is compared as a string has to be one that a parser would not read otherwise.
	test.each([
		"http://radar.example/",
		"//radar.example/",
		"/installed",
		"javascript:alert(1)",
		"data:text/html,x",
		"myapp:/done",
		"https://radar.example/#here",
		"https://radar.example\\@evil.example/",
		"https://user@radar.example/",
		"https://user:secret@radar.example/",
		"https://radar.example@evil.example/",
		"https:/radar.example/",
		"https://0x7f.1/",
		"https://%65vil.example/",
		"https://radar.example /",
		"https://radar.example/\n/",
		" https://radar.example/\u0000",
		"https://*.radar.example/",
		"https://radar.example;script-src/",
		`https://radar.example/${"a".repeat(2048)}`,
		"https://radar.example/?code=mine",
		"https://radar.example/?a=b&state=mine",
		"https://radar.example/?error=mine",
		"https://radar.example/?iss=mine",
		"https://radar.example/?c%6fde=mine",
		"https://radar.example/?Code=mine",
		"com.example.app:/done?code=mine",
	])("a redirect URL that could lead elsewhere, or answer for us, is refused: %j", async (uri) => {
		const answer = await create({ redirect_urls: ["https://radar.example/good", uri] });
		expect(refusal(answer)).toBe("400 Malformed request");
		expect(fieldsOf(answer)).toEqual(["redirect_urls"]);
		expect(String(answer.body.detail)).toContain("Redirect URL 2");
	});

	test.each([
		"https://radar.example/done?kind=code",
		"http://localhost:9999/done",
		"http://[::1]/done",
		"com.example.app:/done",
		"  https://radar.example/done\n",
	])("a redirect URL that is fine: %j", async (uri) => {
		const answer = await create({ redirect_urls: [uri] });
		expect([answer.status, answer.body.redirect_urls]).toEqual([201, [uri.trim()]]);
	});

	test("names are of one integration in an account, in whichever case, and free again when it has ended", async () => {
		const first = await anIntegration({ name: "Taken" });
		for (const name of ["Taken", "taken", " TAKEN "]) expect(refusal(await create({ name }))).toBe("409 Conflict");
		const another = await anIntegration();
		expect(refusal(await change(another, { name: "tAKEN" }))).toBe("409 Conflict");
		const elsewhere = await tokenOf(await aPerson({ [await anAccount()]: "admin" }));
		expect((await create({ name: "Taken" }, elsewhere)).status).toBe(201);
		await end(first);
		expect((await create({ name: "Taken" })).status).toBe(201);
	});

	test("of ten at once with one name, one is made", async () => {
		const token = await tokenOf();
		const answers = await Promise.all(times(10, () => create({ name: "Wanted by all" }, token)));
		expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
		expect(answers.filter(({ status }) => status === 409)).toHaveLength(9);
	});

	test("RFC 7636: a public client gets no secret, and goes through the code flow with PKCE", async () => {
		const application = await anIntegration({ kind: "application", client_type: "public" });
		expect(application.secret).toBeNull();
		const { accessToken, refreshToken } = await granted(application);
		expect((await environments(accessToken)).status).toBe(200);
		expect((await refresh(refreshToken, { client: application })).body.refresh_token).not.toBe(refreshToken);
	});

	test("the secret is in no later answer, and in no line for the operator", async () => {
		const { secret, ...integration } = await anIntegration();
		const later = [await read({ ...integration, secret }), await call("GET", "/v1/integrations")];
		for (const { text } of later) {
			expect(credentialsIn(text)).toEqual([]);
			expect(text).not.toContain('"hash"');
		}
		expect((await logged()).join()).not.toContain(secret);
	});
});

describe("who may", () => {
	test("each route names the permission that it needs, and says so where it is missing", async () => {
		const integration = await anIntegration();
		const routes: [Permission, string, string, object | null][] = [
			["integrations:read", "GET", "/v1/integrations", null],
			["integrations:write", "POST", "/v1/integrations", integrationBody()],
			["integrations:read", "GET", pathOf(integration), null],
			["integrations:write", "PATCH", pathOf(integration), { description: "x" }],
			["integrations:delete", "DELETE", pathOf(integration), null],
			["integrations:write", "POST", `${pathOf(integration)}/secrets`, { overlap_days: 1 }],
			["integrations:write", "DELETE", `${pathOf(integration)}/secrets/previous`, null],
			["integrations:read", "GET", "/v1/installs", null],
		];
		for (const [permission, method, path, body] of routes) {
			const others = (["integrations:read", "integrations:write", "integrations:delete"] as const).filter(
				(each) => each !== permission,
			);
			const headers = { ...(await keyFor(...others)), "content-type": "application/json" };
			const answer = await ask(path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
			expect([method, path, refusal(answer), answer.body.permission]).toEqual([
				method,
				path,
				"403 Forbidden",
				permission,
			]);
			expect(refusal(await ask(path, { method, ...(body && { body: JSON.stringify(body) }) }))).toMatch(/^401 /);
		}
		expect((await read(integration)).body).toMatchObject({ state: "active", secrets: [{ expires_at: null }] });
	});

	test("another account's integration is not there, for whoever administers theirs", async () => {
		const integration = await anIntegration();
		const foreign = await tokenOf(await aPerson({ [globex]: "admin" }));
		const nobody = { ...integration, client: { ...integration.client, id: "lkid_nothing" } };
		for (const of of [integration, nobody]) {
			const answers = [
				await read(of, foreign),
				await change(of, { name: "Mine" }, foreign),
				await rotate(of, 0, foreign),
				await call("DELETE", `${pathOf(of)}/secrets/previous`, foreign),
				await end(of, foreign),
			];
			expect(answers.map(refusal)).toEqual(times(5, () => "404 Not Found"));
			expect(new Set(answers.map(saidIn)).size).toBe(1);
		}
		const list = await call("GET", "/v1/integrations?limit=100", foreign);
		expect(list.text).not.toContain(integration.client.id);
		expect((await read(integration)).body).toMatchObject({ name: integration.name, state: "active" });
		expect((await installBy(integration)).accessToken).toMatch(/\S/);
	});

	test("nobody makes a client that may do for itself what they may not, nor takes over one that does", async () => {
		const headers = await keyFor("integrations:write", "events:read");
		const body = { kind: "application", acts_for_itself: true, rotation: "rotate" };
		const wide = await postJson("/v1/integrations", integrationBody({ ...body, scopes: ["keys:write"] }), headers);
		expect(refusal(wide)).toBe("403 Forbidden");
		const fitting = integrationBody({ ...body, scopes: ["events:read"] });
		const made = await postJson("/v1/integrations", fitting, headers);
		expect(made.status).toBe(201);
		const path = `/v1/integrations/${String(made.body.client_id)}`;
		const send = (method: string, to: string, sent: object) => ask(to, { method, headers, body: JSON.stringify(sent) });
		expect(refusal(await send("PATCH", path, { scopes: ["keys:write"] }))).toBe("403 Forbidden");
		const powerful = await anIntegration({ ...body, scopes: ["keys:write"] });
		expect(refusal(await send("POST", `${pathOf(powerful)}/secrets`, { overlap_days: 1 }))).toBe("403 Forbidden");
		expect(refusal(await send("PATCH", pathOf(powerful), { description: "x" }))).toBe("403 Forbidden");
	});
});

describe("changing a client", () => {
	test("what is left out stays, and what is sent is checked as at the beginning", async () => {
		const integration = await anIntegration({ description: "Before" });
		const before = (await read(integration)).body;
		const changed = await change(integration, { description: "After" });
		expect(changed.body).toEqual({ ...before, description: "After" });
		for (const body of [{ name: "" }, { redirect_urls: ["http://evil.example/"] }, { logo_svg: "<svg/>" }]) {
			expect(refusal(await change(integration, body))).toBe("400 Malformed request");
		}
		for (const body of [{ kind: "application" }, { client_type: "public" }, { client_id: "x" }, { secrets: [] }]) {
			expect(refusal(await change(integration, body))).toBe("400 Malformed request");
		}
		expect((await read(integration)).body).toEqual({ ...before, description: "After" });
	});

	test("a narrower registration narrows what was granted, a wider one does not widen it", async () => {
		const integration = await anIntegration({ scopes: ["environments:read", "events:read"] });
		const { accessToken, refreshToken } = await installBy(integration);
		await change(integration, { scopes: ["events:read", "alerts:read"] });
		await advance(staleness + 1);
		expect((await environments(accessToken)).status).toBe(403);
		const refreshed = await refresh(refreshToken, { client: integration });
		expect((await introspect(String(refreshed.body.access_token), integration)).scope).toBe("events:read");
	});

	test("a redirect URL that is replaced gets no more answers", async () => {
		const integration = await anIntegration();
		const code = codeOf(await decide(installPath(integration)));
		await change(integration, { redirect_urls: ["https://radar.example/elsewhere"] });
		await advance(staleness + 1);
		const answer = await decide(installPath(integration));
		expect(answer.headers.get("location")).toMatch(/^https:\/\/radar\.example\/elsewhere\?code=/);
		// The code that was given before is bound to the URL that it went to.
		const moved = { ...integration.client, redirectUris: ["https://radar.example/elsewhere"] };
		expect((await exchange(code, { client: { ...integration, client: moved } })).body.error).toBe("invalid_grant");
	});
});

describe("the list", () => {
	test("goes on where it stopped, by name, and shows each once", async () => {
		const account = await anAccount();
		const token = await tokenOf(await aPerson({ [account]: "admin" }));
		const names = ["delta", "Alpha", "charlie", "Bravo", "echo"];
		for (const name of names) await create({ name }, token);
		const seen: string[] = [];
		let cursor: string | null = "";
		while (cursor !== null) {
			const { body }: Answer = await call("GET", `/v1/integrations?limit=2${cursor && `&cursor=${cursor}`}`, token);
			seen.push(...(body.integrations as { name: string }[]).map(({ name }) => name));
			cursor = body.next as string | null;
		}
		expect(seen).toEqual(["Alpha", "Bravo", "charlie", "delta", "echo"]);
	});

	test("a cursor that was tampered with, or comes from another list, is refused", async () => {
		const account = await anAccount();
		const token = await tokenOf(await aPerson({ [account]: "admin" }));
		for (const name of ["a", "b"]) await create({ name }, token);
		const { body } = await call("GET", "/v1/integrations?limit=1", token);
		const cursor = String(body.next);
		expect((await call("GET", `/v1/integrations?cursor=${cursor}`, token)).status).toBe(200);
		const bad = [`${cursor}A`, `A${cursor}`, cursor.slice(0, -2), "x", "1.W10.AAAA"];
		for (const each of bad) {
			expect(refusal(await call("GET", `/v1/integrations?cursor=${each}`, token))).toBe("400 Malformed request");
		}
		expect(refusal(await call("GET", `/v1/installs?cursor=${cursor}`, token))).toBe("400 Malformed request");
		expect(refusal(await call("GET", `/v1/integrations?cursor=${cursor}`))).toBe("400 Malformed request");
		for (const limit of ["0", "101", "-1", "x"]) {
			expect(refusal(await call("GET", `/v1/integrations?limit=${limit}`, token))).toBe("400 Malformed request");
		}
	});
});
