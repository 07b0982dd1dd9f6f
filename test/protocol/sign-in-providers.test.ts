import { describe, expect, test } from "vitest";
import { bounds } from "../../src/domain/bounds.ts";
import { call, good, inAcme, inGlobex, tokenOf } from "../support/keys-api.ts";
import { aPerson, anAccount, slugOf } from "../support/registered.ts";
import { times } from "../support/requests.ts";
import {
	newDeploymentProvider,
	newProvider,
	providerBody,
	providersAt,
	providersOfAccount,
	providersOfDeployment,
} from "../support/sign-in-providers.ts";
import { demo, issuer } from "../support/target.ts";

/** Whoever administers an account of their own. */
async function anAdministrator() {
	const account = await anAccount();
	const who = await aPerson({ [account]: "admin" });
	return tokenOf(who, slugOf(account));
}

const refusal = async (changes: object, path = providersOfAccount) => {
	const answer = await call("POST", path, providerBody(changes));
	const { errors = [] } = answer.body as { errors?: { field: string }[] };
	return [answer.status, ...errors.map(({ field }) => field)];
};

describe("providers to sign in through", () => {
	test("one is shown as it was said, with what it is registered by, and its secret never", async () => {
		const body = providerBody({ client_secret: "a secret of theirs", groups_claim: "groups" });
		const made = await newProvider({ ...body, group_roles: [{ group: "ops", role: "admin" }] });
		const { client_secret: _, ...shown } = body;
		expect(made).toMatchObject({ ...shown, group_roles: [{ group: "ops", role: "admin" }], enabled: true });
		// RFC 9700 §4.4: a redirect URI of its own tells which provider an answer is from.
		expect(made.redirect_uri).toBe(`${issuer}/sign-in/with/${made.id}/callback`);
		const answers = [
			await call("GET", `${providersOfAccount}/${made.id}`),
			await call("PATCH", `${providersOfAccount}/${made.id}`, { client_secret: "another of theirs" }),
			await call("GET", providersOfAccount),
			await call("GET", "/v1/audit?limit=10"),
		];
		expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
		for (const { text } of answers) expect(text).not.toMatch(/of theirs|sealed/i);
		expect(answers[3]?.text).toContain("sign_in_provider.create");
	});

	test("OIDC Core §2: what a sub means something in never changes", async () => {
		const { id } = await newProvider();
		for (const change of [{ issuer: "https://other.example" }, { client_id: "other" }, { kind: "github" }]) {
			expect((await call("PATCH", `${providersOfAccount}/${id}`, change)).status).toBe(400);
		}
	});

	test("GitHub is where it is, or where a company runs its own, and says nothing of how somebody signed in", async () => {
		const scopes = ["read:user", "user:email"];
		const { issuer: _, ...body } = providerBody({ kind: "github", trusts_amr: true });
		const made = good(await call("POST", providersOfAccount, body), 201);
		expect(made).toMatchObject({ issuer: "https://github.com", trusts_amr: false, scopes });
		const own = await newProvider({ kind: "github", issuer: "https://github.acme.example" });
		expect(own).toMatchObject({ issuer: "https://github.acme.example" });
	});

	test("OIDC Discovery §3: an issuer is an https URL of somebody else, without a query", async () => {
		const bad = [
			"http://idp.example",
			"idp",
			"https://idp.example?x",
			"https://10.0.0.1",
			issuer,
			"https://idp.localhost",
		];
		for (const each of bad) expect([each, ...(await refusal({ issuer: each }))]).toEqual([each, 400, "issuer"]);
		expect(await refusal({ issuer: "https://login.microsoftonline.com/common/v2.0" })).toEqual([400, "issuer"]);
	});

	test("a provider whose people are all the world lets nobody in just in time but by a group or a domain of the account", async () => {
		const google = { issuer: "https://accounts.google.com", just_in_time: true, default_role: "member" };
		expect(await refusal({ ...google, admits: "everybody" })).toEqual([400, "admits"]);
		const github = {
			kind: "github",
			issuer: "https://github.com",
			just_in_time: true,
			default_role: "member",
			admits: "everybody",
		};
		expect(await refusal(github)).toEqual([400, "admits"]);
		// Each finds the same people, however it is written.
		for (const written of [
			"https://accounts.google.com/",
			"https://ACCOUNTS.google.com",
			"https://accounts.google.com:443",
		]) {
			const answer = await refusal({ ...google, issuer: written, admits: "everybody" });
			expect([written, ...answer]).toEqual([written, 400, "admits"]);
		}
		for (const written of ["https://github.com/", "https://github.com/acme"]) {
			expect([written, ...(await refusal({ ...github, issuer: written }))]).toEqual([written, 400, "admits"]);
		}
		expect(await newProvider({ ...google, admits: "domains" })).toMatchObject({ just_in_time: true });
		const { id } = await newProvider(google);
		expect((await call("PATCH", `${providersOfAccount}/${id}`, { admits: "everybody" })).status).toBe(400);
	});

	test("what goes with what is said by the field", async () => {
		expect(await refusal({ just_in_time: true })).toEqual([400, "default_role"]);
		expect(await refusal({ group_roles: [{ group: "ops", role: "admin" }] })).toEqual([400, "groups_claim"]);
		expect(await refusal({ scopes: ["email"] })).toEqual([400, "scopes"]);
		expect(await refusal({ client_secret: "" })).toEqual([400, "client_secret"]);
		expect(await refusal({ name: " " })).toEqual([400, "name"]);
		const twice = ["ops", "ops"].map((group) => ({ group, role: "member" }));
		expect(await refusal({ groups_claim: "groups", group_roles: twice })).toEqual([400, "group_roles"]);
	});

	test("an account's are its administrators' alone, and the deployment's operators' alone", async () => {
		const [own, ours] = [await newProvider(), await newDeploymentProvider()];
		const elsewhere = await inGlobex();
		for (const method of ["GET", "PATCH", "DELETE"] as const) {
			const body = method === "PATCH" ? { enabled: false } : undefined;
			const status = async (path: string, credential = elsewhere) =>
				(await call(method, path, body, credential)).status;
			expect([method, await status(`${providersOfAccount}/${own.id}`)]).toEqual([method, 404]);
			expect([method, await status(`${providersOfDeployment}/${ours.id}`)]).toEqual([method, 403]);
			expect([method, await status(`${providersOfAccount}/${ours.id}`, await inAcme())]).toEqual([method, 404]);
			expect([method, await status(`${providersOfDeployment}/${own.id}`, await inAcme())]).toEqual([method, 404]);
		}
		expect(await providersAt(providersOfAccount)).toContainEqual(own);
		expect(await providersAt(providersOfDeployment)).toContainEqual(ours);
	});

	test("one of the deployment makes nobody a member of anything", async () => {
		const said = { groups_claim: "groups", group_roles: [{ group: "ops", role: "admin" }], default_role: "admin" };
		const made = await newDeploymentProvider({ ...said, just_in_time: true, only: true });
		expect(made).toMatchObject({
			just_in_time: false,
			default_role: null,
			group_roles: [],
			groups_claim: null,
			only: false,
		});
	});

	test("an account has as many as it may, and no more", async () => {
		const credential = await anAdministrator();
		const add = () => call("POST", providersOfAccount, providerBody(), credential);
		for (const _ of times(bounds.signInProviders.most, () => null)) good(await add(), 201);
		expect((await add()).status).toBe(409);
		const [{ id } = { id: "" }] = await providersAt(providersOfAccount, credential);
		expect((await call("DELETE", `${providersOfAccount}/${id}`, undefined, credential)).status).toBe(204);
		good(await add(), 201);
	});

	test("an edit of what somebody else changed meanwhile is refused where it says what it saw", async () => {
		const { id } = await newProvider();
		const path = `${providersOfAccount}/${id}`;
		const { headers } = await call("GET", path);
		const seen = { ...(await inAcme()), "if-match": headers.get("etag") ?? "" };
		good(await call("PATCH", path, { trusts_amr: true }, seen));
		expect((await call("PATCH", path, { enabled: false }, seen)).status).toBe(412);
		expect((await call("DELETE", path, undefined, seen)).status).toBe(412);
		expect((await call("GET", path)).body).toMatchObject({ trusts_amr: true, enabled: true });
		expect((await call("DELETE", path)).status).toBe(204);
		expect((await call("GET", path)).status).toBe(404);
	});

	test("a member who administers nothing sees none of them", async () => {
		const member = await aPerson({ [demo.accounts.acme]: "member" });
		expect((await call("GET", providersOfAccount, undefined, await tokenOf(member, "acme"))).status).toBe(403);
	});
});
