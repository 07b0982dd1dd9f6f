import { describe, expect, test } from "vitest";
import { atConsole, hiddenOf, withCookie, wordsOf } from "../support/console.ts";
import { acceptBy, invitedBy, joinAsNew, joinedBy, newcomer } from "../support/invitations.ts";
import { call, type Credential, good } from "../support/keys-api.ts";
import { loggedIn, opens } from "../support/logins.ts";
import { anOffice, type Office, tokenIn } from "../support/office.ts";
import { signInAnew } from "../support/people.ts";
import { aKey, aPerson } from "../support/registered.ts";
import { ask, bearer, locationOf, ownPage, postForm, refusal, times } from "../support/requests.ts";
import { advance, demo, runCron } from "../support/target.ts";
import { environments, granted } from "../support/tokens.ts";

const byNumber = (one: number, other: number) => one - other;

interface Shown {
	readonly id: string;
	readonly role: string;
	readonly state: string;
	readonly url?: string;
	readonly [member: string]: unknown;
}

async function anOfficeByApi() {
	const office = await anOffice();
	return { ...office, token: await tokenIn(office.slug, office.admin) };
}

async function invite(token: Credential, body: object = { role: "member" }): Promise<Shown & { link: string }> {
	const made = good<Shown & { url: string }>(await call("POST", "/v1/invitations", body, token), 201);
	return { ...made, link: new URL(made.url).pathname };
}

async function invitationsOf(token: Credential, query = ""): Promise<{ invitations: Shown[]; next: string | null }> {
	return good(await call("GET", `/v1/invitations${query}`, undefined, token));
}

async function peopleOf(token: Credential, query = ""): Promise<{ people: Shown[]; next: string | null }> {
	return good(await call("GET", `/v1/people${query}`, undefined, token));
}

describe("invitations by the API", () => {
	test("one is made, whose link is shown this once, and listed newest first until it is long over", async () => {
		const { token, admin, slug } = await anOfficeByApi();
		const { url, link, mailed, ...made } = await invite(token, {
			role: "admin",
			note: " For Bo ",
			email: "bo@acme.example",
		});
		expect(made).toMatchObject({ role: "admin", note: "For Bo", email: "bo@acme.example", state: "open" });
		expect(mailed).toBe(true);
		expect(made.invited_by).toEqual({ id: admin.id, name: "New Person" });
		await advance(1);
		const { link: other, id } = await invite(token);
		await joinedBy(other, { name: "Bo" });
		const list = await invitationsOf(token, "?limit=1");
		expect(list.invitations).toMatchObject([{ id, state: "accepted", accepted_by: "Bo", note: "", email: null }]);
		const rest = await invitationsOf(token, `?limit=1&cursor=${list.next}`);
		expect(rest).toMatchObject({ invitations: [{ id: made.id, state: "open" }], next: null });
		expect(JSON.stringify([list, rest])).not.toContain("lki_");
		expect(wordsOf(await ask(link))).toContain("For Bo");
		expect(url).toContain(link);
		expect(refusal(await call("GET", `/v1/people?cursor=${list.next}`, undefined, token))).toBe(
			"400 Malformed request",
		);
		await advance(7 * 86_400);
		const states = async () => (await invitationsOf(await tokenIn(slug, admin))).invitations.map(({ state }) => state);
		expect(await states()).toEqual(["accepted", "expired"]);
		await advance(30 * 86_400 + 1);
		await runCron();
		expect(await states()).toEqual([]);
	});

	test("one is revoked once; one that was accepted is a member's removal", async () => {
		const { token } = await anOfficeByApi();
		const [open, used] = [await invite(token), await invite(token)];
		await joinedBy(used.link);
		const revoke = (id: string, by = token) => call("DELETE", `/v1/invitations/${id}`, undefined, by);
		const elsewhere = await anOfficeByApi();
		expect(refusal(await revoke(open.id, elsewhere.token))).toBe("404 Not Found");
		expect(refusal(await revoke(used.id))).toBe("409 Conflict");
		const both = await Promise.all(times(2, () => revoke(open.id)));
		expect(both.map(({ status }) => status).toSorted(byNumber)).toEqual([204, 404]);
		expect(refusal(await joinAsNew(open.link, newcomer()))).toBe("410 Revoked");
	});

	test.each([
		{ role: "root" },
		{},
		{ role: "member", note: "a\nb" },
		{ role: "member", note: "x".repeat(201) },
		{ role: "member", email: "nobody" },
		{ role: "member", account: "globex" },
	])("%j is none", async (body) => {
		const { token } = await anOfficeByApi();
		expect((await call("POST", "/v1/invitations", body, token)).status).toBe(400);
		expect((await invitationsOf(token)).invitations).toEqual([]);
	});
});

