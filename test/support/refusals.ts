import { apiBody, namesIn, newApi, newDeploymentApi, type ShownApi } from "./apis.ts";
import { randomId, systemRandom } from "../../src/crypto/random.ts";
import { type Example, examples, usualCredential } from "./example-states.ts";
import { anIntegration, end, rotate } from "./integrations.ts";
import { call, good, inAcme, inGlobex, newCode, newKey, newName, newPolicy } from "./keys-api.ts";
import { joinedBy } from "./invitations.ts";
import { loggedIn, logIn } from "./logins.ts";
import { sendExample, type DocumentedOperation } from "./documented.ts";
import { anOffice, tokenIn } from "./office.ts";
import { codeOf, enrolmentOf, turnOnCodes } from "./one-time-codes.ts";
import { ada } from "./people.ts";
import { aKey, anAccount, anEnvironment, anOperator, aPerson, slugOf } from "./registered.ts";
import { type Answer, ask, bearer, ownPage, post, postForm, postJson, times } from "./requests.ts";
import { manage, metadata, registerClient, selfRegistered } from "./self-registered.ts";
import { addRows, demo } from "./target.ts";
import { confirm, newDomain } from "./account-domains.ts";
import { newIssuer } from "./trusted-issuers.ts";
import { disabledWebhook, failedDelivery } from "./webhooks.ts";
import { authorized, authorizePath, exchange, granted, installPath, refresh } from "./tokens.ts";

/** A bad request that is ready to be sent: whatever it needs is there. */
export type Attack = () => Promise<Answer>;

/** A documented refusal that no request gets by itself, and why; each is tested elsewhere. */
export const outOfReach: Readonly<Record<string, string>> = {
	"409 POST /v1/environments/{id}/rotate_key": "after 65,534 replacements",
	...Object.fromEntries(
		[
			"PUT /oauth/register/{client_id}",
			"DELETE /oauth/register/{client_id}",
			"PUT /v1/profile",
			"PATCH /v1/accounts/{slug}",
			"PUT /v1/people/{id}/verified_email",
			"DELETE /v1/integrations/{client_id}",
			"PATCH /v1/keys/{id}/codes/{codeId}",
			"PATCH /v1/links/{keyId}",
			"PATCH /v1/sign-in-providers/{id}",
			"PATCH /v1/deployment/sign-in-providers/{id}",
			"PATCH /v1/webhooks/{id}",
			"POST /v1/webhooks/{id}/secrets",
		].map((name) => [`409 ${name}`, "while others change it all the time"]),
	),
	"429 POST /v1/domains/{domain}/verify": "where the deployment asks no DNS",
	"429 POST /v1/webhooks/{id}/test": "after sixty in an hour",
	"429 POST /v1/webhooks/{id}/deliveries/{delivery_id}/send": "after a thousand in an hour",
	"429 POST /v1/accounts": "by somebody who is no operator, where ACCOUNTS is open",
	"409 POST /v1/invitations": "where as many are open as an account may have",
	"409 POST /v1/webhooks": "where there are as many as there may be",
	"409 POST /v1/sign-in-providers": "where there are as many as there may be",
	"409 POST /v1/deployment/sign-in-providers": "where there are as many as there may be",
	"409 PUT /v1/domains/{domain}": "where as many are named as an account may have",
	"409 PUT /v1/alerts/mail": "where the deployment sends no mail",
	"409 POST /v1/operators": "where there are as many operators as there may be",
	"409 DELETE /v1/operators/{id}": "of the only operator that there is",
	"404 GET /.well-known/security.txt": "where nobody is named to report to",
	"409 POST /oauth/register": "in an account with as many clients as it may have",
	"403 POST /oauth/register": "where REGISTRATION is off: test/unit/registration-policy.test.ts",
};

/** Makes ready the request that an operation has to refuse with this status, or null where there is none in the list. */
export async function attackOn(row: DocumentedOperation, status: number): Promise<Attack | null> {
	const own = particular[`${status} ${row.name}`];
	if (own) return toAttack(row, await own(row));
	const spoilt = await usual[status]?.(row, await exampleOf(row));
	return spoilt ? toAttack(row, spoilt) : null;
}

function toAttack(row: DocumentedOperation, made: Example | Attack): Attack {
	return typeof made === "function" ? made : () => sendExample(row, made);
}

async function exampleOf(row: DocumentedOperation): Promise<Example> {
	const { send: _, ...example } = await (examples[row.name]?.() ?? {});
	return example;
}

