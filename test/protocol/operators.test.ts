import { describe, expect, test } from "vitest";
import { atConsole, wordsOf } from "../support/console.ts";
import { call, type Credential, good, inAcme, tokenOf } from "../support/keys-api.ts";
import { loggedIn } from "../support/logins.ts";
import { ada, grace, type Login } from "../support/people.ts";
import { anOperator, aPerson } from "../support/registered.ts";
import { type Answer, ask, bearer, refusal } from "../support/requests.ts";
import { demo, setStanding } from "../support/target.ts";
import { granted } from "../support/tokens.ts";

interface Shown {
	readonly id: string;
	readonly username: string;
}

async function operators(by?: Credential): Promise<readonly Shown[]> {
	return good<{ operators: Shown[] }>(await call("GET", "/v1/operators", undefined, by)).operators;
}

const make = (username: string, by: Login = ada) => as(by, "POST", "/v1/operators", { username });
const remove = (id: string, by: Login = ada) => as(by, "DELETE", `/v1/operators/${id}`);

async function as(who: Login, method: "GET" | "POST" | "DELETE", path: string, body?: object): Promise<Answer> {
	return call(method, path, body, await tokenOf(who, "acme"));
}

const places = ["/operator", "/operator/operators", "/operator/operators/new", "/operator/nothing"];

describe("who runs the deployment", () => {
	test("is made by an operator, counts at the next request, and is removed again", async () => {
		const who = await aPerson({ [demo.accounts.acme]: "member" });
		expect(refusal(await as(who, "GET", "/v1/operators"))).toBe("403 Forbidden");
		expect((await make(who.username)).status).toBe(200);
		expect((await make(who.username)).status).toBe(200);
		expect((await as(who, "GET", "/v1/operators")).status).toBe(200);
		expect((await (await atConsole(who)).open("/operator")).status).toBe(200);
		expect((await remove(who.id)).status).toBe(204);
		expect(refusal(await remove(who.id))).toBe("404 Not Found");
		expect(refusal(await as(who, "GET", "/v1/operators"))).toBe("403 Forbidden");
		expect((await (await atConsole(who)).open("/operator")).status).toBe(404);
	});

	test("no administrator, key, client or application is one, whatever it may do", async () => {
		const inGlobex = await tokenOf(grace, "globex");
		const byKey = bearer(await loggedIn({ api_key: demo.apiKey.accessCode }));
		const { id, secret } = { id: demo.webApp.client.id, secret: demo.webApp.secret ?? "" };
		const byClient = bearer(await loggedIn({ client_id: id, client_secret: secret }));
		for (const credential of [inGlobex, byKey, byClient]) {
			expect(refusal(await call("GET", "/v1/operators", undefined, credential))).toBe("403 Forbidden");
			expect(refusal(await call("POST", "/v1/operators", { username: "grace" }, credential))).toBe("403 Forbidden");
		}
		// Ada is one; what she lets an application do is not.
		const { accessToken } = await granted();
		expect(refusal(await call("GET", "/v1/operators", undefined, bearer(accessToken)))).toBe("401 Unauthorized");
		const code = { "x-api-key": demo.apiKey.accessCode };
		expect(refusal(await call("GET", "/v1/operators", undefined, code))).toBe("401 Unauthorized");
		expect((await operators()).map(({ username }) => username)).not.toContain("grace");
	});

	test("may do in an account what their membership lets them, and in others nothing", async () => {
		const who = await anOperator();
		const credential = await tokenOf(who, "acme");
		expect(refusal(await call("GET", "/v1/audit", undefined, credential))).toBe("403 Forbidden");
		expect(refusal(await call("GET", "/v1/keys?account=globex", undefined, credential))).toBe("403 Forbidden");
		expect((await (await atConsole(who)).open("/console/globex/keys")).status).toBe(404);
	});

	test("who has ended is none", async () => {
		const who = await anOperator();
		const { open } = await atConsole(who);
		expect((await open("/operator")).status).toBe(200);
		await setStanding({ kind: "person", id: who.id }, { state: "ended", notBefore: 0 });
		expect((await open("/operator")).status).toBe(303);
		expect((await operators()).map(({ id }) => id)).not.toContain(who.id);
	});

	test("who is a stranger, or no operator, sees no such page, nor that there is one", async () => {
		const { open } = await atConsole(grace);
		const nothing = await open("/operator-of-nothing");
		for (const path of places) {
			const answer = await open(path);
			expect([path, answer.status, answer.body.detail]).toEqual([path, 404, nothing.body.detail]);
			expect((await ask(path)).status).toBe(303);
		}
		expect((await open("/console/acme/my-access")).text).not.toContain('href="/operator"');
		expect((await (await atConsole(ada)).open("/console/acme/my-access")).text).toContain('href="/operator"');
	});

	test("of the last two who leave at once one stays", async () => {
		const other = await anOperator();
		const all = await operators();
		for (const { id, username } of all) if (username !== "ada" && id !== other.id) await remove(id);
		const me = all.find(({ username }) => username === "ada")?.id ?? "";
		const answers = await Promise.all([remove(me, ada), remove(other.id, other)]);
		expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 409]);
		const [stays, goes] = answers[0]?.status === 409 ? [ada, other] : [other, ada];
		expect(await operators(await tokenOf(stays, "acme"))).toHaveLength(1);
		expect(refusal(await as(goes, "GET", "/v1/operators"))).toBe("403 Forbidden");
		const { id = "" } = (await operators(await tokenOf(stays, "acme")))[0] ?? {};
		expect(refusal(await remove(id, stays))).toBe("409 Conflict");
		expect((await make(goes.username, stays)).status).toBe(200);
	});
});