describe("the people of an account by the API", () => {
	test("are listed by name, get another role and are removed; the last administrator stays one, and stays", async () => {
		const { token, admin, account, slug } = await anOfficeByApi();
		const hand = await aPerson({ [account]: "member" });
		const [one] = (await peopleOf(token, "?limit=1")).people;
		const members = ["id", "name", "role", "second_factor", "username", "verified_email"];
		expect(Object.keys(one ?? {}).toSorted()).toEqual(members);
		const { next } = await peopleOf(token, "?limit=1");
		const both = [one?.id, (await peopleOf(token, `?limit=1&cursor=${next}`)).people[0]?.id];
		expect(new Set(both)).toEqual(new Set([admin.id, hand.id]));
		const change = (id: string, role: string) => call("PATCH", `/v1/people/${id}`, { role }, token);
		expect(refusal(await change(admin.id, "member"))).toBe("409 Conflict");
		expect(refusal(await call("DELETE", `/v1/people/${admin.id}`, undefined, token))).toBe("409 Conflict");
		expect(refusal(await call("DELETE", "/v1/people/me", undefined, token))).toBe("409 Conflict");
		expect(refusal(await change(hand.id, "root"))).toBe("400 Malformed request");
		expect(good<Shown>(await change(hand.id, "admin")).role).toBe("admin");
		const theirs = await tokenIn(slug, hand);
		expect((await call("DELETE", `/v1/people/${admin.id}`, undefined, theirs)).status).toBe(204);
		expect((await call("GET", "/v1/people", undefined, token)).status).toBe(401);
		expect((await peopleOf(theirs)).people.map(({ id }) => id)).toEqual([hand.id]);
	});

	test("of two administrators who leave at once one stays", async () => {
		const { token, account, slug } = await anOfficeByApi();
		const second = await tokenIn(slug, await aPerson({ [account]: "admin" }));
		const answers = await Promise.all([token, second].map((each) => call("DELETE", "/v1/people/me", undefined, each)));
		expect(answers.map(({ status }) => status).toSorted(byNumber)).toEqual([204, 409]);
	});

	test("are nobody's but an administrator's, by their own login token; of another account there is nobody", async () => {
		const { token, admin, account, slug } = await anOfficeByApi();
		const member = await tokenIn(slug, await aPerson({ [account]: "member" }));
		const key = bearer(await loggedIn({ api_key: (await aKey(account)).secret }));
		const elsewhere = await anOfficeByApi();
		const { accessToken } = await granted(demo.webApp, {}, { who: admin, account });
		const calls = [
			["GET", "/v1/people", undefined],
			["PATCH", `/v1/people/${admin.id}`, { role: "member" }],
			["DELETE", `/v1/people/${admin.id}`, undefined],
			["GET", "/v1/invitations", undefined],
			["POST", "/v1/invitations", { role: "admin" }],
			["DELETE", `/v1/invitations/${(await invite(token)).id}`, undefined],
		] as const;
		for (const [method, path, body] of calls) {
			expect(refusal(await call(method, path, body, member))).toBe("403 Forbidden");
			expect(refusal(await call(method, path, body, key))).toBe("403 Forbidden");
			expect(refusal(await call(method, path, body, bearer(accessToken)))).toBe("401 Unauthorized");
			expect(refusal(await call(method, path, body, {}))).toBe("401 Unauthorized");
		}
		for (const [method, path, body] of calls.filter(([, each]) => each.split("/").length > 3)) {
			expect(refusal(await call(method, path, body, elsewhere.token))).toBe("404 Not Found");
		}
		expect((await peopleOf(token)).people).toHaveLength(2);
		expect(refusal(await call("DELETE", "/v1/people/me", undefined, key))).toBe("404 Not Found");
	});
});

