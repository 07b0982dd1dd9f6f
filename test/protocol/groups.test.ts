import { describe, expect, test } from "vitest";
import { staleness } from "../../src/operations/lookups.ts";
import { wordsOf } from "../support/console.ts";
import { idTokenOf, signedInTo, userinfo } from "../support/openid.ts";
import { type Login, signedIn } from "../support/people.ts";
import { anAccount, aPerson, slugOf } from "../support/registered.ts";
import { ask, refusal } from "../support/requests.ts";
import { advance, demo, setStanding } from "../support/target.ts";
import { authorizePath, claimsOf, refresh } from "../support/tokens.ts";

// What oauth2-proxy 7.15.6 (`--allowed-group`), Kubernetes (`--oidc-groups-claim=groups`) and Argo CD go by. The scope and the
// claim are nobody's standard, and every provider calls them so.

const { webApp } = demo;
const { acme } = demo.accounts;

function signedInAs(who: Login, account: string, scope = "openid groups") {
	return signedInTo(webApp, { scope }, { who, account });
}

describe("scope and claim groups", () => {
	test("the account and the role in it, in the id_token, at UserInfo and at a refresh", async () => {
		const who = await aPerson({ [acme]: "admin" });
		const { idToken, accessToken, refreshToken } = await signedInAs(who, acme);
		const groups = ["acme", "acme:admin"];
		expect(claimsOf(idToken).groups).toEqual(groups);
		expect((await userinfo(accessToken)).body).toEqual({ sub: who.id, groups });
		expect(claimsOf(idTokenOf(await refresh(refreshToken, { client: webApp }))).groups).toEqual(groups);
	});

	test("of the account that the person chose, and of no other that they belong to", async () => {
		const other = await anAccount();
		const who = await aPerson({ [acme]: "admin", [other]: "member" });
		const there = await signedInAs(who, other);
		expect(claimsOf(there.idToken).groups).toEqual([slugOf(other), `${slugOf(other)}:member`]);
		expect((await userinfo(there.accessToken)).body.groups).toEqual([slugOf(other), `${slugOf(other)}:member`]);
		expect(claimsOf((await signedInAs(who, acme)).idToken).groups).toEqual(["acme", "acme:admin"]);
	});

	test("nothing of it without the scope, but where the request names the claim", async () => {
		const who = await aPerson({ [acme]: "member" });
		const { idToken, accessToken } = await signedInAs(who, acme, "openid profile email");
		expect(claimsOf(idToken)).not.toHaveProperty("groups");
		expect((await userinfo(accessToken)).body).not.toHaveProperty("groups");
		const claims = JSON.stringify({ id_token: { groups: null } });
		const named = await signedInTo(webApp, { scope: "openid", claims }, { who, account: acme });
		expect(claimsOf(named.idToken).groups).toEqual(["acme", "acme:member"]);
	});

	test("DESIGN §4.9: of an account that the person left, none, and no token that could say so", async () => {
		const who = await aPerson({ [acme]: "admin" });
		const { accessToken, refreshToken } = await signedInAs(who, acme);
		await setStanding({ kind: "membership", personId: who.id, accountId: acme }, { state: "ended", notBefore: 0 });
		await advance(staleness + 1);
		expect(refusal(await userinfo(accessToken))).toBe("401 invalid_token");
		expect(refusal(await refresh(refreshToken, { client: webApp }))).toBe("400 invalid_grant");
	});

	test("the consent page says it in words, and discovery has scope and claim", async () => {
		const who = await aPerson({ [acme]: "member" });
		const headers = { cookie: await signedIn(who) };
		const page = await ask(authorizePath(webApp, { scope: "openid groups" }), { headers });
		expect(wordsOf(page)).toContain("See the account that you choose, and your role in it");
		const { body } = await ask("/.well-known/openid-configuration");
		expect(body.scopes_supported).toContain("groups");
		expect(body.claims_supported).toContain("groups");
	});
});
