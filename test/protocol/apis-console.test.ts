import { describe, expect, test } from "vitest";
import { randomId, systemRandom } from "../../src/crypto/random.ts";
import { apiBody, namesIn, newApi, newDeploymentApi, newWord, type ShownApi } from "../support/apis.ts";
import { atConsole, type ConsoleVisitor, filledIn, hiddenOf, wordsOf } from "../support/console.ts";
import { anIntegration } from "../support/integrations.ts";
import { call, good, inAcme } from "../support/keys-api.ts";
import { ada, grace } from "../support/people.ts";
import { type Answer, locationOf, ownPage, postForm, refusal, times } from "../support/requests.ts";
import { addRows, demo, issuer } from "../support/target.ts";

const here = "/console/acme/apis";
const readApi = async (id: string) => good<ShownApi>(await call("GET", `/v1/apis/${id}`));
const at = (answer: Answer) => {
	const { pathname, search } = locationOf(answer);
	return `${answer.status} ${pathname}${search}`;
};

const secretOn = (page: Answer) => /lkcs_\w+/.exec(page.text)?.[0];

/** The form of a page, with everything that a browser would send of it. */
async function fill(visitor: ConsoleVisitor, path: string, fields: Readonly<Record<string, string>> = {}) {
	return { ...filledIn(await visitor.open(path), path), ...fields };
}

async function press(visitor: ConsoleVisitor, path: string, fields: Readonly<Record<string, string>>) {
	return postForm(path, fields, { cookie: visitor.cookie, ...ownPage });
}

