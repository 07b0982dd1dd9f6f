import { describe, expect, test } from "vitest";
import { atConsole, type ConsoleVisitor, hiddenOf } from "../support/console.ts";
import { anIntegration, change, integrationBody, read } from "../support/integrations.ts";
import { call, good, inAcme, keyWith, newKey, newName, newPolicy, type ShownKey } from "../support/keys-api.ts";
import { loggedIn } from "../support/logins.ts";
import { anAccount, aPerson } from "../support/registered.ts";
import { type Answer, ask, bearer, locationOf, ownPage, postForm, refusal, times } from "../support/requests.ts";

// Two who write at the same time: what one takes away the other does not bring back (DESIGN §3.10).

const rounds = 50;

interface ShownPolicy {
	readonly id: string;
	readonly name: string;
	readonly description: string;
	readonly permissions: readonly string[];
}

/** Really at once, and each of them is done: what the first of them changes is not in the second's way. */
async function atOnce(...writes: readonly Promise<Answer>[]): Promise<void> {
	for (const answer of await Promise.all(writes)) good(answer);
}

describe("two at once, who change different things of one", () => {
	test("a policy is narrowed while it is described anew: the permission that was taken away does not come back", async () => {
		const id = await newPolicy(["events:read"]);
		const path = `/v1/policies/${id}`;
		for (const round of times(rounds, (each) => each)) {
			good(await call("PATCH", path, { permissions: ["events:read", "keys:delete"] }));
			const description = `Round ${round}`;
			await atOnce(call("PATCH", path, { permissions: ["events:read"] }), call("PATCH", path, { description }));
			expect(good<ShownPolicy>(await call("GET", path))).toMatchObject({ permissions: ["events:read"], description });
		}
	});

	test("an integration loses a redirect URL and a scope while others edit it: neither comes back", async () => {
		const integration = await anIntegration();
		const wide = ["https://radar.example/one", "https://radar.example/two"];
		for (const round of times(rounds, (each) => each)) {
			await change(integration, { redirect_urls: wide, scopes: ["events:read", "alerts:read"] });
			const [description, access_token_ttl] = [`Round ${round}`, 3600 + round];
			await atOnce(
				change(integration, { redirect_urls: wide.slice(0, 1) }),
				change(integration, { description }),
				change(integration, { scopes: ["events:read"] }),
				change(integration, { access_token_ttl }),
			);
			expect((await read(integration)).body).toMatchObject({
				redirect_urls: wide.slice(0, 1),
				scopes: ["events:read"],
				description,
				access_token_ttl,
			});
		}
	});

	test("a key is renamed while its tags are replaced: both are as they were said", async () => {
		const { id } = await newKey({ tags: ["first"] });
		const path = `/v1/keys/${id}`;
		for (const round of times(rounds, (each) => each)) {
			const [name, tags] = [newName(), [`round ${round}`]];
			await atOnce(call("PATCH", path, { name }), call("PATCH", path, { tags }));
			expect(good<ShownKey>(await call("GET", path))).toMatchObject({ name, tags });
		}
	});
});

