import { describe, expect, test } from "vitest";
import { staleness } from "../../src/operations/lookups.ts";
import {
	aDomainName,
	confirm,
	domainsAt,
	domainsOfAccount,
	newDomain,
	verifiedDomain,
} from "../support/account-domains.ts";
import { call, good, inGlobex, tokenOf } from "../support/keys-api.ts";
import { formOn } from "../support/people.ts";
import { aPerson } from "../support/registered.ts";
import { ask, ownPage, postForm, refusal } from "../support/requests.ts";
import {
	newDeploymentProvider,
	newProvider,
	providersOfAccount,
	providersOfDeployment,
} from "../support/sign-in-providers.ts";
import { advance, demo } from "../support/target.ts";
import { authorizePath } from "../support/tokens.ts";

const signIn = (fields: Record<string, string>) =>
	postForm("/sign-in", { continue: "/console/acme", ...fields }, ownPage);
/** What the sign-in page makes of an address, without a password. */
const led = (address: string) => signIn({ username: address, password: "" });
const nowhere = "400 Sign in";

/** Why a domain is not named: the status, and which field is to blame. */
async function errors(name: string, body: object = {}) {
	const answer = await call("PUT", `${domainsOfAccount}/${encodeURIComponent(name)}`, body);
	return [answer.status, (answer.body.errors as { field: string }[])[0]?.field];
}

describe("domains of e-mail addresses", () => {
	test("one that is named is written as DNS has it, with the record that shows it, and counts for nothing", async () => {
		const { id } = await newProvider();
		const name = aDomainName();
		const made = good(await call("PUT", `${domainsOfAccount}/${name.toUpperCase()}.`, { provider_id: id }));
		expect(made).toMatchObject({ domain: name, provider_id: id, verified_at: null, verified_by: null });
		expect(made.record).toMatchObject({ type: "TXT", name: `_latchkey.${name}` });
		expect(refusal(await led(`ada@${name}`))).toBe(nowhere);
		// Named once more, it is the same one, with the same record.
		const again = good(await call("PUT", `${domainsOfAccount}/${name}`, { provider_id: null }));
		expect(again).toEqual({ ...made, provider_id: null });
	});

	test("what is no domain, and a provider of another account, is refused by the field", async () => {
		const foreign = await newProvider({}, await inGlobex());
		for (const name of ["acme", "ada@acme.example", "192.0.2.1"]) expect(await errors(name)).toEqual([400, "domain"]);
		expect(await errors(aDomainName(), { provider_id: foreign.id })).toEqual([400, "provider_id"]);
	});

	test("several accounts name one: it counts for whom it was confirmed for, and for another once an operator took it back", async () => {
		const { domain, record } = await newDomain();
		const theirs = await newDomain(null, { name: domain, credential: await inGlobex() });
		expect(theirs.record.value).not.toBe(record.value);
		expect(good(await confirm(domain))).toMatchObject({ verified_by: "operator" });
		expect(good(await confirm(domain))).toMatchObject({ verified_by: "operator" });
		expect((await confirm(domain, "globex")).status).toBe(409);
		expect((await call("DELETE", `/v1/accounts/acme/domains/${domain}`)).status).toBe(204);
		good(await confirm(domain, "globex"));
		expect((await domainsAt()).map((each) => each.domain)).not.toContain(domain);
	});

	test("no administrator confirms their own, and no member names one", async () => {
		const { domain } = await newDomain(null, { credential: await inGlobex() });
		const path = `/v1/accounts/globex/domains/${domain}`;
		expect((await call("POST", `${path}/confirm`, undefined, await inGlobex())).status).toBe(403);
		expect((await call("DELETE", path, undefined, await inGlobex())).status).toBe(403);
		const member = await tokenOf(await aPerson({ [demo.accounts.acme]: "member" }), "acme");
		expect((await call("PUT", `${domainsOfAccount}/${aDomainName()}`, {}, member)).status).toBe(403);
		expect((await domainsAt(await inGlobex())).find((each) => each.domain === domain)?.verified_at).toBeNull();
	});

	test("where the deployment asks no DNS, only an operator says whose one is", async () => {
		const { domain } = await newDomain();
		const answer = await call("POST", `${domainsOfAccount}/${domain}/verify`);
		expect([answer.status, answer.text]).toEqual([409, expect.stringContaining("asks no DNS")]);
		expect((await call("POST", `${domainsOfAccount}/${aDomainName()}/verify`)).status).toBe(404);
	});
});

