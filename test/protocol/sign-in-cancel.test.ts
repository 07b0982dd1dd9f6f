import { describe, expect, test } from "vitest";
import { ada, formOn, grace, signInAnew } from "../support/people.ts";
import { aClient } from "../support/registered.ts";
import { type Answer, ask, type Fields, locationOf, ownPage, postForm, refusal } from "../support/requests.ts";
import { selfRegistered } from "../support/self-registered.ts";
import { demo, issuer } from "../support/target.ts";
import { authorizePath, installPath } from "../support/tokens.ts";

// RFC 6749 §4.1.2.1: access_denied. Whoever is asked to sign in can go back instead, and the client hears of it: Authlib 1.9.10
// makes an OAuthError of it that its site can show, and a program that listens on loopback need not wait until it gives up.

const { webApp, nativeApp, integration } = demo;
const registered = await selfRegistered();

/** Presses Cancel on the sign-in page that this is. */
function cancelled(page: Answer, headers: Record<string, string> = ownPage, fields: Fields = {}): Promise<Answer> {
	const { action, hidden } = formOn(page, "decision");
	return postForm(action, { ...hidden, ...fields }, headers);
}

function told(answer: Answer): { to: string; with: Record<string, string> } {
	const { origin, pathname, searchParams } = locationOf(answer);
	return { to: origin + pathname, with: Object.fromEntries(searchParams) };
}

const denied = { error: "access_denied", error_description: "The person did not sign in", iss: issuer };

describe("Cancel on the sign-in page of a request", () => {
	test.each([
		["of an application", webApp, authorizePath(webApp, { scope: "openid", nonce: "n" }), "opaque to us"],
		["of a public one", nativeApp, authorizePath(nativeApp), "opaque to us"],
		["of one that registered itself", registered, authorizePath(registered), "opaque to us"],
		["to install an integration (contract 000)", integration, installPath(integration, { state: "s" }), "s"],
	])("%s tells the client, and nothing else", async (_, { client }, path, state) => {
		const answer = await cancelled(await ask(path));
		expect(told(answer)).toEqual({ to: client.redirectUris[0], with: { ...denied, state } });
		expect(answer.headers.has("set-cookie")).toBe(false);
	});

	test("is there after a wrong password too, and at each sign-in that is asked for again", async () => {
		const path = authorizePath(webApp, { state: "x" });
		const hidden = { continue: path, username: "ada" };
		const wrong = await postForm("/sign-in", { ...hidden, password: "not hers" }, ownPage);
		expect(wrong.status).toBe(401);
		const cookie = await signInAnew(ada);
		const again = await ask(authorizePath(webApp, { state: "x", prompt: "login" }), { headers: { cookie } });
		for (const answer of [await cancelled(wrong), await cancelled(again, { ...ownPage, cookie })]) {
			expect(told(answer).with).toEqual({ ...denied, state: "x" });
		}
		// They stay signed in as whoever they were.
		expect((await ask("/console", { headers: { cookie } })).status).not.toBe(401);
	});

	test("somebody who is signed in as another than is meant can go back", async () => {
		const cookie = await signInAnew(grace);
		const claims = JSON.stringify({ id_token: { sub: { value: "somebody-else" } } });
		const page = await ask(authorizePath(registered, { scope: "openid", claims }), { headers: { cookie } });
		expect(page.text).toContain("You are signed in as somebody else");
		expect(told(await cancelled(page, { ...ownPage, cookie })).with.error).toBe("access_denied");
	});

	test("answers by form_post where that was asked for", async () => {
		const answer = await cancelled(await ask(authorizePath(webApp, { response_mode: "form_post" })));
		expect(answer.status).toBe(200);
		expect(formOn(answer, "error")).toMatchObject({
			action: webApp.client.redirectUris[0],
			hidden: { ...denied, state: "opaque to us" },
		});
	});

	test("is not there where nobody asked", async () => {
		for (const path of ["/sign-in", "/sign-in?continue=/console/acme", "/sign-in?continue=https://evil.example/"]) {
			expect((await ask(path)).text).not.toContain('name="decision"');
		}
	});
});

describe("another site can have nobody cancel", () => {
	const action = authorizePath(webApp).replace("/oauth/authorize", "/oauth/consent");

	test.each<Record<string, string>>([
		{ "sec-fetch-site": "cross-site", origin: "https://evil.example" },
		{ "sec-fetch-site": "same-site", origin: "https://other.latchkey.example" },
		{ origin: "https://evil.example" },
		{ origin: "null" },
	])("by a form with %j", async (headers) => {
		for (const path of [action, installPath(integration)]) {
			const answer = await postForm(path, { decision: "deny" }, headers);
			expect(refusal(answer)).toBe("403 Not from here");
			expect(answer.headers.has("location")).toBe(false);
		}
	});

	test("by a link: it leads to the question", async () => {
		expect(locationOf(await ask(`${action}&decision=deny`)).pathname).toBe("/oauth/authorize");
		for (const path of [authorizePath(webApp), installPath(integration, { x: "1" })]) {
			const answer = await ask(`${path}&decision=deny`);
			expect([answer.status, answer.text.includes('name="password"')]).toEqual([200, true]);
		}
	});

	test("by a form for whoever is signed in: that takes the token of their own page", async () => {
		const cookie = await signInAnew(ada);
		const answer = await postForm(action, { decision: "deny" }, { ...ownPage, cookie });
		expect(answer.status).toBe(403);
		expect(answer.headers.has("location")).toBe(false);
	});

	test.each<[string, Fields]>([
		["another redirect URL", { redirect_uri: "https://evil.example/" }],
		["one that is almost registered", { redirect_uri: `${webApp.client.redirectUris[0]}/` }],
		["another client's", { redirect_uri: integration.client.redirectUris[0] }],
		["no client", { client_id: "nobody" }],
	])("nor to %s", async (_, query) => {
		const path = authorizePath(webApp, query).replace("/oauth/authorize", "/oauth/consent");
		const answer = await postForm(path, { decision: "deny" }, ownPage);
		expect([answer.status, answer.headers.has("location")]).toEqual([400, false]);
	});

	test("nor with anything but access_denied: whoever would allow has to sign in", async () => {
		for (const decision of ["allow", "", "DENY", "deny allow"]) {
			const answer = await postForm(action, { decision, error: "x", code: "y" }, ownPage);
			expect([answer.status, answer.text.includes('name="password"')]).toEqual([200, true]);
		}
		const more = await postForm(action, { decision: "deny", error: "server_error", code: "y", state: "z" }, ownPage);
		expect(told(more).with).toEqual({ ...denied, state: "opaque to us" });
	});

	test("one that has ended is told nothing", async () => {
		const ended = await aClient(webApp, { state: "ended" });
		const path = authorizePath(ended).replace("/oauth/authorize", "/oauth/consent");
		expect((await postForm(path, { decision: "deny" }, ownPage)).status).toBe(400);
	});
});