function tokenOf({ authorization }: { readonly authorization: string }): string {
	return authorization.slice("Bearer ".length);
}

async function leave({ slug }: Pick<Office, "slug">, cookie: string) {
	const question = `/console/${slug}/settings/leave`;
	return withCookie(cookie).send(question, question);
}

describe("leaving an account", () => {
	test("ends its sessions and grants and no others, and nothing of it comes back with the person", async () => {
		const office = await anOffice();
		const who = await aPerson({ [office.account]: "member", [demo.accounts.acme]: "member" });
		const cookie = await signInAnew(who);
		const [here, elsewhere] = [await tokenIn(office.slug, who), await tokenIn("acme", who)];
		const grant = await granted(demo.nativeApp, {}, { who, account: office.account });
		const listed = async () => {
			const { text } = await withCookie(cookie).open("/console/acme/my-access");
			return [...text.matchAll(/my-access\/(sessions|grants)\/[\w-]{22}\//g)].map(([, list = ""]) => list).toSorted();
		};
		expect(await listed()).toEqual(["grants", "sessions", "sessions"]);
		const settings = await withCookie(cookie).open(office.base);
		expect(settings.text).toContain(`href="${office.base}/leave"`);
		expect(wordsOf(await withCookie(cookie).open(`${office.base}/leave`))).toContain("You come back by an invitation");
		expect(locationOf(await leave(office, cookie)).pathname).toBe("/console");
		expect((await withCookie(cookie).open(office.base)).status).toBe(404);
		expect((await withCookie(cookie).open("/console/acme/settings")).status).toBe(200);
		expect(await listed()).toEqual(["sessions"]);
		await advance(31);
		expect(await opens(tokenOf(here))).toBe(401);
		expect((await environments(grant.accessToken)).status).toBe(401);
		expect(await opens(tokenOf(elsewhere))).toBe(200);
		await acceptBy(await invitedBy(office.visitor, office.slug), cookie);
		await advance(31);
		expect((await withCookie(cookie).open(office.base)).status).toBe(200);
		expect(await listed()).toEqual(["sessions"]);
		expect(await opens(tokenOf(here))).toBe(401);
		expect((await environments(grant.accessToken)).status).toBe(401);
	});

	test("is refused to the last administrator, and to one of the last two who leave at once", async () => {
		const office = await anOffice();
		const refused = await leave(office, office.visitor.cookie);
		expect(refused.status).toBe(409);
		expect(wordsOf(refused)).toContain("only administrator");
		const second = await atConsole(await aPerson({ [office.account]: "admin" }));
		const question = `${office.base}/leave`;
		const forms = await Promise.all(
			[office.visitor, second].map(async ({ open, cookie }) => ({
				...hiddenOf(await open(question), question),
				cookie,
			})),
		);
		const answers = await Promise.all(
			forms.map(({ cookie, ...form }) => postForm(question, form, { cookie, ...ownPage })),
		);
		expect(answers.map(({ status }) => status).toSorted(byNumber)).toEqual([303, 409]);
	});

	test("takes the form of one's own session", async () => {
		const office = await anOffice();
		const member = await atConsole(await aPerson({ [office.account]: "member" }));
		const question = `${office.base}/leave`;
		const form = hiddenOf(await office.visitor.open(question), question);
		expect((await postForm(question, form, { cookie: member.cookie, ...ownPage })).status).toBe(403);
		expect((await member.open(office.base)).status).toBe(200);
	});
});
