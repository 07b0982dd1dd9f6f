import { describe, expect, test } from "vitest";
import { deviceCodeGrant } from "../../src/domain/client.ts";
import {
	aDevice,
	aDeviceClient,
	aGuess,
	answerDevice,
	anywhere,
	askForCodes,
	pageOf,
	poll,
} from "../support/devices.ts";
import { aSenderKey, proofOf, type ProofChanges, type SenderKey } from "../support/dpop.ts";
import { anIntegration, change, installsOf, read, tokenOf } from "../support/integrations.ts";
import { loggedIn } from "../support/logins.ts";
import { userinfo } from "../support/openid.ts";
import { ada, cookieOf, formOn, grace, signedIn, signInAnew } from "../support/people.ts";
import { aPerson, anAccount, anApi } from "../support/registered.ts";
import { ask, locationOf, ownPage, postForm, refusal, times } from "../support/requests.ts";
import { manage, metadata, registerClient, selfRegistered } from "../support/self-registered.ts";
import { advance, demo, issuer } from "../support/target.ts";
import {
	askForToken,
	authorized,
	claimsOf,
	environments,
	exchange,
	introspect,
	refresh,
	type Registered,
	tokensOf,
} from "../support/tokens.ts";

const { acme, globex } = demo.accounts;

describe("POST /oauth/device_authorization", () => {
	test("RFC 8628 §3.2: the codes, where to type one, how long they live and how often to ask", async () => {
		const client = await aDeviceClient();
		const { status, headers, body } = await askForCodes(client);
		expect([status, headers.get("cache-control")]).toEqual([200, "no-store"]);
		expect(body).toEqual({
			device_code: expect.stringMatching(/^lkd_[\w-]{80,}$/),
			// RFC 8628 §6.1: letters that make no words, and that nobody takes for another.
			user_code: expect.stringMatching(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/),
			verification_uri: `${issuer}/device`,
			verification_uri_complete: `${issuer}/device?user_code=${String(body.user_code)}`,
			expires_in: 600,
			interval: 5,
		});
		const others = await Promise.all(times(5, () => aDevice(client)));
		expect(new Set(others.map(({ userCode }) => userCode)).size).toBe(5);
	});

	test("RFC 8628 §4: the metadata names it, and the grant type", async () => {
		const { body } = await ask("/.well-known/oauth-authorization-server");
		expect(body.device_authorization_endpoint).toBe(`${issuer}/oauth/device_authorization`);
		expect(body.grant_types_supported).toContain(deviceCodeGrant);
	});

	test("RFC 8628 §3.1: a confidential client authenticates as at the token endpoint", async () => {
		const client = await aDeviceClient(demo.webApp);
		expect((await askForCodes(client)).status).toBe(200);
		const named = { client_id: client.client.id };
		for (const fields of [named, { ...named, client_secret: "a wrong one" }]) {
			expect(refusal(await askForCodes({ ...client, secret: null }, fields))).toBe("401 invalid_client");
		}
		const codes = await aDevice(client);
		await answerDevice(codes);
		const unproven = { ...codes, client: { ...client, secret: null } };
		expect(refusal(await poll(unproven))).toBe("401 invalid_client");
		expect((await poll(codes)).status).toBe(200);
	});

	test("a client that is not registered for it gets no code", async () => {
		expect(refusal(await askForCodes(demo.nativeApp))).toBe("400 unauthorized_client");
		const fields = { grant_type: deviceCodeGrant, device_code: (await aDevice()).deviceCode };
		expect(refusal(await askForToken({ client: demo.nativeApp }, fields))).toBe("400 unauthorized_client");
	});

	test.each([
		[{ scope: "not a\u0000scope" }, "400 invalid_scope"],
		[{ scope: "nothing:known" }, "400 invalid_scope"],
		[{ resource: "no uri" }, "400 invalid_target"],
	])("RFC 6749 §3.3, RFC 8707 §2: what cannot be asked for is refused at once: %j", async (fields, error) => {
		expect(refusal(await askForCodes(await aDeviceClient(), fields))).toBe(error);
	});

	test("RFC 6749 §3.2: a parameter that stands there twice is refused", async () => {
		const { client } = await aDeviceClient();
		const body = `client_id=${client.id}&scope=openid&scope=email`;
		const headers = { "content-type": "application/x-www-form-urlencoded", ...anywhere() };
		expect(refusal(await ask("/oauth/device_authorization", { method: "POST", body, headers }))).toBe(
			"400 invalid_request",
		);
	});

	test("of one network at most sixty in ten minutes get a code", async () => {
		const client = await aDeviceClient();
		const from = anywhere();
		const answers = await Promise.all(times(62, () => askForCodes(client, {}, from)));
		expect(answers.filter(({ status }) => status === 200)).toHaveLength(60);
		const [limited] = answers.filter(({ status }) => status !== 200);
		expect(limited && refusal(limited)).toBe("429 temporarily_unavailable");
		expect((await askForCodes(client)).status).toBe(200);
		await advance(600);
		expect((await askForCodes(client, {}, from)).status).toBe(200);
	});
});

