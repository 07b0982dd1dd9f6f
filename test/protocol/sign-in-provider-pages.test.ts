import { beforeAll, describe, expect, test } from "vitest";
import { staleness } from "../../src/operations/lookups.ts";
import { aDomainName, domainsAt, newDomain } from "../support/account-domains.ts";
import { atConsole, type ConsoleVisitor, filledIn, wordsOf } from "../support/console.ts";
import { call, good } from "../support/keys-api.ts";
import { ada, grace } from "../support/people.ts";
import { ask, locationOf, saidIn } from "../support/requests.ts";
import {
	newDeploymentProvider,
	newProvider,
	providersAt,
	providersOfAccount,
	providersOfDeployment,
	type ShownProvider,
} from "../support/sign-in-providers.ts";
import { advance, issuer } from "../support/target.ts";

const acme = "/console/acme/settings/sign-in";
const operator = "/operator/sign-in";
let visitor: ConsoleVisitor;

beforeAll(async () => {
	visitor = await atConsole(ada);
});

/** Sends the form of a page as it comes filled in, but for what is typed. */
async function fill(page: string, action: string, typed: Record<string, string>) {
	return visitor.post(action, { ...filledIn(await visitor.open(page), action), ...typed });
}

function domainPage(domain: string): string {
	return `${acme}/domains/${domain}`;
}

const shownAt = async (path: string, id: string) =>
	(await providersAt(path)).find((each) => each.id === id) as ShownProvider & Readonly<Record<string, unknown>>;

describe("the pages of providers", () => {
	test.each([
		["google", { issuer: "https://accounts.google.com", kind: "oidc" }],
		["github", { issuer: "https://github.com", kind: "github", scopes: ["read:user", "user:email"] }],
	])("%s is a preset: a client and its secret are all that is left to say", async (preset, meant) => {
		const form = `${acme}/new?preset=${preset}`;
		const typed = { client_id: "from-there", client_secret: "its secret" };
		const answer = await fill(form, `${acme}/new`, typed);
		const [, id = ""] = /\/sign-in\/([\w-]+)\?/.exec(answer.headers.get("location") ?? "") ?? [];
		expect(await shownAt(providersOfAccount, id)).toMatchObject({ ...meant, enabled: true, just_in_time: false });
		const shown = await visitor.open(`${acme}/${id}`);
		// What has to be registered there, and what leads there alone.
		expect(shown.text).toContain(`${issuer}/sign-in/with/${id}/callback`);
		expect(shown.text).toContain(`${issuer}/sign-in?provider=${id}`);
		expect(shown.text).not.toContain("its secret");
	});

	test("Microsoft's says where the tenant belongs, and is refused without it", async () => {
		const page = `${acme}/new?preset=microsoft`;
		const typed = { client_id: "from-there", client_secret: "its secret" };
		const refused = await fill(page, `${acme}/new`, typed);
		expect(refused.status).toBe(400);
		const tenant = "https://login.microsoftonline.com/8c5d5c1e-0c0f-4f0e-9d0c-1b2a3c4d5e6f/v2.0";
		expect((await fill(page, `${acme}/new`, { ...typed, issuer: tenant })).status).toBe(303);
	});

	test("the same form sent twice adds one", async () => {
		const fields = filledIn(await visitor.open(`${acme}/new?preset=other`), `${acme}/new`);
		const sent = { ...fields, name: "Twice", issuer: "https://twice.example", client_id: "c", client_secret: "s" };
		const answers = [await visitor.post(`${acme}/new`, sent), await visitor.post(`${acme}/new`, sent)];
		expect(answers.map(({ status }) => status)).toEqual([303, 303]);
		expect(answers[0]?.headers.get("location")).toBe(answers[1]?.headers.get("location"));
		expect((await providersAt(providersOfAccount)).filter(({ name }) => name === "Twice")).toHaveLength(1);
	});

	test("it is saved as it is shown, with what is changed; the secret stays where none is typed", async () => {
		const roles = [{ group: "a = b", role: "admin" }];
		const { id } = await newProvider({ groups_claim: "groups", group_roles: roles, trusts_amr: true });
		const before = await shownAt(providersOfAccount, id);
		const page = `${acme}/${id}`;
		expect((await fill(page, page, {})).status).toBe(303);
		expect(await shownAt(providersOfAccount, id)).toEqual(before);
		const { "holds:trusts_amr": _, ...fields } = filledIn(await visitor.open(page), page);
		const sent = { ...fields, group_roles: "ops = admin\r\nstaff=member", "holds:only": "on" };
		expect((await visitor.post(page, sent)).status).toBe(303);
		expect(await shownAt(providersOfAccount, id)).toEqual({
			...before,
			trusts_amr: false,
			only: true,
			group_roles: [
				{ group: "ops", role: "admin" },
				{ group: "staff", role: "member" },
			],
		});
		const wrong = await fill(page, page, { group_roles: "ops = admin\nstaff = owner" });
		expect([wrong.status, wordsOf(wrong)]).toEqual([400, expect.stringContaining("Line 2")]);
	});

	test("what somebody else saved meanwhile is neither lost nor overwritten", async () => {
		const { id } = await newProvider();
		const page = `${acme}/${id}`;
		const fields = filledIn(await visitor.open(page), page);
		good(await call("PATCH", `${providersOfAccount}/${id}`, { trusts_amr: true, scopes: ["openid", "email"] }));
		const { "holds:trusts_amr": _, ...sent } = fields;
		expect((await visitor.post(page, { ...sent, name: "Mine" })).status).toBe(303);
		const scopes = ["openid", "email"];
		expect(await shownAt(providersOfAccount, id)).toMatchObject({ name: "Mine", trusts_amr: true, scopes });
		const late = await visitor.post(page, { ...sent, scopes: "openid phone" });
		expect([late.status, wordsOf(late)]).toEqual([409, expect.stringContaining("openid email")]);
		expect(await shownAt(providersOfAccount, id)).toMatchObject({ scopes });
	});

	test("it is removed after a question, and a second time there is none", async () => {
		const { id, name } = await newProvider();
		const page = `${acme}/${id}/delete`;
		expect(wordsOf(await visitor.open(page))).toContain(name);
		const { csrf = "" } = filledIn(await visitor.open(page), page);
		expect((await visitor.post(page, { csrf })).status).toBe(303);
		expect((await visitor.post(page, { csrf })).status).toBe(404);
	});

	test("they are for administrators, and the deployment's for operators: for others there is no such page", async () => {
		const member = await atConsole(grace);
		const [own, ours] = [await newProvider(), await newDeploymentProvider()];
		expect((await member.open(acme)).status).toBe(403);
		expect((await member.open(operator)).status).toBe(404);
		expect((await visitor.open(`${acme}/${ours.id}`)).status).toBe(404);
		expect((await visitor.open(`${operator}/${own.id}`)).status).toBe(404);
		expect((await member.open(`/console/globex/settings/sign-in/${own.id}`)).status).toBe(404);
	});

	test("an operator adds one for everybody: its form asks nothing of roles, and its button stands on the sign-in page", async () => {
		await newDeploymentProvider();
		const page = `${operator}/new?preset=github`;
		expect((await visitor.open(page)).text).not.toMatch(/name="(?:group_roles|default_role|admits|holds:only)"/);
		const fields = filledIn(await visitor.open(page), `${operator}/new`);
		const added = await visitor.send(page, `${operator}/new`, { ...fields, client_id: "c", client_secret: "s" });
		const path = locationOf(added).pathname;
		const id = path.slice(operator.length + 1);
		await advance(staleness + 1);
		expect((await ask("/sign-in")).text).toContain(`/sign-in/with/${id}`);
		const { "holds:on": _, ...off } = filledIn(await visitor.open(path), path);
		expect((await visitor.send(path, path, off)).status).toBe(303);
		expect((await shownAt(providersOfDeployment, id)).enabled).toBe(false);
	});
});