type Spoil = (row: DocumentedOperation, example: Example) => Promise<Example | null> | Example;

/** What does it at most operations. */
const usual: Readonly<Record<number, Spoil>> = {
	async 400(row, example) {
		if (row.doc.body) return { ...example, raw: { text: isForm(row) ? "a=1&a=2" : '{"' } };
		return { ...example, headers: { ...(example.headers ?? (await usualCredential())), "x-api-key": "lk_another" } };
	},
	401: ({ needs }, example) =>
		needs !== null || example.headers === undefined || "authorization" in example.headers
			? { ...example, headers: bearer("x") }
			: { ...example, body: { ...example.body, client_secret: "x" } },
	async 403({ needs, doc }, example) {
		if (doc.login === "operator") return { ...example, headers: await inGlobex() };
		if (needs === null) return null;
		const { secret } = await aKey(demo.accounts.acme, []);
		// Once before: when it was last used is noted, refused or not.
		await ask("/v1/keys", { headers: { "x-api-key": secret } });
		if (doc.credentials.join() !== "bearer") return { ...example, headers: { "x-api-key": secret } };
		return { ...example, headers: bearer(await loggedIn({ api_key: secret })) };
	},
	404: (_, example) => ({
		...example,
		path: Object.fromEntries(
			Object.entries(example.path ?? { id: "" }).map(([name, value]) => [name, name === "org" ? value : "x"]),
		),
	}),
	412: async (_, example) => ({
		...example,
		headers: { ...(example.headers ?? (await usualCredential())), "if-match": '"of another time"' },
	}),
	413: (row, example) => ({ ...example, raw: { text: isForm(row) ? `a=${long}` : JSON.stringify({ a: long }) } }),
	415: (_, example) => ({ ...example, raw: { text: "x", media: "text/plain" } }),
};

const long = "x".repeat(300 * 1024);

function isForm({ doc }: DocumentedOperation): boolean {
	return doc.body?.media[0] === "application/x-www-form-urlencoded";
}

const nobody = { headers: {} };
const client = { client_id: demo.integration.client.id, client_secret: demo.integration.secret };
const authorize = authorizePath(demo.nativeApp);

const bigEvent = JSON.stringify({ text: "x".repeat(250 * 1024 - 20) });
let full: Promise<string> | undefined;

/** The public key of an environment that has no room in this hour. */
function fullEnvironment(): Promise<string> {
	return (full ??= fill());
}

async function fill(): Promise<string> {
	const publicKey = await anEnvironment(await anAccount());
	for (const _ of times(40, () => null)) await post("/v1/events", bigEvent, { "x-api-key": publicKey });
	return publicKey;
}

