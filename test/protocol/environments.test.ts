import { describe, expect, test } from "vitest";
import { staleness } from "../../src/operations/lookups.ts";
import { atConsole, hiddenOf, wordsOf } from "../support/console.ts";
import { loggedIn } from "../support/logins.ts";
import { ada, grace } from "../support/people.ts";
import { aKey, anAccount, aPerson, aPolicy } from "../support/registered.ts";
import { type Answer, ask, bearer, locationOf, postForm, postJson, refusal, times } from "../support/requests.ts";
import { advance, demo, issuer } from "../support/target.ts";

interface Shown {
	readonly id: string;
	readonly workspace: string;
	readonly name: string;
	readonly enabled: boolean;
	readonly key_version: number;
	readonly public_key: string;
}

const admin = await loggedIn({ username: ada.username, password: ada.password });
const member = await loggedIn({ username: grace.username, password: grace.password, account: "acme" });
const elsewhere = await loggedIn({ username: grace.username, password: grace.password, account: "globex" });

function patch(id: string, body: object, token = admin): Promise<Answer> {
	return ask(`/v1/environments/${id}`, { method: "PATCH", body: JSON.stringify(body), headers: bearer(token) });
}

function rotate(id: string, token = admin): Promise<Answer> {
	return ask(`/v1/environments/${id}/rotate_key`, { method: "POST", headers: bearer(token) });
}

function list(query = "", token = admin): Promise<Answer> {
	return ask(`/v1/environments${query}`, { headers: bearer(token) });
}

let made = 0;
async function made1(workspace = "tests"): Promise<Shown> {
	made += 1;
	const answer = await postJson("/v1/environments", { workspace, name: `stage-${made}` }, bearer(admin));
	expect(answer.status).toBe(201);
	return JSON.parse(answer.text);
}

async function sends(key: string): Promise<number> {
	return (await postJson("/v1/events", { type: "hello" }, { "x-api-key": key })).status;
}

