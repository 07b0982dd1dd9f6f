import { describe, expect, test } from "vitest";
import { apiBody, namesIn, newApi, newDeploymentApi, newWord, type ShownApi } from "../support/apis.ts";
import { atConsole, filledIn } from "../support/console.ts";
import { call, good, inGlobex, newCode, newKey, newName, newPolicy, tokenOf } from "../support/keys-api.ts";
import { ada } from "../support/people.ts";
import { aClient, anAccount, aPerson, slugOf } from "../support/registered.ts";
import { postJson, refusal, times } from "../support/requests.ts";
import { addRows, demo } from "../support/target.ts";
import { basicOf, type Registered } from "../support/tokens.ts";

// A permission that is removed while policies and keys have it.

/** What a server of the API is told that an access code permits there. */
async function permits(secret: string, server: Registered): Promise<unknown> {
	return (await postJson("/v1/keys/verify", { key: secret }, basicOf(server))).body.permissions;
}

async function permissionsOf(policy: string): Promise<unknown> {
	return good(await call("GET", `/v1/policies/${policy}`)).permissions;
}

/** An API with a server, and a key of Acme that may do all of it. */
async function staged(make = newApi, word = newWord()) {
	const server = await aClient(demo.webApp);
	const api = await make(apiBody({ servers: [server.client.id] }, word));
	const [read = "", write = ""] = namesIn(api);
	const policy = await newPolicy(["events:read", read, write]);
	const key = await newKey({ policies: [policy] });
	const { secret } = await newCode(key.id);
	return { server, api, read, write, policy, key, secret };
}

function without(api: ShownApi, name: string) {
	return { permissions: api.permissions.filter((each) => each.name !== name) };
}

function remove(api: ShownApi, name: string) {
	return call("PATCH", `/v1/apis/${api.id}?force=true`, without(api, name));
}

function hundred(word: string) {
	const rest = { title: "Do it", description: "", members: false, selfRegistered: false };
	return times(100, (each) => ({ name: `${word}:${each}`, ...rest }));
}