/** What one operation refuses in its own way. */
const particular: Readonly<Record<string, (row: DocumentedOperation) => Promise<Example | Attack> | Example | Attack>> =
	{
		"401 POST /auth/login": () => ({ ...nobody, body: { api_key: "lk_nothing" } }),
		"403 POST /auth/login": () => ({ ...nobody, body: { api_key: demo.apiKey.accessCode, account: "globex" } }),
		async "429 POST /auth/login"() {
			const { username } = await aPerson({ [demo.accounts.acme]: "member" });
			const attempt = () => logIn({ username, password: "wrong" }, { "cf-connecting-ip": "192.0.2.10" });
			for (const _ of times(10, () => null)) await attempt();
			return attempt;
		},
		"401 POST /v1/keys/verify": () => ({ headers: bearer("x") }),
		"401 POST /oauth/token": () => ({ ...nobody, body: { ...client, client_secret: "x" } }),
		...Object.fromEntries(
			["token", "introspect", "revoke", "device_authorization", "par"].map((name, index) => [
				`429 POST /oauth/${name}`,
				async () => {
					const from = { "cf-connecting-ip": `203.0.113.${index + 1}` };
					const invented = () => {
						const one = randomId(systemRandom).toLowerCase().replaceAll(/[-_]/g, "x");
						// Documents are fetched for requests that are pushed: this one is nowhere.
						const client_id = name === "par" ? `https://10.0.0.1/${one}` : `https://${one}.example/client`;
						return postForm(`/oauth/${name}`, { grant_type: "refresh_token", client_id, token: "x" }, from);
					};
					for (let count = 0; count < 1000; count += 1) if ((await invented()).status === 429) break;
					return invented;
				},
			]),
		),
		"401 POST /oauth/device_authorization": () => ({ ...nobody, body: { ...client, client_secret: "x" } }),
		"401 POST /oauth/introspect": () => ({ ...nobody, body: { ...client, client_secret: "x" } }),
		"401 POST /oauth/par": () => ({ ...nobody, body: { ...client, client_secret: "x" } }),
		"401 POST /oauth/revoke": () => ({ ...nobody, body: { ...client, client_secret: "x" } }),
		"400 GET /oauth/userinfo": () => () => postForm("/oauth/userinfo", { access_token: "x" }, bearer("y")),
		"401 POST /oauth/userinfo": () => ({ ...nobody, body: { access_token: "x" } }),
		"403 GET /oauth/userinfo": async () => ({ headers: bearer((await granted()).accessToken) }),
		"403 POST /oauth/userinfo": async () => ({ ...nobody, body: { access_token: (await granted()).accessToken } }),

		"404 POST /v1/events": async () => ({ headers: await inAcme(), query: { environment: "no/such" } }),
		...Object.fromEntries(
			["/v1/logs", "/v1/traces"].flatMap((path) => [
				[`404 POST ${path}`, async () => ({ headers: await inAcme(), query: { environment: "no/such" } })],
				[
					`413 POST ${path}`,
					async (row: DocumentedOperation) => ({
						...(await exampleOf(row)),
						raw: { text: `"${"x".repeat(2 * 1024 * 1024)}"`, media: "application/json" },
					}),
				],
				[
					`429 POST ${path}`,
					async () => {
						const key = { "x-api-key": await fullEnvironment() };
						const one =
							path === "/v1/logs"
								? { logRecords: [{}] }
								: { spans: [{ traceId: "1a".repeat(16), spanId: "1a".repeat(8) }] };
						const body = { resourceLogs: [{ scopeLogs: [one] }], resourceSpans: [{ scopeSpans: [one] }] };
						return () => postJson(path, body, key);
					},
				],
			]),
		),
		async "429 POST /v1/events"() {
			const key = { "x-api-key": await fullEnvironment() };
			return () => post("/v1/events", bigEvent, key);
		},
		async "429 PUT /api/v4/organizations/{org}/change_events"(row) {
			const accountId = await anAccount();
			const { username, password } = await aPerson({ [accountId]: "admin" });
			const headers = bearer(await loggedIn({ username, password }));
			const attributes = Object.fromEntries(times(15, (index) => [`a${index}`, "x".repeat(1000)]));
			const put = () => sendExample(row, { path: { org: slugOf(accountId) }, headers, body: { attributes } });
			for (let round = 0; round < 100; round += 1) {
				const answers = await Promise.all(times(20, put));
				if (answers.some(({ status }) => status !== 200)) break;
			}
			return put;
		},
		...Object.fromEntries(
			["/v4/oauth/access_token", "/api/v4/oauth/access_token", "/api/v4/organizations/{org}/oauth/access_token"].map(
				(path) => [`401 POST ${path}`, () => ({ ...nobody, path: { org: "acme" }, body: { refresh_token: "lkr_x" } })],
			),
		),
		async "403 POST /api/v4/organizations/{org}/oauth/access_token"(row) {
			const example = await exampleOf(row);
			return { ...example, path: { org: "globex" } };
		},
		"404 GET /.well-known/oauth-protected-resource/{resource}": () => () =>
			ask("/.well-known/oauth-protected-resource/nothing/here"),

		"401 POST /oauth/register": () => ({ headers: bearer("x") }),
		async "429 POST /oauth/register"() {
			for (const _ of times(100, () => null)) await registerOnceMore();
			return registerOnceMore;
		},
		"413 POST /oauth/register": () => ({ ...nobody, raw: { text: JSON.stringify({ client_name: long }) } }),
		async "429 PUT /oauth/register/{client_id}"() {
			const made = await selfRegistered();
			let name = 0;
			const change = () => manage("PUT", made, metadata({ client_id: made.id, client_name: `Name ${(name += 1)}` }));
			for (const _ of times(20, () => null)) await change();
			return change;
		},

		"400 GET /oauth/authorize": () => ({ ...nobody, query: { client_id: "x" } }),
		"400 POST /oauth/consent": () => () => postForm("/oauth/consent?client_id=x", {}, ownPage),
		"403 POST /oauth/consent": () => () =>
			postForm(consentForm, { decision: "allow" }, { "sec-fetch-site": "cross-site" }),
		"413 POST /oauth/consent": () => () => postForm(consentForm, { decision: long }, ownPage),
		"415 POST /oauth/consent": () => () => post(consentForm, "{}", { ...ownPage, "content-type": "text/plain" }),
		"400 GET /oauth/logout": () => ({ ...nobody, query: { client_id: "x" } }),
		"400 GET /integrations/{client_id}": () => () => ask(`${installPath()}?state=1&state=2`),
		"400 POST /integrations/{client_id}": () => () => post(installPath(), "a=1&a=2", { ...ownPage, ...form }),
		"403 POST /integrations/{client_id}": () => () => postForm(installPath(), {}, { "sec-fetch-site": "cross-site" }),
		"404 POST /integrations/{client_id}": () => () => postForm("/integrations/x", {}, ownPage),
		"413 POST /integrations/{client_id}": () => () => postForm(installPath(), { decision: long }, ownPage),
		"415 POST /integrations/{client_id}": () => () =>
			post(installPath(), "{}", { ...ownPage, "content-type": "text/plain" }),

		...Object.fromEntries(["GET", "POST"].map((method) => [`403 ${method} /v1/profile/recovery_codes`, ofKey])),
		"401 GET /v1/profile/recovery_codes": () => nobody,
		"401 POST /v1/profile/recovery_codes": () => nobody,
		...Object.fromEntries(
			["GET", "POST", "PUT"].flatMap((method) => {
				const name = `${method} /v1/profile/one_time_codes`;
				return [
					[`401 ${name}`, () => nobody],
					[`403 ${name}`, ofKey],
				];
			}),
		),
		"401 POST /v1/profile/one_time_codes/turn_off": () => nobody,
		"403 POST /v1/profile/one_time_codes/turn_off": ofKey,
		"401 POST /v1/profile/one_time_codes/change": () => nobody,
		"403 POST /v1/profile/one_time_codes/change": ofKey,
		async "409 POST /v1/profile/one_time_codes/change"() {
			const { username, password } = await aPerson({ [demo.accounts.acme]: "member" });
			const headers = bearer(await loggedIn({ username, password }));
			return { headers, body: await enrolmentOf({ username, password }, headers) };
		},
		async "429 POST /v1/profile/one_time_codes/change"(row) {
			const example = await exampleOf(row);
			const attempt = () => sendExample(row, { ...example, body: { ...example.body, password: "wrong" } });
			for (const _ of times(10, () => null)) await attempt();
			return attempt;
		},
		async "409 PUT /v1/profile/one_time_codes"() {
			const { headers, body } = await withOneTimeCodes();
			return { headers, body };
		},
		async "429 PUT /v1/profile/one_time_codes"(row) {
			const example = await exampleOf(row);
			const attempt = () => sendExample(row, { ...example, body: { ...example.body, password: "wrong" } });
			for (const _ of times(10, () => null)) await attempt();
			return attempt;
		},
		async "429 POST /v1/profile/one_time_codes/turn_off"(row) {
			const example = await exampleOf(row);
			const attempt = () => sendExample(row, { ...example, body: { password: "wrong" } });
			for (const _ of times(10, () => null)) await attempt();
			return attempt;
		},
		"403 POST /v1/people/{id}/recovery_links": () => ({ path: { id: "x" }, body: { password: "wrong" } }),
		async "409 POST /v1/people/{id}/recovery_links"() {
			const { id } = await aPerson({ [demo.accounts.acme]: "member", [demo.accounts.globex]: "member" });
			return { path: { id }, body: { password: ada.password } };
		},
		"403 POST /v1/recovery_links": () => ({ body: { password: "wrong" } }),
		"404 POST /v1/recovery_links": () => ({ body: { username: "nobody-of-this-name", password: ada.password } }),
		"409 POST /v1/recovery_links": () => ({ body: { username: ada.username, password: ada.password } }),
		...Object.fromEntries(
			["/v1/profile/recovery_codes", "/v1/people/{id}/recovery_links", "/v1/recovery_links"].map((path) => [
				`429 POST ${path}`,
				async (row) => {
					const { username, password } = await anOperator({ [demo.accounts.acme]: "admin" });
					const headers = bearer(await loggedIn({ username, password }));
					const attempt = () => sendExample(row, { path: { id: "x" }, headers, body: { password: "wrong" } });
					for (const _ of times(10, () => null)) await attempt();
					return attempt;
				},
			]),
		),
		...Object.fromEntries(
			["GET /v1/profile/passkeys", "PATCH /v1/profile/passkeys/{id}", "DELETE /v1/profile/passkeys/{id}"].flatMap(
				(name) => [
					[`401 ${name}`, () => nobody],
					[`403 ${name}`, ofKey],
				],
			),
		),
		...Object.fromEntries(
			[
				"GET /v1/profile/sign_ins",
				"DELETE /v1/profile/sign_ins",
				"DELETE /v1/profile/sign_ins/{id}",
				"GET /v1/profile/recent_sign_ins",
			].flatMap((name) => [
				[`401 ${name}`, () => nobody],
				[`403 ${name}`, ofKey],
			]),
		),
		...Object.fromEntries(
			[
				"POST /v1/profile/password/remove",
				"POST /v1/profile/passkey_challenges",
				"GET /v1/profile/providers",
				"DELETE /v1/profile/providers/{id}",
			].flatMap((name) => [
				[`401 ${name}`, () => nobody],
				[`403 ${name}`, ofKey],
			]),
		),
		async "409 POST /v1/profile/password/remove"() {
			const { username, password } = await aPerson({ [demo.accounts.acme]: "member" });
			return { headers: bearer(await loggedIn({ username, password })), body: { password } };
		},
		async "409 POST /v1/profile/passkey_challenges"() {
			const { username, password } = await aPerson({ [demo.accounts.acme]: "member" });
			return { headers: bearer(await loggedIn({ username, password })) };
		},
		async "429 POST /v1/profile/password/remove"(row) {
			const { headers = {} } = await exampleOf(row);
			const attempt = () => sendExample(row, { headers, body: { password: "wrong" } });
			for (const _ of times(10, () => null)) await attempt();
			return attempt;
		},
		...Object.fromEntries(
			["/v1/sign-in-providers/{id}/test", "/v1/deployment/sign-in-providers/{id}/test"].map((path) => [
				`429 POST ${path}`,
				async (row) => {
					const example = await exampleOf(row);
					const attempt = () => sendExample(row, example);
					for (const _ of times(30, () => null)) await attempt();
					return attempt;
				},
			]),
		),
		"401 PUT /v1/profile/password": () => nobody,
		"403 PUT /v1/profile/password": ofKey,
		async "429 PUT /v1/profile/password"(row) {
			const { headers = {}, body = {} } = await exampleOf(row);
			const attempt = () => sendExample(row, { headers, body: { ...body, password: "wrong" } });
			for (const _ of times(10, () => null)) await attempt();
			return attempt;
		},
		"401 GET /v1/profile": () => nobody,
		"401 PUT /v1/profile": () => nobody,
		"403 GET /v1/profile": ofKey,
		"403 PUT /v1/profile": ofKey,
		"401 POST /v1/profile/verify_email": () => nobody,
		"403 POST /v1/profile/verify_email": async (row) => ({ ...(await exampleOf(row)), body: { password: "wrong" } }),
		async "409 POST /v1/profile/verify_email"() {
			const { username, password } = await aPerson({ [demo.accounts.acme]: "member" });
			return { headers: bearer(await loggedIn({ username, password })), body: { password } };
		},
		async "429 POST /v1/profile/verify_email"(row) {
			const headers = { ...(await exampleOf(row)).headers, "cf-connecting-ip": "192.0.2.13" };
			const attempt = () => sendExample(row, { headers, body: { password: "wrong" } });
			for (const _ of times(10, () => null)) await attempt();
			return attempt;
		},
		"409 PUT /v1/second_factor": () => ({ body: { required: true } }),
		"409 PATCH /v1/people/{id}": async () => ({ ...(await theOnlyAdministrator()), body: { role: "member" } }),
		"409 DELETE /v1/people/{id}": theOnlyAdministrator,
		async "409 DELETE /v1/invitations/{id}"() {
			const made = good<{ id: string; url: string }>(await call("POST", "/v1/invitations", { role: "member" }), 201);
			await joinedBy(new URL(made.url).pathname);
			return { path: { id: made.id } };
		},
		...Object.fromEntries(
			[
				"PUT /v1/alerts/mail",
				"PUT /v1/second_factor",
				"GET /v1/people",
				"PATCH /v1/people/{id}",
				"DELETE /v1/people/{id}",
				"PUT /v1/people/{id}/verified_email",
				"GET /v1/invitations",
				"POST /v1/invitations",
				"DELETE /v1/invitations/{id}",
				"GET /v1/trusted-issuers",
				"POST /v1/trusted-issuers",
				"GET /v1/trusted-issuers/{id}",
				"PATCH /v1/trusted-issuers/{id}",
				"DELETE /v1/trusted-issuers/{id}",
				"GET /v1/domains",
				"PUT /v1/domains/{domain}",
				"DELETE /v1/domains/{domain}",
				"POST /v1/domains/{domain}/verify",
				"GET /v1/people/{id}/providers",
				"DELETE /v1/people/{id}/providers/{provider}",
				"GET /v1/sign-in-providers",
				"POST /v1/sign-in-providers",
				"GET /v1/sign-in-providers/{id}",
				"PATCH /v1/sign-in-providers/{id}",
				"DELETE /v1/sign-in-providers/{id}",
				"POST /v1/sign-in-providers/{id}/test",
			].map((name) => [`403 ${name}`, ofMember]),
		),

		async "403 POST /v1/accounts"(row) {
			return { ...(await exampleOf(row)), headers: await inGlobex() };
		},
		async "409 POST /v1/accounts"(row) {
			return { ...(await exampleOf(row)), body: { slug: "globex" } };
		},
		"409 POST /v1/accounts/{slug}/first_administrator": () => ({ path: { slug: "globex" } }),
		"409 GET /v1/accounts/{slug}/export": async () => ({ path: { slug: slugOf(await anAccount()) } }),
		async "409 PUT /v1/accounts/{slug}/deletion"(row) {
			return { ...(await exampleOf(row)), path: { slug: slugOf(await anAccount()) } };
		},
		async "409 POST /v1/signing-keys/{alg}/rotate"() {
			// Once before, whether or not that was too early.
			await rotateKeys();
			return rotateKeys;
		},
		"404 POST /v1/operators": () => ({ body: { username: "nobody-of-this-name" } }),

		async "409 POST /v1/environments"() {
			const body = { workspace: "taken", name: newName("env").replace(" ", "-").toLowerCase() };
			good(await call("POST", "/v1/environments", body), 201);
			return { body };
		},
		async "409 POST /v1/integrations"() {
			return { body: { name: (await anIntegration()).name } };
		},
		async "409 PATCH /v1/integrations/{client_id}"() {
			const [one, other] = [await anIntegration(), await anIntegration()];
			return { path: { client_id: one.client.id }, body: { name: other.name } };
		},
		async "409 POST /v1/integrations/{client_id}/secrets"() {
			const made = await anIntegration();
			good(await rotate(made, 7), 201);
			return { path: { client_id: made.client.id } };
		},
		async "409 DELETE /v1/integrations/{client_id}/secrets/previous"() {
			const made = await anIntegration();
			good(await end(made));
			return { path: { client_id: made.client.id } };
		},
		async "409 DELETE /v1/integrations/{client_id}/tokens"() {
			const made = await selfRegistered({ client_name: "To be ended" }, await inAcme());
			good(await end(made));
			return { path: { client_id: made.id } };
		},
		async "409 DELETE /v1/integrations/{client_id}/registration_token"() {
			const made = await selfRegistered({ client_name: "To be ended" }, await inAcme());
			good(await end(made));
			return { path: { client_id: made.id } };
		},
		async "409 POST /v1/keys"() {
			return { body: { name: (await newKey()).name } };
		},
		async "409 PATCH /v1/keys/{id}"() {
			return { path: { id: (await newKey()).id }, body: { name: (await newKey()).name } };
		},
		async "409 POST /v1/keys/{id}/codes"() {
			const { id } = await newKey();
			for (const _ of times(2, () => null)) await newCode(id);
			return { path: { id } };
		},
		async "409 POST /v1/keys/{id}/codes/{codeId}/rotate"() {
			const { id } = await newKey();
			const { id: codeId } = await newCode(id);
			await newCode(id);
			return { path: { id, codeId } };
		},
		async "409 DELETE /v1/keys/{id}/codes/{codeId}"() {
			const { id } = await newKey();
			return { path: { id, codeId: (await newCode(id)).id } };
		},
		...Object.fromEntries(
			["reveal", "key-file"].flatMap((what) => [
				[`409 POST /v1/keys/{id}/codes/{codeId}/${what}`, notKept],
				[`429 POST /v1/keys/{id}/codes/{codeId}/${what}`, guessed],
			]),
		),
		async "409 POST /v1/links"() {
			const { id } = await aKey(demo.accounts.globex, []);
			good(await call("POST", "/v1/links", { key_id: id, policies: [await newPolicy(["events:read"])] }), 201);
			return { body: { key_id: id, policies: [await newPolicy(["events:read"])] } };
		},
		"404 POST /v1/links": async () => ({ body: { key_id: "x", policies: [await newPolicy(["events:read"])] } }),
		async "409 POST /v1/policies"() {
			return { body: { name: await nameOf(await newPolicy(["events:read"])) } };
		},
		async "409 PATCH /v1/policies/{id}"() {
			const [one, other] = [await newPolicy(["events:read"]), await newPolicy(["events:read"])];
			return { path: { id: one }, body: { name: await nameOf(other) } };
		},
		"400 GET /v1/apis/{id}/metadata": async () => ({ path: { id: (await newApi()).id }, query: { page: "1" } }),
		async "409 POST /v1/apis"() {
			return { body: apiBody({ identifier: `${(await newApi()).identifier}/` }) };
		},
		async "409 PATCH /v1/apis/{id}"() {
			return { path: { id: (await newApi()).id }, body: { name: (await newApi()).name } };
		},
		async "409 POST /v1/webhooks/{id}/test"() {
			return { path: { id: (await disabledWebhook()).id } };
		},
		async "409 POST /v1/webhooks/{id}/deliveries/{delivery_id}/send"() {
			const { webhook, delivery } = await failedDelivery("Failed, and disabled");
			good(await call("PATCH", `/v1/webhooks/${webhook.id}`, { enabled: false }));
			return { path: { id: webhook.id, delivery_id: delivery.id } };
		},
		async "409 POST /v1/trusted-issuers"() {
			return { body: { issuer: (await newIssuer()).issuer, clients: [demo.webApp.client.id] } };
		},
		async "409 PATCH /v1/trusted-issuers/{id}"() {
			const [one, other] = [await newIssuer(), await newIssuer()];
			return { path: { id: one.id }, body: { issuer: other.issuer } };
		},
		"409 POST /v1/domains/{domain}/verify": async () => ({ path: { domain: (await newDomain()).domain } }),
		async "409 POST /v1/accounts/{slug}/domains/{domain}/confirm"() {
			const { domain } = await newDomain(null, { credential: await inGlobex() });
			await newDomain(null, { name: domain });
			good(await confirm(domain, "globex"));
			return { path: { slug: "acme", domain } };
		},
		"409 DELETE /v1/apis/{id}": async () => ({ path: { id: await used(await newApi()) } }),
		async "409 POST /v1/deployment/apis"() {
			return { body: apiBody({ identifier: `${(await newDeploymentApi()).identifier}/` }) };
		},
		async "409 PATCH /v1/deployment/apis/{id}"() {
			return { path: { id: (await newDeploymentApi()).id }, body: { name: (await newDeploymentApi()).name } };
		},
		"409 DELETE /v1/deployment/apis/{id}": async () => ({ path: { id: await used(await newDeploymentApi()) } }),
		async "409 DELETE /v1/policies/{id}"() {
			const id = await newPolicy(["events:read"]);
			await newKey({ policies: [id] });
			return { path: { id } };
		},
	};

