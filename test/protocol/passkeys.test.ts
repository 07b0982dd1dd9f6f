import { describe, expect, test } from "vitest";
import { atConsole, hiddenOf, withCookie, wordsOf } from "../support/console.ts";
import { call, good, tokenOf } from "../support/keys-api.ts";
import { ada, codeOf, cookieOf, formOn, type Login, signedIn } from "../support/people.ts";
import {
	answerBy,
	aPersonWithPasskey,
	makingPage,
	optionsOn,
	origin,
	passkeysOf,
	register,
	signInByPasskey,
	signInPage,
} from "../support/passkeys.ts";
import { idTokenOf, verifiedBy } from "../support/openid.ts";
import { aPerson } from "../support/registered.ts";
import { type Answer, ask, locationOf, ownPage, postForm, refusal } from "../support/requests.ts";
import { type Said, type SoftPasskey, softPasskey } from "../support/software-authenticator.ts";
import { advance, demo, issuer, logged, setStanding } from "../support/target.ts";
import { authorizePath, exchange } from "../support/tokens.ts";

const security = "/console/acme/security";

async function member(name = "New Person"): Promise<Login & { id: string }> {
	return aPerson({ [demo.accounts.acme]: "member" }, undefined, { name });
}

/** Somebody of Acme with a passkey. */
async function withPasskey(
	passkey?: SoftPasskey,
	name?: string,
): Promise<{ who: Login & { id: string }; passkey: SoftPasskey }> {
	const who = await member(name);
	const made = passkey ?? (await softPasskey());
	const answer = await register(made, { cookie: await signedIn(who), password: who.password });
	expect(locationOf(answer).search).toBe("?done=passkey_added");
	return { who, passkey: made };
}

async function nameOf(answer: Answer): Promise<string> {
	const page = await ask(security, { headers: { cookie: cookieOf(answer) } });
	return page.status === 200 ? wordsOf(page) : "";
}

const notGood = "401 Sign in";