describe("/v1/environments", () => {
	test("an environment is made with a public key that sends events", async () => {
		const environment = await made1();
		expect(environment).toEqual({
			id: expect.stringMatching(/^[\w-]{22}$/),
			workspace: "tests",
			name: expect.any(String),
			enabled: true,
			key_version: 1,
			public_key: expect.stringMatching(/^lkp_/),
		});
		expect(await sends(environment.public_key)).toBe(202);
	});

	test("of ten at once with the same name one is made", async () => {
		const answers = await Promise.all(
			times(10, () => postJson("/v1/environments", { workspace: "race", name: "one" }, bearer(admin))),
		);
		expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
		expect(answers.filter(({ status }) => status === 409)).toHaveLength(9);
		const taken = answers.find(({ status }) => status === 409);
		expect(taken && refusal(taken)).toBe("409 Conflict");
		expect(taken?.body.errors).toMatchObject([{ field: "name" }]);
	});

	test.each([
		{},
		{ workspace: "a" },
		{ workspace: "", name: "a" },
		{ workspace: "A", name: "a" },
		{ workspace: "a b", name: "a" },
		{ workspace: "a", name: "x".repeat(41) },
		{ workspace: "a", name: "é" },
		{ workspace: "a", name: "a\n" },
		{ workspace: "a", name: 1 },
		{ workspace: "a", name: "a", id: "mine" },
	])("%j is refused, and says which field", async (body) => {
		const answer = await postJson("/v1/environments", body, bearer(admin));
		expect(refusal(answer)).toBe("400 Malformed request");
		expect(answer.body.errors).toBeInstanceOf(Array);
	});

	test("they are listed in pages, the disabled ones too, each once", async () => {
		const account = await anAccount();
		const who = await aPerson({ [account]: "admin" });
		const token = await loggedIn({ username: who.username, password: who.password });
		for (const name of ["c", "a", "b"]) {
			await postJson("/v1/environments", { workspace: "w", name }, bearer(token));
		}
		const [first] = JSON.parse((await list("", token)).text).environments;
		await patch(first.id, { enabled: false }, token);
		const seen: Shown[] = [];
		let next: string | null = "";
		while (next !== null) {
			const page: { environments: Shown[]; next: string | null } = JSON.parse(
				(await list(`?limit=2${next && `&cursor=${encodeURIComponent(next)}`}`, token)).text,
			);
			seen.push(...page.environments);
			next = page.next;
		}
		expect(seen.map(({ name, enabled }) => ({ name, enabled }))).toEqual([
			{ name: "a", enabled: false },
			{ name: "b", enabled: true },
			{ name: "c", enabled: true },
		]);
	});

	test("a cursor that was tampered with, or is of another account, is refused", async () => {
		const page = JSON.parse((await list("?limit=1")).text);
		const cursor: string = page.next;
		const [version, position = "", mac] = cursor.split(".");
		const forged = [`${version}.${position}x.${mac}`, `${version}.WyJhIiwiYiJd.${mac}`, "x", "1.x.y", `${cursor}A`];
		for (const each of forged) {
			expect(refusal(await list(`?cursor=${encodeURIComponent(each)}`))).toBe("400 Malformed request");
		}
		expect(refusal(await list(`?cursor=${encodeURIComponent(cursor)}`, elsewhere))).toBe("400 Malformed request");
		expect((await list(`?cursor=${encodeURIComponent(cursor)}`)).status).toBe(200);
		for (const limit of ["0", "101", "-1", "1e1", "x"]) {
			expect(refusal(await list(`?limit=${limit}`))).toBe("400 Malformed request");
		}
	});

	test("one that is switched off takes no events within 30 seconds, and does when it is on again", async () => {
		const { id, public_key } = await made1();
		expect(await sends(public_key)).toBe(202);
		expect((await patch(id, { enabled: false })).body.enabled).toBe(false);
		await advance(staleness + 1);
		expect(await sends(public_key)).toBe(401);
		expect((await patch(id, { enabled: true })).body.enabled).toBe(true);
		await advance(staleness + 1);
		expect(await sends(public_key)).toBe(202);
	});

	test("a replaced key: the new one is good, the old one refused after 31 seconds, and stays so", async () => {
		const { id, public_key } = await made1();
		expect(await sends(public_key)).toBe(202);
		const rotated = (await rotate(id)).body;
		expect(rotated).toMatchObject({ id, key_version: 2 });
		expect(rotated.public_key).not.toBe(public_key);
		await advance(31);
		expect(await sends(public_key)).toBe(401);
		expect(await sends(String(rotated.public_key))).toBe(202);
		await rotate(id);
		await advance(31);
		expect(await sends(public_key)).toBe(401);
		expect(await sends(String(rotated.public_key))).toBe(401);
	});

	test("another account's environment is not there", async () => {
		const { id, public_key } = await made1();
		const missing = refusal(await patch("A".repeat(22), { enabled: false }));
		expect(missing).toBe("404 Not Found");
		expect(refusal(await patch(id, { enabled: false }, elsewhere))).toBe(missing);
		expect(refusal(await rotate(id, elsewhere))).toBe(missing);
		expect((await list("?limit=100", elsewhere)).text).not.toContain(id);
		await advance(staleness + 1);
		expect(await sends(public_key)).toBe(202);
	});

	test("who may only read changes nothing; without a credential there is nothing to see", async () => {
		const { id } = await made1();
		expect((await list("", member)).status).toBe(200);
		expect(refusal(await postJson("/v1/environments", { workspace: "a", name: "b" }, bearer(member)))).toBe(
			"403 Forbidden",
		);
		const refused = await patch(id, { enabled: false }, member);
		expect(refusal(refused)).toBe("403 Forbidden");
		expect(refused.body.permission).toBe("environments:write");
		expect(refusal(await rotate(id, member))).toBe("403 Forbidden");
		expect(refusal(await ask("/v1/environments"))).toBe("401 Unauthorized");
	});

	test("an API key does what its policies permit, and nothing else", async () => {
		const policy = await aPolicy(demo.accounts.acme, ["environments:read"]);
		const { secret } = await aKey(demo.accounts.acme, [policy]);
		expect((await ask("/v1/environments", { headers: { "x-api-key": secret } })).status).toBe(200);
		expect(refusal(await postJson("/v1/environments", { workspace: "a", name: "b" }, { "x-api-key": secret }))).toBe(
			"403 Forbidden",
		);
	});
});