const form = { "content-type": "application/x-www-form-urlencoded" };
const consentForm = authorize.replace("/oauth/authorize", "/oauth/consent");

function registerOnceMore(): Promise<Answer> {
	return registerClient({}, { "cf-connecting-ip": "192.0.2.11" });
}

function rotateKeys(): Promise<Answer> {
	return call("POST", "/v1/signing-keys/ES256/rotate");
}

/** Somebody who has them on, their login token, and what another secret would be turned on by. */
async function withOneTimeCodes() {
	const { username, password } = await aPerson({ [demo.accounts.acme]: "member" });
	const before = bearer(await loggedIn({ username, password }));
	const body = await enrolmentOf({ username, password }, before);
	const { secret } = await turnOnCodes({ username, password });
	// The code of now was used for that.
	const headers = bearer(await loggedIn({ username, password, otp: codeOf(secret, 30) }));
	return { headers, body };
}

async function ofKey(): Promise<Example> {
	return { headers: bearer(await loggedIn({ api_key: demo.apiKey.accessCode })) };
}

/** A policy of Acme's names its permissions. */
async function used(api: ShownApi): Promise<string> {
	const id = randomId(systemRandom);
	const policy = {
		id,
		accountId: demo.accounts.acme,
		name: `policy ${id}`,
		description: "",
		permissions: namesIn(api),
	};
	await addRows({ policies: [policy] });
	return api.id;
}

