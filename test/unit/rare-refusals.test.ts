import { readFileSync, writeFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { decodeJwt } from "jose";
import { expect, test } from "vitest";
import { developmentSealKey } from "../../src/config.ts";
import { bounds } from "../../src/domain/bounds.ts";
import { subjectId } from "../../src/domain/subject.ts";
import { demo } from "../support/demo-world.ts";
import { exampleOfAnswer } from "../support/example-text.ts";
import { issuer } from "../support/issuer.ts";
import type { Answer } from "../support/requests.ts";
import { startMemoryApp } from "../runners/memory-app.ts";

// What is refused by how a deployment is set up, by what an account has already, and by what others do at that instant.

async function deployment(variables: Readonly<Record<string, string>> = {}) {
	const app = await startMemoryApp({
		ISSUER: issuer,
		SEAL_KEYS: `1:${developmentSealKey}`,
		DEMO_DATA: "on",
		...variables,
	});
	async function send(method: string, path: string, body?: object, token?: string): Promise<Answer> {
		const response = await app.fetch(
			new Request(issuer + path, {
				method,
				headers: {
					"content-type": "application/json",
					...(token !== undefined && { authorization: `Bearer ${token}` }),
				},
				...(body && { body: JSON.stringify(body) }),
			}),
		);
		const { status, headers } = response;
		const text = await response.text();
		return { status, headers, text, body: /json/.test(headers.get("content-type") ?? "") ? JSON.parse(text) : {} };
	}
	const ada = { username: "ada", password: "ada-demo-password", account: "acme" };
	const login = async () => String((await send("POST", "/auth/login", ada)).body.access_token);
	return { app, send, ada, login };
}

/**
 * What `last` is answered while others, many at once, do not stop writing. What it waits for may be another thread's (WebCrypto seals):
 * after so many `rounds` of the others it is heard.
 */
async function overtaken(
	other: (index: number) => Promise<Answer>,
	last: () => Promise<Answer>,
	rounds = 4,
): Promise<Answer> {
	const answered = new AbortController();
	const others = Array.from({ length: 40 }, async (_, index) => {
		for (let time = 0; !answered.signal.aborted; time++) {
			await other(40 * time + index);
			if (time % rounds === rounds - 1) await setImmediate();
		}
	});
	const answer = await last();
	answered.abort();
	await Promise.all(others);
	return answer;
}

const seen: Record<string, Record<string, unknown>> = {};

/** Notes what it is answered for the documentation. */
function refusedBy(operation: string, answer: Answer, status: number): void {
	expect([operation, answer.status, answer.text]).toEqual([operation, status, answer.text]);
	seen[operation] = { ...seen[operation], [status]: exampleOfAnswer(answer) };
}

test("whoever is always overtaken is told so, and nothing of it is written", async () => {
	const { app, send, login } = await deployment({ REGISTRATION: "token" });
	const token = await login();
	const byAda = (method: string, path: string, body?: object) => send(method, path, body, token);

	const profile = await overtaken(
		(index) => byAda("PUT", "/v1/profile", { nickname: `Nickname ${index}` }),
		() => byAda("PUT", "/v1/profile", { nickname: "Late" }),
	);
	refusedBy("PUT /v1/profile", profile, 409);
	expect((await byAda("GET", "/v1/profile")).body.nickname).not.toBe("Late");

	const { access_token: hers } = (await send("POST", "/auth/login", { ...demo.grace, account: "acme" })).body;
	const grace = decodeJwt(String(hers)).sub ?? "";
	const address = (email: string) => byAda("PUT", `/v1/people/${grace}/verified_email`, { email });
	refusedBy(
		"PUT /v1/people/{id}/verified_email",
		await overtaken(
			(index) => address(`grace-${index}@acme.example`),
			() => address("late@acme.example"),
		),
		409,
	);

	const rename = (name: string) => byAda("PATCH", "/v1/accounts/globex", { name });
	refusedBy(
		"PATCH /v1/accounts/{slug}",
		await overtaken(
			(index) => rename(`Globex ${index}`),
			() => rename("Late"),
		),
		409,
	);

	const code = `/v1/keys/${demo.apiKey.id}/codes/${demo.apiKey.codeId}`;
	const describe = (description: string) => byAda("PATCH", code, { description });
	refusedBy(
		"PATCH /v1/keys/{id}/codes/{codeId}",
		await overtaken(
			(index) => describe(`Description ${index}`),
			() => describe("Late"),
		),
		409,
	);

	const { client_id: id, registration_access_token: own } = (
		await byAda("POST", "/oauth/register", { redirect_uris: ["https://weather.example/cb"] })
	).body;
	const registration = `/oauth/register/${String(id)}`;
	app.overtakeClients();
	const late = { client_id: id, redirect_uris: ["https://weather.example/late"] };
	refusedBy("PUT /oauth/register/{client_id}", await send("PUT", registration, late, String(own)), 409);
	const deleted = await send("DELETE", registration, undefined, String(own));
	refusedBy("DELETE /oauth/register/{client_id}", deleted, 409);
	refusedBy("DELETE /v1/integrations/{client_id}", await byAda("DELETE", `/v1/integrations/${String(id)}`), 409);
	const left = (await byAda("GET", `/v1/integrations/${String(id)}`)).body;

	const policy = async (name: string) =>
		String((await byAda("POST", "/v1/policies", { name, description: "x", permissions: ["events:read"] })).body.id);
	const ids = await Promise.all(Array.from("abcdefgh", policy));
	// What is compared are the policies themselves, so that nobody brings back those that were there before.
	const some = (index: number) => ids.filter((_, place) => (index >> place) % 2 === 1);
	const globex = (await send("POST", "/auth/login", { ...demo.grace, account: "globex" })).body;
	const key = await send("POST", "/v1/keys", { name: "To be linked" }, String(globex.access_token));
	await byAda("POST", "/v1/links", { key_id: key.body.id, policies: some(1) });
	const relink = (policies: readonly string[]) => byAda("PATCH", `/v1/links/${String(key.body.id)}`, { policies });
	refusedBy(
		"PATCH /v1/links/{keyId}",
		await overtaken(
			(index) => relink(some((index % 254) + 1)),
			() => relink(ids),
		),
		409,
	);
	expect(left).toMatchObject({ state: "active", redirect_urls: ["https://weather.example/cb"] });
	expect((await app.logged()).filter((line) => line.includes("failed"))).toEqual([]);
});

test("an account has as many clients as it may have, a public key as many successors, and scrypt two places", async () => {
	const { app, send, login } = await deployment({ REGISTRATION: "token" });
	const environment = { id: "E".repeat(22), accountId: demo.accounts.acme, workspace: "w", name: "old", enabled: true };
	await app.addRows({ environments: [{ ...environment, keyVersion: 65_535 }] });
	const token = await login();
	const wanted = {
		kind: "application",
		client_type: "public",
		redirect_urls: ["https://weather.example/cb"],
		scopes: ["openid"],
	};
	for (let number = 0; number < bounds.clients.most; number++)
		await send("POST", "/v1/integrations", { ...wanted, name: `Application ${number}` }, token);
	const registered = await send("POST", "/oauth/register", { redirect_uris: ["https://weather.example/cb"] }, token);
	refusedBy("POST /oauth/register", registered, 409);
	const rotated = await send("POST", `/v1/environments/${environment.id}/rotate_key`, undefined, token);
	refusedBy("POST /v1/environments/{id}/rotate_key", rotated, 409);
	const [busy] = (
		await Promise.all(
			["ada", "grace", "nobody"].map((username) => send("POST", "/auth/login", { username, password: "x" })),
		)
	).toReversed();
	if (busy) refusedBy("POST /auth/login", busy, 503);
	expect(busy?.headers.get("retry-after")).toMatch(/^\d+$/);
});

test("a deployment has as many operators as it may have, and one at least", async () => {
	const { app, send, login } = await deployment();
	const token = await login();
	const me = decodeJwt(token).sub ?? "";
	refusedBy("DELETE /v1/operators/{id}", await send("DELETE", `/v1/operators/${me}`, undefined, token), 409);
	const people = Array.from({ length: bounds.operators.most }, (_, index) => ({
		id: subjectId({ kind: "person", home: "any", id: String(index).padStart(22, "A") }),
		username: `operator-${index}`,
		name: "Operator",
		passwordHash: "none",
		state: "active" as const,
		notBefore: 0,
	}));
	await app.addRows({ people });
	const add = (username: string) => send("POST", "/v1/operators", { username }, token);
	for (const { username } of people.slice(1)) expect((await add(username)).status).toBe(200);
	refusedBy("POST /v1/operators", await add("operator-0"), 409);
});

test("where everybody may make accounts, nobody tries many slugs", async () => {
	const { send } = await deployment({ ACCOUNTS: "open" });
	const grace = (await send("POST", "/auth/login", { ...demo.grace, account: "globex" })).body;
	const make = () => send("POST", "/v1/accounts", { name: "A", slug: "acme" }, String(grace.access_token));
	for (let time = 0; time < 30; time++) expect((await make()).status).toBe(409);
	refusedBy("POST /v1/accounts", await make(), 429);
});

test("an account has as many open invitations as it may have", async () => {
	const { send, login } = await deployment();
	const token = await login();
	const invite = () => send("POST", "/v1/invitations", { role: "member" }, token);
	for (let count = 0; count < bounds.invitations.most; count++) expect((await invite()).status).toBe(201);
	refusedBy("POST /v1/invitations", await invite(), 409);
});

test("/v1/webhooks: there are as many as there may be, and whoever is always overtaken is told so", async () => {
	const { send, login } = await deployment();
	const token = await login();
	const path = "/v1/webhooks";
	// Told of nothing that happens here.
	const add = () => send("POST", path, { url: "http://127.0.0.1:9/", event_types: ["second_factor.changed"] }, token);
	async function late(method: string, after = "", body?: object): Promise<Answer> {
		const at = `${path}/${String((await add()).body.id)}`;
		const answer = await overtaken(
			(index) => send("PATCH", at, { description: `Endpoint ${index}` }, token),
			() => send(method, at + after, body, token),
			1,
		);
		await send("DELETE", at, undefined, token);
		return answer;
	}
	refusedBy(`PATCH ${path}/{id}`, await late("PATCH", "", { description: "Late" }), 409);
	refusedBy(`POST ${path}/{id}/secrets`, await late("POST", "/secrets"), 409);
	for (let count = 0; count < bounds.webhooks.most; count++) expect((await add()).status).toBe(201);
	refusedBy(`POST ${path}`, await add(), 409);
});

test("nobody has us knock at a stranger's door all day: an account sends sixty test events in an hour, and a thousand again", async () => {
	const { send, login } = await deployment();
	const token = await login();
	const { id } = (await send("POST", "/v1/webhooks", { url: "http://127.0.0.1:9/" }, token)).body;
	const path = `/v1/webhooks/${String(id)}`;
	const sendTest = () => send("POST", `${path}/test`, undefined, token);
	const { id: delivery } = (await sendTest()).body;
	for (let count = 1; count < 60; count++) expect((await sendTest()).status).toBe(202);
	refusedBy("POST /v1/webhooks/{id}/test", await sendTest(), 429);
	const sendAgain = () => send("POST", `${path}/deliveries/${String(delivery)}/send`, undefined, token);
	for (let count = 0; count < 1000; count++) expect([202, 409]).toContain((await sendAgain()).status);
	refusedBy("POST /v1/webhooks/{id}/deliveries/{delivery_id}/send", await sendAgain(), 429);
});

test.each(["/v1/sign-in-providers", "/v1/deployment/sign-in-providers"])(
	"%s: there are as many as there may be, and whoever is always overtaken is told so",
	async (path) => {
		const { send, login } = await deployment();
		const token = await login();
		const body = { kind: "github", name: "GitHub", client_id: "latchkey", client_secret: "secret" };
		const { id } = (await send("POST", path, body, token)).body;
		const edit = (name: string) => send("PATCH", `${path}/${String(id)}`, { name }, token);
		const late = await overtaken(
			(index) => edit(`Provider ${index}`),
			() => edit("Late"),
		);
		refusedBy(`PATCH ${path}/{id}`, late, 409);
		for (let count = 1; count < bounds.signInProviders.most; count++) {
			expect((await send("POST", path, body, token)).status).toBe(201);
		}
		refusedBy(`POST ${path}`, await send("POST", path, body, token), 409);
	},
);

test("an account has as many domains as it may have, and whoever cannot ask DNS says so", async () => {
	// Nobody is there.
	const { send, login } = await deployment({ DNS_RESOLVER: "http://127.0.0.1:9/dns-query" });
	const token = await login();
	const name = (number: number) => send("PUT", `/v1/domains/people-${number}.example`, {}, token);
	for (let number = 0; number < bounds.accountDomains.most; number++) expect((await name(number)).status).toBe(200);
	refusedBy("PUT /v1/domains/{domain}", await name(bounds.accountDomains.most), 409);
	const verified = await send("POST", "/v1/domains/people-1.example/verify", undefined, token);
	refusedBy("POST /v1/domains/{domain}/verify", verified, 503);
	const again = () => send("POST", "/v1/domains/people-1.example/verify", undefined, token);
	for (let round = 1; round < 30; round++) expect((await again()).status).toBe(503);
	refusedBy("POST /v1/domains/{domain}/verify", await again(), 429);
});

test("where no mail is sent nobody has alerts mailed", async () => {
	const { send, login } = await deployment({});
	const refused = await send("PUT", "/v1/alerts/mail", { enabled: true }, await login());
	refusedBy("PUT /v1/alerts/mail", refused, 409);
	expect(refused.body.detail).toBe("This deployment sends no mail: whoever runs it can set MAIL_FROM.");
});

test("where REGISTRATION is off nobody registers; where nobody is named there is nobody to report to", async () => {
	const { send } = await deployment();
	const refused = await send("POST", "/oauth/register", {});
	refusedBy("POST /oauth/register", refused, 403);
	expect(refused.body.error).toBe("access_denied");
	refusedBy("GET /.well-known/security.txt", await send("GET", "/.well-known/security.txt"), 404);
});

// `EXAMPLES=write npx vitest run --project portable rare-refusals` writes them anew.
test("the documentation shows them as the product answers them", () => {
	const file = "src/ui/public/static/examples/rare.json";
	if (process.env.EXAMPLES === "write") writeFileSync(file, `${JSON.stringify(seen, null, "\t")}\n`);
	expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(seen);
});
