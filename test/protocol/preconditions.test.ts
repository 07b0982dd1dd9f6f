import { describe, expect, test } from "vitest";
import { anIntegration } from "../support/integrations.ts";
import { call, type Credential, good, inAcme, newKey, newName, newPolicy } from "../support/keys-api.ts";
import { loggedIn } from "../support/logins.ts";
import { aPerson } from "../support/registered.ts";
import { type Answer, ask, bearer, postJson, refusal, times } from "../support/requests.ts";
import { demo } from "../support/target.ts";

// RFC 9110 §13.1.1: a write that is only for what somebody has read.

interface Thing {
	readonly path: string;
	readonly credential: Credential;
	readonly method: "PATCH" | "PUT";
	readonly edit: (index: number) => object;
	readonly isDeletable: boolean;
}

const described = (index: number) => ({ description: `Edit ${index}` });
const tagged = (index: number) => ({ tags: [`edit ${index}`] });
const switched = (index: number) => ({ name: newName(), enabled: index % 2 === 0 });
const nicknamed = (index: number) => ({ nickname: `Edit ${index}` });

const things: Readonly<Record<string, () => Promise<Thing>>> = {
	policy: async () => {
		const path = `/v1/policies/${await newPolicy(["events:read"])}`;
		return { path, credential: await inAcme(), method: "PATCH", edit: described, isDeletable: true };
	},
	"API key": async () => {
		const path = `/v1/keys/${(await newKey()).id}`;
		return { path, credential: await inAcme(), method: "PATCH", edit: tagged, isDeletable: true };
	},
	"API key's switch": async () => {
		const path = `/v1/keys/${(await newKey()).id}`;
		return { path, credential: await inAcme(), method: "PATCH", edit: switched, isDeletable: true };
	},
	integration: async () => {
		const { client } = await anIntegration();
		const path = `/v1/integrations/${client.id}`;
		return { path, credential: await inAcme(), method: "PATCH", edit: described, isDeletable: true };
	},
	profile: async () => {
		const { username, password } = await aPerson({ [demo.accounts.acme]: "member" });
		const credential = bearer(await loggedIn({ username, password }));
		return { path: "/v1/profile", credential, method: "PUT", edit: nicknamed, isDeletable: false };
	},
	"registration of its own": async () => {
		const metadata = { redirect_uris: ["https://weather.example/callback"], token_endpoint_auth_method: "none" };
		const { body } = await postJson("/oauth/register", metadata);
		const id = String(body.client_id);
		const credential = bearer(String(body.registration_access_token));
		const edit = (index: number) => ({ ...metadata, client_id: id, client_name: `Edit ${index}` });
		return { path: `/oauth/register/${id}`, credential, method: "PUT", edit, isDeletable: true };
	},
};

function send({ path, credential }: Thing, method: string, body?: object, ifMatch?: string): Promise<Answer> {
	const headers = {
		...credential,
		...(body && { "content-type": "application/json" }),
		...(ifMatch !== undefined && { "if-match": ifMatch }),
	};
	return ask(path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
}

async function tagOf(thing: Thing): Promise<string> {
	const answer = await send(thing, "GET");
	good(answer);
	const tag = answer.headers.get("etag") ?? "";
	expect(tag).toMatch(/^"[^"]+"$/);
	return tag;
}

describe.each(Object.keys(things))("RFC 9110 §13.1.1: %s", (name) => {
	const open = things[name] as () => Promise<Thing>;

	test("a write is for what was read, and says what it is then", async () => {
		const thing = await open();
		const first = await tagOf(thing);
		expect(await tagOf(thing)).toBe(first);
		const written = await send(thing, thing.method, thing.edit(1), first);
		expect(written.status).toBe(200);
		expect(written.headers.get("etag")).toBe(await tagOf(thing));
		const before = (await send(thing, "GET")).text;
		const tag = await tagOf(thing);
		expect(tag).not.toBe(first);
		for (const stale of [first, `W/${tag}`, "x", `${first}, W/${tag}`]) {
			expect((await send(thing, thing.method, thing.edit(2), stale)).status).toBe(412);
			expect((await send(thing, "DELETE", undefined, stale)).status).toBe(thing.isDeletable ? 412 : 405);
		}
		expect((await send(thing, "GET")).text).toBe(before);
		expect((await send(thing, thing.method, thing.edit(3), "*")).status).toBe(200);
		expect((await send(thing, thing.method, thing.edit(4), `"other", ${await tagOf(thing)}`)).status).toBe(200);
		if (!thing.isDeletable) return;
		expect((await send(thing, "DELETE", undefined, await tagOf(thing))).status).toBeLessThan(300);
	});

	test("of ten at once who have read the same one is heeded, and the others are told", async () => {
		const thing = await open();
		const tag = await tagOf(thing);
		const answers = await Promise.all(times(10, (index) => send(thing, thing.method, thing.edit(index), tag)));
		expect(answers.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1);
		expect(answers.every(({ status }) => [200, 409, 412].includes(status))).toBe(true);
		const refused = answers.filter(({ status }) => status !== 200).map(refusal);
		expect(refused.filter((each) => !/^4(?:09|12) /.test(each))).toEqual([]);
	});

	test("of ten at once who have read nothing all are heeded", async () => {
		const thing = await open();
		const answers = await Promise.all(times(10, (index) => send(thing, thing.method, thing.edit(index))));
		expect(answers.map(({ status }) => status)).toEqual(times(10, () => 200));
	});
});

test("RFC 9110 §13.1.1: what has no tag refuses each but `*`, so that nobody believes it heeded", async () => {
	const path = "/v1/environments";
	const made = good<{ id: string }>(await call("POST", path, { workspace: "untagged", name: "one" }), 201);
	const thing = { path: `${path}/${made.id}`, credential: await inAcme() } as Thing;
	const refused = await send(thing, "PATCH", { enabled: false }, '"1"');
	expect(refusal(refused)).toBe("412 Precondition Failed");
	expect(refused.body.detail).toBe("There is no ETag of this, so that only * is an If-Match for it.");
	expect((await send(thing, "PATCH", { enabled: false }, "*")).status).toBe(200);
	// RFC 9110 §13.2.1: only where the answer would have been another one.
	expect((await send({ ...thing, credential: {} }, "PATCH", { enabled: false }, '"1"')).status).toBe(401);
});