describe("the device asks for its tokens", () => {
	test("RFC 8628 §3.5: authorization_pending until somebody allows it, and then the tokens", async () => {
		const codes = await aDevice(undefined, { scope: "openid environments:read" });
		expect(refusal(await poll(codes))).toBe("400 authorization_pending");
		expect(locationOf(await answerDevice(codes)).search).toBe("?done=allowed");
		const answer = await poll(codes);
		const { accessToken, refreshToken } = tokensOf(answer);
		expect(answer.body).toMatchObject({ token_type: "Bearer", scope: "environments:read openid" });
		expect(typeof answer.body.id_token).toBe("string");
		expect((await environments(accessToken)).status).toBe(200);
		expect((await userinfo(accessToken)).body.sub).toMatch(/^usr_/);
		expect((await refresh(refreshToken ?? "", { client: codes.client })).status).toBe(200);
	});

	test("RFC 8628 §3.5: whoever asks too soon is told slow_down, and waits five seconds longer for good", async () => {
		const codes = await aDevice();
		const told: [wait: number, error: string][] = [
			[0, "authorization_pending"],
			[4, "slow_down"],
			[9, "slow_down"],
			[15, "authorization_pending"],
			[14, "slow_down"],
			[20, "authorization_pending"],
		];
		for (const [wait, error] of told) {
			await advance(wait);
			expect([wait, refusal(await poll(codes))]).toEqual([wait, `400 ${error}`]);
		}
	});

	test("what is asked too soon after somebody allowed it is given all the same", async () => {
		const codes = await aDevice();
		expect(refusal(await poll(codes))).toBe("400 authorization_pending");
		await answerDevice(codes);
		expect((await poll(codes)).status).toBe(200);
	});

	test("RFC 8628 §3.5: expired_token once the codes have ended, and the page knows them no more", async () => {
		const codes = await aDevice();
		await advance(599);
		expect(refusal(await poll(codes))).toBe("400 authorization_pending");
		await advance(1);
		expect(refusal(await poll(codes))).toBe("400 expired_token");
		expect(refusal(await pageOf(codes.page))).toBe("404 Connect a device");
	});

	test("whoever answers in the last second lets the device in: it has three minutes to ask", async () => {
		const codes = await aDevice();
		await advance(599);
		await answerDevice(codes);
		await advance(100);
		expect((await poll(codes)).status).toBe(200);
	});

	test("RFC 8628 §3.5: access_denied where the person said no, as often as it asks", async () => {
		const codes = await aDevice();
		const answer = await answerDevice(codes, { fields: { decision: "deny" } });
		expect(locationOf(answer).search).toBe("?done=denied");
		for (const _ of times(3, () => null)) expect(refusal(await poll(codes))).toBe("400 access_denied");
	});

	test("a device code that nobody was given is refused, whatever it looks like", async () => {
		const codes = await aDevice();
		const { deviceCode } = codes;
		const last = deviceCode.endsWith("A") ? "B" : "A";
		for (const wrong of ["x", "lkd_", `lkc_${deviceCode.slice(4)}`, deviceCode.slice(0, -1) + last, codes.userCode]) {
			expect(refusal(await poll({ ...codes, deviceCode: wrong }))).toBe("400 invalid_grant");
		}
		expect(refusal(await poll({ ...codes, deviceCode: "" }))).toBe("400 invalid_request");
	});

	test("RFC 8628 §3.4: another client cannot use it, nor does it slow down the one that can", async () => {
		const codes = await aDevice();
		const client = await aDeviceClient();
		for (const _ of times(3, () => null)) expect(refusal(await poll({ ...codes, client }))).toBe("400 invalid_grant");
		expect(refusal(await poll(codes))).toBe("400 authorization_pending");
		await answerDevice(codes);
		expect(refusal(await poll({ ...codes, client }))).toBe("400 invalid_grant");
		expect((await poll(codes)).status).toBe(200);
	});

	test("of 100 at once that come with an allowed device code one gets tokens, which the others end", async () => {
		const codes = await aDevice();
		await answerDevice(codes);
		const answers = await Promise.all(times(100, () => poll(codes)));
		const [winner, ...more] = answers.filter(({ status }) => status === 200);
		if (!winner) throw new Error("Nobody got it");
		expect(more).toEqual([]);
		// As with an authorization code (RFC 6749 §4.1.2): whoever comes second may be who stole it, or who was stolen from.
		expect((await environments(tokensOf(winner).accessToken)).status).toBe(401);
	});

	test("an authorization code is no device code, and a device code none of those", async () => {
		const client = await aDeviceClient();
		const code = await authorized(client);
		expect(refusal(await poll({ ...(await aDevice(client)), deviceCode: code }))).toBe("400 invalid_grant");
		const codes = await aDevice(client);
		await answerDevice(codes);
		expect(refusal(await exchange(codes.deviceCode, { client }))).toBe("400 invalid_grant");
		expect((await poll(codes)).status).toBe(200);
	});

	test("RFC 8707 §2.2: the token is for some of what was granted, and for nothing else", async () => {
		const api = await anApi();
		const client = await aDeviceClient(demo.webApp, { scope: [api.permissions[0]?.name ?? ""] });
		const codes = await aDevice(client, { resource: api.identifier });
		await answerDevice(codes, { fields: { account: acme } });
		expect(refusal(await poll(codes, { fields: { resource: "https://other.example" } }))).toBe("400 invalid_target");
		const { accessToken } = tokensOf(await poll(codes, { fields: { resource: api.identifier } }));
		expect(await introspect(accessToken, client)).toMatchObject({ active: true, aud: [api.identifier] });
	});
});