async function nameOf(policyId: string): Promise<string> {
	return good<{ name: string }>(await call("GET", `/v1/policies/${policyId}`)).name;
}

/** Of a code whose secret nobody kept. */
async function notKept(): Promise<Example> {
	const { username, password } = await aPerson({ [demo.accounts.acme]: "admin" });
	const { id, codeId } = await aKey();
	return { path: { id, codeId }, headers: bearer(await loggedIn({ username, password })), body: { password } };
}

/** By somebody who has had ten guesses. */
async function guessed(row: DocumentedOperation): Promise<Attack> {
	const { username, password } = await aPerson({ [demo.accounts.acme]: "admin" });
	const { id } = await newKey({ type: row.path.endsWith("key-file") ? "integration" : "standard" });
	const codeId = (await newCode(id)).id;
	const headers = { ...bearer(await loggedIn({ username, password })), "cf-connecting-ip": "192.0.2.12" };
	const attempt = () => sendExample(row, { path: { id, codeId }, headers, body: { password: "wrong" } });
	for (const _ of times(10, () => null)) await attempt();
	return attempt;
}

/** Good credentials and wrong circumstances: what belongs to another client, account, person or request. */
export async function crossedAttacks(): Promise<readonly Attack[]> {
	const code = await authorized(demo.webApp);
	const { refreshToken, accessToken } = await granted(demo.webApp, { scope: "events:read" });
	const foreign = await anIntegration();
	const key = await aKey(demo.accounts.globex, []);
	const { username, password } = await aPerson({ [demo.accounts.globex]: "admin" });
	const stranger = bearer(await loggedIn({ username, password }));
	const mine = await newKey();
	const json = { "content-type": "application/json" };
	const change = { method: "PATCH", headers: { ...stranger, ...json }, body: JSON.stringify({ name: "Taken" }) };
	return [
		() => exchange(code, { client: demo.webApp, fields: { code_verifier: "x".repeat(43) } }),
		() => exchange(code, { client: demo.webApp, fields: { code_verifier: undefined } }),
		() => exchange(code, { client: demo.webApp, fields: { redirect_uri: "https://elsewhere.example" } }),
		() => exchange(code, { client: demo.webApp, fields: { resource: "https://elsewhere.example" } }),
		() => exchange(code, { client: demo.webApp, fields: { client_secret: foreign.secret ?? "" } }),
		() => exchange(code, { client: foreign }),
		() => exchange(`${code.slice(0, -1)}${code.endsWith("A") ? "B" : "A"}`, { client: demo.webApp }),
		() => refresh(refreshToken, { client: foreign }),
		() => refresh(refreshToken, { client: demo.webApp, fields: { scope: "keys:delete" } }),
		() => refresh(refreshToken, { client: demo.webApp, fields: { resource: "https://elsewhere.example" } }),
		() => exchange(refreshToken, { client: demo.webApp }),
		() => refresh(code, { client: demo.webApp }),
		() => ask("/v1/keys", { headers: bearer(refreshToken) }),
		() => ask("/v1/keys?account=globex", { headers: bearer(accessToken) }),
		() => ask(`/v1/keys/${mine.id}`, change),
		() => ask(`/v1/keys/${mine.id}`, { method: "DELETE", headers: stranger }),
		() => ask(`/v1/keys/${mine.id}/codes`, { ...change, method: "POST" }),
		() => ask(`/v1/integrations/${foreign.client.id}`, change),
		() => ask(`/v1/integrations/${foreign.client.id}`, { method: "DELETE", headers: stranger }),
		() => ask(`/v1/environments?apiKey=${key.secret}`, { headers: stranger }),
	];
}

async function theOnlyAdministrator(): Promise<Example> {
	const { admin, slug } = await anOffice();
	return { path: { id: admin.id }, headers: await tokenIn(slug, admin) };
}

async function ofMember(row: DocumentedOperation): Promise<Example> {
	const { username, password } = await aPerson({ [demo.accounts.acme]: "member" });
	return { ...(await exampleOf(row)), headers: bearer(await loggedIn({ username, password })) };
}