describe("the pages of domains", () => {
	test("one is named with its provider, led elsewhere, and removed", async () => {
		const [one, other] = [await newProvider(), await newProvider()];
		const name = aDomainName();
		const named = await fill(`${acme}/new-domain`, `${acme}/new-domain`, { domain: name, provider_id: one.id });
		expect(locationOf(named).pathname).toBe(domainPage(name));
		expect(wordsOf(await visitor.open(acme))).toContain(`${name} ${one.name} Not yet`);
		expect((await fill(domainPage(name), domainPage(name), { provider_id: other.id })).status).toBe(303);
		expect((await domainsAt()).find(({ domain }) => domain === name)?.provider_id).toBe(other.id);
		expect((await fill(`${domainPage(name)}/delete`, `${domainPage(name)}/delete`, {})).status).toBe(303);
		expect((await visitor.open(domainPage(name))).status).toBe(404);
	});

	test("what is no domain comes back with what is wrong", async () => {
		const refused = await fill(`${acme}/new-domain`, `${acme}/new-domain`, { domain: "ada@acme.example" });
		expect([refused.status, saidIn(refused)]).toEqual([400, expect.anything()]);
		expect(filledIn(refused, `${acme}/new-domain`).domain).toBe("ada@acme.example");
	});

	test("an operator confirms one, for one account, and takes it back", async () => {
		const { domain } = await newDomain();
		const base = "/operator/accounts/acme/domains";
		expect((await visitor.send(base, `${base}/${domain}/confirm`)).status).toBe(303);
		expect((await domainsAt()).find((each) => each.domain === domain)?.verified_by).toBe("operator");
		expect(wordsOf(await visitor.open(domainPage(domain)))).toContain("Verified by an operator");
		// Asked first: no press of the list alone takes it.
		expect((await visitor.open(base)).text).not.toMatch(/action="[^"]*\/remove"/);
		const taking = `${base}/${domain}/remove`;
		expect(wordsOf(await visitor.open(taking))).toContain("Remove this domain?");
		expect((await visitor.open(domainPage(domain))).status).toBe(200);
		expect((await visitor.send(taking, taking)).status).toBe(303);
		expect((await visitor.open(domainPage(domain))).status).toBe(404);
		expect((await visitor.open(taking)).status).toBe(404);
		expect((await (await atConsole(grace)).open(base)).status).toBe(404);
	});

	test("where the deployment asks no DNS, the page says who confirms it", async () => {
		const { domain } = await newDomain();
		expect(wordsOf(await visitor.open(domainPage(domain)))).toContain("asks no DNS");
		const asked = await visitor.post(`${domainPage(domain)}/verify`);
		expect([asked.status, wordsOf(asked)]).toEqual([409, expect.stringContaining("asks no DNS")]);
	});
});
