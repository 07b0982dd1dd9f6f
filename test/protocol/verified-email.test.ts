import { describe, expect, test } from "vitest";
import type { Role } from "../../src/domain/permission.ts";
import { staleness } from "../../src/operations/lookups.ts";
import { atConsole, hiddenOf, wordsOf } from "../support/console.ts";
import { tokenOf } from "../support/integrations.ts";
import { acceptBy, invitedBy } from "../support/invitations.ts";
import { loggedIn } from "../support/logins.ts";
import { idTokenOf, signedInTo, userinfo } from "../support/openid.ts";
import { ada, type Login, signedIn } from "../support/people.ts";
import { aClient, anAccount, aPerson, slugOf } from "../support/registered.ts";
import { type Answer, ask, bearer, ownPage, postForm, refusal, times } from "../support/requests.ts";
import { advance, demo } from "../support/target.ts";
import { claimsOf, refresh, type Registered } from "../support/tokens.ts";

// oauth2-proxy 7.15.6 and Kubernetes refuse whoever's `email_verified` is false ("email in id_token isn't verified"). Whose word
// it is that makes it true.

const { webApp } = demo;
const { acme, globex } = demo.accounts;
const json = { "content-type": "application/json" };

async function put(path: string, body: object, who: Login, account = acme): Promise<Answer> {
	const slug = account === acme ? "acme" : account === globex ? "globex" : undefined;
	const token = await loggedIn({
		username: who.username,
		password: who.password,
		...(slug !== undefined && { account: slug }),
	});
	return ask(path, { method: "PUT", headers: { ...bearer(token), ...json }, body: JSON.stringify(body) });
}

function vouch(id: string, email: string | null, by: Login, account = acme): Promise<Answer> {
	return put(`/v1/people/${id}/verified_email`, { email }, by, account);
}

/** Somebody who has entered this address. */
async function withAddress(email: string, roles: Readonly<Record<string, Role>> = { [acme]: "member" }) {
	const who = await aPerson(roles);
	const [first = acme] = Object.keys(roles);
	expect((await put("/v1/profile", { email }, who, first)).status).toBe(200);
	return who;
}

/** What an application is told, in a new sign-in. */
async function toldOf(who: Login, account = acme, client: Registered = webApp) {
	await advance(staleness + 1);
	return signedInTo(client, { scope: "openid email" }, { who, account });
}

async function isVerified(who: Login, account = acme, client: Registered = webApp): Promise<unknown> {
	const { idToken, accessToken } = await toldOf(who, account, client);
	const { email_verified } = claimsOf(idToken);
	expect((await userinfo(accessToken)).body.email_verified).toBe(email_verified);
	return email_verified;
}

describe("OIDC Core §5.1: email_verified", () => {
	test("is false until an administrator of the account says that it is theirs, and is true then", async () => {
		const who = await withAddress("a1@acme.example");
		expect(await isVerified(who)).toBe(false);
		const saved = await vouch(who.id, "a1@acme.example", ada);
		expect([saved.status, saved.body]).toEqual([200, { email: "a1@acme.example" }]);
		expect(await isVerified(who)).toBe(true);
		const { refreshToken } = await toldOf(who);
		expect(claimsOf(idTokenOf(await refresh(refreshToken, { client: webApp }))).email_verified).toBe(true);
	});

	test("another address that they enter is not verified, and what is taken back is not any more", async () => {
		const who = await withAddress("a2@acme.example");
		await vouch(who.id, "a2@ACME.example", ada);
		expect(await isVerified(who)).toBe(true);
		for (const email of ["else@acme.example", "A2@acme.example", "a2@acme.example.evil.example"]) {
			await put("/v1/profile", { email }, who);
			expect([email, await isVerified(who)]).toEqual([email, false]);
		}
		await put("/v1/profile", { email: "a2@acme.example" }, who);
		await vouch(who.id, null, ada);
		expect(await isVerified(who)).toBe(false);
	});

	test("who has entered none has none to verify", async () => {
		const who = await aPerson({ [acme]: "member" });
		await vouch(who.id, "a3@acme.example", ada);
		expect(claimsOf((await toldOf(who)).idToken)).not.toHaveProperty("email_verified");
	});
});

function pathOf(id: string): string {
	return `/console/acme/settings/people/${id}/email`;
}

