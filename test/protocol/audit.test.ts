import { credentialsIn } from "../support/credentials.ts";
import { describe, expect, test } from "vitest";
import { atConsole, hiddenOf, withCookie, wordsOf } from "../support/console.ts";
import { eventually } from "../support/eventually.ts";
import { invitedBy, joinedBy } from "../support/invitations.ts";
import { loggedIn, logIn } from "../support/logins.ts";
import { ada, grace, signInAnew } from "../support/people.ts";
import { aClient, aKey, anAccount, aPerson, aPolicy } from "../support/registered.ts";
import { type Answer, ask, bearer, locationOf, postForm, postJson, refusal, times } from "../support/requests.ts";
import { advance, demo, now, runCron, serverKeys } from "../support/target.ts";
import { granted } from "../support/tokens.ts";
import { makePublicKey } from "../../src/crypto/public-key.ts";

interface Entry {
	readonly at: string;
	readonly actor: string;
	readonly actor_name: string | null;
	readonly action: string;
	readonly target: string;
	readonly target_name: string | null;
	readonly address: string | null;
	readonly detail: Record<string, string | number>;
}

/** An account of its own, with an administrator and their token. */
async function anOffice() {
	const account = await anAccount();
	const admin = await aPerson({ [account]: "admin" });
	const visitor = await atConsole(admin);
	const token = await loggedIn({ username: admin.username, password: admin.password });
	const slug = locationOf(await visitor.open("/console")).pathname.split("/")[2] ?? "";
	const search = (query = "") => ask(`/v1/audit${query}`, { headers: bearer(token) });
	const entries = async (query = ""): Promise<readonly Entry[]> => JSON.parse((await search(query)).text).entries;
	return { account, admin, visitor, token, slug, base: `/console/${slug}`, search, entries };
}

function actionsOf(entries: readonly Entry[]): string[] {
	return entries.map(({ action }) => action);
}

