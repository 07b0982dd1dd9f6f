import { describe, expect, test } from "vitest";
import { staleness } from "../../src/operations/lookups.ts";
import { eventually } from "../support/eventually.ts";
import { anApiOfAcme } from "../support/api-grants.ts";
import { aSigningKey, assertionOf, aKeyClient } from "../support/assertions.ts";
import { atConsole, filledIn, wordsOf } from "../support/console.ts";
import { proven } from "../support/dpop.ts";
import { aFapiClient } from "../support/fapi.ts";
import { ada } from "../support/people.ts";
import { aClient, anAccount } from "../support/registered.ts";
import { refusal, times } from "../support/requests.ts";
import { advance, demo, issuer, now, setStanding } from "../support/target.ts";
import {
	anIssuerDraft,
	asAdministrator,
	aTrustedIssuer,
	presentAs,
	showAlone,
	signedBy,
} from "../support/trusted-issuers.ts";
import { askForToken, claimsOf, introspect, type Registered, tokensOf } from "../support/tokens.ts";

const { webApp } = demo;

/** What a job of a hosted CI system says of itself. */
const ciJob = {
	sub: "repo:acme/radar:ref:refs/heads/main",
	repository: "acme/radar",
	ref: "refs/heads/main",
	repository_owner: "acme",
	run_attempt: 1,
};

/** What a cluster says of a pod's service account. */
const pod = {
	sub: "system:serviceaccount:radar:deployer",
	"kubernetes.io": { namespace: "radar", serviceaccount: { name: "deployer" } },
};

function workload(client: Registered, claims: Record<string, string>) {
	return { kind: "workload", rules: [{ client_id: client.client.id, claims }] };
}

async function aMachine(changes: object = {}): Promise<Registered> {
	return aClient(webApp, { scope: ["environments:read", "events:read"], ...changes });
}

/** The token of a CI job, and who trusts it for what. */
async function aJob(claims: Record<string, string> = { repository: "acme/radar", ref: "refs/heads/main" }) {
	const machine = await aMachine();
	const ci = await aTrustedIssuer(workload(machine, claims));
	return { machine, ci, id: machine.client.id };
}

describe("RFC 7523 §2.1: a workload is an application without a secret", () => {
	test("a CI job gets what the application gets by its secret", async () => {
		const { machine, ci, id } = await aJob();
		const answer = await showAlone(id, await signedBy(ci, ciJob, { header: { typ: "JWT" } }));
		expect(answer.body).toEqual({
			access_token: expect.any(String),
			token_type: "Bearer",
			expires_in: 3600,
			scope: "environments:read events:read",
		});
		const token = tokensOf(answer).accessToken;
		const bySecret = tokensOf(await askForToken({ client: machine }, { grant_type: "client_credentials" })).accessToken;
		const { sub, client_id, account_id } = claimsOf(bySecret);
		expect(claimsOf(token)).toMatchObject({ sub, client_id, account_id, aud: issuer });
		expect(await introspect(token, machine)).toMatchObject({ active: true, scope: "environments:read events:read" });
	});

	test("a pod of a cluster, whose token has a list of one audience, no type and no id, and lives for an hour", async () => {
		const machine = await aMachine();
		const cluster = await aTrustedIssuer(workload(machine, { sub: "system:serviceaccount:radar:*" }));
		const claims = { ...pod, aud: [issuer], exp: now() + 3607, nbf: now(), jti: undefined };
		const token = await signedBy(cluster, claims);
		expect((await showAlone(machine.client.id, token, { scope: "events:read" })).body.scope).toBe("events:read");
		// RFC 7523 §3 (7): known by its text, since it says no id.
		expect(refusal(await showAlone(machine.client.id, token))).toBe("400 invalid_grant");
		expect((await showAlone(machine.client.id, await signedBy(cluster, { ...claims, iat: now() - 1 }))).status).toBe(
			200,
		);
	});

	test("FAPI 2.0 §5.3.2.1: not as a client of the profile, which authenticates by its own keys", async () => {
		const bank = await aFapiClient();
		const ci = await aTrustedIssuer(workload(bank, { repository: "acme/radar" }));
		const headers = await proven(bank.sender);
		expect(refusal(await showAlone(bank.client.id, await signedBy(ci, ciJob), {}, headers))).toBe("400 invalid_grant");
	});

	test("which workload came as which application is noted, the first time in a day", async () => {
		const { ci, id } = await aJob();
		const come = async (claims: object) =>
			showAlone(id, await signedBy(ci, { ...ciJob, ...claims }, { header: { typ: "JWT" } }));
		const noted = async () => {
			const { body } = await asAdministrator(`/v1/audit?action=workload.admit&target=${id}`, "GET");
			return body.entries as readonly object[];
		};
		const entry = (sub: string) => ({ actor: id, target: id, detail: { issuer: ci.iss, workload: sub } });
		for (const each of [{}, {}, { run_attempt: 2 }]) expect((await come(each)).status).toBe(200);
		expect((await come({ sub: "another job" })).status).toBe(200);
		await eventually(async () => expect(await noted()).toMatchObject([entry("another job"), entry(ciJob.sub)]));
		expect(refusal(await come({ repository: "acme/other", sub: "refused" }))).toBe("400 invalid_grant");
		await advance(86_401);
		expect((await come({})).status).toBe(200);
		await eventually(async () => expect(await noted()).toHaveLength(3));
	});

	test("for an API of the account", async () => {
		const api = await anApiOfAcme();
		const machine = await aMachine({ scope: [api.read] });
		const ci = await aTrustedIssuer(workload(machine, { repository: "acme/radar" }));
		const answer = await showAlone(machine.client.id, await signedBy(ci, ciJob), { resource: api.resource });
		expect(claimsOf(tokensOf(answer).accessToken)).toMatchObject({ aud: api.resource, scope: api.read });
	});

	test("of several rules one is enough, and each is for its own application", async () => {
		const [one, other] = [await aMachine(), await aMachine()];
		const ci = await aTrustedIssuer({
			kind: "workload",
			rules: [
				{ client_id: one.client.id, claims: { repository: "acme/radar", ref: "refs/heads/main" } },
				{ client_id: one.client.id, claims: { repository: "acme/radar", ref: "refs/tags/*" } },
				{ client_id: other.client.id, claims: { repository: "acme/shop" } },
			],
		});
		const show = async (client: Registered, claims: object) =>
			(await showAlone(client.client.id, await signedBy(ci, { ...ciJob, ...claims }))).status;
		expect(await show(one, {})).toBe(200);
		expect(await show(one, { ref: "refs/tags/v1" })).toBe(200);
		expect(await show(one, { ref: "refs/heads/evil" })).toBe(400);
		expect(await show(other, { repository: "acme/shop" })).toBe(200);
		expect(await show(other, {})).toBe(400);
	});
});