describe("a passkey", () => {
	test("WebAuthn §5.4: is asked of a device that looks for its owner, in our host's name, by an id that tells nothing", async () => {
		const who = await member();
		const options = optionsOn(await makingPage(await signedIn(who), who.password));
		expect(options).toMatchObject({
			rp: { id: new URL(issuer).hostname },
			user: { id: btoa(who.id).replace(/=+$/, ""), name: who.username },
			pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: "public-key", alg })),
			excludeCredentials: [],
			authenticatorSelection: { residentKey: "required", userVerification: "required" },
			attestation: "none",
			timeout: 300_000,
		});
		const { page } = await signInPage();
		expect(optionsOn(page)).toMatchObject({
			rpId: new URL(issuer).hostname,
			allowCredentials: [],
			userVerification: "required",
		});
	});

	test.each(["ES256", "EdDSA", "RS256"] as const)(
		"with a key of %s signs in whose it is, with no name and no password",
		async (alg) => {
			const { passkey } = await withPasskey(await softPasskey(alg), `Owner of ${alg}`);
			const answer = await answerBy(passkey, await signInPage("/sign-in?continue=%2Fconsole%2Facme%2Fsettings"));
			expect(locationOf(answer).pathname).toBe("/console/acme/settings");
			expect(await nameOf(answer)).toContain(`Owner of ${alg}`);
		},
	);

	test("is named, listed with its last use, renamed and removed, and the log has each", async () => {
		const { who, passkey } = await withPasskey();
		expect(wordsOf(await (await atConsole(who)).open(security))).toMatch(/Phone On one device .* Never/);
		const visitor = withCookie(await signInByPasskey(passkey));
		expect(wordsOf(await visitor.open(security))).not.toContain("Never");
		const [, path = ""] =
			new RegExp(`${security}/passkeys/([\\w-]{22})"`).exec((await visitor.open(security)).text) ?? [];
		const one = `${security}/passkeys/${path}`;
		expect(refusal(await visitor.send(one, one, { name: " " }))).toBe("400 Rename a passkey");
		expect(locationOf(await visitor.send(one, one, { name: "Blue key" })).search).toBe("?done=passkey_renamed");
		expect(wordsOf(await visitor.open(security))).toContain("Blue key");
		const removal = `${one}/remove`;
		expect(refusal(await visitor.send(removal, removal))).toBe("400 Remove Blue key");
		expect(refusal(await visitor.send(removal, removal, { password: "not theirs" }))).toBe("403 Remove Blue key");
		expect(locationOf(await visitor.send(removal, removal, { password: who.password })).search).toBe(
			"?done=passkey_removed",
		);
		expect(wordsOf(await visitor.open(security))).not.toContain("Blue key");
		expect(refusal(await answerBy(passkey, await signInPage()))).toBe(notGood);
		const log = wordsOf(await (await atConsole(ada)).open("/console/acme/audit"));
		for (const did of ["added a passkey to their sign-in", "renamed their passkey", "removed their passkey"]) {
			expect(log).toContain(did);
		}
	});

	test("is made for whoever gives their password once more, and for nobody who finds them signed in", async () => {
		const who = await member();
		const cookie = await signedIn(who);
		const path = `${security}/passkeys/new`;
		expect(refusal(await withCookie(cookie).send(path, path, { name: "Phone" }))).toBe("400 Add a passkey");
		expect(refusal(await makingPage(cookie, "not theirs"))).toBe("403 Add a passkey");
		expect(refusal(await makingPage(cookie, who.password, " "))).toBe("400 Add a passkey");
		// Nor by the options for something else.
		const passkey = await softPasskey();
		const { page } = await signInPage();
		const { challenge } = optionsOn(page);
		const made = await passkey.create({ rp: { id: "localhost" }, user: { id: "" }, challenge }, origin);
		const sent = await withCookie(cookie).post(`${security}/passkeys/new`, { name: "Phone", new_passkey: made });
		expect(refusal(sent)).toBe("403 Add a passkey");
	});

	test("WebAuthn §7.1 (26): of another person's is not registered once more, and the same not twice", async () => {
		const { passkey } = await withPasskey();
		const other = await member();
		const again = await register(passkey, { cookie: await signedIn(other), password: other.password });
		expect(refusal(again)).toBe("409 Registered already");
	});

	test("tells its person's accounts that it was added", async () => {
		const { who } = await withPasskey();
		const alerts = wordsOf(await (await atConsole(ada)).open("/console/acme/alerts"));
		expect(alerts).toContain("New passkey added");
		expect(alerts).toContain(`Phone, was added to the sign-in of ${who.username}`);
	});

	test("that is removed signs out every other browser, and this one goes on", async () => {
		const { who, passkey } = await withPasskey();
		const opened = await answerBy(passkey, await signInPage());
		const elsewhere = cookieOf(opened);
		const visitor = withCookie(await signInByPasskey(passkey));
		const [, id = ""] =
			new RegExp(`${security}/passkeys/([\\w-]{22})"`).exec((await visitor.open(security)).text) ?? [];
		const removal = `${security}/passkeys/${id}/remove`;
		await visitor.send(removal, removal, { password: who.password });
		expect((await ask(security, { headers: { cookie: elsewhere } })).status).toBe(303);
		expect((await visitor.open(security)).status).toBe(200);
	});

	test("is no other person's to rename or to remove", async () => {
		const { who } = await withPasskey();
		const text = (await (await atConsole(who)).open(security)).text;
		const [, id = ""] = new RegExp(`${security}/passkeys/([\\w-]{22})"`).exec(text) ?? [];
		const other = await member();
		const visitor = await atConsole(other);
		for (const path of [`${security}/passkeys/${id}`, `${security}/passkeys/${id}/remove`]) {
			expect((await visitor.open(path)).status).toBe(404);
			expect((await visitor.post(path, { name: "Mine", password: other.password })).status).toBe(404);
		}
	});
});

