import { describe, expect, test } from "vitest";
import { atConsole, type ConsoleVisitor, filledIn, wordsOf } from "../support/console.ts";
import { anIntegration, change, read } from "../support/integrations.ts";
import { call, good, newCode, newKey, newName, newPolicy, type ShownKey } from "../support/keys-api.ts";
import { ada } from "../support/people.ts";
import { aPerson } from "../support/registered.ts";
import { type Answer, ask, locationOf, ownPage, postForm, times } from "../support/requests.ts";
import { demo } from "../support/target.ts";

// Forms send whole pages back, of what stood there when somebody opened them (DESIGN §3.10).

const base = "/console/acme";

async function press(
	visitor: ConsoleVisitor,
	action: string,
	fields: Readonly<Record<string, string>>,
): Promise<Answer> {
	const headers = { cookie: visitor.cookie, ...ownPage };
	if (!action.endsWith("/edit")) return postForm(action, fields, headers);
	const body = new FormData();
	for (const [name, value] of Object.entries(fields)) body.append(name, value);
	return ask(action, { method: "POST", body, headers });
}

const saved = (answer: Answer) => locationOf(answer).searchParams.get("done");

describe("what somebody else changed while a form was open", () => {
	test("in other fields stays changed: of a policy the permission that was taken away", async () => {
		const visitor = await atConsole(ada);
		const id = await newPolicy(["events:read", "keys:delete"]);
		const action = `${base}/policies/${id}`;
		const form = filledIn(await visitor.open(action), action);
		good(await call("PATCH", `/v1/policies/${id}`, { permissions: ["events:read"] }));
		expect(saved(await press(visitor, action, { ...form, description: "Described anew" }))).toBe("saved");
		expect(good(await call("GET", `/v1/policies/${id}`))).toMatchObject({
			description: "Described anew",
			permissions: ["events:read"],
		});
	});

	test("in other fields stays changed: of an integration its redirect URL, scope and option", async () => {
		const visitor = await atConsole(ada);
		const urls = ["https://radar.example/one", "https://radar.example/two"];
		const application = await anIntegration({ kind: "application", redirect_urls: urls, description: "One\nand two" });
		const action = `${base}/integrations/${application.client.id}/edit`;
		const form = filledIn(await visitor.open(action), action);
		const narrowed = { redirect_urls: urls.slice(0, 1), scopes: ["events:read"], require_pkce: false };
		expect((await change(application, narrowed)).status).toBe(200);
		// As browsers send what has more than one line.
		const description = (form.description ?? "").replaceAll("\n", "\r\n");
		expect(saved(await press(visitor, action, { ...form, description, ttl: "900" }))).toBe("saved");
		expect((await read(application)).body).toMatchObject({
			...narrowed,
			access_token_ttl: 900,
			description: "One\nand two",
		});
	});

	test("a form that changes nothing, and one that is sent twice at once, leave one entry in the log", async () => {
		const visitor = await atConsole(ada);
		const id = await newPolicy(["events:read"]);
		const action = `${base}/policies/${id}`;
		const form = filledIn(await visitor.open(action), action);
		expect(saved(await press(visitor, action, form))).toBe("saved");
		const changed = { ...form, description: "Once" };
		const answers = await Promise.all(times(5, () => press(visitor, action, changed)));
		expect(answers.map(saved)).toEqual(times(5, () => "saved"));
		const { entries } = good<{ entries: { action: string; detail: object }[] }>(
			await call("GET", `/v1/audit?target=${id}&action=policy.edit`),
		);
		expect(entries.map(({ detail }) => detail)).toEqual([expect.objectContaining({ changed: "description" })]);
	});
});

interface Form {
	readonly visitor: ConsoleVisitor;
	/** Where the form is, and where it posts to. */
	readonly page: string;
	/** What one types in, what another one does, and what then stands there in words. */
	readonly mine: Readonly<Record<string, string>>;
	readonly theirs: Readonly<Record<string, string>>;
	readonly said: string;
}

