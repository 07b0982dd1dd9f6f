import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { flowTtl } from "../../src/operations/people/provider-flow.ts";
import { clientId, clientSecret, startOpenIdProvider } from "../peers/openid-provider.ts";
import { staleness } from "../../src/operations/lookups.ts";
import { call, good, inAcme, inGlobex, newKey, tokenOf } from "../support/keys-api.ts";
import { logIn } from "../support/logins.ts";
import { atConsole, hiddenOf, wordsOf } from "../support/console.ts";
import { ada, codeOf, formOn, grace } from "../support/people.ts";
import { confirm, newDomain, verifiedDomain } from "../support/account-domains.ts";
import { newDeploymentProvider } from "../support/sign-in-providers.ts";
import { invitedBy } from "../support/invitations.ts";
import { anAccount, aPerson, slugOf } from "../support/registered.ts";
import { alertsFound } from "../support/searches.ts";
import { ask, locationOf, ownPage, refusal, times } from "../support/requests.ts";
import { advance, demo, now } from "../support/target.ts";
import {
	aProvider,
	aVisitor,
	changeProvider,
	linked,
	type ProviderVisitor,
	whoIsIn,
} from "../support/through-provider.ts";
import { authorizePath, claimsOf, exchange } from "../support/tokens.ts";
import { idTokenOf } from "../support/openid.ts";

const idp = await startOpenIdProvider(now);
const other = await startOpenIdProvider(now);
afterAll(() => Promise.all([idp.close(), other.close()]));
beforeEach(() => {
	idp.reset();
	other.reset();
});

let made = 0;

interface Listed {
	readonly people: readonly { readonly id: string; readonly username: string }[];
}

/** Somebody whom nobody here knows. */
function aStranger(changes: object = {}) {
	const sub = `user-${++made}`;
	return { sub, preferred_username: `lin${made}`, name: `Lin ${made}`, ...changes };
}

async function comesIn(visitor: ProviderVisitor, id: string): Promise<string> {
	locationOf(await visitor.come(id, idp));
	return whoIsIn(visitor);
}

const groupsPath = (prompt: string) => authorizePath(demo.webApp, { scope: "openid groups", prompt });