async function proofFor(key: SenderKey, path: string, changes?: ProofChanges): Promise<{ dpop: string }> {
	return { dpop: await proofOf(key, { method: "POST", path }, changes) };
}

describe("RFC 9449: a device that proves to have a key", () => {
	const at = "/oauth/device_authorization";

	test("§10.1: what it asks for with a proof is good with that key alone, and its token is bound to it", async () => {
		const [key, other] = await Promise.all([aSenderKey(), aSenderKey()]);
		const codes = await aDevice(undefined, { scope: "environments:read" }, await proofFor(key, at));
		await answerDevice(codes);
		expect(refusal(await poll(codes))).toBe("400 invalid_grant");
		const stolen = { headers: await proofFor(other, "/oauth/token") };
		expect(refusal(await poll(codes, stolen))).toBe("400 invalid_grant");
		const answer = await poll(codes, { headers: await proofFor(key, "/oauth/token") });
		expect(answer.body.token_type).toBe("DPoP");
		expect(claimsOf(tokensOf(answer).accessToken).cnf).toEqual({ jkt: key.thumbprint });
	});

	test("what is no proof for this request is refused, and gives no code", async () => {
		const key = await aSenderKey();
		const client = await aDeviceClient();
		const good = await proofFor(key, at);
		expect((await askForCodes(client, {}, good)).status).toBe(200);
		const wrong = [
			good,
			await proofFor(key, "/oauth/token"),
			await proofFor(key, at, { claims: { htm: "GET" } }),
			{ dpop: "x" },
		];
		for (const headers of wrong) expect(refusal(await askForCodes(client, {}, headers))).toBe("400 invalid_dpop_proof");
	});

	test("one that proves a key only when it asks for its token gets one that is bound to that", async () => {
		const key = await aSenderKey();
		const codes = await aDevice();
		await answerDevice(codes);
		const answer = await poll(codes, { headers: await proofFor(key, "/oauth/token") });
		expect(answer.body.token_type).toBe("DPoP");
	});
});