describe("RFC 7523 §3: what is refused of a workload", () => {
	test.each<[string, Record<string, string>, object]>([
		["a fork", { repository: "acme/radar" }, { repository: "mallory/radar" }],
		["a name that only begins so", { repository: "acme/radar" }, { repository: "acme/radar-evil" }],
		[
			"a name that only ends so",
			{ sub: "repo:acme/*:ref:refs/heads/main" },
			{ sub: "repo:evil/acme/x:ref:refs/heads/main" },
		],
		["another branch", { ref: "refs/heads/main" }, { ref: "refs/heads/main2" }],
		["a claim that is missing", { environment: "production" }, {}],
		["a claim that is no text", { repository: "acme/radar" }, { repository: ["acme/radar"] }],
		["a number that stands for several", { repository_id: "9007199254740992" }, { repository_id: 2 ** 53 }],
		["case", { repository: "acme/radar" }, { repository: "Acme/Radar" }],
		["a pattern that would overlap itself", { sub: "aba*aba" }, { sub: "aba" }],
	])("%s", async (_, rule, claims) => {
		const { ci, id } = await aJob(rule);
		const answer = await showAlone(id, await signedBy(ci, { ...ciJob, ...claims }));
		expect(answer.body).toEqual({
			error: "invalid_grant",
			error_description: "No rule of the account says that this workload is this client",
		});
	});

	test("another audience, none, expired, not valid yet, too long, another key, another issuer", async () => {
		const { ci, id } = await aJob();
		const other = await aSigningKey();
		for (const [claims, how] of [
			[{ aud: "sts.amazonaws.com" }, {}],
			[{ aud: [issuer, "sts.amazonaws.com"] }, {}],
			[{ aud: undefined }, {}],
			[{ exp: now() - 61 }, {}],
			[{ nbf: now() + 61 }, {}],
			[{ exp: now() + 86_461 }, {}],
			[{ exp: undefined }, {}],
			[{ iss: "https://token.evil.example" }, {}],
			[{}, { signedBy: other }],
			[{}, { signedBy: other, header: { kid: ci.key.kid } }],
			[{}, { header: { alg: "none" } }],
			[{}, { header: { typ: "at+jwt" } }],
			[{}, { header: { typ: "oauth-id-jag+jwt" } }],
			[{}, { header: { typ: "dpop+jwt" } }],
			[{}, { header: { crit: ["b64"], b64: false } }],
		] as const) {
			const made = signedBy(ci, { ...ciJob, ...claims }, how).catch(() => "no.such.token");
			expect([claims, how, refusal(await showAlone(id, await made))]).toEqual([claims, how, "400 invalid_grant"]);
		}
		expect((await showAlone(id, await signedBy(ci, ciJob))).status).toBe(200);
	});

	test("RFC 7523 §3 (7): of a hundred at once one is taken, with an id or without", async () => {
		const { ci, id } = await aJob();
		for (const jti of ["the same", undefined]) {
			const token = await signedBy(ci, { ...ciJob, jti });
			const answers = await Promise.all(times(100, () => showAlone(id, token)));
			expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
		}
	});

	test("the text of a token without an id is one, whichever of the two signatures of ECDSA it has", async () => {
		const { ci, id } = await aJob();
		const token = await signedBy(ci, { ...ciJob, jti: undefined });
		const [head, payload, signature = ""] = token.split(".");
		const bytes = Buffer.from(signature, "base64url");
		const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
		const s = order - BigInt(`0x${bytes.subarray(32).toString("hex")}`);
		const twin = Buffer.concat([bytes.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, "0"), "hex")]);
		expect((await showAlone(id, token)).status).toBe(200);
		const again = await showAlone(id, `${head}.${payload}.${twin.toString("base64url")}`);
		expect(refusal(again)).toBe("400 invalid_grant");
	});

	test("a client that is not named, is none, is of another account, has ended, or does not act for itself", async () => {
		const { ci, machine } = await aJob();
		const token = () => signedBy(ci, ciJob);
		expect(refusal(await showAlone(undefined, await token()))).toBe("401 invalid_client");
		expect(refusal(await showAlone("lkid_AAAA", await token()))).toBe("401 invalid_client");
		expect(refusal(await showAlone("https://client.example/x", await token()))).toBe("401 invalid_client");
		const elsewhere = await aMachine({ accountId: await anAccount() });
		expect(refusal(await showAlone(elsewhere.client.id, await token()))).toBe("400 invalid_grant");
		const idle = await aMachine({ grantTypes: ["authorization_code"] });
		expect(refusal(await showAlone(idle.client.id, await token()))).toBe("400 invalid_grant");
		await setStanding({ kind: "client", id: machine.client.id }, { state: "ended", notBefore: 0 });
		await advance(staleness + 1);
		expect(refusal(await showAlone(machine.client.id, await token()))).toBe("401 invalid_client");
	});

	test("a client that authenticates is not taken for a workload, nor its own assertion for one of its issuer", async () => {
		const { ci, machine } = await aJob();
		expect(refusal(await presentAs(machine, await signedBy(ci, ciJob)))).toBe("400 invalid_grant");
		const keyed = await aKeyClient();
		const own = await assertionOf(keyed);
		expect(refusal(await showAlone(keyed.client.id, own))).toBe("400 invalid_grant");
	});

	test("more than the application may, and what is refused spends nothing", async () => {
		const { ci, id } = await aJob();
		const token = await signedBy(ci, ciJob);
		expect(refusal(await showAlone(id, token, { scope: "keys:write" }))).toBe("400 invalid_scope");
		expect(refusal(await showAlone(id, token, { resource: "nothing" }))).toBe("400 invalid_target");
		expect(refusal(await showAlone(id, ""))).toBe("401 invalid_client");
		expect((await showAlone(id, token)).status).toBe(200);
	});
});

