import { describe, expect, test } from "vitest";
import { writeInstant } from "../../src/domain/instant.ts";
import { atConsole, hiddenOf, wordsOf } from "../support/console.ts";
import { loggedIn } from "../support/logins.ts";
import { ada } from "../support/people.ts";
import { aKey, aPerson } from "../support/registered.ts";
import { ask, bearer, locationOf, postForm, refusal } from "../support/requests.ts";
import { advance, demo, issuer, logged, now } from "../support/target.ts";
import { granted } from "../support/tokens.ts";

const path = "/console/acme/settings/profile";

/** Somebody of Acme: in a browser of theirs, and with a login token. */
async function somebody() {
	const who = await aPerson({ [demo.accounts.acme]: "member" });
	const { username, password } = who;
	const token = await loggedIn({ username, password });
	return { who, token, visitor: await atConsole(who) };
}

function put(token: string, profile: unknown) {
	const headers = { ...bearer(token), "content-type": "application/json" };
	return ask("/v1/profile", { method: "PUT", headers, body: JSON.stringify(profile) });
}

async function get(token: string) {
	return (await ask("/v1/profile", { headers: bearer(token) })).body;
}

/** What Acme's audit log says of a person's profile. */
async function noted(personId: string): Promise<readonly Record<string, unknown>[]> {
	const { username, password } = ada;
	const headers = bearer(await loggedIn({ username, password }));
	const { body } = await ask(`/v1/audit?actor=${personId}&action=person.edit_profile`, { headers });
	return body.entries as Record<string, unknown>[];
}

describe("a profile in the console", () => {
	test("is saved, shown again as text, and said of in every account of the person", async () => {
		const { who, token, visitor } = await somebody();
		expect(await get(token)).toEqual({});
		const typed = { nickname: '"><b>Countess</b>', email: "ada@acme.example", locality: "London", locale: "en-gb" };
		const answer = await visitor.send(path, path, typed);
		expect(locationOf(answer).pathname + locationOf(answer).search).toBe(`${path}?done=profile`);
		const page = await visitor.open(`${path}?done=profile`);
		expect(wordsOf(page)).toContain("Your profile is saved.");
		expect(page.text).toContain('value="&quot;>&lt;b>Countess&lt;/b>"');
		expect(await get(token)).toEqual({
			nickname: '"><b>Countess</b>',
			email: "ada@acme.example",
			locale: "en-GB",
			address: { locality: "London" },
			updated_at: writeInstant(now()),
		});
		const [entry, ...more] = await noted(who.id);
		expect(more).toEqual([]);
		expect(entry).toMatchObject({ target: who.id, detail: { fields: "nickname, email, locale, address" } });
		// Others read the log: it says which, and nothing of what.
		expect(JSON.stringify(entry)).not.toMatch(/Countess|London|ada@/);
		expect((await logged()).join("\n")).not.toContain("Countess");
	});

	test("what is emptied is there no more", async () => {
		const { token, visitor } = await somebody();
		await visitor.send(path, path, { given_name: "Ada", email: "ada@acme.example", country: "UK" });
		await visitor.send(path, path, { given_name: "Ada", email: " ", country: "" });
		expect(await get(token)).toEqual({ given_name: "Ada", updated_at: writeInstant(now()) });
	});

	test("saved as it was, nothing is changed and nothing noted", async () => {
		const { who, token, visitor } = await somebody();
		await visitor.send(path, path, { given_name: "Ada", phone_number: "+44 20 7946 0000" });
		const before = await get(token);
		await advance(10);
		await visitor.send(path, path, { given_name: "Ada", phone_number: "+442079460000" });
		expect(await get(token)).toEqual(before);
		expect(await noted(who.id)).toHaveLength(1);
	});

	test("every error is told beside its field, with what was typed kept, and nothing is saved", async () => {
		const { token, visitor } = await somebody();
		const typed = { email: "<ada", website: "javascript:alert(1)", country: "a\u202eb", given_name: "Kept" };
		const answer = await visitor.send(path, path, typed);
		expect(answer.status).toBe(400);
		for (const field of ["email", "website", "country"]) {
			expect(answer.text).toContain(`href="#${field}"`);
			expect(answer.text).toContain(`id="${field}-error"`);
		}
		expect(answer.text).not.toContain("given_name-error");
		expect(answer.text).toContain('value="&lt;ada"');
		expect(answer.text).toContain('value="Kept"');
		expect(await get(token)).toEqual({});
	});

	test("a form of another site, or without its token, changes nothing", async () => {
		const { token, visitor } = await somebody();
		const fields = { given_name: "Mallory" };
		expect((await visitor.post(path, fields, { "sec-fetch-site": "cross-site" })).status).toBe(403);
		expect((await visitor.post(path, fields, { origin: "https://evil.example" })).status).toBe(403);
		expect((await visitor.post(path, { ...fields, csrf: "x" })).status).toBe(403);
		const { csrf } = hiddenOf(await (await atConsole(ada)).open(path), path);
		expect((await visitor.post(path, { ...fields, csrf })).status).toBe(403);
		const anonymous = await postForm(path, fields, { origin: issuer, "sec-fetch-site": "same-origin" });
		expect(locationOf(anonymous).pathname).toBe("/sign-in");
		expect(await get(token)).toEqual({});
	});
});