describe("a sign-in through the provider of an account", () => {
	test("OIDC Core §3.1.2.1: asks with PKCE, a nonce and a state of its own, for an answer at the provider's own callback", async () => {
		const id = await aProvider(idp);
		idp.user = aStranger();
		await (await aVisitor()).come(id, idp);
		await (await aVisitor()).come(id, idp);
		const [one, another] = idp.asked.slice(-2);
		expect(Object.fromEntries(one ?? [])).toEqual({
			response_type: "code",
			client_id: "latchkey-at-the-provider",
			redirect_uri: `http://localhost:8787/sign-in/with/${id}/callback`,
			scope: "openid profile email",
			state: expect.stringMatching(/^.{22}$/),
			nonce: expect.stringMatching(/^.{22}$/),
			code_challenge: expect.stringMatching(/^.{43}$/),
			code_challenge_method: "S256",
		});
		for (const name of ["state", "nonce", "code_challenge"]) expect(one?.get(name)).not.toBe(another?.get(name));
	});

	test.each(["client_secret_basic", "client_secret_post"])("OIDC Core §9: says who we are by %s", async (how) => {
		const id = await aProvider(idp, { token_endpoint_auth_method: how });
		idp.user = aStranger();
		await comesIn(await aVisitor(), id);
		const { authorization, form } = idp.redeemed.at(-1) ?? {};
		expect([authorization !== undefined, form?.has("client_secret")]).toEqual([
			how === "client_secret_basic",
			how === "client_secret_post",
		]);
	});

	test("lets in whom it vouches for, just in time, and it is the same person each time", async () => {
		const id = await aProvider(idp);
		idp.user = aStranger({ preferred_username: "mira", name: "Mira" });
		const visitor = await aVisitor();
		const answer = await visitor.come(id, idp, { continue: "/console/acme/my-access" });
		expect(locationOf(answer).pathname).toBe("/console/acme/my-access");
		expect(await whoIsIn(visitor)).toBe("mira@acme");
		// Another of that name is another person, under another name.
		idp.user = { ...idp.user, sub: "another mira" };
		expect(await comesIn(await aVisitor(), id)).toMatch(/^[a-z\d]+@acme$/);
		idp.user = { sub: `user-${made}`, preferred_username: "mira-by-now" };
		expect(await comesIn(await aVisitor(), id)).toBe("mira@acme");
	});

	test("is one new person, in however many browsers they come for the first time at once", async () => {
		const id = await aProvider(idp);
		idp.user = aStranger({ preferred_username: "twice-at-once" });
		const visitors = await Promise.all(times(4, () => aVisitor()));
		const back: URL[] = [];
		for (const visitor of visitors) back.push(await idp.visit(locationOf(await visitor.begin(id)).href));
		await Promise.all(visitors.map((visitor, index) => visitor.comeBack(back[index] ?? new URL(idp.issuer))));
		const names = await Promise.all(visitors.map(whoIsIn));
		expect(new Set(names).size).toBe(1);
		expect(names[0]).toMatch(/@acme$/);
	});

	test("nobody becomes a member who is not to: without just in time, or of no domain of the account's", async () => {
		const closed = await aProvider(idp, { just_in_time: false });
		const domains = await aProvider(idp, { admits: "domains" });
		// Of a domain that nobody has shown to be theirs, and of none.
		for (const claims of [{}, { email: "ada@acme.example", email_verified: true }]) {
			for (const id of [closed, domains]) {
				idp.user = aStranger(claims);
				const visitor = await aVisitor();
				expect(refusal(await visitor.come(id, idp))).toBe("403 Not known here");
				expect(await whoIsIn(visitor)).toBe("nobody");
			}
		}
	});

	test("an address that it verified, of a domain that was shown to be the account's, lets somebody in, and becomes theirs there", async () => {
		const id = await aProvider(idp, { admits: "domains" });
		const { domain } = await verifiedDomain();
		const email = `lin@${domain}`;
		idp.user = aStranger({ email, email_verified: true });
		expect(await comesIn(await aVisitor(), id)).toMatch(/@acme$/);
		const members = (await call("GET", "/v1/people")).body.people as { verified_email?: string }[];
		expect(members.filter((member) => member.verified_email === email)).toHaveLength(1);
		for (const claims of [
			{ email },
			{ email, email_verified: "true" },
			{ email: `lin@sub.${domain}`, email_verified: true },
		]) {
			idp.user = aStranger(claims);
			expect(refusal(await (await aVisitor()).come(id, idp))).toBe("403 Not known here");
		}
	});

	test("OIDC Core §5.3.2: that one address is verified, as UserInfo says, makes another in the id_token no verified one", async () => {
		const id = await aProvider(idp, { admits: "domains" });
		const { domain } = await verifiedDomain();
		idp.user = aStranger({ email: `lin@${domain}`, email_verified: true });
		idp.says = { email: `boss@${domain}`, email_verified: undefined, name: undefined };
		expect(refusal(await (await aVisitor()).come(id, idp))).toBe("403 Not known here");
	});

	test("an address of a domain that is another account's lets nobody in, and is nobody's in this one", async () => {
		const { domain } = await newDomain(null, { credential: await inGlobex() });
		expect((await confirm(domain, "globex")).status).toBeLessThan(300);
		const email = `lin@${domain}`;
		idp.user = aStranger({ email, email_verified: true });
		const closed = await aProvider(idp, { admits: "domains" });
		expect(refusal(await (await aVisitor()).come(closed, idp))).toBe("403 Not known here");
		await comesIn(await aVisitor(), await aProvider(idp));
		const members = (await call("GET", "/v1/people")).body.people as { verified_email?: string }[];
		expect(members.filter((member) => member.verified_email === email)).toEqual([]);
	});

	test("lets nobody into an account that is suspended", async () => {
		const account = await anAccount();
		const admin = await aPerson({ [account]: "admin" });
		const id = await aProvider(idp, {}, await tokenOf(admin, slugOf(account)));
		const visitor = await aVisitor();
		idp.user = aStranger();
		const { href } = locationOf(await visitor.begin(id));
		good(await call("POST", `/v1/accounts/${slugOf(account)}/suspend`), 200);
		await advance(staleness + 1);
		expect(refusal(await visitor.comeBack(await idp.visit(href)))).toBe("404 No such provider");
	});

	test("OIDC Core §5.7: an address that somebody here has makes nobody that person, verified or not", async () => {
		const id = await aProvider(idp);
		const person = await aPerson({ [demo.accounts.acme]: "admin" }, undefined, {
			profile: { email: "owner@acme.example" },
			verifiedEmail: "owner@acme.example",
		});
		for (const email_verified of [true, false]) {
			idp.user = aStranger({ email: "owner@acme.example", email_verified, preferred_username: person.username });
			expect(await comesIn(await aVisitor(), id)).not.toBe(person.username);
		}
	});

	test("opens that account alone, of somebody who belongs to others and runs the deployment", async () => {
		const id = await aProvider(idp);
		const { acme, globex } = demo.accounts;
		const person = await aPerson({ [acme]: "admin", [globex]: "admin" }, undefined, { isOperator: true });
		idp.user = aStranger();
		await linked(person, id, idp);
		const visitor = await aVisitor();
		expect(await comesIn(visitor, id)).toBe(person.username);
		expect((await visitor.open("/console/acme/keys")).status).toBe(200);
		expect((await visitor.open("/console/acme/keys")).text).not.toContain("Globex");
		expect((await visitor.open("/")).text).not.toContain("Globex");
		expect((await visitor.open("/console/globex/keys")).status).toBe(404);
		for (const path of ["/operator", "/operator/accounts"]) expect((await visitor.open(path)).status).toBe(404);
		expect((await visitor.open("/accounts/new")).status).toBe(403);
		// What is the person's own, whichever account they look at it from.
		const own = ["settings", "settings/profile", "settings/profile/email", "security/recovery-codes"];
		for (const path of [
			...own.map((page) => `/console/acme/${page}`),
			"/console/acme/security/password",
			"/console/acme/security/sign-out-everywhere",
			"/console/acme/my-access/grants/revoke-all",
		]) {
			expect([path, refusal(await visitor.open(path))]).toEqual([path, "403 Sign in as yourself"]);
		}
	});

	test("no link of the console leads to what is closed to it", async () => {
		const id = await aProvider(idp, { default_role: "admin" });
		idp.user = aStranger();
		const visitor = await aVisitor();
		await comesIn(visitor, id);
		const begin = "/console/acme/settings/account";
		const { text } = await visitor.open(begin);
		const paths = [...text.matchAll(/<a href="(\/console\/[^"]+)"/g)].map(([, path = ""]) => path);
		expect(paths).toEqual(expect.arrayContaining([begin, "/console/acme/keys", "/console/acme/settings/people"]));
		for (const path of paths) expect([path, (await visitor.open(path)).status]).toEqual([path, 200]);
	});

	test("accepts no invitation of another account", async () => {
		const id = await aProvider(idp);
		idp.user = aStranger();
		const visitor = await aVisitor();
		await comesIn(visitor, id);
		const link = await invitedBy(await atConsole(grace), "globex");
		const page = await visitor.open(link);
		expect(page.text).not.toContain('value="accept"');
		const answer = await visitor.post(link, { answer: "accept" });
		expect(locationOf(answer).pathname).toBe("/sign-in");
	});

	test("whoever was removed does not come in again, whatever it says of them, until they are invited anew", async () => {
		const id = await aProvider(idp);
		idp.user = aStranger();
		const username = await comesIn(await aVisitor(), id);
		const own = await tokenOf(ada, "acme");
		const { people } = good<Listed>(await call("GET", "/v1/people?limit=100", undefined, own));
		const { id: person } = people.find((each) => each.username === username) ?? { id: "nobody" };
		expect((await call("DELETE", `/v1/people/${person}`, undefined, own)).status).toBe(204);
		const elsewhere = await invitedBy(await atConsole(grace), "globex");
		const visitor = await aVisitor();
		for (const path of ["/", "/join/none", elsewhere]) {
			expect(refusal(await visitor.come(id, idp, { continue: path }))).toBe("403 Not a member");
		}
		const link = await invitedBy(await atConsole(ada), "acme", { role: "admin" });
		expect(locationOf(await visitor.come(id, idp, { continue: link })).pathname).toBe(link);
		// So far it opens nothing else.
		expect((await visitor.open("/console/acme")).status).not.toBe(200);
		const page = await visitor.open(link);
		expect(locationOf(await visitor.post(link, hiddenOf(page, link))).pathname).toBe("/console/acme");
		expect(await whoIsIn(visitor)).toBe(username);
		expect(await isAdmin(visitor)).toBe(true);
		const again = await aVisitor();
		expect(await comesIn(again, id)).toBe(username);
		expect(refusal(await visitor.open(link))).toBe("410 Accepted already");
	});

	test("whoever left and has a way in of their own is not brought back by who runs the provider and invites them", async () => {
		const id = await aProvider(idp);
		const { acme, globex } = demo.accounts;
		const person = await aPerson({ [acme]: "member", [globex]: "member" });
		idp.user = aStranger();
		await linked(person, id, idp);
		const gone = await call("DELETE", `/v1/people/${person.id}`, undefined, await tokenOf(ada, "acme"));
		expect(gone.status).toBe(204);
		const link = await invitedBy(await atConsole(ada), "acme");
		expect(refusal(await (await aVisitor()).come(id, idp, { continue: link }))).toBe("403 Not a member");
		const own = await aVisitor(person);
		const accepted = await own.post(link, hiddenOf(await own.open(link), link));
		expect(locationOf(accepted).pathname).toBe("/console/acme");
	});

	test("an application is offered that account and no other, and what was agreed to in another is asked anew", async () => {
		const id = await aProvider(idp);
		const { acme, globex } = demo.accounts;
		const person = await aPerson({ [acme]: "member", [globex]: "member" });
		const path = authorizePath(demo.webApp, { scope: "openid", prompt: undefined });
		const own = await aVisitor(person);
		const asked = formOn(await own.open(path), "decision");
		const agreed = await own.post(asked.action, { ...asked.hidden, account: globex, decision: "allow" });
		expect(claimsOf(idTokenOf(await exchange(codeOf(agreed), { client: demo.webApp }))).sub).toBe(person.id);
		expect(locationOf(await own.open(path)).searchParams.has("code")).toBe(true);

		idp.user = aStranger();
		await linked(person, id, idp);
		const visitor = await aVisitor();
		await comesIn(visitor, id);
		const page = await visitor.open(path);
		expect(page.status).toBe(200);
		expect(page.text).not.toContain("Globex");
		const form = formOn(page, "decision");
		expect((await visitor.post(form.action, { ...form.hidden, account: globex, decision: "allow" })).status).toBe(400);
		const silent = locationOf(await visitor.open(authorizePath(demo.webApp, { scope: "openid", prompt: "none" })));
		expect(silent.searchParams.get("error")).toBe("consent_required");
	});

	test("what somebody agreed to in another account stays as it was, whatever is agreed to by whoever comes in so", async () => {
		const id = await aProvider(idp);
		const { acme, globex } = demo.accounts;
		const person = await aPerson({ [acme]: "member", [globex]: "member" });
		const agrees = async (visitor: ProviderVisitor, account: string) => {
			const form = formOn(await visitor.open(groupsPath("consent")), "decision");
			return visitor.post(form.action, { ...form.hidden, account, decision: "allow" });
		};
		const own = await aVisitor(person);
		await agrees(own, globex);
		idp.user = aStranger();
		await linked(person, id, idp);
		const visitor = await aVisitor();
		await comesIn(visitor, id);
		expect(locationOf(await agrees(visitor, acme)).searchParams.has("code")).toBe(true);
		const silent = codeOf(await (await aVisitor(person)).open(groupsPath("none")));
		expect(claimsOf(idTokenOf(await exchange(silent, { client: demo.webApp }))).groups).toContain("globex");
	});

	test("what somebody agreed to so is not asked anew of whoever comes in so", async () => {
		const id = await aProvider(idp);
		idp.user = aStranger();
		const visitor = await aVisitor();
		await comesIn(visitor, id);
		const form = formOn(
			await visitor.open(authorizePath(demo.webApp, { scope: "openid", prompt: undefined })),
			"decision",
		);
		await visitor.post(form.action, { ...form.hidden, decision: "allow" });
		const silent = await visitor.open(authorizePath(demo.webApp, { scope: "openid", prompt: "none" }));
		expect(locationOf(silent).searchParams.has("code")).toBe(true);
	});

	test("RFC 8176: how somebody signed in there is told where the provider is trusted to say it, and else nothing is", async () => {
		const id = await aProvider(idp);
		idp.user = aStranger({ amr: ["pwd", "otp", "mfa", "face"] });
		const told = async () => {
			const visitor = await aVisitor();
			await comesIn(visitor, id);
			const form = formOn(
				await visitor.open(authorizePath(demo.webApp, { scope: "openid", prompt: "consent" })),
				"decision",
			);
			const answer = await visitor.post(form.action, { ...form.hidden, decision: "allow" });
			return claimsOf(idTokenOf(await exchange(codeOf(answer), { client: demo.webApp })));
		};
		const silent = await told();
		expect([silent.amr, "acr" in silent]).toEqual([[], false]);
		await changeProvider(id, { trusts_amr: true });
		expect((await told()).amr).toEqual(["pwd", "otp", "mfa"]);
	});

	test("OIDC Core §2: auth_time is when they showed it there who they are, as far as it says so, and never later than now", async () => {
		const id = await aProvider(idp);
		const said = async (auth_time: unknown) => {
			idp.user = aStranger({ auth_time });
			const visitor = await aVisitor();
			await comesIn(visitor, id);
			const path = authorizePath(demo.webApp, { scope: "openid", prompt: "consent" });
			const form = formOn(await visitor.open(path), "decision");
			const answer = await visitor.post(form.action, { ...form.hidden, decision: "allow" });
			return claimsOf(idTokenOf(await exchange(codeOf(answer), { client: demo.webApp }))).auth_time;
		};
		const at = now();
		expect(await said(at - 3600)).toBe(at - 3600);
		expect(await said(undefined)).toBeGreaterThanOrEqual(at);
		const later = Number(await said(at + 30));
		expect([later >= at, later <= now()]).toEqual([true, true]);
	});

	test("whoever is signed in and comes once more is asked there anew, and an answer that says otherwise is no good", async () => {
		const id = await aProvider(idp);
		idp.user = aStranger({ auth_time: now() - 3600 });
		const visitor = await aVisitor();
		await comesIn(visitor, id);
		expect(idp.asked.at(-1)?.has("prompt")).toBe(false);
		expect(refusal(await visitor.come(id, idp))).toBe("502 Not signed in");
		expect(idp.asked.at(-1)?.get("prompt")).toBe("login");
		expect(idp.asked.at(-1)?.get("max_age")).toBe("0");
	});

	test("shows who somebody is once more only where it was told to ask them: who is signed in there comes in by a click", async () => {
		const id = await aProvider(idp, { default_role: "admin" });
		const member = await aPerson({ [demo.accounts.acme]: "member" });
		const path = `/console/acme/settings/people/${member.id}/recovery`;
		idp.user = aStranger();
		const visitor = await aVisitor();
		await comesIn(visitor, id);
		const { text } = await visitor.open(path);
		expect([text.includes("which is enough"), text.includes("Sign in once more")]).toEqual([false, true]);
		const prove = async () => {
			const answer = await visitor.post(path, { ...hiddenOf(await visitor.open(path), path), recent: "yes" });
			return answer.text.includes("/recover/") || refusal(answer);
		};
		expect(await prove()).toMatch(/^403/);
		await visitor.come(id, idp);
		expect((await visitor.open(path)).text).toContain("which is enough");
		expect(await prove()).toBe(true);
		await advance(301);
		expect(await prove()).toMatch(/^403/);
	});

	test("deletes nothing by a click at a provider that asked for nothing, however new it is, nor a while after one that did", async () => {
		const id = await aProvider(idp, { default_role: "admin" });
		idp.user = aStranger();
		const visitor = await aVisitor();
		await comesIn(visitor, id);
		const key = await newKey();
		const path = `/console/acme/keys/${key.id}/delete`;
		const send = async (fields: Record<string, string> = {}) => {
			const answer = await visitor.post(path, { ...hiddenOf(await visitor.open(path), path), ...fields });
			return answer.status;
		};
		expect([await send(), await send({ recent: "yes" })]).toEqual([400, 403]);
		await visitor.come(id, idp);
		await advance(901);
		expect([await send(), await send({ recent: "yes" })]).toEqual([400, 403]);
		await visitor.come(id, idp);
		expect(await send()).toBe(303);
	});

	test("OIDC Core §3.1.2.1: max_age and prompt=login have somebody asked there, whoever is signed in there", async () => {
		const id = await aProvider(idp);
		idp.user = aStranger();
		const visitor = await aVisitor();
		await comesIn(visitor, id);
		const path = authorizePath(demo.webApp, { scope: "openid", max_age: "43000", prompt: "consent" });
		const page = await visitor.open(path);
		const { hidden } = formOn(page, "password");
		await visitor.come(id, idp, { continue: hidden.continue ?? "" });
		expect(idp.asked.at(-1)?.get("prompt")).toBe("login");
		expect(formOn(await visitor.open(hidden.continue ?? ""), "decision")).toBeDefined();
	});

	test.each([
		[{ prompt: "login" }, "login"],
		[{ max_age: "60" }, "login"],
		[{}, null],
	])(
		"OIDC Core §3.1.2.1: for a request with %j it is told to, by who is led there by an address as well",
		async (asks, told) => {
			const { domain } = await verifiedDomain(await aProvider(idp));
			await advance(staleness + 1);
			const visitor = await aVisitor();
			const form = formOn(await visitor.open(authorizePath(demo.webApp, { scope: "openid", ...asks })), "password");
			const led = formOn(await visitor.post(form.action, { ...form.hidden, username: `lin@${domain}` }), "login_hint");
			await idp.visit(locationOf(await visitor.post(led.action, led.hidden)).href);
			expect(idp.asked.at(-1)?.get("prompt")).toBe(told);
		},
	);
});