describe("the page on which somebody answers", () => {
	test("RFC 8628 §3.3.1: shows the code to compare, who asks, what for, on what device and from where", async () => {
		const agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
		const from = { "cf-connecting-ip": "203.0.113.77", "user-agent": agent };
		const codes = await aDevice(undefined, { scope: "openid environments:read" }, from);
		const { status, text, headers } = await pageOf(codes.page);
		expect(status).toBe(200);
		const words = text.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
		expect(words).toContain(codes.userCode);
		expect(words).toContain(`${codes.client.client.name} asks for access`);
		expect(words).toMatch(/Firefox on Linux asked just now from 203\.0\.113\.77/);
		expect(words).toContain("That is another network than the one that you are in.");
		expect(words).toContain("Know you again");
		// Nobody is sent anywhere.
		expect(words).not.toContain("Where you go next");
		expect(headers.get("content-security-policy")).toContain("form-action 'self'");
		const near = await pageOf(codes.page, ada, { "cf-connecting-ip": "203.0.113.77" });
		expect(near.text).toContain("That is the network that you are in, too.");
	});

	test("shows nothing of what a device says of itself", async () => {
		const codes = await aDevice(undefined, {}, { "user-agent": "Your Bank's Security Department/1.0" });
		const { text } = await pageOf(codes.page);
		expect(text).toContain("A program asked");
		expect(text).not.toContain("Security Department");
	});

	test("RFC 8628 §3.3: whoever is not signed in signs in first, and comes back to the code", async () => {
		const codes = await aDevice();
		for (const path of [codes.page, "/device"]) {
			const to = locationOf(await ask(path));
			expect([to.pathname, to.searchParams.get("continue")]).toEqual(["/sign-in", path]);
			expect(formOn(await ask(to.pathname + to.search), "password").hidden.continue).toBe(path);
		}
	});

	test("RFC 8628 §6.1: the code is taken in small letters, with dashes and spaces or without", async () => {
		const { userCode } = await aDevice();
		expect((await pageOf("/device")).text).toContain('name="user_code"');
		for (const typed of [userCode.toLowerCase(), userCode.replace("-", ""), ` ${userCode.replace("-", " ")}.`]) {
			const { status, text } = await pageOf(`/device?user_code=${encodeURIComponent(typed)}`);
			expect([status, text.includes(userCode)]).toEqual([200, true]);
		}
	});

	test.each(["", "BCDF", "AEIO-UYAE", "BCDF-GHJ1", "BCDF-GHJKL", "%", "😀".repeat(8)])(
		"%j is no code, and counts as no guess",
		async (typed) => {
			const who = await aPerson({ [acme]: "member" });
			for (const _ of times(12, () => null)) {
				const answer = await pageOf(`/device?user_code=${encodeURIComponent(typed)}`, who, anywhere());
				expect(refusal(answer)).toBe("404 Connect a device");
			}
		},
	);

	test("RFC 8628 §5.1: a person guesses ten times in ten minutes, from wherever they do", async () => {
		const who = await aPerson({ [acme]: "member" });
		const codes = await aDevice();
		const guess = () => pageOf(`/device?user_code=${aGuess()}`, who, anywhere());
		for (const _ of times(9, () => null)) expect(refusal(await guess())).toBe("404 Connect a device");
		// A right one counts for nothing.
		for (const _ of times(3, () => null)) expect((await pageOf(codes.page, who, anywhere())).status).toBe(200);
		expect(refusal(await guess())).toBe("404 Connect a device");
		expect(refusal(await guess())).toBe("429 Connect a device");
		expect(refusal(await pageOf(codes.page, who, anywhere()))).toBe("429 Connect a device");
		expect((await pageOf(codes.page, ada, anywhere())).status).toBe(200);
		await advance(600);
		expect(refusal(await guess())).toBe("404 Connect a device");
	});

	test("RFC 8628 §5.1: a network guesses thirty times in ten minutes, as whoever it does", async () => {
		const from = anywhere();
		const people = await Promise.all(times(4, () => aPerson({ [acme]: "member" })));
		const answers: string[] = [];
		for (const who of people) {
			for (const _ of times(9, () => null))
				answers.push(refusal(await pageOf(`/device?user_code=${aGuess()}`, who, from)));
		}
		expect(answers.slice(0, 30)).toEqual(times(30, () => "404 Connect a device"));
		expect(answers.slice(30)).toEqual(times(6, () => "429 Connect a device"));
	});

	test("a code that was answered is answered for good: nobody allows it twice, or after a no", async () => {
		for (const [first, second] of [
			["allow", "deny"],
			["deny", "allow"],
			["allow", "allow"],
		]) {
			const codes = await aDevice();
			// Both have opened the page before one of them answers.
			const { action, hidden } = formOn(await pageOf(codes.page, grace), "decision");
			await answerDevice(codes, { fields: { decision: first } });
			const late = { ...hidden, account: acme, decision: second ?? "" };
			const answer = await postForm(action, late, { cookie: await signedIn(grace), ...ownPage });
			expect(refusal(answer)).toBe("409 Connect a device");
			expect(refusal(await pageOf(codes.page))).toBe("409 Connect a device");
			const polled = await poll(codes);
			expect(polled.status === 200 ? "allow" : "deny").toBe(first);
		}
	});

	test("an answer that is sent twice leads where it led at first, and gives one grant", async () => {
		for (const decision of ["allow", "deny"]) {
			const codes = await aDevice();
			const cookie = await signedIn(ada);
			const { action, hidden } = formOn(await pageOf(codes.page), "decision");
			const send = () => postForm(action, { ...hidden, decision }, { cookie, ...ownPage });
			const answers = await Promise.all(times(4, send));
			const done = decision === "allow" ? "/device?done=allowed" : "/device?done=denied";
			const led = [...answers, await send()].map(({ status, headers }) => [status, headers.get("location")]);
			expect(led).toEqual(times(5, () => [303, expect.stringContaining(done)]));
			const given = (await installsOf()).filter(({ client_id }) => client_id === codes.client.client.id);
			expect(given).toHaveLength(decision === "allow" ? 1 : 0);
			expect((await poll(codes)).status).toBe(decision === "allow" ? 200 : 400);
		}
	});

	test("of two people who allow it at once one lets it in, in their own name", async () => {
		const codes = await aDevice(undefined, { scope: "openid" });
		const cookies = await Promise.all([ada, grace].map((who) => signedIn(who)));
		const forms = await Promise.all(
			cookies.map(async (cookie) => formOn(await ask(codes.page, { headers: { cookie } }), "decision")),
		);
		const answers = await Promise.all(
			forms.map(({ action, hidden }, index) =>
				postForm(
					action,
					{ ...hidden, account: index === 0 ? acme : globex, decision: "allow" },
					{ cookie: cookies[index] ?? "", ...ownPage },
				),
			),
		);
		expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303, 409]));
		const winner = answers[0]?.status === 303 ? ada : grace;
		// What the other was about to give is nobody's: no grant waits for a code that will not come.
		const losers =
			winner === ada
				? await installsOf(await loggedIn({ username: grace.username, password: grace.password, account: "globex" }))
				: await installsOf();
		expect(losers.filter(({ client_id }) => client_id === codes.client.client.id)).toEqual([]);
		const { accessToken } = tokensOf(await poll(codes));
		const told = await userinfo(accessToken);
		const own = tokensOf(
			await exchange(
				await authorized(demo.nativeApp, { scope: "openid" }, { who: winner, account: winner === ada ? acme : globex }),
				{
					client: demo.nativeApp,
				},
			),
		);
		expect(told.body.sub).toBe((await userinfo(own.accessToken)).body.sub);
	});

	test("OIDC Registration §2: default_max_age: an older sign-in lets no device in, and a fresh one does", async () => {
		const client = await aDeviceClient(demo.webApp, { options: { defaultMaxAge: 60 } });
		const who = await aPerson({ [acme]: "member" });
		const cookie = await signInAnew(who);
		await advance(1);
		const codes = await aDevice(client);
		const { action, hidden } = formOn(await ask(codes.page, { headers: { cookie } }), "decision");
		await advance(60);
		const { text } = await ask(codes.page, { headers: { cookie } });
		expect(text).toContain("please sign in again");
		expect(text).not.toContain("decision");
		const late = await postForm(action, { ...hidden, decision: "allow" }, { cookie, ...ownPage });
		expect([late.status, late.text.includes("please sign in again")]).toEqual([200, true]);
		expect(refusal(await poll(codes))).toBe("400 authorization_pending");
		const { username, password } = who;
		const again = formOn(await ask(codes.page, { headers: { cookie } }), "password").hidden;
		const signed = await postForm("/sign-in", { ...again, username, password }, { cookie, ...ownPage });
		expect(signed.headers.get("location")).toContain(codes.page);
		const fresh = cookieOf(signed);
		await advance(90);
		const form = formOn(await ask(codes.page, { headers: { cookie: fresh } }), "decision");
		await postForm(form.action, { ...form.hidden, decision: "allow" }, { cookie: fresh, ...ownPage });
		expect((await poll(codes)).status).toBe(200);
	});

	test("an answer counts only from our own page, of this sign-in, for this code", async () => {
		const codes = await aDevice();
		const other = await aDevice(codes.client);
		const { action, hidden } = formOn(await pageOf(codes.page), "decision");
		const cookie = await signedIn(ada);
		const send = (fields: object, headers: object = { cookie, ...ownPage }) =>
			postForm(action, { ...hidden, decision: "allow", ...fields }, headers as Record<string, string>);
		const theirs = formOn(await pageOf(other.page), "decision").hidden.csrf;
		for (const csrf of [undefined, "x", theirs]) expect(refusal(await send({ csrf }))).toMatch(/^403 /);
		const anew = await signInAnew(ada);
		expect(refusal(await send({}, { cookie: anew, ...ownPage }))).toMatch(/^403 /);
		expect(refusal(await send({}, { cookie, origin: "https://evil.example" }))).toBe("403 Not from here");
		// Nobody is signed in: the answer leads to the sign-in, and nothing is decided.
		expect(locationOf(await send({}, ownPage)).pathname).toBe("/sign-in");
		expect(refusal(await send({ decision: "perhaps" }))).toMatch(/^400 /);
		expect(refusal(await poll(codes))).toBe("400 authorization_pending");
		expect((await send({})).status).toBe(303);
		expect((await poll(codes)).status).toBe(200);
	});

	test("nobody allows more than their role does, nor in an account that is not theirs", async () => {
		const member = await aPerson({ [acme]: "member" });
		const codes = await aDevice(await aDeviceClient(demo.webApp, { scope: ["environments:read", "keys:write"] }));
		const answer = await answerDevice(codes, { who: member, fields: { account: globex } });
		expect(refusal(answer)).toMatch(/^400 /);
		await answerDevice(codes, { who: member });
		expect((await poll(codes)).body.scope).toBe("environments:read");
	});

	test("the audit log says on what device it was allowed, in words of ours", async () => {
		const account = await anAccount();
		const who = await aPerson({ [account]: "admin" });
		const codes = await aDevice(undefined, {}, { "user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0" });
		await answerDevice(codes, { who });
		const token = await loggedIn({ username: who.username, password: who.password });
		const { body } = await ask("/v1/audit?action=grant.open", { headers: { authorization: `Bearer ${token}` } });
		expect(body.entries).toMatchObject([{ detail: { client: codes.client.client.id, device: "Firefox on Linux" } }]);
	});

	test("what was allowed stands in the list of installs, and its end ends the tokens", async () => {
		const codes = await aDevice(undefined, { scope: "environments:read" });
		await answerDevice(codes);
		const { accessToken } = tokensOf(await poll(codes));
		const own = (await installsOf()).filter(({ client_id }) => client_id === codes.client.client.id);
		expect(own).toMatchObject([{ state: "installed", scopes: ["environments:read"] }]);
		const headers = { authorization: `Bearer ${await tokenOf()}` };
		const ended = await ask(`/v1/installs/${own[0]?.grant_id ?? ""}`, { method: "DELETE", headers });
		expect(ended.status).toBe(204);
		expect((await environments(accessToken)).status).toBe(401);
	});
});

