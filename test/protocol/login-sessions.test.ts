import { describe, expect, test } from "vitest";
import { writeInstant } from "../../src/domain/instant.ts";
import { aKey, anAccessCode, aPolicy } from "../support/registered.ts";
import { ada } from "../support/people.ts";
import { logIn, loggedIn, opens, revokeSession, sessionsOf } from "../support/logins.ts";
import { ask, bearer, refusal, times, saidIn } from "../support/requests.ts";
import { advance, demo, now } from "../support/target.ts";
import { granted } from "../support/tokens.ts";

describe("contract 001: sessions are listed and revoked one by one", () => {
	test("the list shows the sessions of the token's own credential", async () => {
		const key = await aKey();
		const token = await loggedIn({ api_key: key.secret, session_id: "mine" });
		await loggedIn({ api_key: key.secret });
		await loggedIn({ api_key: (await anAccessCode(key)).secret, session_id: "of the other code" });
		await loggedIn({ api_key: (await aKey()).secret, session_id: "of another key" });
		const answer = await ask("/auth/sessions", { headers: bearer(token) });
		expect(answer.headers.get("cache-control")).toBe("no-store");
		expect(answer.body.next).toBeNull();
		const listed = (await sessionsOf(token)).map(({ session_id, current }) => [session_id, current]);
		expect(Object.fromEntries(listed)).toEqual({ "": false, mine: true });
		expect((await sessionsOf(token)).find((session) => session.current)).toEqual({
			id: expect.stringMatching(/^[\w-]{22}$/),
			session_id: "mine",
			scope: "environments:read events:read",
			started_at: writeInstant(now()),
			issued_at: writeInstant(now()),
			expires_at: writeInstant(now() + 7200),
			current: true,
		});
		expect(answer.text).not.toContain(token);
	});

	test("100 are a page, and `next` leads to the others", async () => {
		const api_key = (await aKey()).secret;
		const token = await loggedIn({ api_key });
		for (const batch of times(5, (index) => index)) {
			await Promise.all(times(20, (index) => loggedIn({ api_key, session_id: `${batch} ${index}` })));
		}
		const first = await ask("/auth/sessions", { headers: bearer(token) });
		const { sessions, next }: { sessions: { id: string }[]; next: string } = JSON.parse(first.text);
		expect(sessions).toHaveLength(100);
		const second = await ask(`/auth/sessions?after=${next}`, { headers: bearer(token) });
		const rest: { sessions: { id: string }[]; next: null } = JSON.parse(second.text);
		expect([rest.sessions.length, rest.next]).toEqual([1, null]);
		expect(new Set([...sessions, ...rest.sessions].map(({ id }) => id)).size).toBe(101);
	});

	test("a revoked session's tokens are refused at the next request; the others live", async () => {
		const api_key = (await aKey()).secret;
		const [a, b] = [await loggedIn({ api_key, session_id: "a" }), await loggedIn({ api_key, session_id: "b" })];
		const id = (await sessionsOf(b)).find((session) => session.session_id === "a")?.id ?? "";
		const answer = await revokeSession(b, id);
		expect([answer.status, answer.text, answer.headers.get("cache-control")]).toEqual([204, "", "no-store"]);
		expect([await opens(a), await opens(b)]).toEqual([401, 200]);
		expect(refusal(await revokeSession(b, id))).toBe("404 Not Found");
		expect((await sessionsOf(b)).map((session) => session.session_id)).toEqual(["b"]);
	});

	test("logging in again after that gives another token, and the old one stays dead", async () => {
		const api_key = (await aKey()).secret;
		const old = await loggedIn({ api_key });
		const [own] = await sessionsOf(old);
		expect((await revokeSession(old, own?.id ?? "")).status).toBe(204);
		const answer = await logIn({ api_key });
		expect(answer.body.expires_in).toBe(7200);
		expect(answer.body.access_token).not.toBe(old);
		expect([await opens(old), await opens(String(answer.body.access_token))]).toEqual([401, 200]);
		expect(refusal(await ask("/auth/sessions", { headers: bearer(old) }))).toBe("401 Unauthorized");
	});

	test("every token that a renewed session gave out ends with it", async () => {
		const api_key = (await aKey()).secret;
		const first = await loggedIn({ api_key });
		await advance(4000);
		const second = await loggedIn({ api_key, min_ttl: 3600 });
		const [own, ...others] = await sessionsOf(second);
		expect(others).toEqual([]);
		await revokeSession(first, own?.id ?? "");
		expect([await opens(first), await opens(second)]).toEqual([401, 401]);
	});

	test("a session of another credential, key or person is not there", async () => {
		const key = await aKey();
		const token = await loggedIn({ api_key: key.secret });
		const others = [
			await loggedIn({ api_key: (await anAccessCode(key)).secret }),
			await loggedIn({ api_key: (await aKey()).secret }),
			await loggedIn({ username: ada.username, password: ada.password }),
		];
		for (const other of others) {
			const [session] = await sessionsOf(other);
			expect(refusal(await revokeSession(token, session?.id ?? ""))).toBe("404 Not Found");
			expect(await opens(other)).toBe(200);
		}
		for (const id of ["x", "%00", "..%2f", "x".repeat(3000)]) {
			expect(refusal(await revokeSession(token, id))).toBe("404 Not Found");
		}
	});

	test("only a login token may ask", async () => {
		const { accessToken, refreshToken } = await granted();
		for (const token of [accessToken, refreshToken, demo.apiKey.accessCode, "x"]) {
			const answer = await ask("/auth/sessions", { headers: bearer(token) });
			expect(refusal(answer)).toBe("401 Unauthorized");
			expect(answer.headers.get("www-authenticate")).toContain('Bearer realm="latchkey", error="invalid_token"');
		}
		const nothing = await ask("/auth/sessions");
		expect(refusal(nothing)).toBe("401 Unauthorized");
		expect(nothing.headers.get("www-authenticate")).toMatch(/^Bearer realm="latchkey", resource_metadata="/);
		expect(refusal(await revokeSession("x", "y"))).toBe("401 Unauthorized");
	});

	test("an expired login token is told so", async () => {
		const token = await loggedIn({ api_key: (await aKey()).secret });
		await advance(7200);
		const answer = await ask("/auth/sessions", { headers: bearer(token) });
		expect([refusal(answer), answer.body.detail]).toEqual(["401 Unauthorized", "The token has expired."]);
	});
});

describe("contract 001: keys are revokable", () => {
	test("a disabled code ends its login tokens at once; the key's other code lives", async () => {
		const key = await aKey();
		const other = await anAccessCode(key);
		const [token, spared] = [await loggedIn({ api_key: key.secret }), await loggedIn({ api_key: other.secret })];
		await key.change({ kind: "set_code_enabled", id: key.codeId, enabled: false });
		expect([await opens(token), await opens(spared)]).toEqual([401, 200]);
		expect(refusal(await logIn({ api_key: key.secret }))).toBe("401 Unauthorized");
		await key.change({ kind: "set_code_enabled", id: key.codeId, enabled: true });
		// DESIGN §4.4: enabled again, it opens anew; what had ended stays so.
		expect(await opens(token)).toBe(401);
		expect(await loggedIn({ api_key: key.secret })).not.toBe(token);
		expect(await opens(token)).toBe(401);
		expect(await loggedIn({ api_key: other.secret })).toBe(spared);
	});

	test("a deleted code, a disabled key and a deleted key end them too", async () => {
		const [one, two, three] = [await aKey(), await aKey(), await aKey()];
		const tokens = [];
		for (const { secret } of [one, two, three]) tokens.push(await loggedIn({ api_key: secret }));
		await one.change({ kind: "set_code_enabled", id: one.codeId, enabled: false });
		await one.change({ kind: "delete_code", id: one.codeId });
		await two.change({ kind: "set_state", state: "disabled" });
		await three.change({ kind: "delete" });
		for (const token of tokens) expect(await opens(token)).toBe(401);
		const answers = [];
		for (const { secret } of [one, two, three]) answers.push(await logIn({ api_key: secret }));
		expect(answers.map(refusal)).toEqual(times(3, () => "401 Unauthorized"));
		// Unknown, disabled and deleted are told apart by nobody.
		expect(new Set([...answers, await logIn({ api_key: "lk_unknown" })].map(saidIn)).size).toBe(1);
	});

	test("a link that is taken away ends what was logged in by it", async () => {
		const key = await aKey();
		const policies = [await aPolicy(demo.accounts.globex, ["alerts:read"])];
		await key.change({ kind: "set_policies", accountId: demo.accounts.globex, policies });
		const linked = await loggedIn({ api_key: key.secret, account: "globex" });
		const own = await loggedIn({ api_key: key.secret });
		expect((await sessionsOf(linked)).length).toBe(1);
		await key.change({ kind: "set_policies", accountId: demo.accounts.globex, policies: null });
		expect(refusal(await ask("/auth/sessions", { headers: bearer(linked) }))).toBe("401 Unauthorized");
		expect(refusal(await logIn({ api_key: key.secret, account: "globex" }))).toBe("403 Forbidden");
		expect(await opens(own)).toBe(200);
	});

	test("contract 003: a code is good for 365 days", async () => {
		const key = await aKey();
		await advance(365 * 86_400 - 60);
		const token = await loggedIn({ api_key: key.secret });
		expect(await opens(token)).toBe(200);
		await advance(60);
		expect(await opens(token)).toBe(401);
		expect(refusal(await logIn({ api_key: key.secret }))).toBe("401 Unauthorized");
	});
});
