import assert from "node:assert/strict";
import { demo } from "../../test/support/demo-world.ts";
import { answerConsent, createPerson, type Person } from "../../test/support/person.ts";
import { challenged, verified } from "../../test/support/pkce.ts";
import { type Answer, basic, bearer, json, type Scene } from "./steps.ts";

const identifier = "https://orders.acme.example/v1";
const redirectUri = "http://127.0.0.1:8788/orders/callback";

/** An API of a company's own: its permissions, a key for it, an application that asks for more and more, and its account's end. */
export async function ownApi({ begin, holds, ask, origin, send }: Scene): Promise<void> {
	const made = async (path: string, body: object, token: unknown) => {
		const answer = await ask(path, json(body, bearer(token)));
		assert.equal(answer.status, 201);
		return answer.body;
	};

	begin("Ada, who administers Acme, registers the server of its API, and the API with its permissions");
	const { access_token: admin } = (await ask("/auth/login", json({ ...demo.ada, account: "acme" }))).body;
	const application = { kind: "application", redirect_urls: [redirectUri] };
	const registered = await made(
		"/v1/integrations",
		{ ...application, name: "Orders server", scopes: ["openid"] },
		admin,
	);
	const server = { id: String(registered.client_id), secret: String(registered.client_secret) };
	const permissions = [
		{ name: "orders:read", title: "See orders", members: true },
		{ name: "orders:write", title: "Change orders" },
		{ name: "orders:delete", title: "Cancel orders" },
	];
	const api = await made("/v1/apis", { identifier, name: "Orders", permissions, servers: [server.id] }, admin);
	holds("it has three permissions", (api.permissions as unknown[]).length === 3);

	begin("She makes an API key that may see orders");
	const policy = { name: "Order clerks", description: "Reads", permissions: ["orders:read", "keys:read"] };
	const { id: policyId } = await made("/v1/policies", policy, admin);
	const { id: keyId } = await made("/v1/keys", { name: "Order desk", policies: [policyId] }, admin);
	const { secret: key } = await made(`/v1/keys/${String(keyId)}/codes`, { description: "The desk" }, admin);

	begin("The server is handed the key, and asks what it permits");
	const verify = () => ask("/v1/keys/verify", json({ key }, basic(server)));
	const verdict = (await verify()).body;
	assert.deepEqual([verdict.valid, verdict.permissions], [true, ["orders:read"]]);
	holds("it is told of its own API alone", true);

	begin("Ada lets an application see orders");
	const asked = { ...application, client_type: "public", name: "Order book", scopes: ["orders:read", "orders:write"] };
	const client = String((await made("/v1/integrations", asked, admin)).client_id);
	const ada = createPerson(origin, send);
	const first = await granted("orders:read");
	holds("its token is for the API", claimsOf(first).aud === identifier && claimsOf(first).scope === "orders:read");

	begin("The application asks to change orders too");
	const second = await granted("orders:write");
	holds("what it had it keeps", claimsOf(second).scope === "orders:read orders:write");
	holds("one grant is left: the older one has ended", (await refresh(first)).body.error === "invalid_grant");

	begin("The server is handed that token, and asks about it");
	const introspect = () => {
		const body = new URLSearchParams({ token: String(second.body.access_token) });
		return ask("/oauth/introspect", { method: "POST", headers: basic(server), body });
	};
	holds("it is good", (await introspect()).body.scope === "orders:read orders:write");

	begin("Ada, who runs this deployment too, suspends Acme");
	const suspend = { method: "POST", headers: bearer(admin) };
	const suspended = await ask("/v1/accounts/acme/suspend", suspend);
	holds("done", suspended.status === 200);

	begin("Nothing of Acme's is good any more");
	holds("the key", (await verify()).body.valid !== true);
	holds("the token", (await introspect()).body.active !== true);
	holds("the application's grant", (await refresh(second)).status >= 400);
	holds("who wants to log in", (await ask("/auth/login", json({ ...demo.ada, account: "acme" }))).status >= 400);

	function refresh({ body }: Answer): Promise<Answer> {
		return tokens({ grant_type: "refresh_token", refresh_token: String(body.refresh_token) });
	}

	async function granted(scope: string): Promise<Answer> {
		const code = await codeFor(ada, origin, { client_id: client, scope });
		const answer = await tokens({ grant_type: "authorization_code", code, redirect_uri: redirectUri, ...verified });
		assert.equal(answer.status, 200);
		return answer;
	}

	function tokens(fields: Record<string, string>): Promise<Answer> {
		return ask("/oauth/token", { method: "POST", body: new URLSearchParams({ client_id: client, ...fields }) });
	}
}

async function codeFor(ada: Person, origin: string, query: Record<string, string>): Promise<string> {
	const link = new URL("/oauth/authorize", origin);
	const asked = { response_type: "code", redirect_uri: redirectUri, resource: identifier, ...challenged, ...query };
	link.search = new URLSearchParams(asked).toString();
	const arrived = await answerConsent(ada, link.href, demo.ada, "Allow");
	return arrived.searchParams.get("code") ?? "";
}

function claimsOf({ body }: Answer): Readonly<Record<string, unknown>> {
	const [, payload = ""] = String(body.access_token).split(".");
	return JSON.parse(Buffer.from(payload, "base64url").toString()) as Readonly<Record<string, unknown>>;
}