describe("who may show people a code", () => {
	const deviceOnly = { kind: "application", client_type: "public", redirect_urls: [], device_authorization: true };

	test("people say so of an application, which then needs no redirect URL", async () => {
		const made = await anIntegration({ ...deviceOnly, scopes: ["environments:read"] });
		expect((await read(made)).body).toMatchObject({ redirect_urls: [], device_authorization: true });
		const codes = await aDevice(made);
		await answerDevice(codes);
		expect(tokensOf(await poll(codes)).refreshToken).not.toBeNull();
		expect((await change(made, { device_authorization: false, redirect_urls: ["https://a.example/cb"] })).status).toBe(
			200,
		);
		await advance(31);
		expect(refusal(await askForCodes(made))).toBe("400 unauthorized_client");
		expect((await read(made)).body.device_authorization).toBe(false);
	});

	test("an integration is none of those, and one that shows no code needs a redirect URL", async () => {
		await expect(anIntegration({ device_authorization: true })).rejects.toThrow(/Not created: 400/);
		await expect(anIntegration({ ...deviceOnly, device_authorization: false })).rejects.toThrow(/Not created: 400/);
	});

	test("RFC 7591 §2: software says so by its grant types, with or without a redirect URI", async () => {
		const client = await selfRegistered({ grant_types: [deviceCodeGrant, "refresh_token"], redirect_uris: [] });
		expect(client.body).toMatchObject({
			grant_types: ["refresh_token", deviceCodeGrant],
			redirect_uris: [],
			response_types: [],
		});
		const codes = await aDevice(client, { scope: "environments:read" });
		const page = await pageOf(codes.page);
		expect(page.text).toContain("Nobody here has checked who this is");
		expect(page.text).toContain("Whoever has the device acts in your name.");
		await answerDevice(codes);
		expect((await poll(codes)).status).toBe(200);
		const without = metadata({ client_id: client.id, grant_types: ["authorization_code"] });
		expect((await manage("PUT", client, without)).status).toBe(200);
		await advance(31);
		expect(refusal(await askForCodes(client))).toBe("400 unauthorized_client");
		expect(refusal(await registerClient({ redirect_uris: [] }))).toBe("400 invalid_redirect_uri");
	});

	test("a client that has ended since is let in no more, and its device gets nothing", async () => {
		const made: Registered = await anIntegration({ ...deviceOnly, scopes: ["environments:read"] });
		const [waiting, allowed] = [await aDevice(made), await aDevice(made)];
		await answerDevice(allowed);
		const headers = { authorization: `Bearer ${await tokenOf()}` };
		expect((await ask(`/v1/integrations/${made.client.id}`, { method: "DELETE", headers })).status).toBe(200);
		await advance(31);
		expect(refusal(await pageOf(waiting.page))).toBe("404 Connect a device");
		expect(refusal(await poll(allowed))).toBe("401 invalid_client");
	});
});
