import { rm } from "node:fs/promises";
import tls from "node:tls";
import * as client from "openid-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AccountApi, accountApi } from "../peers/account-api.ts";
import { type Certificates, makeCertificates } from "../peers/certificates.ts";
import { asEmployee, type CompanyProvider, startCompanyProvider } from "../peers/company-provider.ts";
import { type AtProvider, createGuest, leftOf } from "../peers/guest.ts";
import { type RunningWorker, startWorker } from "../runners/start-worker.ts";
import { temporaryFolder } from "../runners/temporary-folder.ts";
import { demo } from "../support/demo-world.ts";
import { answerQuestion, createPerson } from "../support/person.ts";

// People of an account come in through the provider of their company: oidc-provider as it comes, and another company's latchkey.

let folder: string;
let certificates: Certificates;
let latchkey: RunningWorker;
let acme: AccountApi;

beforeAll(async () => {
	folder = await temporaryFolder();
	certificates = await makeCertificates(folder);
	// For what these tests ask themselves.
	tls.setDefaultCACertificates([...tls.getCACertificates(), certificates.ca]);
	latchkey = await startWorker({ certificates });
	acme = await accountApi(latchkey.origin, demo.ada, "acme");
});
afterAll(async () => {
	await latchkey?.stop();
	await rm(folder, { recursive: true, force: true });
});

describe("oidc-provider, as it comes", () => {
	let company: CompanyProvider;
	let id: string;
	beforeAll(async () => {
		company = await startCompanyProvider(certificates);
		const { issuer, client: us } = company;
		const groups = { groups_claim: "groups", scopes: ["openid", "profile", "email", "groups"] };
		const made = await addProvider({ issuer, client_id: us.id, client_secret: us.secret, ...groups });
		id = String(made.id);
		company.allow(String(made.redirect_uri), `${latchkey.origin}/`);
	});
	afterAll(() => company?.stop());

	const come = (who: string) => signIn(id, company.issuer, asEmployee(who));

	test("somebody new becomes a member, as their group says, of that account alone, with what UserInfo says of them", async () => {
		company.employ("rosa", {
			name: "Rosa Müller",
			email: "rosa@acme.example",
			email_verified: true,
			groups: ["staff"],
		});
		const { page, guest } = await come("rosa");
		expect([page.status, new URL(page.url).pathname]).toEqual([200, "/console/acme"]);
		expect(await memberNamed("Rosa Müller")).toMatchObject({ role: "member", username: "rosa@acme" });
		expect((await guest.home.open("/console/globex")).status).not.toBe(200);
	});

	test("who comes again is the same person, whatever they are called by then, with the role of their groups by then", async () => {
		company.employ("grete", { name: "Grete", email: "grete@acme.example", email_verified: true, groups: ["staff"] });
		await come("grete");
		const before = await memberNamed("Grete");
		company.employ("grete", { name: "Margarete", groups: ["staff", "platform"] });
		await come("grete");
		expect(await memberNamed("Grete")).toMatchObject({ id: before?.id, role: "admin" });
		expect(await memberNamed("Margarete")).toBeUndefined();
		company.employ("grete", { name: "Grete" });
		expect((await come("grete")).page).toMatchObject({
			status: 403,
			html: expect.stringContaining("Not for your groups"),
		});
	});

	test("who is in none of the groups is nobody here", async () => {
		company.employ("mallory", {
			name: "Mallory",
			email: "mallory@acme.example",
			email_verified: true,
			groups: ["visitors"],
		});
		const { page } = await come("mallory");
		expect(page.status).toBe(403);
		expect(await memberNamed("Mallory")).toBeUndefined();
	});

	test("who types an address of the company's domain is led to it, and the address that it verified is theirs here", async () => {
		await acme("PUT", "/v1/domains/acme.example", { provider_id: id });
		await acme("POST", "/v1/accounts/acme/domains/acme.example/confirm");
		company.employ("irma", { name: "Irma", email: "irma@acme.example", email_verified: true, groups: ["staff"] });
		const guest = createGuest(latchkey.origin, company.issuer);
		const typed = { username: "irma@acme.example", password: "" };
		const led = await guest.home.submit(await guest.home.open("/sign-in"), "Sign in", typed);
		const page = await guest.comeBack(await guest.home.submit(led, "Continue with Acme"), asEmployee("irma"));
		expect(page.status).toBe(200);
		expect(await memberNamed("Irma")).toMatchObject({ verified_email: "irma@acme.example" });
	});

	test("an application's request waits for them: its id_token is ours, and claims nothing of how they signed in there", async () => {
		company.employ("olga", { name: "Olga", email: "olga@acme.example", email_verified: true, groups: ["staff"] });
		const config = await application();
		const { link, checks } = await request(config);
		const { page, guest } = await signIn(id, company.issuer, asEmployee("olga"), pathOf(link));
		const answer = leftOf(await guest.home.submit(page, "Allow"));
		const tokens = await client.authorizationCodeGrant(config, answer, checks);
		expect(tokens.claims()).toMatchObject({ iss: latchkey.origin, name: "Olga" });
		expect(tokens.claims()?.amr ?? []).toEqual([]);
	});

	test("who signs out may sign out there as well, is led back, and then has to sign in there anew", async () => {
		company.employ("nora", { name: "Nora", groups: ["staff"] });
		const { guest, page } = await come("nora");
		const out = await guest.home.submit(page, "Sign out");
		const path = `/sign-in/with/${id}/sign-out`;
		expect(out.html).toContain(`href="${path}"`);
		const asked = await guest.there.open(leftOf(await guest.home.open(path)).href);
		const there = await guest.there.submit(asked, "Yes, sign me out");
		expect(leftOf(there).href).toBe(`${latchkey.origin}/`);
		// The provider's form for the name and the password is there once more.
		expect((await guest.comeBack(await guest.begin(id), asEmployee("nora"))).status).toBe(200);
	});

	test("an answer is good in the browser that asked for it, and once", async () => {
		company.employ("ines", { name: "Ines", groups: ["staff"] });
		const guest = createGuest(latchkey.origin, company.issuer);
		const answer = leftOf(await asEmployee("ines")(guest.there, leftOf(await guest.begin(id)).href));
		expect((await createPerson(latchkey.origin).open(answer.href)).status).toBe(400);
		expect((await guest.home.open(answer.href)).status).toBe(200);
		expect((await guest.home.open(answer.href)).status).toBe(400);
	});

	test("another key there is good at the next sign-in", async () => {
		company.employ("kira", { name: "Kira", groups: ["staff"] });
		await come("kira");
		await company.rotate();
		expect((await come("kira")).page.status).toBe(200);
	});

	test("while it is away its own way in is closed, with 503, and no other", async () => {
		await company.stop();
		const guest = createGuest(latchkey.origin, company.issuer);
		expect(await guest.begin(id)).toMatchObject({ status: 503, left: null });
		const page = await guest.home.open("/sign-in");
		expect((await guest.home.submit(page, "Sign in", { ...demo.ada })).status).toBe(200);
	});
});