describe("two at once, of whom one may not do what the other takes away", () => {
	test("a key loses a policy while whoever could not give it edits its policies: it does not come back", async () => {
		const [wide, narrow, other] = [
			await newPolicy(["keys:delete"]),
			await newPolicy(["events:read"]),
			await newPolicy(["alerts:read"]),
		];
		const lesser = await keyWith(["keys:read", "keys:write", "events:read", "alerts:read"]);
		const { id } = await newKey();
		const path = `/v1/keys/${id}`;
		for (const round of times(rounds, (each) => each)) {
			good(await call("PATCH", path, { policies: [wide, narrow] }));
			const edited = call("PATCH", path, { policies: [wide, narrow, other] }, lesser);
			for (let turn = 0; turn < round; turn++) await Promise.resolve();
			good(await call("PATCH", path, { policies: [narrow] }));
			expect([200, 403]).toContain((await edited).status);
			expect(good<ShownKey>(await call("GET", path)).policies).not.toContain(wide);
		}
	});

	test("whoever loses their role changes nothing from then on, though their token is remembered for a while", async () => {
		const office = await anOffice();
		const { id, ...login } = await aPerson({ [office.account]: "admin" });
		const credential = bearer(await loggedIn(login));
		const text = { name: newName("Policy"), description: "Before", permissions: ["events:read"] };
		const policy = good<{ id: string }>(await call("POST", "/v1/policies", text, credential), 201).id;
		const member = `${office.people}/${id}`;
		for (const round of times(rounds, (each) => each)) {
			const description = `Round ${round}`;
			const lose = office.admin.send(member, member, { role: "member" });
			const [lost, edited] = await Promise.all([
				lose,
				call("PATCH", `/v1/policies/${policy}`, { description }, credential),
			]);
			expect(lost.status).toBe(303);
			expect([200, 403]).toContain(edited.status);
			expect((await call("PATCH", `/v1/policies/${policy}`, { description: "Late" }, credential)).status).toBe(403);
			for (const [path, body] of [
				["/v1/policies", { ...text, name: "Late" }],
				["/v1/integrations", integrationBody({ name: "Late" })],
			] as const) {
				expect((await call("POST", path, body, credential)).status).toBe(403);
			}
			expect((await office.admin.send(member, member, { role: "admin" })).status).toBe(303);
		}
		const { entries } = good<{ entries: Entry[] }>(
			await ask(`/v1/audit?limit=100`, { headers: bearer(await loggedIn(office.login)) }),
		);
		let isAdmin = true;
		const wrongly = entries.toReversed().filter(({ action, actor, target, detail }) => {
			if (action === "member.set_role" && target.id === id) isAdmin = detail.role === "admin";
			return action.startsWith("policy.") && actor.id === id && !isAdmin;
		});
		expect(wrongly).toEqual([]);
	});

	test("two administrators take each other's role away: one is left", async () => {
		const office = await anOffice();
		const other = await aPerson({ [office.account]: "admin" });
		const them = await atConsole(other);
		const [one, two] = [`${office.people}/${office.login.id}`, `${office.people}/${other.id}`];
		for (const _ of times(rounds, (each) => each)) {
			const mine = { ...hiddenOf(await office.admin.open(two), two), role: "member" };
			const theirs = { ...hiddenOf(await them.open(one), one), role: "member" };
			const answers = await Promise.all([press(office.admin, two, mine), press(them, one, theirs)]);
			expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
			const [left, lost] = answers[0]?.status === 303 ? [office.admin, two] : [them, one];
			expect((await left.send(lost, lost, { role: "admin" })).status).toBe(303);
		}
		const [first, second] = [`${two}/remove`, `${one}/remove`];
		const asked = hiddenOf(await office.admin.open(first), first);
		const askedToo = hiddenOf(await them.open(second), second);
		const removed = await Promise.all([press(office.admin, first, asked), press(them, second, askedToo)]);
		expect(removed.filter(({ status }) => status === 303)).toHaveLength(1);
	});
});

describe("ten at once who make one of one name: one is made", () => {
	const [name, account] = ["One of ten", () => inAcme()];
	const made: Readonly<Record<string, object>> = {
		"/v1/policies": { name, description: "For a test", permissions: ["events:read"] },
		"/v1/keys": { name },
		"/v1/integrations": integrationBody({ name }),
		"/v1/environments": { workspace: "one-of-ten", name: "prod" },
	};

	test.each(Object.keys(made))("%s", async (path) => {
		const credential = await account();
		const answers = await Promise.all(times(10, () => call("POST", path, made[path], credential)));
		const refused = answers.filter(({ status }) => status !== 201);
		expect(refused.map(refusal)).toEqual(times(9, () => "409 Conflict"));
	});
});

/** A form that was opened before, by whatever happened since. */
function press({ cookie }: ConsoleVisitor, action: string, fields: Readonly<Record<string, string>>): Promise<Answer> {
	return postForm(action, fields, { cookie, ...ownPage });
}

interface Entry {
	readonly action: string;
	readonly actor: { readonly id: string };
	readonly target: { readonly id: string };
	readonly detail: Readonly<Record<string, unknown>>;
}

/** An account of its own with an administrator, at the console. */
async function anOffice() {
	const account = await anAccount();
	const login = await aPerson({ [account]: "admin" });
	const admin = await atConsole(login);
	const slug = locationOf(await admin.open("/console")).pathname.split("/")[2] ?? "";
	return { account, login, admin, people: `/console/${slug}/settings/people` };
}