describe("a permission that is removed", () => {
	test("keys lose it at the next request, and keep the others", async () => {
		const { api, server, secret, read, write } = await staged();
		expect(await permits(secret, server)).toEqual([read, write]);
		expect((await remove(api, write)).status).toBe(200);
		expect(await permits(secret, server)).toEqual([read]);
	});

	test("with its API, and then the server is told of latchkey's own, as one that serves none", async () => {
		const { api, server, secret } = await staged();
		expect((await call("DELETE", `/v1/apis/${api.id}?force=true`)).status).toBe(204);
		expect(await permits(secret, server)).toEqual(["events:read"]);
	});

	test("of the whole deployment: keys of every account lose it, and linked ones", async () => {
		const { api, server, secret, key, read, write } = await staged(newDeploymentApi);
		const theirs = await newKey({ policies: [await newPolicy([read, write], await inGlobex())] }, await inGlobex());
		const { secret: other } = await newCode(theirs.id, "A server", await inGlobex());
		const link = { key_id: key.id, policies: [await newPolicy([write], await inGlobex())] };
		expect((await call("POST", "/v1/links", link, await inGlobex())).status).toBe(201);
		const linked = { key: secret, account: "globex" };
		expect((await postJson("/v1/keys/verify", linked, basicOf(server))).body.permissions).toEqual([write]);
		const path = `/v1/deployment/apis/${api.id}?force=true`;
		expect((await call("PATCH", path, without(api, write))).status).toBe(200);
		expect([await permits(secret, server), await permits(other, server)]).toEqual([[read], [read]]);
		expect((await postJson("/v1/keys/verify", linked, basicOf(server))).body).toMatchObject({
			valid: true,
			permissions: [],
		});
	});

	test("with its API, of an account that has many: that keeps nobody waiting", async () => {
		const account = await anAccount();
		const token = await tokenOf(await aPerson({ [account]: "admin" }), slugOf(account));
		const words = times(20, () => newWord());
		const apis = words.map((word) => {
			const api = { accountId: account, identifier: `https://${word}.example/`, name: word, description: "" };
			return {
				...api,
				id: `${word}-of-many`,
				permissions: hundred(word),
				tokenTtl: null,
				algorithm: null,
				servers: [],
			};
		});
		const permissions = hundred(words.at(-1) ?? "").map(({ name }) => name);
		const policies = times(100, (each) => {
			const id = `${account}-${each}`;
			return { id, accountId: account, name: `Policy ${each}`, description: "", permissions };
		});
		await addRows({ apis, policies });
		// Every statement of it reads each permission a few times: read once for each place that names one, it is minutes.
		const path = `/v1/apis/${apis.at(-1)?.id}?force=true`;
		expect((await call("DELETE", path, undefined, token)).status).toBe(204);
		const { policies: left } = good<{ policies: { permissions: string[] }[] }>(
			await call("GET", "/v1/policies?limit=100", undefined, token),
		);
		expect(left.filter((each) => each.permissions.length === 0)).toHaveLength(100);
	});

	test("and made again at another API opens nothing by a policy of before", async () => {
		const { api, server, secret, policy, read, write } = await staged();
		await remove(api, write);
		const other = await aClient(demo.webApp);
		const again = apiBody({ servers: [other.client.id], permissions: [{ name: write, title: "Something else" }] });
		expect((await newApi(again)).permissions).toMatchObject([{ name: write }]);
		expect([await permits(secret, other), await permits(secret, server)]).toEqual([[], [read]]);
		expect(await permissionsOf(policy)).toEqual(["events:read", read]);
		// Whoever gives it anew means the other.
		await call("PATCH", `/v1/policies/${policy}`, { permissions: [write] });
		expect([await permits(secret, other), await permits(secret, server)]).toEqual([[write], []]);
	});

	test("at once with an edit of a policy, 50 times: it is in the policy no more, whoever was first", async () => {
		const { api, server, secret, policy, read, write } = await staged();
		for (const turn of times(50, (each) => each)) {
			const edit = () =>
				call("PATCH", `/v1/policies/${policy}`, { permissions: [read, write], description: `Turn ${turn}` });
			const removal = () => remove(api, write);
			// The policy has it no more, but in the first turn: so it is added while it goes.
			const both = turn % 2 === 0 ? [edit(), removal()] : [removal(), edit()];
			for (const { status } of await Promise.all(both)) expect([200, 400]).toContain(status);
			expect(await permissionsOf(policy)).not.toContain(write);
			expect(await permits(secret, server)).toEqual([read]);
			expect((await call("PATCH", `/v1/apis/${api.id}`, { permissions: api.permissions })).status).toBe(200);
			expect(await permits(secret, server)).toEqual([read]);
		}
	});

	test("at once with policies that are being made with it: none has it in the end", async () => {
		const { api, read, write } = await staged();
		const wanted = times(10, () => ({ name: newName("Policy"), description: "x", permissions: [read, write] }));
		const making = wanted.map((body) => call("POST", "/v1/policies", body));
		expect((await remove(api, write)).status).toBe(200);
		const answers = await Promise.all(making);
		const ids = answers.flatMap(({ status, body }) => (status === 201 ? String(body.id) : []));
		const refused = answers.filter(({ status }) => status !== 201);
		expect(refused.filter((answer) => refusal(answer) !== "400 Malformed request")).toEqual([]);
		expect(await Promise.all(ids.map(permissionsOf))).toEqual(ids.map(() => [read]));
	});

	test("is not brought back by a form of the console that was opened before", async () => {
		const { api, policy, read, write } = await staged();
		const visitor = await atConsole(ada);
		const path = `/console/acme/policies/${policy}`;
		const form = filledIn(await visitor.open(path), path);
		expect(form).toHaveProperty([`permissions:${write}`], "on");
		await remove(api, write);
		// It was not this person who took it away: what they did not change stays as it is now.
		expect((await visitor.post(path, { ...form, description: "Other" })).status).toBe(303);
		expect(good(await call("GET", `/v1/policies/${policy}`))).toMatchObject({
			description: "Other",
			permissions: ["events:read", read],
		});
		// And what they did change, they are asked about.
		const both = { ...form, "permissions:alerts:read": "on" };
		expect((await visitor.post(path, both)).status).toBe(409);
		expect(await permissionsOf(policy)).toEqual(["events:read", read]);
	});
});