describe("the deployment's audit log", () => {
	test("has what operators do, and nothing that is an account's alone; and nobody else reads it", async () => {
		const who = await aPerson({ [demo.accounts.acme]: "member" });
		await make(who.username);
		await remove(who.id);
		interface Entry {
			readonly action: string;
			readonly target: string;
		}
		const { entries } = good<{ entries: Entry[] }>(await call("GET", "/v1/deployment/audit?limit=2"));
		expect(entries.map(({ action, target }) => [action, target])).toEqual([
			["operator.remove", who.id],
			["operator.add", who.id],
		]);
		const all = good<{ entries: Entry[] }>(await call("GET", "/v1/deployment/audit?action=key"));
		expect(all.entries).toEqual([]);
		const { open } = await atConsole(ada);
		expect(wordsOf(await open("/operator/audit"))).toContain("added to the operators of the deployment");
		expect(refusal(await call("GET", "/v1/deployment/audit", undefined, await tokenOf(grace, "globex")))).toBe(
			"403 Forbidden",
		);
		expect((await (await atConsole(grace)).open("/operator/audit")).status).toBe(404);
	});
});

describe("/operator", () => {
	test("counts what there is, and shows no account's own", async () => {
		const { open } = await atConsole(ada);
		expect((await open("/operator/audit")).status).toBe(200);
		const words = wordsOf(await open("/operator"));
		expect(words).toMatch(/Accounts \d+ People \d+ Integrations and applications \d+ API keys \d+/);
		expect(words).not.toMatch(/Nightly report|Globex/);
	});

	test("makes and removes operators, and says why it does not", async () => {
		const { open, send } = await atConsole(ada);
		const who = await aPerson({ [demo.accounts.globex]: "member" });
		const page = "/operator/operators/new";
		const unknown = await send(page, page, { username: "nobody-here" });
		expect([unknown.status, wordsOf(unknown)]).toEqual([
			404,
			expect.stringContaining("Nobody here has this user name"),
		]);
		expect((await send(page, page, { username: who.username })).headers.get("location")).toBe(
			"/operator/operators?done=added",
		);
		expect(wordsOf(await open("/operator/operators"))).toContain(who.username);
		const removal = `/operator/operators/${who.id}/remove`;
		expect((await send(removal, removal)).headers.get("location")).toBe("/operator/operators?done=removed");
		expect((await open(removal)).status).toBe(404);
		expect((await open("/operator/nothing")).status).toBe(404);
	});

	test("a form that another site posts, or without its token, makes nobody one", async () => {
		const { send, cookie } = await atConsole(ada);
		const page = "/operator/operators/new";
		const foreign = await send(page, page, { username: "grace" }, { "sec-fetch-site": "cross-site" });
		expect(refusal(foreign)).toBe("403 Not from here");
		const body = new URLSearchParams({ username: "grace", csrf: "x" }).toString();
		const headers = { cookie, "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin" };
		expect(refusal(await ask(page, { method: "POST", headers, body }))).toBe("403 Out of date");
		expect((await operators(await inAcme())).map(({ username }) => username)).not.toContain("grace");
	});
});