const isAdmin = async (visitor: ProviderVisitor) =>
	(await visitor.open("/console/acme/settings/trusted-issuers")).status === 200;

describe("roles by groups", () => {
	const groups = {
		groups_claim: "teams",
		group_roles: [
			{ group: "staff", role: "member" },
			{ group: "it", role: "admin" },
		],
		default_role: null,
	};
	test("each sign-in has the one that they say then, and whoever is in none comes in no more", async () => {
		const id = await aProvider(idp, groups);
		const someone = aStranger();
		const comes = async (teams: unknown) => {
			idp.user = { ...someone, teams };
			const visitor = await aVisitor();
			const answer = await visitor.come(id, idp);
			return answer.status === 303 ? isAdmin(visitor) : refusal(answer);
		};
		expect(await comes(["staff"])).toBe(false);
		expect(await comes(["it", "staff"])).toBe(true);
		expect(await comes("staff")).toBe(false);
		for (const none of [["IT"], [], undefined, { it: true }]) expect(await comes(none)).toBe("403 Not for your groups");
	});

	test("a stranger who is in no group becomes nobody", async () => {
		const id = await aProvider(idp, groups);
		idp.user = aStranger({ teams: ["elsewhere"] });
		expect(refusal(await (await aVisitor()).come(id, idp))).toBe("403 Not for your groups");
	});
});