describe("what is in the log", () => {
	test("every act of environments, people, settings and my access, with its names; and never a secret", async () => {
		const office = await anOffice();
		const { visitor, slug, base, admin, token } = office;
		const secrets: string[] = [admin.password, token, visitor.cookie];

		const made = await postJson("/v1/environments", { workspace: "shop", name: "prod" }, bearer(token));
		const environment = String(made.body.id);
		const headers = bearer(token);
		await ask(`/v1/environments/${environment}`, { method: "PATCH", body: '{"enabled":false}', headers });
		await ask(`/v1/environments/${environment}`, { method: "PATCH", body: '{"enabled":true}', headers });
		await ask(`/v1/environments/${environment}/rotate_key`, { method: "POST", headers });
		secrets.push(await makePublicKey(environment, 1, serverKeys), await makePublicKey(environment, 2, serverKeys));

		const people = `${base}/settings/people`;
		const link = await invitedBy(visitor, slug);
		const { cookie, password } = await joinedBy(link, { username: "new.hand", name: "New Hand" });
		const revoked = await invitedBy(visitor, slug);
		const [, open = ""] = /invitations\/([\w-]{22})\/revoke/.exec((await visitor.open(people)).text) ?? [];
		await visitor.post(`${people}/invitations/${open}/revoke`);
		const hand = /people\/(usr_[\w-]+)"[^>]*>Change<span class="visually-hidden"> New Hand/.exec(
			(await visitor.open(people)).text,
		)?.[1];
		await visitor.send(`${people}/${hand}`, `${people}/${hand}`, { role: "admin" });
		const them = withCookie(cookie);
		secrets.push(password, cookie, link, revoked);

		const own = `${base}/settings`;
		await them.send(own, own, { change: "name", name: "Newer Hand" });
		const chosen = "chosen by the hand itself";
		await them.send(`${base}/security/password`, `${base}/security/password`, { password, new_password: chosen });
		const login = await loggedIn({ username: "new.hand", password: chosen, session_id: "a session" });
		const grant = await granted(demo.integration, {}, { who: { username: "new.hand", password: chosen } });
		secrets.push(chosen, login, grant.accessToken, grant.refreshToken, grant.code);
		const access = `${base}/my-access`;
		const page = await them.open(access);
		const session = new RegExp(`${access}/sessions/([\\w-]{22})/end`).exec(page.text)?.[1];
		const granting = new RegExp(`${access}/grants/([\\w-]{22})/revoke`).exec(page.text)?.[1];
		const other = await signInAnew({ username: "new.hand", password: chosen });
		secrets.push(other);
		await them.post(`${access}/sessions/${session}/end`);
		await them.post(`${access}/grants/${granting}/revoke`);
		await them.post(`${access}/grants/revoke-all`);
		const security = `${base}/security`;
		const others = (await them.open(security)).text.replaceAll(/<tr>(?:(?!<\/tr>).)*This browser.*?<\/tr>/gs, "");
		const [, signIn] = new RegExp(`${security}/sign-ins/([\\w-]{22})/end`).exec(others) ?? [];
		await them.post(`${security}/sign-ins/${signIn}/end`);
		await them.send(`${security}/sign-out-everywhere`, `${security}/sign-out-everywhere`);
		await visitor.post(`${people}/${hand}/remove`);
		await visitor.send(`${own}/account`, `${own}/account`, { change: "name", name: "Renamed" });
		await visitor.post(`${own}/account/forbid-reveal`);
		await visitor.post(`${own}/account`, { change: "reveal" });

		const entries = await office.entries("?limit=100");
		expect(new Set(actionsOf(entries))).toEqual(
			new Set(
				`environment.create environment.disable environment.enable environment.rotate_key invitation.create
				invitation.revoke member.join member.set_role
				member.remove person.rename password.change sign_in.open sign_in.end sign_in.end_all session.revoke grant.open
				grant.revoke grants.revoke_all session.open account.rename account.forbid_reveal account.allow_reveal`.split(
					/\s+/,
				),
			),
		);
		expect(entries.find(({ action }) => action === "environment.rotate_key")).toMatchObject({
			at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
			actor: admin.id,
			actor_name: "New Person",
			target: environment,
			target_name: "shop/prod",
			detail: { workspace: "shop", name: "prod" },
		});
		const console =
			(await visitor.open(`${base}/audit`)).text + (await visitor.open(`${base}/audit?actor=${hand}`)).text;
		const all = JSON.stringify(entries) + console.replaceAll(/name="csrf" value="[^"]*"/g, "");
		expect(secrets.filter((secret) => secret === "" || all.includes(secret))).toEqual([]);
		expect(credentialsIn(all)).toEqual([]);
		expect(all).not.toContain("scrypt$");
	});

	test("signing in, in the log of each account that the person belongs to, with where from", async () => {
		const [one, two] = [await anOffice(), await anOffice()];
		const both = await aPerson({ [one.account]: "member", [two.account]: "member" });
		const headers = { "cf-connecting-ip": "192.0.2.88" };
		await postForm("/sign-in", { username: both.username, password: both.password }, headers);
		for (const office of [one, two]) {
			const found = await office.entries(`?actor=${both.id}`);
			expect(found).toMatchObject([{ action: "sign_in.open", target: both.id, address: "192.0.2.88" }]);
		}
	});

	test("failed sign-ins once the limit is met, and once; nothing for a name that nobody has", async () => {
		const office = await anOffice();
		const headers = { "cf-connecting-ip": "192.0.2.99" };
		const fail = (username: string) => postForm("/sign-in", { username, password: "wrong" }, headers);
		for (let count = 0; count < 10; count++) await fail(office.admin.username);
		expect(actionsOf(await office.entries())).not.toContain("sign_in.limited");
		for (let count = 0; count < 3; count++) expect((await fail(office.admin.username)).status).toBe(429);
		await logIn({ username: office.admin.username, password: "wrong" }, headers);
		await expect
			.poll(() => office.entries("?action=sign_in.limited"))
			.toMatchObject([
				{ actor: "anonymous", target: office.admin.id, target_name: "New Person", address: "192.0.2.99" },
			]);
		await advance(15 * 60);
	});

	test("it leaves after AUDIT_DAYS", async () => {
		const office = await anOffice();
		await postJson("/v1/environments", { workspace: "a", name: "b" }, bearer(office.token));
		const page = await office.visitor.open(`${office.base}/audit`);
		expect(wordsOf(page)).toContain("kept for 365 days");
		await advance(365 * 86_400 + 1);
		await runCron();
		const token = await loggedIn({ username: office.admin.username, password: office.admin.password });
		// But that login.
		const before = new Date((now() - 86_400) * 1000).toISOString();
		const left = JSON.parse((await ask(`/v1/audit?to=${before}`, { headers: bearer(token) })).text);
		expect(left).toMatchObject({ entries: [], next: null });
	});

	test("logins by the API, by whom and with what: the first of a day, however many there are", async () => {
		const office = await anOffice();
		const key = await aKey(office.account, []);
		const headers = { "cf-connecting-ip": "192.0.2.87" };
		const login = (session: string) => logIn({ api_key: key.secret, session_id: session }, headers);
		for (const session of times(5, (index) => `s${index}`)) expect((await login(session)).status).toBe(200);
		const opened = () => office.entries(`?action=session.open&actor=${key.id}`);
		const entry = { target: key.id, address: "192.0.2.87", detail: { credential: "access_code" } };
		await eventually(async () => expect(await opened()).toMatchObject([entry]));
		await advance(86_400 + 1);
		await login("another day");
		const token = await loggedIn({ username: office.admin.username, password: office.admin.password });
		await eventually(async () => {
			const page = await ask(`/v1/audit?action=session.open&actor=${key.id}`, { headers: bearer(token) });
			expect(page.body.entries).toHaveLength(2);
		});
	});

	test("refusals that matter, each the first of a day: a flood of them is one entry", async () => {
		const office = await anOffice();
		const dead = await aKey(office.account, []);
		await dead.change({ kind: "set_state", state: "disabled" });
		const weak = await aKey(office.account, [await aPolicy(office.account, ["events:read"])]);
		const { client } = await aClient(demo.webApp, { accountId: office.account });
		const wrong = { authorization: `Basic ${btoa(`${client.id}:wrong`)}` };
		for (const _ of times(20, () => null)) {
			expect((await ask("/v1/keys", { headers: { "x-api-key": dead.secret } })).status).toBe(401);
			expect((await ask("/v1/keys", { headers: { "x-api-key": weak.secret } })).status).toBe(403);
			expect((await postForm("/oauth/introspect", { token: "x" }, wrong)).status).toBe(401);
		}
		const refused = async (action: string) => office.entries(`?action=${action}`);
		await eventually(async () => {
			expect(await refused("key.refused")).toMatchObject([
				{ actor: "anonymous", target: dead.id, detail: { reason: "key_disabled" } },
			]);
			expect(await refused("access.refused")).toMatchObject([{ actor: weak.id, target: "keys:read" }]);
			expect(await refused("client.refused")).toMatchObject([{ actor: "anonymous", target: client.id }]);
		});
		const words = wordsOf(await office.visitor.open(`${office.base}/audit`));
		expect(words).toContain("was refused, the first time that day, for want of the permission keys:read");
		expect(words).toContain("was refused with a dead access code, the first time that day, of API key New key");
	});
});