describe("GET, POST, PATCH, DELETE /v1/trusted-issuers", () => {
	test("one is made, read, changed and deleted, by its tag", async () => {
		const { draft } = await anIssuerDraft({ clients: [webApp.client.id], subject: "email", tenant: " acme " });
		const made = await asAdministrator("/v1/trusted-issuers", "POST", draft);
		expect(made.status).toBe(201);
		const path = made.headers.get("location") ?? "";
		expect(made.body).toEqual({
			id: expect.any(String),
			...draft,
			jwks_uri: null,
			clients: [webApp.client.id],
			subject: "email",
			tenant: "acme",
			rules: [],
		});
		expect((await asAdministrator("/v1/trusted-issuers", "POST", draft)).status).toBe(409);
		expect((await asAdministrator(path, "GET")).body).toEqual(made.body);
		const tag = { "if-match": made.headers.get("etag") ?? "" };
		const changed = await asAdministrator(
			path,
			"PATCH",
			{ tenant: null, jwks: null, jwks_uri: "https://idp.acme.example/k" },
			tag,
		);
		expect(changed.body).toMatchObject({
			tenant: null,
			jwks: null,
			jwks_uri: "https://idp.acme.example/k",
			subject: "email",
		});
		expect((await asAdministrator(path, "PATCH", { name: "x" }, tag)).status).toBe(412);
		expect((await asAdministrator(path, "DELETE", undefined, tag)).status).toBe(412);
		const { body } = await asAdministrator("/v1/trusted-issuers", "GET");
		expect(body.trusted_issuers).toContainEqual(changed.body);
		expect((await asAdministrator(path, "DELETE")).status).toBe(204);
		expect((await asAdministrator(path, "GET")).status).toBe(404);
		expect((await asAdministrator(path, "DELETE")).status).toBe(404);
		const actions = (await asAdministrator(`/v1/audit?target=${String(made.body.id)}`, "GET")).body;
		expect((actions.entries as { action: string }[]).map(({ action }) => action).toSorted()).toEqual([
			"trusted_issuer.create",
			"trusted_issuer.delete",
			"trusted_issuer.edit",
		]);
	});

	test("what is wrong with one is told by its field", async () => {
		const key = await aSigningKey();
		const machine = await aMachine();
		const idle = await aMachine({ grantTypes: ["authorization_code"] });
		const { id } = machine.client;
		for (const [field, changes] of [
			["name", { name: "" }],
			["issuer", { issuer: "http://idp.example" }],
			["issuer", { issuer: "idp.example" }],
			["jwks_uri", { jwks_uri: "https://idp.example/keys" }],
			["jwks_uri", { jwks: null }],
			["jwks_uri", { jwks: null, jwks_uri: "https://10.0.0.1/keys" }],
			["jwks", { jwks: { keys: [key.privateJwk] } }],
			["jwks", { jwks: { keys: [] } }],
			["jwks", { algorithms: ["RS256"] }],
			["algorithms", { algorithms: [] }],
			["clients", { clients: [] }],
			["clients", { clients: ["lkid_nothing"] }],
			["clients", { clients: [demo.nativeApp.client.id] }],
			["rules", { kind: "workload" }],
			["rules.0", of(id, {})],
			// What every token says that is for us, whoever asked for it.
			["rules.0", of(id, { aud: issuer, iss: "https://idp.example" })],
			["rules.0", of(id, { sub: "" })],
			["rules.0", of(id, { sub: "*" })],
			["rules.0", of(id, { sub: "*:main" })],
			["rules.0", of(id, { sub: "a*b*c*d*e*f" })],
			["rules.0", of("", { sub: "a" })],
			["rules.0", of("lkid_nothing", { sub: "a" })],
			["rules.0", of(idle.client.id, { sub: "a" })],
		] as const) {
			const { draft } = await anIssuerDraft({ clients: [webApp.client.id], ...changes }, key);
			const { status, body } = await asAdministrator("/v1/trusted-issuers", "POST", draft);
			const fields = (body.errors as { field: string }[] | undefined)?.map((each) => each.field);
			expect([changes, status, new Set(fields)]).toEqual([changes, 400, new Set([field])]);
		}
	});
});