describe("what a provider says that does not hold signs nobody in", () => {
	test.each<[string, Record<string, unknown>]>([
		["another issuer", { iss: "https://idp.elsewhere.example" }],
		["another audience", { aud: "another-client" }],
		["more audiences without azp", { aud: ["latchkey-at-the-provider", "another-client"] }],
		["another's azp", { aud: ["latchkey-at-the-provider", "another-client"], azp: "another-client" }],
		["another nonce", { nonce: "of another sign-in" }],
		["no nonce", { nonce: undefined }],
		["a time that is over", { iat: now() - 3600, exp: now() - 300 }],
		["no time", { exp: undefined }],
		["nobody", { sub: undefined }],
		["an empty sub", { sub: "" }],
		["a sub beyond 255 characters", { sub: "x".repeat(256) }],
	])("OIDC Core §3.1.3.7: an id_token of %s", async (_, says) => {
		const id = await aProvider(idp);
		idp.user = aStranger();
		idp.says = says;
		const visitor = await aVisitor();
		expect(refusal(await visitor.come(id, idp))).toBe("502 Not signed in");
		expect(await whoIsIn(visitor)).toBe("nobody");
	});

	test("OIDC Discovery §4.3: metadata of another issuer", async () => {
		const id = await aProvider(idp);
		idp.metadata = { issuer: other.issuer };
		expect(refusal(await (await aVisitor()).begin(id))).toBe("502 Not signed in");
	});

	test.each(["javascript:alert(1)", "ftp://idp.example/authorize", "not a URL"])(
		"an authorization endpoint that no browser should be sent to: %s",
		async (authorization_endpoint) => {
			const id = await aProvider(idp);
			idp.metadata = { authorization_endpoint };
			expect(refusal(await (await aVisitor()).begin(id))).toBe("502 Not signed in");
		},
	);

	test("a signature by a key that the provider does not have", async () => {
		const id = await aProvider(idp);
		idp.user = aStranger();
		await idp.forge();
		expect(refusal(await (await aVisitor()).come(id, idp))).toBe("502 Not signed in");
		await idp.rotate();
	});

	test("OIDC Core §10.1.1: while a key that it has changed to counts at once", async () => {
		const id = await aProvider(idp);
		idp.user = aStranger();
		const visitor = await aVisitor();
		await comesIn(visitor, id);
		await idp.rotate();
		expect(await comesIn(await aVisitor(), id)).toBe(await whoIsIn(visitor));
	});

	test("RFC 9207 §2.4: an answer that names another issuer, or none where the provider always names itself", async () => {
		const id = await aProvider(idp);
		idp.user = aStranger();
		const answered = async (changes: Record<string, string | undefined>) => {
			const visitor = await aVisitor();
			const { href } = locationOf(await visitor.begin(id));
			return visitor.comeBack(await idp.visit(href, changes));
		};
		expect(refusal(await answered({ iss: other.issuer }))).toBe("502 Not signed in");
		idp.metadata = { authorization_response_iss_parameter_supported: true };
		expect(refusal(await answered({}))).toBe("502 Not signed in");
		expect((await answered({ iss: idp.issuer })).status).toBe(303);
	});

	test("RFC 6749 §4.1.2.1: whoever said no there is signed in nowhere", async () => {
		const id = await aProvider(idp);
		const visitor = await aVisitor();
		const { href } = locationOf(await visitor.begin(id));
		const back = await idp.visit(href, { code: undefined, error: "access_denied" });
		expect(refusal(await visitor.comeBack(back))).toBe("403 Not signed in");
	});
});