describe("GET /v1/audit", () => {
	test("newest first, by cursor, with filters that hold on the next page", async () => {
		const office = await anOffice();
		const base = now();
		for (const name of ["a", "b", "c", "d"]) {
			await postJson("/v1/environments", { workspace: "w", name }, bearer(office.token));
			await advance(1);
		}
		const first = JSON.parse((await office.search("?action=environment&limit=3")).text);
		const second = JSON.parse(
			(await office.search(`?action=environment&limit=3&cursor=${encodeURIComponent(first.next)}`)).text,
		);
		const names = [...first.entries, ...second.entries].map((entry: Entry) => entry.detail.name);
		expect(names).toEqual(["d", "c", "b", "a"]);
		expect(second.next).toBeNull();
		const other = await office.search(`?action=sign_in&cursor=${encodeURIComponent(first.next)}`);
		expect(refusal(other)).toBe("400 Malformed request");
		const at = (seconds: number) => new Date((base + seconds) * 1000).toISOString();
		const span = await office.entries(`?action=environment.create&from=${at(1)}&to=${at(3)}`);
		expect(span.map(({ detail }) => detail.name)).toEqual(["c", "b"]);
		expect(await office.entries(`?actor=${office.admin.id}&action=environment&target=nothing`)).toEqual([]);
	});

	test("of two filters, one may leave a page with less than it may have: the cursor leads to the rest", async () => {
		const office = await anOffice();
		const make = (name: string) => postJson("/v1/environments", { workspace: "w", name }, bearer(office.token));
		const { body } = await make("first");
		const headers = bearer(office.token);
		await ask(`/v1/environments/${String(body.id)}`, { method: "PATCH", body: '{"enabled":false}', headers });
		for (let count = 0; count < 11; count++) await make(`later-${count}`);
		const pages: Entry[][] = [];
		let cursor = "";
		do {
			const query = `?actor=${office.admin.id}&action=environment.disable&limit=1${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
			const page = JSON.parse((await office.search(query)).text);
			pages.push(page.entries);
			cursor = page.next ?? "";
		} while (cursor);
		expect(pages[0]).toEqual([]);
		expect(actionsOf(pages.flat())).toEqual(["environment.disable"]);
	});

	test.each([
		"?from=yesterday",
		"?from=2026-01-01T00:00:00",
		"?to=2026-01-01T00:00:00%2B02:00",
		"?to=2026-02-30T00:00:00Z",
		"?actr=x",
		"?limit=0",
		"?cursor=x",
		"?actor=a&actor=b",
	])("%s is refused", async (query) => {
		const token = await loggedIn({ username: ada.username, password: ada.password });
		expect(refusal(await ask(`/v1/audit${query}`, { headers: bearer(token) }))).toBe("400 Malformed request");
	});

	test("it needs audit:read, and tells of no other account", async () => {
		const office = await anOffice();
		await postJson("/v1/environments", { workspace: "mine", name: "alone" }, bearer(office.token));
		const member = await loggedIn({ username: grace.username, password: grace.password, account: "acme" });
		const refused = await ask("/v1/audit", { headers: bearer(member) });
		expect(refusal(refused)).toBe("403 Forbidden");
		expect(refused.body.permission).toBe("audit:read");
		expect(refusal(await ask("/v1/audit"))).toBe("401 Unauthorized");
		const admin = await loggedIn({ username: ada.username, password: ada.password });
		const other: Answer = await ask(`/v1/audit?actor=${office.admin.id}`, { headers: bearer(admin) });
		expect(JSON.parse(other.text).entries).toEqual([]);
		const policy = await aPolicy(demo.accounts.acme, ["audit:read"]);
		const { secret } = await aKey(demo.accounts.acme, [policy]);
		expect((await ask(`/v1/audit?apiKey=${secret}`)).status).toBe(200);
	});
});

describe("the console's audit log", () => {
	test("it says in words who did what, with names and links to more of it", async () => {
		const office = await anOffice();
		await postJson("/v1/environments", { workspace: "shop", name: "prod" }, bearer(office.token));
		const page = await office.visitor.open(`${office.base}/audit`);
		expect(wordsOf(page)).toContain("New Person created environment shop/prod");
		expect(page.text).toContain(`href="${office.base}/audit?actor=${office.admin.id}"`);
		const filtered = await office.visitor.open(`${office.base}/audit?action=environment.create`);
		expect(wordsOf(filtered)).toContain("shop/prod");
		expect(wordsOf(filtered)).not.toContain("New Person signed in");
		expect(wordsOf(await office.visitor.open(`${office.base}/audit?target=nothing`))).toContain("Nothing that matches");
	});

	test("a time that is not in UTC comes back beside its field; what is typed stays text", async () => {
		const office = await anOffice();
		const typed = `"><script>alert(1)</script>`;
		const page = await office.visitor.open(
			`${office.base}/audit?${new URLSearchParams({ from: typed, actor: typed })}`,
		);
		expect(page.status).toBe(400);
		expect(page.text).toContain('id="from-error"');
		expect(page.text).not.toContain("<script>alert");
		expect((await office.visitor.open(`${office.base}/audit?from=2020-01-01&to=2020-01-02`)).status).toBe(200);
		expect((await office.visitor.open(`${office.base}/audit?cursor=x`)).status).toBe(404);
	});

	test("a member may not read it", async () => {
		const visitor = await atConsole(grace);
		expect((await visitor.open("/console/acme/audit")).status).toBe(403);
		expect((await visitor.open("/console/acme/environments")).text).not.toContain("/console/acme/audit");
		expect(hiddenOf(await visitor.open("/console/acme/settings"), "/sign-out").csrf).toBeTruthy();
	});
});