const forms: Readonly<Record<string, () => Promise<Form>>> = {
	policy: async () => {
		const id = await newPolicy(["events:read"]);
		const [mine, theirs] = [{ description: "Mine" }, { description: "Theirs" }];
		return { visitor: await atConsole(ada), page: `${base}/policies/${id}`, mine, theirs, said: "Theirs" };
	},
	"policy's permissions": async () => {
		const id = await newPolicy(["events:read"]);
		const [mine, theirs] = [{ "permissions:alerts:read": "on" }, { "permissions:events:write": "on" }];
		const said = "events:read, events:write";
		return { visitor: await atConsole(ada), page: `${base}/policies/${id}`, mine, theirs, said };
	},
	key: async () => {
		const { id } = await newKey({ tags: ["first"] });
		const [mine, theirs] = [{ tags: "mine" }, { tags: "theirs" }];
		return { visitor: await atConsole(ada), page: `${base}/keys/${id}`, mine, theirs, said: "theirs" };
	},
	"key's policies": async () => {
		const [one, two] = [await newPolicy(["events:read"]), await newPolicy(["events:read"])];
		const { id } = await newKey();
		const [mine, theirs] = [{ [`policies:${one}`]: "on" }, { [`policies:${two}`]: "on" }];
		const { name } = good<{ name: string }>(await call("GET", `/v1/policies/${two}`));
		return { visitor: await atConsole(ada), page: `${base}/keys/${id}/policies`, mine, theirs, said: name };
	},
	"access code": async () => {
		const key = await newKey();
		const { id } = await newCode(key.id);
		const [mine, theirs] = [{ description: "Mine" }, { description: "Theirs" }];
		return { visitor: await atConsole(ada), page: `${base}/keys/${key.id}/codes/${id}`, mine, theirs, said: "Theirs" };
	},
	integration: async () => {
		const { client } = await anIntegration();
		const [mine, theirs] = [{ redirect_urls: "https://mine.example/" }, { redirect_urls: "https://theirs.example/" }];
		const page = `${base}/integrations/${client.id}/edit`;
		return { visitor: await atConsole(ada), page, mine, theirs, said: "https://theirs.example/" };
	},
	"option of an application": async () => {
		const { client } = await anIntegration({ kind: "application" });
		const urls = { mine: "https://radar.example/mine", theirs: "https://radar.example/theirs" };
		const [mine, theirs] = [{ post_logout_redirect_urls: urls.mine }, { post_logout_redirect_urls: urls.theirs }];
		const page = `${base}/integrations/${client.id}/edit`;
		return { visitor: await atConsole(ada), page, mine, theirs, said: urls.theirs };
	},
	account: async () => {
		const [mine, theirs] = [{ name: newName("Mine") }, { name: newName("Theirs") }];
		return { visitor: await atConsole(ada), page: `${base}/settings/account`, mine, theirs, said: theirs.name };
	},
	"own name": async () => {
		const visitor = await atConsole(await aPerson({ [demo.accounts.acme]: "member" }));
		const [mine, theirs] = [{ name: "Mine" }, { name: "Theirs" }];
		return { visitor, page: `${base}/settings`, mine, theirs, said: "Theirs" };
	},
	profile: async () => {
		const visitor = await atConsole(await aPerson({ [demo.accounts.acme]: "member" }));
		const [mine, theirs] = [{ locality: "Mine" }, { locality: "Theirs" }];
		return { visitor, page: `${base}/settings/profile`, mine, theirs, said: "Theirs" };
	},
};

describe.each(Object.keys(forms))("two who change the same field of a form: %s", (name) => {
	test("the second is shown what the first has saved, keeps what they typed, and can save it knowingly", async () => {
		const { visitor, page, mine, theirs, said } = await (forms[name] as (typeof forms)[string])();
		const drawn = filledIn(await visitor.open(page), page);
		expect(saved(await press(visitor, page, { ...drawn, ...theirs }))).toMatch(/./);
		const refused = await press(visitor, page, { ...drawn, ...mine });
		expect(refused.status).toBe(409);
		expect(refused.headers.get("cache-control")).toBe("no-store");
		expect(wordsOf(refused)).toContain("Somebody else saved this while you had it open.");
		expect(wordsOf(refused)).toContain(`Somebody else has saved meanwhile: ${said}`);
		const kept = filledIn(refused, page);
		expect(kept).toMatchObject(mine);
		// Nothing was written.
		const stands = filledIn(await visitor.open(page), page);
		expect(stands).toMatchObject(theirs);
		expect(saved(await press(visitor, page, kept))).toMatch(/./);
		expect(filledIn(await visitor.open(page), page)).toMatchObject(mine);
	});

	test("a form that does not say what it was drawn from is taken for one of long ago", async () => {
		const { visitor, page, mine } = await (forms[name] as (typeof forms)[string])();
		const { drawn: _, ...form } = filledIn(await visitor.open(page), page);
		expect((await press(visitor, page, { ...form, ...mine })).status).toBe(409);
		// Of what stands there already it says the same.
		expect(saved(await press(visitor, page, form))).toMatch(/./);
	});
});

test("a role that somebody else has changed stays, where the form was only saved", async () => {
	const visitor = await atConsole(ada);
	const { id } = await aPerson({ [demo.accounts.acme]: "member" });
	const page = `${base}/settings/people/${id}`;
	const drawn = filledIn(await visitor.open(page), page);
	expect(saved(await press(visitor, page, { ...drawn, role: "admin" }))).toBe("role");
	expect(saved(await press(visitor, page, drawn))).toBe("role");
	expect(filledIn(await visitor.open(page), page).role).toBe("admin");
});

test("the older secret that is ended is the one that was there when it was asked", async () => {
	const visitor = await atConsole(ada);
	const integration = await anIntegration();
	const path = `${base}/integrations/${integration.client.id}/secret`;
	const rotate = () => call("POST", `/v1/integrations/${integration.client.id}/secrets`, { overlap_days: 7 });
	expect((await rotate()).status).toBe(201);
	const asked = filledIn(await visitor.open(`${path}/end`), `${path}/end`);
	expect((await call("DELETE", `/v1/integrations/${integration.client.id}/secrets/previous`)).status).toBe(204);
	expect((await rotate()).status).toBe(201);
	expect((await press(visitor, `${path}/end`, asked)).status).toBe(409);
	expect((await read(integration)).body.secrets).toHaveLength(2);
});

test("two forms with one unsaved name: the name of the first stands, the second is told", async () => {
	const visitor = await atConsole(ada);
	const [one, two] = [await newKey(), await newKey()];
	const name = newName();
	const answers = await Promise.all(
		[one, two].map(async ({ id }) => {
			const page = `${base}/keys/${id}`;
			return press(visitor, page, { ...filledIn(await visitor.open(page), page), name });
		}),
	);
	expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303, 409]));
	const names = await Promise.all(
		[one, two].map(async ({ id }) => good<ShownKey>(await call("GET", `/v1/keys/${id}`)).name),
	);
	expect(names.filter((each) => each === name)).toHaveLength(1);
});