describe("only the browser that began it comes in", () => {
	test("RFC 6749 §10.12: a callback that is opened in another browser, where another was begun as well, signs nobody in", async () => {
		const id = await aProvider(idp);
		const [attacker, victim] = [await aVisitor(), await aVisitor()];
		idp.user = aStranger();
		const back = await idp.visit(locationOf(await attacker.begin(id)).href);
		expect(refusal(await victim.comeBack(back))).toBe("400 Begin again");
		await victim.begin(id);
		expect(refusal(await victim.comeBack(back))).toBe("400 Begin again");
		expect(await whoIsIn(victim)).toBe("nobody");
	});

	test("RFC 9700 §4.4: what one provider answers is nobody's at the callback of another", async () => {
		const [one, two] = [await aProvider(idp), await aProvider(other)];
		const visitor = await aVisitor();
		other.user = aStranger();
		const back = await other.visit(locationOf(await visitor.begin(two)).href);
		back.pathname = back.pathname.replace(two, one);
		expect(refusal(await visitor.comeBack(back))).toBe("400 Begin again");
	});

	test("RFC 9700 §4.7: an answer counts once, by whoever kept the cookie too, and for ten minutes", async () => {
		const id = await aProvider(idp);
		idp.user = aStranger();
		const visitor = await aVisitor();
		const begun = locationOf(await visitor.begin(id)).href;
		const kept = new Map(visitor.cookies);
		const back = await idp.visit(begun);
		locationOf(await visitor.comeBack(back));
		const again = await aVisitor(null, kept);
		expect(refusal(await again.comeBack(await idp.visit(begun)))).toBe("400 Begin again");

		const late = await aVisitor();
		const { href } = locationOf(await late.begin(id));
		await advance(flowTtl);
		expect(refusal(await late.comeBack(await idp.visit(href)))).toBe("400 Begin again");
	});

	test("a page of another site begins none", async () => {
		const id = await aProvider(idp);
		const answer = await (await aVisitor()).post(`/sign-in/with/${id}`, {}, { "sec-fetch-site": "cross-site" });
		expect(refusal(answer)).toBe("403 Not from here");
	});

	test("whoever comes back is led to a page of ours and nowhere else", async () => {
		const id = await aProvider(idp);
		idp.user = aStranger();
		const answer = await (await aVisitor()).come(id, idp, { continue: "https://evil.example/" });
		expect(answer.headers.get("location")).toBe("/");
	});
});

test("RFC 6265bis §5.7: a long request of an application waits in cookies that a browser keeps", async () => {
	const id = await aProvider(idp);
	idp.user = aStranger();
	const visitor = await aVisitor();
	const continueTo = `/device?user_code=${"x".repeat(6000)}`;
	const begun = await visitor.begin(id, { continue: continueTo });
	// Whatever has more in its name and value is not kept.
	for (const line of begun.headers.getSetCookie()) {
		expect((line.split(";", 1)[0] ?? "").length).toBeLessThanOrEqual(4096);
	}
	const answer = await visitor.comeBack(await idp.visit(locationOf(begun).href));
	expect(answer.headers.get("location")).toBe(continueTo);
});

test("a callback that was opened late ends nothing that was begun since, in another tab", async () => {
	const id = await aProvider(idp);
	idp.user = aStranger();
	const visitor = await aVisitor();
	const before = await idp.visit(locationOf(await visitor.begin(id)).href);
	const after = await idp.visit(locationOf(await visitor.begin(id)).href);
	expect(refusal(await visitor.comeBack(before))).toBe("400 Begin again");
	expect((await visitor.comeBack(after)).status).toBe(303);
});