describe("the console's page of APIs", () => {
	test("registers one, and leads on to what may be permitted there", async () => {
		const visitor = await atConsole(ada);
		const { identifier, name } = apiBody();
		const made = await press(
			visitor,
			`${here}/new`,
			await fill(visitor, `${here}/new`, { identifier, name, ttl: "600" }),
		);
		expect(at(made)).toMatch(/^303 \/console\/acme\/apis\/[\w-]{22}\/permissions\?done=created$/);
		const id = locationOf(made).pathname.split("/")[4] ?? "";
		expect(await readApi(id)).toMatchObject({ identifier, name, access_token_ttl: 600, permissions: [] });
		const list = wordsOf(await visitor.open(here));
		expect(list).toContain(identifier);
		expect(list).toContain("Built in");
		expect(wordsOf(await visitor.open(`${here}/latchkey`))).toContain("nobody changes it");
	});

	test("the same form again finds the same API", async () => {
		const visitor = await atConsole(ada);
		const { identifier, name } = apiBody();
		const form = await fill(visitor, `${here}/new`, { identifier, name });
		const answers = await Promise.all(times(2, () => press(visitor, `${here}/new`, form)));
		expect(new Set(answers.map(at)).size).toBe(1);
		expect(answers[0]?.status).toBe(303);
		expect(refusal(await press(visitor, `${here}/new`, { ...form, nonce: "x" }))).toBe("409 Sent already");
	});

	test.each([
		["an address of latchkey's", () => issuer, /latchkey's own address/],
		["no URI", () => "orders", /not an absolute URI/],
	])("says what is wrong with %s as an identifier, and keeps what was typed", async (_, identifier, why) => {
		const visitor = await atConsole(ada);
		const fields = { identifier: identifier(), name: "Kept as typed" };
		const answer = await press(visitor, `${here}/new`, await fill(visitor, `${here}/new`, fields));
		expect(answer.status).toBe(400);
		expect(wordsOf(answer)).toMatch(why);
		expect(answer.text).toContain("Kept as typed");
	});

	test("an identifier that is taken is refused", async () => {
		const visitor = await atConsole(ada);
		const { identifier, name } = await newApi();
		const fields = { identifier: `${identifier}/`, name: `${name} again` };
		const answer = await press(visitor, `${here}/new`, await fill(visitor, `${here}/new`, fields));
		expect(answer.status).toBe(409);
		expect(wordsOf(answer)).toContain(`It is taken by ${name}`);
	});

	test("changes what can be changed, and of two at once nothing is lost", async () => {
		const visitor = await atConsole(ada);
		const { id } = await newApi();
		const path = `${here}/${id}/edit`;
		const [one, two] = [await fill(visitor, path), await fill(visitor, path)];
		const lengthened = await press(visitor, path, { ...one, ttl: "120", algorithm: "RS256" });
		expect(at(lengthened)).toBe(`303 ${here}/${id}?done=saved`);
		expect(at(await press(visitor, path, { ...two, description: "New" }))).toBe(`303 ${here}/${id}?done=saved`);
		expect(await readApi(id)).toMatchObject({
			description: "New",
			access_token_ttl: 120,
			access_token_signed_response_alg: "RS256",
		});
		const late = await press(visitor, path, { ...two, ttl: "240" });
		expect(late.status).toBe(409);
		expect(wordsOf(late)).toContain("Somebody else has saved meanwhile: 120");
		for (const ttl of ["soon", "59"]) {
			expect((await press(visitor, path, { ...(await fill(visitor, path)), ttl })).status).toBe(400);
		}
	});

	test("deletes one, after saying what loses its permissions", async () => {
		const visitor = await atConsole(ada);
		const made = await newApi();
		await addRows({
			policies: [
				{
					id: randomId(systemRandom),
					accountId: demo.accounts.acme,
					name: made.id,
					description: "d",
					permissions: namesIn(made),
				},
			],
		});
		const path = `${here}/${made.id}/delete`;
		expect(wordsOf(await visitor.open(path))).toContain("one policy");
		expect(at(await visitor.send(path, path))).toBe(`303 ${here}?done=deleted`);
		expect((await visitor.open(`${here}/${made.id}`)).status).toBe(404);
	});
});

describe("the page of an API's permissions", () => {
	test("adds as many as are asked for, without a script", async () => {
		const visitor = await atConsole(ada);
		const { id } = await newApi({ permissions: [] });
		const path = `${here}/${id}/permissions`;
		const word = newWord();
		const first = { "name.0": `${word}:read`, "title.0": "See orders", "may.0:members": "on" };
		const more = await press(visitor, path, { ...(await fill(visitor, path, first)), more: "yes" });
		expect(more.status).toBe(200);
		const form = filledIn(more, path);
		expect(form).toMatchObject(first);
		const second = { "name.1": `${word}:write`, "title.1": "Change orders", "description.1": "All of them" };
		expect(at(await press(visitor, path, { ...form, ...second }))).toBe(`303 ${here}/${id}?done=saved`);
		const expected = [
			{ name: `${word}:read`, title: "See orders", description: "", members: true, self_registered: false },
			{
				name: `${word}:write`,
				title: "Change orders",
				description: "All of them",
				members: false,
				self_registered: false,
			},
		];
		expect((await readApi(id)).permissions).toEqual(expected);
		// The same form again adds nothing twice.
		expect(at(await press(visitor, path, { ...form, ...second }))).toBe(`303 ${here}/${id}?done=saved`);
		expect((await readApi(id)).permissions).toEqual(expected);
	});

	test("changes what people read, of two at once too, and never a name", async () => {
		const visitor = await atConsole(ada);
		const made = await newApi();
		const path = `${here}/${made.id}/permissions`;
		const [one, two] = [await fill(visitor, path), await fill(visitor, path)];
		await press(visitor, path, { ...one, "title.0": "Look at orders" });
		await press(visitor, path, { ...two, "title.1": "Write orders", "may.1:self_registered": "on" });
		const [read, write] = (await readApi(made.id)).permissions;
		expect([read, write]).toMatchObject([
			{ name: made.permissions[0]?.name, title: "Look at orders", members: true },
			{ name: made.permissions[1]?.name, title: "Write orders", self_registered: true },
		]);
		const late = await press(visitor, path, { ...two, "title.0": "Peek at orders" });
		expect(late.status).toBe(409);
		expect(wordsOf(late)).toContain("Somebody else has saved meanwhile: Look at orders");
		expect(filledIn(late, path)["title.0"]).toBe("Peek at orders");
		const renamed = await press(visitor, path, { ...(await fill(visitor, path)), "of.0": "other:name" });
		expect(renamed.status).toBe(303);
		expect(namesIn(await readApi(made.id))).toEqual(namesIn(made));
	});

	test("says at its row what is wrong with one", async () => {
		const visitor = await atConsole(ada);
		const [other, made] = [await newApi(), await newApi()];
		const path = `${here}/${made.id}/permissions`;
		const [taken = ""] = namesIn(other);
		for (const [name, status, why] of [
			["two words", 400, "without spaces"],
			["events:read", 400, "latchkey itself has a permission of this name"],
			[taken, 409, `The API ${other.name} has a permission ${taken} already`],
			[namesIn(made)[0] ?? "", 400, "The API has another permission of this name"],
		] as const) {
			const fields = { "name.2": name, "title.2": "New" };
			const answer = await press(visitor, path, await fill(visitor, path, fields));
			expect([name, answer.status]).toEqual([name, status]);
			expect(wordsOf(answer)).toContain(why);
			expect(answer.text).toContain('href="#name.2"');
		}
	});

	test("removes one after saying what loses it, and a form that was drawn before brings it not back", async () => {
		const visitor = await atConsole(ada);
		const made = await newApi();
		const [name = "", kept = ""] = namesIn(made);
		const path = `${here}/${made.id}/permissions`;
		const before = await fill(visitor, path);
		const remove = `${path}/remove?name=${encodeURIComponent(name)}`;
		expect(wordsOf(await visitor.open(remove))).toContain("Nothing names it yet");
		const removed = await visitor.send(remove, `${path}/remove`);
		expect(at(removed)).toBe(`303 ${here}/${made.id}?done=removed`);
		expect(namesIn(await readApi(made.id))).toEqual([kept]);
		expect((await press(visitor, path, { ...before, "title.1": "Write" })).status).toBe(303);
		expect((await readApi(made.id)).permissions).toMatchObject([{ name: kept, title: "Write" }]);
		expect(refusal(await visitor.open(remove))).toBe("404 Not there");
	});
});

describe("the servers of an API", () => {
	test("are chosen among the account's clients that have a secret", async () => {
		const visitor = await atConsole(ada);
		const { client } = await anIntegration();
		const { id } = await newApi();
		const path = `${here}/${id}/servers`;
		const form = await fill(visitor, path);
		expect((await visitor.open(path)).text).not.toContain(demo.nativeApp.client.id);
		const chosen = await press(visitor, path, { ...form, [`servers:${client.id}`]: "on" });
		expect(at(chosen)).toBe(`303 ${here}/${id}?done=servers`);
		expect((await readApi(id)).servers).toEqual([client.id]);
		const foreign = { ...(await fill(visitor, path)), [`servers:${demo.integration.client.id}`]: "on" };
		expect((await press(visitor, path, foreign)).status).toBe(400);
		expect((await readApi(id)).servers).toEqual([client.id]);
	});

	test("are made there, as applications with a secret that is shown once, and the same form makes one", async () => {
		const visitor = await atConsole(ada);
		const { id, name } = await newApi();
		const path = `${here}/${id}/servers/new`;
		const form = await fill(visitor, path);
		expect(form.name).toBe(`${name} server`);
		const [made, again] = [await press(visitor, path, form), await press(visitor, path, form)];
		expect(secretOn(made)).toBeDefined();
		expect(secretOn(again)).toBe(secretOn(made));
		const { servers = [] } = await readApi(id);
		expect(servers).toHaveLength(1);
		const client = good(await call("GET", `/v1/integrations/${servers[0]}`));
		expect(client).toMatchObject({ kind: "application", redirect_urls: [], scopes: [], acts_for_itself: true });
		expect(wordsOf(await visitor.open(`${here}/${id}`))).toContain(`${name} server`);
	});
});

describe("what an API's page has ready to copy", () => {
	test("is its metadata, as everybody reads it, and a program in four languages with its own names in it", async () => {
		const visitor = await atConsole(ada);
		const made = await newApi({ access_token_signed_response_alg: "PS256" });
		const { text } = await visitor.open(`${here}/${made.id}`);
		const shown = (id: string) =>
			(new RegExp(`<code id="${id}"[^>]*>([^<]*)`).exec(text)?.[1] ?? "")
				.replaceAll("&quot;", '"')
				.replaceAll("&lt;", "<")
				.replaceAll("&gt;", ">")
				.replaceAll("&amp;", "&");
		const { pathname } = new URL(made.metadata_url);
		expect(JSON.parse(shown("metadata"))).toEqual(good(await call("GET", pathname)));
		expect(text).toContain(`${new URL(made.identifier).origin}/.well-known/oauth-protected-resource/v1`);
		for (const language of ["node", "python", "go", "worker"]) {
			for (const name of [issuer, made.identifier, "PS256", "at+jwt", namesIn(made)[0]]) {
				expect([language, shown(`snippet-${language}`)]).toEqual([language, expect.stringContaining(name ?? "")]);
			}
		}
	});
});

describe("a member, and another account", () => {
	test("see what their account sees, and change nothing", async () => {
		const [own, wide] = [await newApi(), await newDeploymentApi()];
		const visitor = await atConsole(grace);
		for (const { id, name } of [own, wide]) {
			const page = await visitor.open(`${here}/${id}`);
			expect(wordsOf(page)).toContain(name);
			expect(page.text).not.toMatch(/\/(?:edit|delete|permissions|servers)"/);
		}
		for (const path of ["new", `${own.id}/edit`, `${own.id}/permissions`, `${own.id}/servers`, `${own.id}/delete`]) {
			expect([path, refusal(await visitor.open(`${here}/${path}`))]).toEqual([path, "403 Not for your role"]);
		}
		expect((await visitor.open(`/console/globex/apis/${own.id}`)).status).toBe(404);
		expect(wordsOf(await visitor.open("/console/globex/apis"))).not.toContain(own.name);
		expect(wordsOf(await visitor.open("/console/globex/apis"))).toContain("No APIs of this account yet");
	});

	test("no administrator changes what is the deployment's", async () => {
		const { id } = await newDeploymentApi();
		const visitor = await atConsole(ada);
		for (const path of ["edit", "permissions", "servers", "servers/new", "delete"]) {
			expect([path, (await visitor.open(`${here}/${id}/${path}`)).status]).toEqual([path, 404]);
			expect([path, (await visitor.post(`${here}/${id}/${path}`, { name: "x" })).status]).toEqual([path, 404]);
		}
	});
});

describe("an operator's pages", () => {
	const operator = "/operator/apis";

	test("register, change and delete the deployment's APIs, and show no account's", async () => {
		const visitor = await atConsole(ada);
		const own = await newApi();
		const { identifier, name } = apiBody();
		const made = await press(visitor, `${operator}/new`, await fill(visitor, `${operator}/new`, { identifier, name }));
		expect(at(made)).toMatch(/^303 \/operator\/apis\/[\w-]{22}\/permissions\?done=created$/);
		const id = locationOf(made).pathname.split("/")[3] ?? "";
		const word = newWord();
		const permissions = `${operator}/${id}/permissions`;
		const fields = { "name.0": `${word}:read`, "title.0": "See" };
		expect((await press(visitor, permissions, await fill(visitor, permissions, fields))).status).toBe(303);
		const { client } = await anIntegration();
		const servers = `${operator}/${id}/servers`;
		const named = await fill(visitor, servers, { servers: `${client.id}\n${demo.integration.client.id}` });
		expect(at(await press(visitor, servers, named))).toBe(`303 ${operator}/${id}?done=servers`);
		expect(good(await call("GET", `/v1/deployment/apis/${id}`))).toMatchObject({
			identifier,
			permissions: [{ name: `${word}:read` }],
			servers: [client.id, demo.integration.client.id],
		});
		expect(wordsOf(await visitor.open(operator))).toContain(name);
		expect(wordsOf(await visitor.open(operator))).not.toContain(own.name);
		for (const path of ["", "/edit", "/permissions", "/servers", "/delete"]) {
			expect((await visitor.open(`${operator}/${own.id}${path}`)).status).toBe(404);
		}
		expect(at(await visitor.send(`${operator}/${id}/delete`, `${operator}/${id}/delete`))).toBe(
			`303 ${operator}?done=deleted`,
		);
	});

	test("are not there for anybody else", async () => {
		const { id } = await newDeploymentApi();
		const visitor = await atConsole(grace);
		for (const path of ["", "/new", `/${id}`, `/${id}/edit`, `/${id}/permissions`, `/${id}/servers`, `/${id}/delete`]) {
			expect([path, (await visitor.open(operator + path)).status]).toEqual([path, 404]);
		}
		const { csrf = "" } = hiddenOf(await visitor.open("/console/acme/settings"), "/console/acme/settings");
		expect((await press(visitor, `${operator}/${id}/delete`, { csrf })).status).toBe(404);
		expect((await call("GET", `/v1/apis/${id}`, undefined, await inAcme())).status).toBe(200);
	});
});