describe("a sign-in by a passkey", () => {
	const attacks = {
		"another origin": { origin: "https://login.example" },
		"a page in a frame": { crossOrigin: true },
		"another host's passkey": { rpId: "login.example" },
		"a registration": { type: "webauthn.create" },
		"nobody there": { flags: 0x04 },
		"no PIN and no finger": { flags: 0x01 },
		"a backup of one that has none": { flags: 0x0d },
		"a forged signature": { isForged: true },
		"a challenge of nobody": { challenge: "Y2hhbGxlbmdl" },
		"no user handle": { userHandle: null },
		"a user handle that is not ours": { userHandle: "c29tZWJvZHk" },
		"a passkey that nobody registered": { id: "bm9ib2R5" },
	} as const satisfies Readonly<Record<string, Said>>;
	test.each(Object.entries(attacks))("WebAuthn §7.2: %s is refused, and uses up nothing", async (_, said) => {
		const { passkey } = await withPasskey();
		const page = await signInPage();
		expect(refusal(await answerBy(passkey, page, said))).toBe(notGood);
		expect(locationOf(await answerBy(passkey, page)).pathname).toBe("/console");
	});

	test("WebAuthn §7.2 (6): a passkey of another person signs nobody in as its owner says", async () => {
		const { who } = await withPasskey();
		const { passkey } = await withPasskey();
		const page = await signInPage();
		const userHandle = btoa(who.id).replace(/=+$/, "");
		expect(refusal(await answerBy(passkey, page, { userHandle }))).toBe(notGood);
	});

	test("WebAuthn §13.4.3: a challenge is answered once, of twenty at once too", async () => {
		const { passkey } = await withPasskey();
		const page = await signInPage();
		const response = await passkey.get(optionsOn(page.page), origin);
		const send = () =>
			postForm("/sign-in/passkey", { passkey: response, continue: "/" }, { ...ownPage, cookie: page.asked });
		const answers = await Promise.all(Array.from({ length: 20 }, send));
		expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, ...Array(19).fill(401)]);
		expect(refusal(await send())).toBe(notGood);
	});

	test("after sixty passkeys that nobody has, by one challenge, no more are looked up for whoever is at that network", async () => {
		const { passkey } = await withPasskey();
		const stranger = await softPasskey();
		const page = await signInPage();
		const here = { "cf-connecting-ip": "192.0.2.77" };
		const statuses = [];
		for (let round = 0; round < 61; round++) statuses.push((await answerBy(stranger, page, {}, here)).status);
		expect(statuses).toEqual([...Array(60).fill(401), 429]);
		expect((await answerBy(passkey, await signInPage(), {}, here)).status).toBe(429);
		expect((await answerBy(passkey, await signInPage())).status).toBe(303);
	});

	test("a challenge that is answered late is refused, and the page says so", async () => {
		const { passkey } = await withPasskey();
		const page = await signInPage();
		await advance(299);
		expect(locationOf(await answerBy(passkey, page)).pathname).toBe("/console");
		const late = await signInPage();
		await advance(300);
		const answer = await answerBy(passkey, late);
		expect(refusal(answer)).toBe(notGood);
		expect(answer.text).toContain("That took too long");
	});

	test("a challenge of another browser is refused: what somebody signed there signs nobody in here", async () => {
		const { passkey } = await withPasskey();
		const theirs = await signInPage();
		const { asked } = await signInPage();
		expect(asked).not.toBe(theirs.asked);
		expect(refusal(await answerBy(passkey, { ...theirs, asked }))).toBe(notGood);
		expect(refusal(await answerBy(passkey, { ...theirs, asked: "" }))).toBe(notGood);
		// A browser has one for all its pages, and one that was planted there is none.
		const again = await signInPage("/sign-in", theirs.asked);
		expect(again.asked).toBe(theirs.asked);
		expect((await signInPage("/sign-in", "__Host-latchkey-asked=planted")).asked).not.toContain("planted");
	});

	test("login CSRF: a form of another site signs nobody in", async () => {
		const { passkey } = await withPasskey();
		const page = await signInPage();
		const foreign = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
		expect(refusal(await answerBy(passkey, page, {}, foreign))).toBe("403 Not from here");
	});

	test("WebAuthn §7.2 (22): a count that goes back, or stays, is refused, noted and told of", async () => {
		const { who, passkey } = await withPasskey(await softPasskey("ES256", { counts: true }));
		expect((await answerBy(passkey, await signInPage())).status).toBe(303);
		expect((await answerBy(passkey, await signInPage(), { signCount: 7 })).status).toBe(303);
		for (const signCount of [7, 6, 0]) {
			expect(refusal(await answerBy(passkey, await signInPage(), { signCount }))).toBe(notGood);
		}
		expect((await answerBy(passkey, await signInPage(), { signCount: 8 })).status).toBe(303);
		const visitor = await atConsole(ada);
		expect(wordsOf(await visitor.open("/console/acme/alerts"))).toMatch(
			new RegExp(`Phone of ${who.username} signed with a count that it had passed before`),
		);
		expect(wordsOf(await visitor.open("/console/acme/audit"))).toContain("signed with a count of before by passkey");
	});

	test("whoever is not active signs in by nothing", async () => {
		const { who, passkey } = await withPasskey();
		await setStanding({ kind: "person", id: who.id }, { state: "ended", notBefore: 0 });
		expect(refusal(await answerBy(passkey, await signInPage()))).toBe(notGood);
	});

	test("text that is no response is refused, and the log says what of it in our own words", async () => {
		const { asked } = await signInPage();
		const send = (passkey?: string) => postForm("/sign-in/passkey", { passkey }, { ...ownPage, cookie: asked });
		expect(refusal(await send())).toBe("400 Sign in");
		for (const passkey of ["{}", "x", "[".repeat(500), '{"id":1,"type":"public-key","response":{}}']) {
			expect(refusal(await send(passkey))).toBe(notGood);
		}
		const lines = (await logged()).filter((line) => line.includes("passkey.refused"));
		expect(lines.at(-1)).toContain('"reason":"malformed"');
	});

	test("OIDC Core §2, RFC 8176 §2: what is signed in to by it is told so, and the contexts that it makes can be had", async () => {
		const { passkey } = await withPasskey();
		const answer = await answerBy(passkey, await signInPage());
		const cookie = cookieOf(answer);
		const path = authorizePath(demo.webApp, { scope: "openid", acr_values: "phr" });
		const form = formOn(await ask(path, { headers: { cookie } }), "decision");
		const agreed = await postForm(form.action, { ...form.hidden, decision: "allow" }, { cookie, ...ownPage });
		const idToken = idTokenOf(await exchange(codeOf(agreed), { client: demo.webApp }));
		const { payload } = await verifiedBy(demo.webApp, idToken);
		expect(payload).toMatchObject({ amr: ["pop", "user", "mfa"], acr: "phr" });
		const { acr_values_supported: contexts } = (await ask("/.well-known/openid-configuration")).body;
		expect(contexts).toEqual(["phr", "http://schemas.openid.net/pape/policies/2007/06/multi-factor", "pwd"]);
	});
});