describe("a provider that is of no use closes its own way in, and no other", () => {
	const person = aPerson({ [demo.accounts.acme]: "member" });

	test.each<[string, string, number]>([
		["answers 500", "/.well-known/openid-configuration", 500],
		["answers 500", "/token", 500],
		["answers 500", "/jwks", 503],
	])("503 where it %s at %s", async (_, path, status) => {
		const id = await aProvider(idp);
		idp.user = aStranger();
		idp.answers.set(path, (__, response) => response.writeHead(status).end());
		const visitor = await aVisitor();
		const begun = await visitor.begin(id);
		const answer = begun.status === 303 ? await visitor.comeBack(await idp.visit(locationOf(begun).href)) : begun;
		expect(refusal(answer)).toBe("503 No answer");
		expect(answer.headers.get("retry-after")).not.toBeNull();
		expect(await whoIsIn(await aVisitor(await person))).not.toBe("nobody");
	});

	test("503 where nobody is there", async () => {
		const gone = await startOpenIdProvider(now);
		const id = await aProvider(gone);
		await gone.close();
		expect(refusal(await (await aVisitor()).begin(id))).toBe("503 No answer");
	});

	test("503 where it answers 10 MB", async () => {
		const id = await aProvider(idp);
		idp.answers.set("/.well-known/openid-configuration", (_, response) => {
			response.writeHead(200, { "content-type": "application/json" });
			response.end(`{"issuer":"${idp.issuer}","x":"${"x".repeat(10_000_000)}"}`);
		});
		expect(refusal(await (await aVisitor()).begin(id))).toBe("503 No answer");
	});

	test("503 where it never comes to an end", async () => {
		const id = await aProvider(idp);
		idp.answers.set("/.well-known/openid-configuration", (_, response) => {
			response.writeHead(200, { "content-type": "application/json" }).write("{");
		});
		expect(refusal(await (await aVisitor()).begin(id))).toBe("503 No answer");
	});

	test("what is turned off or deleted lets nobody in, and whom it let in is out", async () => {
		for (const end of ["off", "deleted"]) {
			const id = await aProvider(idp);
			idp.user = aStranger();
			const visitor = await aVisitor();
			await comesIn(visitor, id);
			const begun = await aVisitor();
			const { href } = locationOf(await begun.begin(id));
			if (end === "off") await changeProvider(id, { enabled: false });
			else await call("DELETE", `/v1/sign-in-providers/${id}`, undefined, await inAcme());
			await advance(31);
			expect([end, await whoIsIn(visitor)]).toEqual([end, "nobody"]);
			expect(refusal(await begun.comeBack(await idp.visit(href)))).toBe("404 No such provider");
			expect(refusal(await begun.begin(id))).toBe("404 No such provider");
		}
	});
});

async function aClosedAccount() {
	const account = await anAccount();
	const slug = slugOf(account);
	const [admin, member] = [await aPerson({ [account]: "admin" }), await aPerson({ [account]: "member" })];
	const credential = await tokenOf(admin, slug);
	const id = await aProvider(idp, { only: true }, credential);
	await advance(staleness + 1);
	return { account, slug, admin, member, id, credential };
}

describe("an account that lets its people in through its provider alone", () => {
	test("is closed to a member by whatever else: its console, consent for it and its login", async () => {
		const { account, slug, member, id } = await aClosedAccount();
		const visitor = await aVisitor(member);
		// The way in is one link away.
		const link = `/console/${slug}/security/providers/${id}/link`;
		expect((await visitor.open(`/console/${slug}/keys`)).text).toContain(`href="${link}"`);
		expect((await visitor.open(link)).status).toBe(200);
		for (const path of ["keys", "my-access", "api-access", "nothing/here"]) {
			const page = await visitor.open(`/console/${slug}/${path}`);
			expect([path, refusal(page)]).toEqual([path, "403 Through its provider alone"]);
		}
		const consent = await visitor.open(authorizePath(demo.webApp, { scope: "openid" }));
		expect(consent.text).not.toContain('value="allow"');
		expect(consent.text).toContain("Sign in through it");
		expect(refusal(await logIn({ ...member, account: slug }))).toBe("403 Forbidden");
		// Of several accounts it is the one that is not offered.
		const both = await aPerson({ [account]: "member", [demo.accounts.acme]: "member" });
		const choice = await (await aVisitor(both)).open(authorizePath(demo.webApp, { scope: "openid" }));
		expect(choice.text).toContain('value="allow"');
		expect(choice.text).not.toContain(account);
	});

	test("opens to a member who linked it and came in so, since what is one's own stays open", async () => {
		const { slug, member, id } = await aClosedAccount();
		idp.user = aStranger();
		await linked(member, id, idp, slug);
		const visitor = await aVisitor();
		expect(await comesIn(visitor, id)).toBe(member.username);
		expect((await visitor.open(`/console/${slug}/keys`)).status).toBe(200);
		const form = formOn(await visitor.open(authorizePath(demo.webApp, { scope: "openid" })), "decision");
		expect(codeOf(await visitor.post(form.action, { ...form.hidden, decision: "allow" }))).not.toBe("");
	});

	test("what a member agreed to before is not given anew silently", async () => {
		const { slug, admin, member, id, credential } = await aClosedAccount();
		const before = { only: false };
		await call("PATCH", `/v1/sign-in-providers/${id}`, before, credential);
		await advance(staleness + 1);
		const visitor = await aVisitor(member);
		const path = authorizePath(demo.webApp, { scope: "openid", prompt: undefined });
		const form = formOn(await visitor.open(path), "decision");
		codeOf(await visitor.post(form.action, { ...form.hidden, decision: "allow" }));
		expect(codeOf(await visitor.open(path))).not.toBe("");
		await call("PATCH", `/v1/sign-in-providers/${id}`, { only: true }, await tokenOf(admin, slug));
		await advance(staleness + 1);
		expect((await visitor.open(path)).text).not.toContain('value="allow"');
	});

	test("opens to whoever administers it by a password, who can turn it off when it is away", async () => {
		const { slug, admin, member, id, credential } = await aClosedAccount();
		idp.answers.set("/.well-known/openid-configuration", (_, response) => response.writeHead(500).end());
		expect((await (await aVisitor(admin)).open(`/console/${slug}/keys`)).status).toBe(200);
		expect((await logIn({ ...admin, account: slug })).status).toBe(200);
		await call("PATCH", `/v1/sign-in-providers/${id}`, { enabled: false }, credential);
		await advance(staleness + 1);
		expect((await (await aVisitor(member)).open(`/console/${slug}/keys`)).status).toBe(200);
	});
});