describe("the console's form of a trusted issuer", () => {
	test("a claim that stands twice in a rule is refused: the one that is not kept would keep nobody out", async () => {
		const { id } = (await aMachine()).client;
		const { publicJwk } = await aSigningKey();
		const at = await atConsole(ada);
		const path = "/console/acme/settings/trusted-issuers/new";
		const fields = {
			kind: "workload",
			name: "CI",
			issuer: "https://twice.example",
			jwks: JSON.stringify({ keys: [publicJwk] }),
			"algorithms:ES256": "on",
		};
		const send = (rules: string) => at.send(`${path}?kind=workload`, path, { ...fields, rules });
		const twice = await send(`${id} ref=refs/heads/main ref=refs/heads/*`);
		expect([twice.status, twice.text.includes("A line is a client ID")]).toEqual([400, true]);
		expect((await send(`${id} repository=acme/radar ref=refs/heads/main`)).status).toBe(303);
	});

	test("tells what is wrong in the order of its fields, which line it is, and whom tokens have to be for", async () => {
		const path = "/console/acme/settings/trusted-issuers/new";
		const visitor = await atConsole(ada);
		const form = await visitor.open(`${path}?kind=workload`);
		expect(wordsOf(form)).toContain(`Their aud has to be ${issuer}`);
		const machine = await aMachine();
		const typed = { name: "CI", issuer: "ci", rules: `${machine.client.id} a=b\n${machine.client.id} ref=*` };
		const refused = await visitor.post(path, { ...filledIn(form, path), ...typed });
		expect(refused.status).toBe(400);
		expect([...refused.text.matchAll(/<a href="#(\w+)">([^<]*)/g)].map(([, ...told]) => told)).toEqual([
			["issuer", expect.stringContaining("begins with https")],
			["jwks_uri", expect.stringContaining("Give the URL")],
			["rules", "Line 2: The claim ref must not begin with *."],
		]);
	});
});

/** A draft with one rule. */
function of(client_id: string, claims: object) {
	return { kind: "workload", clients: [], rules: [{ client_id, claims }] };
}
