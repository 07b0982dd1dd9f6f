import { describe, expect, test } from "vitest";
import { atConsole, wordsOf } from "../support/console.ts";
import { invitedBy, joinAsNew, newcomer } from "../support/invitations.ts";
import { create } from "../support/integrations.ts";
import { call, newCode, newKey, newName } from "../support/keys-api.ts";
import { ada, signedIn } from "../support/people.ts";
import { aClient, aKey, anAccount, aPerson } from "../support/registered.ts";
import { type Answer, ask, type Fields, locationOf, postJson } from "../support/requests.ts";
import { demo } from "../support/target.ts";
import { authorizePath } from "../support/tokens.ts";

// What shows nothing, and what is shown where it does not stand.
const unseen = Object.entries({
	"a Hangul filler": "\u3164",
	"its half-width twin": "\uffa0",
	"an empty Braille cell": "\u2800",
	"a joiner alone": "\u200d",
	"a zero-width space": "Ac\u200bme",
	"an override": "Ac\u202eme",
	"a variation selector": "Ac\ufe0fme",
	"a stack of marks": `e${"\u0301\u0302".repeat(9)}`,
});
// What some languages are written with.
const seen = Object.entries({
	Persian: "علی\u200cرضا",
	Hindi: "क्\u200dष",
	"a family": "\u{1f468}\u200d\u{1f469}\u200d\u{1f467} Family",
});

/** The settings of somebody who administers an account of their own. */
async function anOffice() {
	const visitor = await atConsole(await aPerson({ [await anAccount()]: "admin" }));
	const [, , slug = ""] = locationOf(await visitor.open("/console")).pathname.split("/");
	const settings = `/console/${slug}/settings`;
	return {
		visitor,
		slug,
		save: (path: string, typed: Fields) => visitor.send(`${settings}${path}`, `${settings}${path}`, typed),
	};
}

const fields: Readonly<Record<string, (text: string) => Promise<Answer>>> = {
	"the name of a key": (name) => call("POST", "/v1/keys", { name }),
	"a tag": (tag) => call("POST", "/v1/keys", { name: newName(), tags: [tag] }),
	"what describes an access code": async (description) =>
		call("POST", `/v1/keys/${(await newKey()).id}/codes`, { description }),
	"what describes it later": async (description) => {
		const { id } = await newKey();
		return call("PATCH", `/v1/keys/${id}/codes/${(await newCode(id)).id}`, { description });
	},
	"the name of a policy": (name) =>
		call("POST", "/v1/policies", { name, description: "x", permissions: ["events:read"] }),
	"what describes a policy": (description) =>
		call("POST", "/v1/policies", { name: newName("Policy"), description, permissions: ["events:read"] }),
	"the name of an integration": (name) => create({ name }),
	"what describes an integration": (description) => create({ description }),
	"the name of a client that registers itself": (client_name) =>
		postJson("/oauth/register", { client_name, redirect_uris: ["https://radar.example/cb"] }),
	"the name of a person": async (name) => (await anOffice()).save("", { change: "name", name }),
	"the name of an account": async (name) => (await anOffice()).save("/account", { name }),
	"the note of an invitation": async (note) => (await anOffice()).save("/people/new", { role: "member", note }),
	"what somebody says of themselves": async (nickname) => (await anOffice()).save("/profile", { nickname }),
};

describe.each(Object.entries(fields))("%s", (_, say) => {
	test.each(unseen)("%s is refused: others could not see what they trust", async (__, text) => {
		expect((await say(text)).status).toBe(400);
	});

	test.each(seen)("%s is taken", async (__, text) => {
		expect((await say(text)).status).toBeLessThan(400);
	});
});

test("the names of a new person have to be seen", async () => {
	const { visitor, slug } = await anOffice();
	const link = await invitedBy(visitor, slug);
	const answer = await joinAsNew(link, newcomer({ username: "ad\u3164a", name: "E\u202eve" }));
	expect([answer.status, ...["name", "username"].map((field) => answer.text.includes(`id="${field}-error"`))]).toEqual([
		400,
		true,
		true,
	]);
});

describe("a name that was stored before there was this rule", () => {
	test("of a key, in the heading of its page and in the title", async () => {
		const account = await anAccount();
		const office = await atConsole(await aPerson({ [account]: "admin" }));
		const { id } = await aKey(account, [], "Night\u202ely\u3164");
		const { pathname } = locationOf(await office.open("/console"));
		const page = await office.open(`${pathname.split("/").slice(0, 3).join("/")}/keys/${id}`);
		expect(page.text).toMatch(/<h1>Nightly<\/h1>/);
		expect(page.text).toContain("<title>Details · Nightly · ");
	});

	test.each([
		["of nothing else", "\u3164", "(a name that cannot be seen) asks for access"],
		["beside letters", "Your\u202e Bank\u3164", "Your Bank asks for access"],
	])("is shown without what is not seen, %s", async (_, name, shown) => {
		const client = await aClient(demo.webApp, { name });
		const page = await ask(authorizePath(client), { headers: { cookie: await signedIn(ada) } });
		expect(wordsOf(page)).toContain(shown);
		expect(page.text).not.toMatch(/[\u3164\u202e]/);
	});
});