describe("a passkey in the place of a password that is asked for once more", () => {
	test("is its person's own, asked for this and in this sign-in, once", async () => {
		const { passkey } = await withPasskey();
		const { passkey: theirs } = await withPasskey();
		const path = `${security}/recovery-codes`;
		const cookie = await signInByPasskey(passkey);
		const page = await ask(path, { headers: { cookie } });
		const send = (response: string) =>
			postForm(path, { ...hiddenOf(page, path), passkey: response }, { cookie, ...ownPage });
		const forSignIn = optionsOn((await signInPage()).page);
		const elsewhere = optionsOn(await ask(path, { headers: { cookie: await signInByPasskey(passkey) } }));
		expect(optionsOn(page)).toMatchObject({ allowCredentials: [{ id: passkey.id }] });
		for (const response of [
			await passkey.get(forSignIn, origin),
			await passkey.get(elsewhere, origin),
			await theirs.get(optionsOn(page), origin),
			await passkey.get(optionsOn(page), origin, { flags: 0x01 }),
		]) {
			expect((await send(response)).status).toBe(403);
		}
		const taken = await passkey.get(optionsOn(page), origin);
		expect((await send(taken)).status).toBe(200);
		expect((await send(taken)).status).toBe(403);
	});
});

describe("passkeys by the API", () => {
	test("are listed, renamed and removed by their person's own login token", async () => {
		const { own: token } = await aPersonWithPasskey();
		const listed = await passkeysOf(token);
		expect(listed).toMatchObject([{ name: "Phone", synced: false, last_used_at: null }]);
		const path = `/v1/profile/passkeys/${listed[0]?.id ?? ""}`;
		expect(good(await call("PATCH", path, { name: "Blue key" }, token), 200)).toMatchObject({ name: "Blue key" });
		expect((await call("PATCH", path, { name: " " }, token)).status).toBe(400);
		const other = await tokenOf(await member(), "acme");
		expect((await call("PATCH", path, { name: "Mine" }, other)).status).toBe(404);
		expect((await call("DELETE", path, undefined, other)).status).toBe(404);
		expect((await call("DELETE", path, undefined, token)).status).toBe(204);
		expect((await call("DELETE", path, undefined, token)).status).toBe(404);
	});
});
