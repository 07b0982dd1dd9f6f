import { describe, expect, test } from "vitest";
import { namesIn, newApi, newDeploymentApi, type ShownApi } from "../support/apis.ts";
import { call, inGlobex } from "../support/keys-api.ts";
import { loggedIn, logIn, opens, sessionsOf } from "../support/logins.ts";
import { ada, grace, type Login } from "../support/people.ts";
import { aClient, aKey, aPolicy } from "../support/registered.ts";
import { ask, bearer, refusal } from "../support/requests.ts";
import { advance, demo, issuer, now } from "../support/target.ts";
import { claimsOf, introspect } from "../support/tokens.ts";

// Contract 001 with `resource`: a login token for a registered API.

const { acme, globex } = demo.accounts;

let sessions = 0;
function session(): string {
	sessions += 1;
	return `session-${sessions}`;
}

function asPerson({ username, password }: Login, api: Pick<ShownApi, "identifier">, more: object = {}) {
	return { username, password, account: "acme", resource: api.identifier, session_id: session(), ...more };
}

/** What it is for and says, of what a login got. */
async function claimsFor(body: object): Promise<unknown> {
	const { aud, scope } = claimsOf(await loggedIn(body));
	return { aud, scope };
}

describe("a login token for an API", () => {
	test("names it as its audience, and says what the credential may do there and nothing else", async () => {
		const api = await newApi();
		const [read = "", write = ""] = namesIn(api);
		const aud = api.identifier;
		expect(await claimsFor(asPerson(ada, api))).toEqual({ aud, scope: `${read} ${write}` });
		expect(await claimsFor(asPerson(grace, api))).toEqual({ aud, scope: read });
		const { secret } = await aKey(acme, [await aPolicy(acme, ["events:read", write])]);
		expect(await claimsFor({ api_key: secret, resource: aud })).toEqual({ aud, scope: write });
		expect(await claimsFor({ api_key: secret })).toEqual({ aud: issuer, scope: "events:read" });
		const scope = ["events:read", read];
		const machine = await aClient(demo.webApp, { grantTypes: ["client_credentials"], scope });
		const credential = { client_id: machine.client.id, client_secret: machine.secret };
		expect(await claimsFor({ ...credential, resource: aud })).toEqual({ aud, scope: read });
		expect(await claimsFor(credential)).toEqual({ aud: issuer, scope: "events:read" });
	});

	test("is the same, byte for byte, in a session of its own for each API and session_id", async () => {
		const [one, other] = [await newApi(), await newDeploymentApi()];
		const body = asPerson(ada, one);
		const first = await loggedIn(body);
		await advance(60);
		expect(await loggedIn(body)).toBe(first);
		// As another spelling of the same API, which its own is in the token.
		expect(await loggedIn({ ...body, resource: one.identifier.replace("https://", "HTTPS://") })).toBe(first);
		const { resource: _, ...own } = body;
		const others = [await loggedIn(own), await loggedIn({ ...body, resource: other.identifier })];
		expect(new Set([first, ...others]).size).toBe(3);
		expect(await loggedIn(body)).toBe(first);
		expect(await loggedIn({ ...own, resource: issuer })).toBe(others[0]);
		const listed = (await sessionsOf(others[0] ?? "")).filter((each) => each.session_id === body.session_id);
		expect(new Set(listed.map(({ resource }) => resource))).toEqual(
			new Set([one.identifier, other.identifier, undefined]),
		);
	});

	test("opens nothing of latchkey's, not even the list of sessions", async () => {
		const api = await newApi();
		const token = await loggedIn(asPerson(ada, api));
		expect(await opens(token)).toBe(401);
		for (const path of ["/auth/sessions", "/v1/policies", "/v1/environments", "/v1/operators"]) {
			expect([path, (await ask(path, { headers: bearer(token) })).status]).toEqual([path, 401]);
		}
	});

	test("lives and is signed as the API says, and contract 001's min_ttl stays within half of that", async () => {
		const api = await newApi({ access_token_ttl: 600 });
		const body = asPerson(ada, api);
		const answer = await logIn(body);
		expect(answer.body.expires_in).toBe(600);
		await advance(200);
		expect((await logIn({ ...body, min_ttl: 3600 })).body).toMatchObject({
			access_token: answer.body.access_token,
			expires_in: 400,
		});
		await advance(101);
		const renewed = await logIn({ ...body, min_ttl: 3600 });
		expect([renewed.body.access_token === answer.body.access_token, renewed.body.expires_in]).toEqual([false, 600]);
		expect(claimsOf(String(renewed.body.access_token)).exp).toBe(now() + 600);
	});

	test("its server learns what it permits now, as long as the session lasts", async () => {
		const server = await aClient(demo.webApp);
		const api = await newApi({ servers: [server.client.id] });
		const [read = "", write = ""] = namesIn(api);
		const policy = await aPolicy(acme, [read, write]);
		const key = await aKey(acme, [policy]);
		const token = await loggedIn({ api_key: key.secret, resource: api.identifier });
		expect(await introspect(token, server)).toMatchObject({ active: true, scope: `${read} ${write}` });
		await call("PATCH", `/v1/policies/${policy}`, { permissions: [read] });
		expect(await introspect(token, server)).toMatchObject({ active: true, scope: read });
		const left = { permissions: api.permissions.filter(({ name }) => name !== read) };
		expect((await call("PATCH", `/v1/apis/${api.id}?force=true`, left)).status).toBe(200);
		const { scope } = await introspect(token, server);
		expect(scope ?? "").toBe("");
		expect(claimsOf(await loggedIn({ api_key: key.secret, resource: api.identifier })).scope ?? "").toBe("");
		await key.change({ kind: "set_state", state: "disabled" });
		expect(await introspect(token, server)).toEqual({ active: false });
	});

	test.each([
		["nobody's", "https://nobody.example/v1"],
		["no URI", "orders"],
		["one with a fragment", "https://nobody.example/v1#x"],
	])("a resource that is no API is refused: %s", async (_, resource) => {
		expect(refusal(await logIn({ ...asPerson(ada, { identifier: resource }) }))).toBe("400 Malformed request");
	});

	test("tenancy: another account's API is no more there than one that nobody registered", async () => {
		const theirs = await newApi({}, await inGlobex());
		const nowhere = { identifier: "https://nobody.example/v1" };
		const answers = [await logIn(asPerson(ada, theirs)), await logIn(asPerson(ada, nowhere))];
		const { secret } = await aKey(acme, [await aPolicy(acme, ["events:read"])]);
		answers.push(await logIn({ api_key: secret, resource: theirs.identifier }));
		expect(new Set(answers.map(refusal))).toEqual(new Set(["400 Malformed request"]));
		expect(new Set(answers.map(({ body }) => body.detail)).size).toBe(1);
		// Not to whoever has no credential either.
		expect(refusal(await logIn(asPerson({ ...ada, password: "wrong" }, nowhere)))).toBe("401 Unauthorized");
		expect((await logIn({ ...asPerson(grace, theirs), account: "globex" })).status).toBe(200);
		const policy = await aPolicy(globex, [namesIn(theirs)[0] ?? ""]);
		const linked = await aKey();
		await linked.change({ kind: "set_policies", accountId: globex, policies: [policy] });
		const inTheirs = { api_key: linked.secret, account: "globex", resource: theirs.identifier };
		expect(claimsOf(await loggedIn(inTheirs)).scope).toBe(namesIn(theirs)[0]);
	});
});