describe("a link to a provider", () => {
	test("is made by who is signed in and shows who they are once more, and ends with every sign-in that it opened", async () => {
		const id = await aProvider(idp, { just_in_time: false });
		const person = await aPerson({ [demo.accounts.acme]: "member" });
		idp.user = aStranger();
		const me = await linked(person, id, idp);
		const visitor = await aVisitor();
		expect(await comesIn(visitor, id)).toBe(person.username);
		const page = await me.open("/console/acme/security");
		const path = `/console/acme/security/providers/${id}/unlink`;
		expect(locationOf(await me.post(path, hiddenOf(page, path))).pathname).toBe("/console/acme/security");
		expect(await whoIsIn(visitor)).toBe("nobody");
		expect(refusal(await (await aVisitor()).come(id, idp))).toBe("403 Not known here");
	});

	test("is taken away by an administrator of the provider's account as well, and by nobody of another", async () => {
		const id = await aProvider(idp);
		const { acme, globex } = demo.accounts;
		const person = await aPerson({ [acme]: "member", [globex]: "member" });
		idp.user = aStranger();
		await linked(person, id, idp);
		const visitor = await aVisitor();
		expect(await comesIn(visitor, id)).toBe(person.username);
		const path = `/settings/people/${person.id}`;
		const unlink = `${path}/providers/${id}/unlink`;
		const [admin, member, elsewhere] = [await atConsole(ada), await atConsole(person), await atConsole(grace)];
		expect((await elsewhere.open(`/console/globex${path}`)).text).not.toContain("/unlink");
		expect((await elsewhere.post(`/console/globex${unlink}`)).status).toBe(404);
		expect((await member.post(`/console/acme${unlink}`)).status).toBe(403);
		expect(await whoIsIn(visitor)).toBe(person.username);
		const done = await admin.send(`/console/acme${path}`, `/console/acme${unlink}`);
		expect(locationOf(done).search).toBe("?done=unlinked");
		expect(await whoIsIn(visitor)).toBe("nobody");
		expect((await admin.post(`/console/acme${unlink}`)).status).toBe(404);
		const log = wordsOf(await admin.open("/console/acme/audit?action=member"));
		expect(log).toContain("unlinked a provider from the sign-in of");
	});

	test("is told to the account's administrators, with whose it is", async () => {
		const id = await aProvider(idp);
		const person = await aPerson({ [demo.accounts.acme]: "member" });
		idp.user = aStranger();
		await linked(person, id, idp);
		const filters = [{ field: "subject", operator: "eq", value: person.id }];
		await expect
			.poll(async () => alertsFound({ filters }, await inAcme()))
			.toMatchObject([{ kind: "provider_linked", detail: { username: person.username } }]);
	});

	test("a wrong password makes none", async () => {
		const id = await aProvider(idp);
		const me = await aVisitor(await aPerson({ [demo.accounts.acme]: "member" }));
		const path = `/console/acme/security/providers/${id}/link`;
		const form = formOn(await me.open(path), "password");
		expect((await me.post(path, { ...form.hidden, password: "not theirs" })).status).toBe(403);
		expect(me.cookies.has("__Host-latchkey-provider")).toBe(false);
	});

	test("is of one person: whoever is linked to another cannot be linked once more", async () => {
		const id = await aProvider(idp);
		idp.user = aStranger();
		await linked(await aPerson({ [demo.accounts.acme]: "member" }), id, idp);
		const second = await aPerson({ [demo.accounts.acme]: "member" });
		await expect(linked(second, id, idp)).rejects.toThrow("409");
	});

	test("is made for nobody else who signed in in that browser meanwhile", async () => {
		const id = await aProvider(idp);
		idp.user = aStranger();
		const me = await aVisitor(await aPerson({ [demo.accounts.acme]: "member" }));
		const path = `/console/acme/security/providers/${id}/link`;
		const form = formOn(await me.open(path), "password");
		const begun = await me.post(path, { ...form.hidden, password: "a password of their own" });
		const back = await idp.visit(locationOf(begun).href);
		const another = await aPerson({ [demo.accounts.acme]: "member" });
		await me.post("/sign-in", { ...another });
		expect(refusal(await me.comeBack(back))).toBe("403 Not linked");
	});

	test("is not there for a provider of an account that somebody does not belong to", async () => {
		const id = await aProvider(idp);
		const me = await aVisitor(await aPerson({ [demo.accounts.globex]: "member" }));
		expect((await me.open(`/console/globex/security/providers/${id}/link`)).status).toBe(404);
	});
});

const github = () => aProvider(idp, { kind: "github", scopes: ["read:user", "user:email"] });

describe("GitHub", () => {
	test("is asked by its OAuth and its user API, and knows somebody by their number, whatever they are called", async () => {
		const id = await github();
		const number = 1000 + ++made;
		idp.user = { id: number, login: "octo-lin", name: null };
		const visitor = await aVisitor();
		expect(await comesIn(visitor, id)).toBe("octo-lin@acme");
		expect(idp.asked.at(-1)?.get("scope")).toBe("read:user user:email");
		idp.user = { id: number, login: "lin-by-now", name: "Lin" };
		expect(await comesIn(await aVisitor(), id)).toBe("octo-lin@acme");
		// Who took the login that was given up is somebody else.
		idp.user = { id: number + 500, login: "octo-lin", name: "Somebody else" };
		expect(await comesIn(await aVisitor(), id)).not.toBe("octo-lin@acme");
	});

	test("RFC 9207 §2.4: its answers name it as its documentation says, and one in another's name is nobody's", async () => {
		const id = await github();
		idp.user = { id: 1000 + ++made, login: `octo-${made}` };
		const answered = async (iss: string) => {
			const visitor = await aVisitor();
			const { href } = locationOf(await visitor.begin(id));
			return visitor.comeBack(await idp.visit(href, { iss }));
		};
		expect((await answered(`${idp.issuer}/login/oauth`)).status).toBe(303);
		expect(refusal(await answered(`${other.issuer}/login/oauth`))).toBe("502 Not signed in");
	});

	test("says by its organizations and teams what somebody is here, where it was asked for them", async () => {
		const roles = [
			{ group: "acme", role: "member" },
			{ group: "acme/ops", role: "admin" },
		];
		const scopes = ["read:user", "user:email", "read:org"];
		const id = await aProvider(idp, { kind: "github", scopes, group_roles: roles, default_role: null });
		const user = { id: 1000 + ++made, login: `octo-${made}` };
		const comes = async (more: object) => {
			idp.user = { ...user, ...more };
			const visitor = await aVisitor();
			const answer = await visitor.come(id, idp);
			return answer.status === 303 ? isAdmin(visitor) : refusal(answer);
		};
		expect(await comes({ orgs: [{ login: "acme" }] })).toBe(false);
		const ops = { slug: "ops", organization: { login: "acme" } };
		expect(await comes({ orgs: [{ login: "acme" }], teams: [ops] })).toBe(true);
		// Beyond the first hundred, too.
		const many = times(250, (index) => ({ login: `other-${index}` }));
		expect(await comes({ orgs: [...many, { login: "acme" }] })).toBe(false);
		// A team of that name in an organization that anybody may make.
		const elsewhere = { slug: "ops", organization: { login: "acme-too" } };
		expect(await comes({ orgs: [{ login: "acme-too" }], teams: [elsewhere] })).toBe("403 Not for your groups");
	});

	test.each<[string, unknown]>([
		["no number", undefined],
		["a text", "17"],
		["half a number", 1.5],
	])("whose user has %s is nobody", async (_, number) => {
		const id = await github();
		idp.user = { id: number, login: "octo" };
		expect(refusal(await (await aVisitor()).come(id, idp))).toBe("502 Not signed in");
	});
});

