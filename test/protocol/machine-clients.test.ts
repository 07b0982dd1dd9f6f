import { describe, expect, test } from "vitest";
import { wordsOf, atConsole } from "../support/console.ts";
import { anIntegration, change, create, read, tokenOf } from "../support/integrations.ts";
import { ada, codeOf, decide } from "../support/people.ts";
import { ask, bearer, ownPage, refusal } from "../support/requests.ts";
import { registerClient, selfRegistered } from "../support/self-registered.ts";
import { advance } from "../support/target.ts";
import { askForToken, authorizePath, environments, exchange, type Registered } from "../support/tokens.ts";

// A job that acts for itself (RFC 6749 §4.4) sends nobody anywhere: Spring Security's (7.1.2), Authlib's (1.9.10) and every cron's
// client of that grant had to make up a redirect URL to be registered.

const machine = {
	kind: "application",
	acts_for_itself: true,
	redirect_urls: undefined,
	scopes: ["environments:read"],
};
const site = "https://job.example/done";

/** Changes are seen everywhere after so long. */
async function settled<Result>(answer: Promise<Result>): Promise<Result> {
	const result = await answer;
	await advance(31);
	return result;
}

function logIn(client: Registered) {
	return askForToken({ client, method: "basic" }, { grant_type: "client_credentials" });
}

describe("a client of client_credentials alone", () => {
	test("RFC 6749 §3.1.2.2: needs no redirect URL, and gets its token", async () => {
		for (const redirect_urls of [undefined, []]) {
			const client = await anIntegration({ ...machine, redirect_urls });
			expect((await read(client)).body).toMatchObject({ redirect_urls: [], acts_for_itself: true });
			const { status, body } = await logIn(client);
			expect(status).toBe(200);
			expect((await environments(String(body.access_token))).status).toBe(200);
		}
	});

	test("sends nobody anywhere: what an authorization request names is none of its own", async () => {
		const client = await anIntegration(machine);
		for (const redirect_uri of [undefined, "", site, "about:blank"]) {
			const page = await ask(authorizePath(client, { redirect_uri }));
			expect(refusal(page)).toMatch(/^400 (?:Wrong|Missing) redirect URL$/);
		}
	});

	test("is one of people too once it has a redirect URL, and no more when that is taken away", async () => {
		const client = await anIntegration(machine);
		const asking = { ...client, client: { ...client.client, kind: "application" as const, redirectUris: [site] } };
		expect((await settled(change(client, { redirect_urls: [site] }))).status).toBe(200);
		const code = codeOf(await decide(authorizePath(asking, { scope: "environments:read" })));
		expect((await exchange(code, { client: asking })).status).toBe(200);
		expect((await logIn(client)).status).toBe(200);
		expect((await settled(change(client, { redirect_urls: [] }))).status).toBe(200);
		expect(refusal(await ask(authorizePath(asking, { scope: "environments:read" })))).toBe("400 Wrong redirect URL");
		expect((await logIn(client)).status).toBe(200);
	});

	test.each([
		["an application that does not act for itself", { ...machine, acts_for_itself: false }],
		["a public one", { ...machine, client_type: "public", acts_for_itself: false }],
		["an integration", { redirect_urls: [] }],
	])("but %s needs one", async (_, changes) => {
		const { status, body } = await create(changes);
		const fields = (body.errors as { field: string }[]).map(({ field }) => field);
		expect([status, fields]).toEqual([400, ["redirect_urls"]]);
	});

	test("nor may it lose both", async () => {
		const client = await anIntegration(machine);
		expect((await change(client, { acts_for_itself: false })).body.errors).toEqual([
			{ field: "redirect_urls", detail: expect.stringMatching(/^Give at least one redirect URL/) },
		]);
		expect((await change(client, { redirect_urls: ["javascript:alert(1)"] })).status).toBe(400);
	});
});

describe("in the console", () => {
	const page = "/console/acme/integrations/new";

	test("a form without redirect URLs makes one, and its page says so", async () => {
		const { cookie } = await atConsole(ada);
		const { text } = await ask(page, { headers: { cookie } });
		const body = new FormData();
		for (const [, name = "", value = ""] of text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)) {
			body.set(name, value);
		}
		const typed = { type: "web", name: "Nightly job", redirect_urls: "", "scopes:environments:read": "on" };
		for (const [name, value] of Object.entries(typed)) body.set(name, value);
		const refused = await ask(page, { method: "POST", headers: { cookie, ...ownPage }, body });
		expect([refused.status, wordsOf(refused)]).toEqual([
			400,
			expect.stringContaining("Give at least one redirect URL"),
		]);
		body.set("further:acts_for_itself", "on");
		const made = await ask(page, { method: "POST", headers: { cookie, ...ownPage }, body });
		const id = /id="client-id"[^>]*>([^<]+)</.exec(made.text)?.[1] ?? "";
		const shown = await ask(`/console/acme/integrations/${id}`, { headers: { cookie } });
		expect(wordsOf(shown)).toContain("None: people are never sent to it.");
		expect(wordsOf(shown)).toContain("It does this for itself");
		expect(wordsOf(shown)).toContain("It gets no refresh token");
		expect(wordsOf(shown)).toContain("Access tokens are signed with");
		const ofPeople = /installed|somebody agreed|PKCE|id_token|Return URLs|Who people are|What it may ask people/;
		const [, details = ""] = /<h2[^>]*>Client ID([^]*)/.exec(shown.text) ?? [];
		expect(wordsOf({ ...shown, text: details })).not.toMatch(ofPeople);
		expect(details).toContain("Redirect URLs");
	});
});

describe("registration", () => {
	const said = {
		grant_types: ["client_credentials"],
		redirect_uris: undefined,
		token_endpoint_auth_method: "client_secret_basic",
		scope: "environments:read",
	};

	test("RFC 7591 §2: with an initial access token, by what whoever has it may do", async () => {
		const client = await selfRegistered(said, bearer(await tokenOf(ada)));
		expect(client.body).toMatchObject({ grant_types: ["client_credentials"], redirect_uris: [], response_types: [] });
		expect((await logIn(client)).status).toBe(200);
	});

	test("is not for software that nobody vouches for, whatever it leaves out", async () => {
		const refused = await registerClient(said);
		expect(refusal(refused)).toBe("400 invalid_client_metadata");
		expect(refused.body.error_description).toContain("none that is for a client that registers itself");
		const both = { ...said, grant_types: ["client_credentials", "authorization_code"] };
		expect(refusal(await registerClient(both))).toBe("400 invalid_redirect_uri");
	});

	test("an administrator's edit gives it no grant that it did not register for", async () => {
		const registered = await selfRegistered({ ...said, redirect_uris: [site] }, bearer(await tokenOf(ada)));
		expect((await settled(change(registered, { description: "Runs at night" }))).status).toBe(200);
		const asked = await ask(authorizePath(registered, { scope: "environments:read" }));
		expect(asked.headers.get("location") ?? "").toContain("error=unauthorized_client");
	});
});