describe("the console's environments", () => {
	const base = "/console/acme/environments";

	test("they stand by workspace, each with its public key and a command that works", async () => {
		const { public_key, name } = await made1();
		const page = await (await atConsole(ada)).open(base);
		expect(page.status).toBe(200);
		expect(wordsOf(page)).toContain("Workspace tests");
		expect(wordsOf(page)).toContain(name);
		expect(page.text).toContain(
			`curl ${issuer}/v1/events -H &#39;x-api-key: ${public_key}&#39;`.replaceAll("&#39;", "'"),
		);
	});

	test("a form that is sent twice makes one environment", async () => {
		const visitor = await atConsole(ada);
		const hidden = hiddenOf(await visitor.open(`${base}/new`), `${base}/new`);
		const fields = { ...hidden, workspace: "console", name: "twice" };
		const headers = { cookie: visitor.cookie, "sec-fetch-site": "same-origin" };
		const answers = await Promise.all(times(5, () => postForm(`${base}/new`, fields, headers)));
		for (const answer of answers) expect(locationOf(answer).href).toBe(`${issuer}${base}?done=created`);
		const all: { environments: Shown[] } = JSON.parse((await list("?limit=100")).text);
		expect(all.environments.filter(({ name }) => name === "twice")).toHaveLength(1);
		const again = await visitor.send(`${base}/new`, `${base}/new`, { workspace: "console", name: "twice" });
		expect(again.status).toBe(409);
		expect(wordsOf(again)).toContain("The workspace console has an environment of this name already.");
		expect(again.text).toContain('value="twice"');
	});

	test("what is malformed comes back beside its field", async () => {
		const visitor = await atConsole(ada);
		const answer = await visitor.send(`${base}/new`, `${base}/new`, { workspace: "Über", name: `"><script>` });
		expect(answer.status).toBe(400);
		expect(answer.text).toContain('id="workspace-error"');
		expect(answer.text).toContain('id="name-error"');
		expect(answer.text).toContain('value="Über"');
		expect(answer.text).not.toContain(`"><script>`);
	});

	test("switched off, and back on by Undo", async () => {
		const { id } = await made1();
		const visitor = await atConsole(ada);
		const off = await visitor.send(base, `${base}/${id}/enabled`);
		const notice = locationOf(off);
		expect(notice.search).toBe(`?done=off&switched=${id}`);
		const page = await visitor.open(notice.pathname + notice.search);
		expect(wordsOf(page)).toContain("Disabled. Events with its public key are refused");
		expect(wordsOf(page)).toContain("Undo");
		await visitor.send(notice.pathname + notice.search, `${base}/${id}/enabled`);
		const all: { environments: Shown[] } = JSON.parse((await list("?limit=100")).text);
		expect(all.environments.find((each) => each.id === id)?.enabled).toBe(true);
	});

	test("a key is replaced after a question that names it, and once though confirmed twice", async () => {
		const { id, name } = await made1();
		const visitor = await atConsole(ada);
		const action = `${base}/${id}/rotate_key`;
		const question = await visitor.open(action);
		expect(wordsOf(question)).toContain(`tests/${name}`);
		expect(wordsOf(question)).toContain("within 30 seconds");
		const fields = hiddenOf(question, action);
		const headers = { cookie: visitor.cookie, "sec-fetch-site": "same-origin" };
		await Promise.all(times(3, () => postForm(action, fields, headers)));
		const all: { environments: Shown[] } = JSON.parse((await list("?limit=100")).text);
		expect(all.environments.find((each) => each.id === id)?.key_version).toBe(2);
	});

	test("a member sees them and can do nothing; another account's are not there; forms of other sites do nothing", async () => {
		const { id } = await made1();
		const visitor = await atConsole(grace);
		const page = await visitor.open(base);
		expect(page.status).toBe(200);
		expect(page.text).not.toContain("/rotate_key");
		expect(page.text).not.toContain("/enabled");
		for (const path of [`${base}/new`, `${base}/${id}/rotate_key`]) {
			expect((await visitor.open(path)).status).toBe(403);
			expect((await visitor.post(path, {})).status).toBe(403);
		}
		// She administers Globex, where this environment is not.
		const foreign = `/console/globex/environments/${id}`;
		expect((await visitor.open(`${foreign}/rotate_key`)).status).toBe(404);
		expect((await visitor.post(`${foreign}/rotate_key`, { version: 1 })).status).toBe(404);
		expect((await visitor.post(`${foreign}/enabled`, { enabled: "off" })).status).toBe(404);
		const mine = await atConsole(ada);
		expect(
			(await mine.post(`${base}/${id}/enabled`, { enabled: "off" }, { "sec-fetch-site": "cross-site" })).status,
		).toBe(403);
		expect((await mine.post(`${base}/${id}/enabled`, { enabled: "off", csrf: "x" })).status).toBe(403);
		expect((await mine.post(`${base}/${id}/enabled`, { enabled: "off", csrf: undefined })).status).toBe(403);
		const all: { environments: Shown[] } = JSON.parse((await list("?limit=100")).text);
		expect(all.environments.find((each) => each.id === id)).toMatchObject({ enabled: true, key_version: 1 });
	});

	test("an account without environments is told what to do next", async () => {
		const account = await anAccount();
		const admin2 = await atConsole(await aPerson({ [account]: "admin" }));
		const home = locationOf(await admin2.open("/console")).pathname;
		const slug = home.split("/")[2];
		expect(wordsOf(await admin2.open(`/console/${slug}/environments`))).toContain("No environments yet");
	});
});