describe("GET, PUT /v1/profile", () => {
	test("what is put is all that there is", async () => {
		const { token } = await somebody();
		const first = await put(token, {
			given_name: "Ada",
			phone_number: "+44 (20) 7946-0000",
			address: { country: "UK" },
		});
		const saved = {
			given_name: "Ada",
			phone_number: "+442079460000",
			address: { country: "UK" },
			updated_at: writeInstant(now()),
		};
		expect([first.status, first.body]).toEqual([200, saved]);
		expect(first.headers.get("cache-control")).toBe("no-store");
		expect((await put(token, { locale: "de" })).body).toEqual({ locale: "de", updated_at: writeInstant(now()) });
		expect(await get(token)).toEqual({ locale: "de", updated_at: writeInstant(now()) });
	});

	test.each<[string, unknown, readonly string[]]>([
		["a claim that is latchkey's own", { email_verified: true }, ["email_verified"]],
		["the instant of the change", { updated_at: 1 }, ["updated_at"]],
		["the user name", { preferred_username: "root" }, ["preferred_username"]],
		["a part of the address that there is not", { address: { formatted: "x" } }, ["address.formatted"]],
		["something that is no text", { given_name: 1, address: { country: null } }, ["given_name", "address.country"]],
		["two wrong values", { email: "x", address: { region: "a\u0000b" } }, ["email", "address.region"]],
		["an array", [], []],
	])("%s is refused, with each field named", async (_, profile, fields) => {
		const { token } = await somebody();
		const answer = await put(token, profile);
		expect(refusal(answer)).toBe("400 Malformed request");
		const errors = (answer.body.errors ?? []) as { field: string }[];
		expect(errors.map(({ field }) => field)).toEqual(fields);
		expect(await get(token)).toEqual({});
	});

	test("an oversized body is refused", async () => {
		const { token } = await somebody();
		expect(refusal(await put(token, { given_name: "x".repeat(70_000) }))).toBe("413 Malformed request");
	});

	test("nobody's token but the person's own will do: not a grant's, nor a key's, nor none", async () => {
		const { who } = await somebody();
		const grant = await granted(demo.webApp, {}, { who });
		const { secret } = await aKey(demo.accounts.acme, []);
		const ofKey = await loggedIn({ api_key: secret });
		const { webApp } = demo;
		const ofClient = await loggedIn({ client_id: webApp.client.id, client_secret: webApp.secret });
		expect(await refused(grant.accessToken)).toEqual(["401 Unauthorized", "401 Unauthorized"]);
		expect(await refused(ofKey)).toEqual(["403 Forbidden", "403 Forbidden"]);
		expect(await refused(ofClient)).toEqual(["403 Forbidden", "403 Forbidden"]);
		expect(await refused("x")).toEqual(["401 Unauthorized", "401 Unauthorized"]);
		const stranger = await ask("/v1/profile");
		expect([stranger.status, stranger.headers.get("www-authenticate")]).toEqual([
			401,
			expect.stringMatching(/^Bearer /),
		]);
		expect((await ask("/v1/profile", { headers: { "x-api-key": secret } })).status).toBe(401);
		const { username, password } = who;
		expect(await get(await loggedIn({ username, password }))).toEqual({});
	});

	test("a login session that was ended says nothing more", async () => {
		const { visitor, token } = await somebody();
		const everywhere = "/console/acme/security/sign-out-everywhere";
		await visitor.send(everywhere, everywhere);
		expect(refusal(await put(token, { given_name: "Late" }))).toBe("401 Unauthorized");
	});
});

async function refused(token: string) {
	return [
		refusal(await ask("/v1/profile", { headers: bearer(token) })),
		refusal(await put(token, { given_name: "Mallory" })),
	];
}