describe("in the console", () => {
	test("an administrator writes it, sees it where the person stands, and finds it in the audit log", async () => {
		const who = await withAddress("c1@acme.example");
		const { open, send } = await atConsole(ada);
		const [path, member] = [pathOf(who.id), pathOf(who.id).replace("/email", "")];
		expect((await open(member)).text).toContain(`href="${path}"`);
		const saved = async (email: string) => {
			const { status, headers } = await send(path, path, { email });
			expect(status).toBe(303);
			return wordsOf(await open(headers.get("location") ?? ""));
		};
		expect(await saved("")).toContain("Nothing has changed: it was so before.");
		const verified = await saved(" c1@acme.example ");
		expect(verified).toContain("The address is verified.");
		expect(verified).toContain("c1@acme.example is said to be theirs");
		expect(await saved("c1@acme.example")).toContain("Nothing has changed");
		expect(await isVerified(who)).toBe(true);
		const { entries } = (await ask(`/v1/audit?target=${who.id}`, { headers: bearer(await tokenOf()) })).body;
		const act = { action: "member.verify_email", detail: { email: "c1@acme.example", before: "" } };
		expect(entries).toContainEqual(expect.objectContaining(act));
		expect(await saved("")).toContain("It is removed.");
		expect(await isVerified(who)).toBe(false);
	});

	test("what is no address comes back as it was typed, and of two at once the second is told of the first", async () => {
		const { id } = await aPerson({ [acme]: "member" });
		const { open, send, cookie } = await atConsole(ada);
		const path = pathOf(id);
		const wrong = await send(path, path, { email: "nobody" });
		expect([wrong.status, wordsOf(wrong).includes("Enter an e-mail address")]).toEqual([400, true]);
		const before = hiddenOf(await open(path), path);
		await send(path, path, { email: "first@acme.example" });
		const second = await postForm(path, { ...before, email: "second@acme.example" }, { cookie, ...ownPage });
		expect([second.status, second.text.includes("first@acme.example")]).toEqual([409, true]);
	});

	test("a member cannot, nor can another site, nor an administrator of elsewhere", async () => {
		const who = await withAddress("c2@acme.example");
		const path = pathOf(who.id);
		const member = await atConsole(await aPerson({ [acme]: "member" }));
		const foreign = await atConsole(await aPerson({ [globex]: "admin" }));
		const typed = { email: "c2@acme.example" };
		expect((await member.open(path)).status).toBe(403);
		expect((await member.post(path, typed)).status).toBe(403);
		expect((await postForm(path, typed, { cookie: foreign.cookie, ...ownPage })).status).toBe(404);
		const own = `/console/globex/settings/people/${who.id}/email`;
		expect((await foreign.post(own, typed)).status).toBe(404);
		const { send } = await atConsole(ada);
		expect((await send(path, path, typed, { "sec-fetch-site": "cross-site" })).status).toBe(403);
		expect(await isVerified(who)).toBe(false);
	});
});

describe("whose word counts for whom", () => {
	test("an administrator's for the applications of their own account, in that account, and for no other", async () => {
		const who = await withAddress("ceo@victim.example", { [acme]: "member", [globex]: "member" });
		await vouch(who.id, "ceo@victim.example", ada);
		const [theirs, nobodys] = [
			await aClient(webApp, { accountId: globex }),
			await aClient(webApp, { accountId: null }),
		];
		expect(await isVerified(who)).toBe(true);
		// In the other account they are nobody that Acme's administrator could speak for.
		expect(await isVerified(who, globex)).toBe(false);
		// What is told to another account's application would let one tenant be anybody in it.
		expect(await isVerified(who, acme, theirs)).toBe(false);
		expect(await isVerified(who, globex, theirs)).toBe(false);
		expect(await isVerified(who, acme, nobodys)).toBe(false);
	});

	test("of another account's administrator, of a member, and of the person themselves: none", async () => {
		const who = await withAddress("a4@acme.example");
		const foreign = await aPerson({ [globex]: "admin" });
		const member = await aPerson({ [acme]: "member" });
		expect(refusal(await vouch(who.id, "a4@acme.example", foreign, globex))).toBe("404 Not Found");
		expect(refusal(await vouch(who.id, "a4@acme.example", member))).toBe("403 Forbidden");
		expect(refusal(await vouch(who.id, "a4@acme.example", who))).toBe("403 Forbidden");
		const byKey = await ask(`/v1/people/${who.id}/verified_email`, {
			method: "PUT",
			headers: { ...bearer(await loggedIn({ api_key: demo.apiKey.accessCode })), ...json },
			body: '{"email":"a4@acme.example"}',
		});
		expect(refusal(byKey)).toBe("403 Forbidden");
		const { accessToken } = await signedInTo(webApp);
		const byApplication = await ask(`/v1/people/${who.id}/verified_email`, {
			method: "PUT",
			headers: { ...bearer(accessToken), ...json },
			body: '{"email":"a4@acme.example"}',
		});
		expect(refusal(byApplication)).toBe("401 Unauthorized");
		expect(await isVerified(who)).toBe(false);
	});

	test("whoever was removed from the account, and comes back, is not verified any more", async () => {
		const account = await anAccount();
		const admin = await aPerson({ [account]: "admin" });
		const who = await withAddress("a5@acme.example", { [account]: "member" });
		const client = await aClient(webApp, { accountId: account });
		expect((await vouch(who.id, "a5@acme.example", admin, account)).status).toBe(200);
		expect(await isVerified(who, account, client)).toBe(true);
		const office = await atConsole(admin);
		const slug = slugOf(account);
		const question = `/console/${slug}/settings/people/${who.id}/remove`;
		await office.send(question, question);
		expect((await acceptBy(await invitedBy(office, slug), await signedIn(who))).status).toBe(303);
		expect(await isVerified(who, account, client)).toBe(false);
	});

	test.each(["ada", "ada@acme", "@acme.example", "a b@acme.example", ""])("%j is no address", async (email) => {
		const who = await aPerson({ [acme]: "member" });
		expect((await vouch(who.id, email, ada)).status).toBe(400);
	});

	test("of five at once each is written", async () => {
		const who = await aPerson({ [acme]: "member" });
		const headers = { ...bearer(await tokenOf()), ...json };
		const answers = await Promise.all(
			times(5, (index) => {
				const body = JSON.stringify({ email: `b${index}@acme.example` });
				return ask(`/v1/people/${who.id}/verified_email`, { method: "PUT", headers, body });
			}),
		);
		expect(answers.map(({ status }) => status)).toEqual(times(5, () => 200));
	});
});