describe("the sign-in page", () => {
	test("an address of a verified domain leads to its provider, and keeps where the person was going", async () => {
		const { id, name } = await newProvider();
		const { domain } = await verifiedDomain(id);
		const page = await led(` Ada@${domain.toUpperCase()} `);
		expect([page.status, page.text]).toEqual([200, expect.stringContaining(name)]);
		expect(formOn(page, "login_hint")).toEqual({
			action: `/sign-in/with/${id}`,
			hidden: { continue: "/console/acme", login_hint: `Ada@${domain.toUpperCase()}` },
		});
		// Browsers hold what follows a form to `form-action`, and it leads to somebody else's page.
		expect(page.headers.get("content-security-policy")).not.toContain("form-action");
		expect(refusal(await led(`ada@sub.${domain}`))).toBe(nowhere);
		expect(refusal(await led(domain))).toBe(nowhere);
	});

	test("it leads nowhere while the provider is off, nor when it or the domain is gone", async () => {
		const { id } = await newProvider();
		const { domain } = await verifiedDomain(id);
		const status = async () => (await led(`ada@${domain}`)).status;
		good(await call("PATCH", `${providersOfAccount}/${id}`, { enabled: false }));
		expect(await status()).toBe(400);
		good(await call("PATCH", `${providersOfAccount}/${id}`, { enabled: true }));
		expect(await status()).toBe(200);
		await call("DELETE", `${providersOfAccount}/${id}`);
		expect(await status()).toBe(400);
		const other = await newProvider();
		good(await call("PUT", `${domainsOfAccount}/${domain}`, { provider_id: other.id }));
		expect(await status()).toBe(200);
		await call("DELETE", `${domainsOfAccount}/${domain}`);
		expect(await status()).toBe(400);
	});

	test("who has a password of their own signs in by it, whatever their user name looks like", async () => {
		const { domain } = await verifiedDomain((await newProvider()).id);
		const username = `ada@${domain}`;
		const { password } = await aPerson({ [demo.accounts.acme]: "member" }, undefined, { username });
		expect((await signIn({ username, password })).status).toBe(303);
		expect((await signIn({ username, password: "wrong password" })).status).toBe(401);
	});

	test("a password may be left out where an address may lead somewhere", async () => {
		await verifiedDomain((await newProvider()).id);
		await advance(staleness + 1);
		const page = await ask("/sign-in");
		expect(page.text).toContain("your e-mail address at work");
		expect(/<input[^>]*name="password"[^>]*>/.exec(page.text)?.[0]).not.toContain("required");
	});

	test("the deployment's providers stand on it as buttons, wherever somebody is asked to sign in", async () => {
		const [on, off] = [await newDeploymentProvider(), await newDeploymentProvider({ enabled: false })];
		const own = await newProvider();
		await advance(staleness + 1);
		for (const path of ["/sign-in?continue=/console/acme", authorizePath(demo.webApp)]) {
			const page = await ask(path);
			expect(page.text).toContain(`action="/sign-in/with/${on.id}"`);
			expect(page.text).not.toContain(off.id);
			expect(page.text).not.toContain(own.id);
			expect(page.headers.get("content-security-policy")).not.toContain("form-action");
		}
		await call("DELETE", `${providersOfDeployment}/${on.id}`);
		await advance(staleness + 1);
		expect((await ask("/sign-in")).text).not.toContain(on.id);
	});

	test("a link leads to one provider alone, for people who have no address of its account; off, it is a sign-in page as any", async () => {
		const { id, name } = await newProvider();
		const link = `/sign-in?provider=${id}&continue=/console/acme`;
		const page = await ask(link);
		expect(page.text).toContain(`action="/sign-in/with/${id}"`);
		expect(page.text).toContain(name);
		expect(page.text).not.toContain('type="password"');
		good(await call("PATCH", `${providersOfAccount}/${id}`, { enabled: false }));
		const off = await ask(link);
		expect(off.text).not.toContain(name);
		expect(off.text).toContain('type="password"');
	});
});