describe("a provider of the whole deployment", () => {
	test("knows those who linked it, lets in nobody else, and opens all that is theirs", async () => {
		const said = { issuer: idp.issuer, client_id: clientId, client_secret: clientSecret };
		const { id } = await newDeploymentProvider(said);
		await advance(staleness + 1);
		idp.user = aStranger();
		expect(refusal(await (await aVisitor()).come(id, idp))).toBe("403 Not known here");
		const { acme, globex } = demo.accounts;
		const person = await aPerson({ [acme]: "member", [globex]: "member" });
		await linked(person, id, idp);
		const visitor = await aVisitor();
		expect(await comesIn(visitor, id)).toBe(person.username);
		for (const path of ["/console/acme/keys", "/console/globex/keys", "/console/globex/settings"]) {
			expect([path, (await visitor.open(path)).status]).toEqual([path, 200]);
		}
	});
});

test("whoever signs out is told where they still are signed in, and anybody else goes to the start", async () => {
	const id = await aProvider(idp);
	const visitor = await aVisitor();
	idp.user = aStranger();
	await comesIn(visitor, id);
	const answer = await visitor.post("/sign-out", hiddenOf(await visitor.open("/"), "/sign-out"));
	expect(locationOf(answer).pathname).toBe(`/sign-in/with/${id}/signed-out`);
	expect((await visitor.open(`/sign-in/with/${id}/signed-out`)).text).toContain(`/sign-in/with/${id}/sign-out`);
	expect(await whoIsIn(visitor)).toBe("nobody");
	const own = await aVisitor(await aPerson({ [demo.accounts.acme]: "member" }));
	const plain = await own.post("/sign-out", hiddenOf(await own.open("/"), "/sign-out"));
	expect(locationOf(plain).pathname).toBe("/");
});

test("RP-Initiated Logout §2: leads to where the provider signs people out, where it has such a place", async () => {
	const id = await aProvider(idp);
	const visitor = await aVisitor();
	const there = locationOf(await visitor.open(`/sign-in/with/${id}/sign-out`));
	expect(there.origin + there.pathname).toBe(`${idp.issuer}/end-session`);
	expect(Object.fromEntries(there.searchParams)).toEqual({
		client_id: "latchkey-at-the-provider",
		post_logout_redirect_uri: "http://localhost:8787/",
	});
	// RFC 9700 §4.11: at once to no other site than the provider's own.
	idp.metadata = { end_session_endpoint: "https://evil.example/out" };
	const elsewhere = await visitor.open(`/sign-in/with/${id}/sign-out`);
	expect([elsewhere.status, elsewhere.headers.get("location")]).toEqual([200, null]);
	expect(wordsOf(elsewhere)).toContain("signs people out at evil.example");
	idp.metadata = { end_session_endpoint: undefined };
	expect(refusal(await visitor.open(`/sign-in/with/${id}/sign-out`))).toBe("404 Not from here");
});

test("what one network has a provider asked of itself is counted, be it to sign in there or out", async () => {
	const id = await aProvider(idp);
	const visitor = await aVisitor();
	const beginFrom = (network: string, at = id) =>
		visitor.post(`/sign-in/with/${at}`, {}, { ...ownPage, "cf-connecting-ip": network });
	const leaveFrom = (network: string) =>
		ask(`/sign-in/with/${id}/sign-out`, { headers: { "cf-connecting-ip": network } });
	for (let rounds = 13; rounds > 0; rounds--) {
		await Promise.all(Array.from({ length: 23 }, () => beginFrom("192.0.2.77", "none")));
	}
	expect((await leaveFrom("192.0.2.77")).status).toBe(303);
	expect(refusal(await leaveFrom("192.0.2.77"))).toBe("429 Too many sign-ins");
	expect(refusal(await beginFrom("192.0.2.77"))).toBe("429 Too many sign-ins");
	expect([(await leaveFrom("192.0.2.78")).status, (await beginFrom("192.0.2.78")).status]).toEqual([303, 303]);
});

/** Somebody whom the provider knows, and who is signed in through it. */
async function known() {
	const id = await aProvider(idp);
	const person = await aPerson({ [demo.accounts.acme]: "member" });
	idp.user = aStranger();
	await linked(person, id, idp);
	const visitor = await aVisitor();
	expect(await comesIn(visitor, id)).toBe(person.username);
	return { id, person, visitor, own: await tokenOf(person, "acme") };
}

describe("links by the API", () => {
	interface Mine {
		readonly providers: readonly {
			readonly id: string;
			readonly account: string | null;
			readonly linked_at: string | null;
		}[];
	}

	test("their person lists and ends theirs, which signs out whom they let in", async () => {
		const { id, visitor, own } = await known();
		const listed = async () => {
			const { providers } = good<Mine>(await call("GET", "/v1/profile/providers", undefined, own));
			return providers.find((each) => each.id === id);
		};
		expect(await listed()).toMatchObject({ account: "Acme", linked_at: expect.stringMatching(/^\d{4}-.*Z$/) });
		const path = `/v1/profile/providers/${id}`;
		expect((await call("DELETE", path, undefined, await tokenOf(grace, "globex"))).status).toBe(404);
		expect(await whoIsIn(visitor)).not.toBe("nobody");
		expect((await call("DELETE", path, undefined, own)).status).toBe(204);
		expect(await whoIsIn(visitor)).toBe("nobody");
		expect(await listed()).toMatchObject({ linked_at: null });
		expect((await call("DELETE", path, undefined, own)).status).toBe(404);
	});

	test("an administrator of the provider's account ends them, and nobody else does", async () => {
		const { id, person, visitor, own } = await known();
		const at = `/v1/people/${person.id}/providers`;
		expect((await call("GET", at, undefined, await inAcme())).body).toMatchObject({ providers: [{ id }] });
		const path = `${at}/${id}`;
		expect((await call("DELETE", path, undefined, own)).status).toBe(403);
		expect((await call("DELETE", path, undefined, await tokenOf(grace, "globex"))).status).toBe(404);
		expect(await whoIsIn(visitor)).toBe(person.username);
		expect((await call("DELETE", path, undefined, await inAcme())).status).toBe(204);
		expect(await whoIsIn(visitor)).toBe("nobody");
		expect((await call("GET", at, undefined, await inAcme())).body).toEqual({ providers: [] });
		expect((await call("DELETE", path, undefined, await inAcme())).status).toBe(404);
	});
});