describe("another company's latchkey", () => {
	let company: RunningWorker;
	let id: string;
	beforeAll(async () => {
		company = await startWorker({ certificates });
		const theirs = await accountApi(company.origin, demo.ada, "acme");
		const about = { name: "latchkey of Acme", kind: "application", scopes: ["openid", "profile", "email", "groups"] };
		const us = await theirs("POST", "/v1/integrations", { ...about, redirect_urls: [`${latchkey.origin}/`] });
		const made = await addProvider({
			issuer: company.origin,
			client_id: us.client_id,
			client_secret: us.client_secret,
			scopes: about.scopes,
			groups_claim: "groups",
			group_roles: [{ group: "acme:admin", role: "admin" }],
			trusts_amr: true,
		});
		id = String(made.id);
		await theirs("PATCH", `/v1/integrations/${String(us.client_id)}`, {
			redirect_urls: [made.redirect_uri],
			post_logout_redirect_urls: [`${latchkey.origin}/`],
		});
	});
	afterAll(() => company?.stop());

	test("its administrators are administrators here; how they signed in there is what our tokens say, where it is trusted", async () => {
		const config = await application();
		const { link, checks } = await request(config);
		const { page, guest } = await signIn(id, company.origin, asAda, pathOf(link));
		expect(await memberNamed("Ada Lovelace", "ada@acme")).toMatchObject({ role: "admin" });
		const answer = leftOf(await guest.home.submit(page, "Allow"));
		const tokens = await client.authorizationCodeGrant(config, answer, checks);
		expect(tokens.claims()).toMatchObject({ amr: ["pwd"], acr: "pwd" });
	});

	test("signing out goes on to it, and leads back", async () => {
		const { guest } = await signIn(id, company.origin, asAda);
		const asked = await guest.home.open(`/sign-in/with/${id}/sign-out`);
		const there = await guest.there.submit(await guest.there.open(leftOf(asked).href), "Sign out");
		expect(leftOf(there).href).toBe(`${latchkey.origin}/`);
	});
});

const asAda: AtProvider = (person, link) => answerQuestion(person, link, demo.ada, "Allow");

function addProvider(about: object) {
	const acting = { kind: "oidc", name: "Acme", just_in_time: true };
	const groupRoles = [
		{ group: "staff", role: "member" },
		{ group: "platform", role: "admin" },
	];
	return acme("POST", "/v1/sign-in-providers", { ...acting, group_roles: groupRoles, ...about });
}

/** In a browser of their own: where that leads at latchkey. */
async function signIn(id: string, provider: string, there: AtProvider, continueTo?: string) {
	const guest = createGuest(latchkey.origin, provider);
	return { guest, page: await guest.comeBack(await guest.begin(id, continueTo), there) };
}

async function memberNamed(name: string, username?: string) {
	const { people } = await acme("GET", "/v1/people");
	const members = people as readonly { id: string; name: string; username: string; role: string }[];
	return members.find((each) => each.name === name && (username ?? each.username) === each.username);
}

const options: client.DiscoveryRequestOptions = { algorithm: "oidc" };

function application(): Promise<client.Configuration> {
	const { id, secret } = demo.webApp;
	return client.discovery(new URL(latchkey.origin), id, {}, client.ClientSecretBasic(secret), options);
}

/** A link for the person's browser, and what the application has to check the answer against. */
async function request(config: client.Configuration) {
	const pkceCodeVerifier = client.randomPKCECodeVerifier();
	const checks = { pkceCodeVerifier, expectedState: client.randomState(), expectedNonce: client.randomNonce() };
	const link = client.buildAuthorizationUrl(config, {
		redirect_uri: demo.webApp.redirectUri,
		scope: "openid profile",
		state: checks.expectedState,
		nonce: checks.expectedNonce,
		code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
		code_challenge_method: "S256",
	});
	return { link, checks };
}

function pathOf({ pathname, search }: URL): string {
	return pathname + search;
}
