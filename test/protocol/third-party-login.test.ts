import { describe, expect, test } from "vitest";
import { deviceCodeGrant } from "../../src/domain/client.ts";
import { atConsole, wordsOf } from "../support/console.ts";
import { aDevice, answerDevice, poll } from "../support/devices.ts";
import { anIntegration, change, create, read } from "../support/integrations.ts";
import { ada } from "../support/people.ts";
import { aPerson } from "../support/registered.ts";
import { refusal } from "../support/requests.ts";
import { registerClient, selfRegistered } from "../support/self-registered.ts";
import { advance, demo, issuer } from "../support/target.ts";
import { authorized, exchange, type Registered } from "../support/tokens.ts";

// OIDC Core §4: a person goes from the console to an application, which signs them in from there.

const start = "https://radar.example/start?from=latchkey";
const application = { kind: "application", redirect_urls: ["https://radar.example/done"], scopes: ["events:read"] };

/** Where the console's pages lead with these words, to somebody of Acme who allowed it what it asks for. */
async function waysOf(client: Registered): Promise<string[]> {
	const who = await aPerson({ [demo.accounts.acme]: "member" });
	expect((await exchange(await authorized(client, { scope: "events:read" }, { who }), { client })).status).toBe(200);
	return shownTo(who);
}

async function shownTo(who: Awaited<ReturnType<typeof aPerson>>): Promise<string[]> {
	const { open } = await atConsole(who);
	const pages = await Promise.all(["my-access", "installed"].map((page) => open(`/console/acme/${page}`)));
	return pages.flatMap(({ text }) =>
		[...text.matchAll(/<a[^>]* href="([^"]*)"[^>]*>Go to application/g)].map(([, href = ""]) =>
			href.replaceAll("&amp;", "&"),
		),
	);
}

describe("OIDC Core §4: initiate_login_uri", () => {
	test("whoever allowed the application is led there, with iss and nothing that tells who they are", async () => {
		const client = await anIntegration({ ...application, initiate_login_uri: start });
		expect((await read(client)).body.initiate_login_uri).toBe(start);
		// In what they allowed, and what is remembered of that; and in what is installed in the account.
		expect(await waysOf(client)).toEqual(Array.from({ length: 3 }, () => `${start}&iss=${encodeURIComponent(issuer)}`));
	});

	test("where nobody says, there is no way", async () => {
		const initiate_login_uri = "https://radar.example/taken-away";
		const client = await anIntegration({ ...application, initiate_login_uri });
		expect(await waysOf(client)).toContain(`${initiate_login_uri}?iss=${encodeURIComponent(issuer)}`);
		expect((await change(client, { initiate_login_uri: null })).status).toBe(200);
		expect((await read(client)).body.initiate_login_uri).toBeNull();
		await advance(31);
		expect((await waysOf(client)).filter((way) => way.startsWith(initiate_login_uri))).toEqual([]);
	});

	test("nobody is led to where software that registered itself says", async () => {
		const initiate_login_uri = "https://strangers.example/start";
		const client = await selfRegistered({ initiate_login_uri });
		const ways = await waysOf(client);
		expect(ways.filter((way) => way.startsWith(initiate_login_uri))).toEqual([]);
	});

	test.each([
		["http://radar.example/start", /https/],
		["javascript:alert(1)", /https/],
		["https://radar.example/start#top", /fragment/],
		["https://radar.example/start?iss=https%3A%2F%2Fevil.example", /has iss in its query/],
		["https://radar.example/start?target_link_uri=x", /has target_link_uri in its query/],
	])("%s is none", async (initiate_login_uri, why) => {
		const refused = await create({ ...application, initiate_login_uri });
		expect(refusal(refused)).toBe("400 Malformed request");
		expect(refused.text).toMatch(why);
		expect(refusal(await registerClient({ initiate_login_uri }))).toBe("400 invalid_client_metadata");
	});

	test("an integration has none: its own page is where it is installed from", async () => {
		expect(refusal(await create({ initiate_login_uri: start }))).toBe("400 Malformed request");
	});
});

test("what is allowed on a device alone is listed without an address that its answers would go to", async () => {
	const client = await selfRegistered({ grant_types: [deviceCodeGrant], redirect_uris: [] });
	const codes = await aDevice(client, { scope: "openid" });
	await answerDevice(codes);
	expect((await poll(codes)).status).toBe(200);
	const words = wordsOf(await (await atConsole(ada)).open("/console/acme/my-access"));
	expect(words).toContain("registered itself");
	expect(words).not.toContain("about:");
});
