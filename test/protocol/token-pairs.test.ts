import { credentialsIn } from "../support/credentials.ts";
import { describe, expect, test } from "vitest";
import { tombstoneTtl } from "../../src/domain/grant.ts";
import {
	changeEvent,
	deleteEvent,
	eventsOf,
	generated,
	last9,
	listEvents,
	nextPair,
	pairRefusal,
	type Pairs,
	pairsOn,
	pressGenerate,
	putEvent,
	refreshPair,
} from "../support/pairs.ts";
import { ada, formOn, grace, signedIn } from "../support/people.ts";
import { aClient, anAccount, aPerson } from "../support/registered.ts";
import { ask, bearer, ownPage, post, postForm, postJson, refusal, times } from "../support/requests.ts";
import { advance, demo, setStanding } from "../support/target.ts";
import { claimsOf, environments, granted, introspect, refresh, revoke } from "../support/tokens.ts";

const day = 86_400;
const org = "/api/v4/organizations/acme/oauth/access_token";

let uses = 0;
let person: ReturnType<typeof aPerson> | undefined;

/** Pairs of somebody who administers Acme; of somebody else before they meet their limit. */
async function admin(): Promise<Pairs> {
	if (uses++ % 15 === 0) person = aPerson({ [demo.accounts.acme]: "admin" });
	return generated(await person);
}

const needs = (scope: string) => `403 This needs a ${scope} token: the permission change_events:${scope}`;
const search = (token: string) => postJson("/api/public/event/search", { filters: [] }, bearer(token));
const list = (headers: Record<string, string>, query = "") =>
	ask(`/api/v4/organizations/acme/change_events${query}`, { headers });

describe("three pairs", () => {
	test("RFC 9068: an access token names its person as subject and as client, and its account", async () => {
		const who = await aPerson({ [demo.accounts.acme]: "admin" });
		const { read } = await generated(who);
		expect(claimsOf(read.access)).toMatchObject({
			sub: who.id,
			client_id: who.id,
			account_id: demo.accounts.acme,
			scope: "read",
			grant_id: expect.any(String),
		});
	});

	test("each opens what its scope says and nothing else", async () => {
		const pairs = await admin();
		expect((await putEvent(pairs.write.access)).status).toBe(200);
		const [event] = await eventsOf(pairs.read.access);
		const id = event?.id ?? "";
		for (const wrong of [pairs.read, pairs.delete]) {
			expect(pairRefusal(await putEvent(wrong.access))).toBe(needs("write"));
		}
		for (const wrong of [pairs.write, pairs.delete]) {
			expect(pairRefusal(await listEvents(wrong.access))).toBe(needs("read"));
		}
		for (const wrong of [pairs.read, pairs.write]) {
			expect(pairRefusal(await deleteEvent(wrong.access, id))).toBe(needs("delete"));
		}
		expect(await eventsOf(pairs.read.access)).toContainEqual(event);
		expect((await deleteEvent(pairs.delete.access, id)).body).toEqual({ message: "success" });
		expect(await eventsOf(pairs.read.access)).not.toContainEqual(event);
	});

	test("a read token reads elsewhere too, by the permissions that end in :read", async () => {
		const pairs = await admin();
		expect((await environments(pairs.read.access)).status).toBe(200);
		expect(refusal(await environments(pairs.write.access))).toBe("403 insufficient_scope");
		expect((await search(pairs.read.access)).status).toBe(200);
		expect(refusal(await search(pairs.delete.access))).toBe("403 Forbidden");
	});

	test("a refresh keeps the scope: a read pair never writes", async () => {
		const { read } = await admin();
		const answer = await refreshPair(read.refresh);
		expect(answer.body.scopes).toEqual(["read"]);
		expect(pairRefusal(await putEvent(nextPair(answer).access))).toMatch(/^403 /);
	});

	test("a member's pairs can do no more than a member may", async () => {
		const pairs = await generated(grace, "acme");
		expect((await listEvents(pairs.read.access)).status).toBe(200);
		expect(pairRefusal(await putEvent(pairs.write.access))).toMatch(/^403 .*change_events:write/);
		expect(pairRefusal(await deleteEvent(pairs.delete.access, "x"))).toMatch(/^403 .*change_events:delete/);
		const logs = await ask("/v1/audit", { headers: bearer(pairs.read.access) });
		expect(logs.status).not.toBe(200);
	});

	test("the form sent twice makes three pairs, and shows the same refresh tokens", async () => {
		const who = await aPerson({ [demo.accounts.acme]: "admin" });
		const id = "doubleSubmitDoubleSubm";
		const [first, second] = await Promise.all(times(2, () => pressGenerate(who, "acme", { id })));
		const [one, two] = [pairsOn(first!), pairsOn(second!)];
		for (const scope of ["read", "write", "delete"] as const) {
			expect(two[scope].refresh).toBe(one[scope].refresh);
			expect(claimsOf(two[scope].access).grant_id).toBe(claimsOf(one[scope].access).grant_id);
		}
		expect((await refreshPair(one.read.refresh)).status).toBe(200);
	});

	test("a form that is sent again later shows nothing, and changes nothing", async () => {
		const who = await aPerson({ [demo.accounts.acme]: "admin" });
		const id = "sentAgainLaterAgainLat";
		const pairs = pairsOn(await pressGenerate(who, "acme", { id }));
		await advance(60);
		const again = await pressGenerate(who, "acme", { id });
		expect(again.status).toBe(409);
		expect(again.text).toContain("shown already");
		expect(credentialsIn(again.text)).toEqual([]);
		expect((await listEvents(pairs.read.access)).status).toBe(200);
		expect((await refreshPair(pairs.read.refresh)).status).toBe(200);
	});

	test("a form from elsewhere, without its token, or damaged makes nothing", async () => {
		const cookie = await signedIn(ada);
		const form = formOn(await ask("/console/acme/api-access", { headers: { cookie } }), "id");
		const foreign = { cookie, origin: "https://evil.example", "sec-fetch-site": "cross-site" };
		expect((await postForm(form.action, form.hidden, foreign)).status).toBe(403);
		expect((await postForm(form.action, { ...form.hidden, csrf: "x" }, { cookie, ...ownPage })).status).toBe(403);
		for (const id of ["", "short", "<script>alert(1)</script>"]) {
			const damaged = await postForm(form.action, { ...form.hidden, id }, { cookie, ...ownPage });
			expect([damaged.status, damaged.text.includes("lkr_")]).toEqual([400, false]);
		}
		expect((await postForm("/console/acme/api-access", form.hidden, ownPage)).status).toBe(303);
	});

	test("in an account that is not theirs nobody gets any", async () => {
		const cookie = await signedIn(ada);
		expect((await ask("/console/globex/api-access", { headers: { cookie } })).status).toBe(404);
	});

	test("20 times an hour, and no more", async () => {
		const who = await aPerson({ [demo.accounts.acme]: "admin" });
		for (const _ of times(20, () => null)) expect((await pressGenerate(who, "acme")).status).toBe(200);
		const limited = await pressGenerate(who, "acme");
		expect([limited.status, limited.text.includes("lkr_")]).toEqual([429, false]);
		await advance(3600);
		expect((await pressGenerate(who, "acme")).status).toBe(200);
	});
});

describe("who is refused, and how", () => {
	test("each refusal is clear, and its own", async () => {
		const { read } = await admin();
		expect(pairRefusal(await list({}))).toBe(
			"401 Authorization token is missing: send X-LAST9-API-TOKEN: Bearer <access token>",
		);
		for (const header of [read.access, `Basic ${read.access}`, "Bearer", "Bearer ", ""]) {
			expect(pairRefusal(await list({ "X-LAST9-API-TOKEN": header }))).toBe(
				"401 Authorization token has to follow the word Bearer: X-LAST9-API-TOKEN: Bearer <access token>",
			);
		}
		for (const token of ["x", `${read.access}x`, read.refresh]) {
			expect(pairRefusal(await list(last9(token)))).toBe("401 Authorization token is not valid");
		}
		const two = { ...last9(read.access), ...bearer("another") };
		expect(pairRefusal(await list(two))).toBe("400 The request has two different credentials: send one");
		expect(pairRefusal(await list(last9(read.access), "?apiKey=another"))).toMatch(/^400 /);
		expect((await list({ ...last9(read.access), ...bearer(read.access) })).status).toBe(200);
	});

	test("a token of another organization is refused, whether that one exists or not", async () => {
		const acme = await admin();
		const globex = await generated(grace, "globex");
		const elsewhere = "403 Authorization token is of another organization";
		expect(pairRefusal(await putEvent(acme.write.access, changeEvent, "globex"))).toBe(elsewhere);
		expect(pairRefusal(await putEvent(globex.write.access, changeEvent, "acme"))).toBe(elsewhere);
		expect(pairRefusal(await putEvent(acme.write.access, changeEvent, "nobody"))).toBe(elsewhere);
		expect((await putEvent(globex.write.access, changeEvent, "globex")).status).toBe(200);
	});

	test("strangers do not find out which organizations there are", async () => {
		for (const slug of ["acme", "nobody"]) {
			expect(pairRefusal(await putEvent("x", changeEvent, slug))).toBe("401 Authorization token is not valid");
			const path = `/api/v4/organizations/${slug}/oauth/access_token`;
			expect(pairRefusal(await refreshPair("x", path))).toBe("401 Refresh token is not valid");
		}
	});

	test("an end of the membership, the person or the account ends the pairs, within the 30 seconds", async () => {
		const accountId = await anAccount();
		const who = await aPerson({ [demo.accounts.acme]: "admin", [accountId]: "member" });
		const { read } = await generated(who);
		const membership = { kind: "membership", personId: who.id, accountId: demo.accounts.acme } as const;
		await setStanding(membership, { state: "ended", notBefore: 0 });
		await advance(31);
		expect(pairRefusal(await listEvents(read.access))).toBe("401 Authorization token is not valid");
		expect(pairRefusal(await refreshPair(read.refresh))).toMatch(/^401 .*revoked/);
		// Reinstated, they hold what they get from then on.
		await setStanding(membership, { state: "active", notBefore: Math.floor(Date.now() / 1000) + 10 * day });
		await advance(31);
		expect(pairRefusal(await listEvents(read.access))).toBe("401 Authorization token is not valid");
	});

	test("introspection tells no client of somebody's pair", async () => {
		const { read } = await admin();
		expect(await introspect(read.access, demo.webApp)).toEqual({ active: false });
		expect(await introspect(read.refresh, demo.webApp)).toEqual({ active: false });
	});
});

describe("POST /v4/oauth/access_token", () => {
	test("under /api and under the organization as well; under another one nothing is used up", async () => {
		const { read } = await admin();
		const second = nextPair(await refreshPair(read.refresh, "/api/v4/oauth/access_token"));
		const third = nextPair(await refreshPair(second.refresh, org));
		const elsewhere = "403 Refresh token is of another organization";
		for (const slug of ["globex", "nobody"]) {
			const path = `/api/v4/organizations/${slug}/oauth/access_token`;
			expect(pairRefusal(await refreshPair(third.refresh, path))).toBe(elsewhere);
		}
		expect((await listEvents(third.access)).status).toBe(200);
		expect((await refreshPair(third.refresh, org)).status).toBe(200);
	});

	test.each([
		["a form", (token: string) => postForm("/v4/oauth/access_token", { refresh_token: token }), 200],
		[
			"JSON with white space before it",
			(token: string) => post("/v4/oauth/access_token", `\n {"refresh_token":"${token}"}`),
			200,
		],
		["nothing", () => post("/v4/oauth/access_token", ""), 400],
		["an empty object", () => post("/v4/oauth/access_token", "{}"), 400],
		["an empty token", () => postJson("/v4/oauth/access_token", { refresh_token: "" }), 400],
		["a number", () => postJson("/v4/oauth/access_token", { refresh_token: 7 }), 400],
		["damaged JSON", (token: string) => post("/v4/oauth/access_token", `{"refresh_token":"${token}"`), 400],
		[
			"the member twice",
			(token: string) => post("/v4/oauth/access_token", `{"refresh_token":"x","refresh_token":"${token}"}`),
			400,
		],
		[
			"the field twice",
			(token: string) => post("/v4/oauth/access_token", `refresh_token=x&refresh_token=${token}`),
			400,
		],
		["too much", () => post("/v4/oauth/access_token", "x".repeat(17_000)), 413],
	])("%s", async (_, send, status) => {
		const { read } = await admin();
		const answer = await send(read.refresh);
		expect(answer.status).toBe(status);
		if (status !== 200) pairRefusal(answer);
		// Nothing was used up; and where it was, this is a retry.
		expect((await refreshPair(read.refresh)).status).toBe(200);
	});

	test("a refresh token of a client is a stranger here, and a pair's is one at /oauth/token", async () => {
		const { refreshToken, accessToken } = await granted(demo.webApp);
		expect(pairRefusal(await refreshPair(refreshToken))).toBe("401 Refresh token is not valid");
		expect((await environments(accessToken)).status).toBe(200);
		expect((await refresh(refreshToken, { client: demo.webApp })).status).toBe(200);

		const { read } = await admin();
		for (const client of [demo.webApp, demo.nativeApp, await aClient(demo.webApp)]) {
			expect(refusal(await refresh(read.refresh, { client }))).toBe("400 invalid_grant");
			expect((await revoke(read.refresh, client)).status).toBe(200);
		}
		expect((await refreshPair(read.refresh)).status).toBe(200);
	});

	test("an access token refreshes nothing, a refresh token opens nothing", async () => {
		const { read } = await admin();
		expect(pairRefusal(await refreshPair(read.access))).toBe("401 Refresh token is not valid");
		expect(pairRefusal(await listEvents(read.refresh))).toBe("401 Authorization token is not valid");
	});

	test("DESIGN §4.3: of 100 parallel refreshes all get one successor", async () => {
		const { write } = await admin();
		const answers = await Promise.all(times(100, () => refreshPair(write.refresh)));
		expect(answers.map(({ status }) => status)).toEqual(times(100, () => 200));
		const successors = new Set(answers.map((answer) => nextPair(answer).refresh));
		expect(successors.size).toBe(1);
		const [successor = ""] = successors;
		expect((await putEvent(nextPair(await refreshPair(successor)).access)).status).toBe(200);
	});

	test("a retry of the first rotation is safe for a minute", async () => {
		const { write } = await admin();
		const lost = nextPair(await refreshPair(write.refresh));
		await advance(59);
		const again = nextPair(await refreshPair(write.refresh));
		expect((await putEvent(again.access)).status).toBe(200);
		expect((await putEvent(lost.access)).status).toBe(200);
		expect((await refreshPair(again.refresh)).status).toBe(200);
	});

	test("a thief's late reuse ends that family, and no other", async () => {
		const who = await aPerson({ [demo.accounts.acme]: "admin" });
		const [pairs, others] = [await generated(who), await generated(who)];
		const second = nextPair(await refreshPair(pairs.write.refresh));
		const third = nextPair(await refreshPair(second.refresh));
		await advance(60);
		expect(pairRefusal(await refreshPair(pairs.write.refresh))).toMatch(/^401 .*revoked/);
		// Whoever held it, owner or thief, has lost it.
		expect(pairRefusal(await refreshPair(third.refresh))).toMatch(/^401 .*revoked/);
		for (const token of [pairs.write.access, second.access, third.access]) {
			expect(pairRefusal(await putEvent(token))).toBe("401 Authorization token is not valid");
		}
		// The pairs beside it, those of another day, and her browser notice nothing.
		expect((await listEvents(pairs.read.access)).status).toBe(200);
		expect((await refreshPair(pairs.delete.refresh)).status).toBe(200);
		expect((await putEvent(others.write.access)).status).toBe(200);
		expect((await pressGenerate(who, "acme")).status).toBe(200);
		await advance(tombstoneTtl);
		expect((await refreshPair(third.refresh)).status).toBe(401);
	});

	test("a pair that is not used for 30 days ends, and one that is used goes on for half a year", async () => {
		const { read, write } = await admin();
		await advance(20 * day);
		const kept = nextPair(await refreshPair(write.refresh));
		await advance(10 * day);
		expect(pairRefusal(await refreshPair(read.refresh))).toBe("401 Refresh token is expired: generate new tokens");
		expect((await refreshPair(kept.refresh)).status).toBe(200);
	});
});
describe("pairs by a name, and with an end", () => {
	test("are listed by it, with when they end, and cannot be refreshed beyond that", async () => {
		const who = await aPerson({ [demo.accounts.acme]: "admin" });
		const pairs = pairsOn(await pressGenerate(who, "acme", { name: "  Deploy script ", days: "7" }));
		await generated(who);
		const listed = async () => {
			const page = await ask("/console/acme/my-access", { headers: { cookie: await signedIn(who) } });
			// Without what the buttons say of them.
			return page.text.match(/(?<=>)\w[^>]*API tokens \(read\)|(?<=>)API tokens \(read\)/g)?.toSorted();
		};
		expect(await listed()).toEqual(["API tokens (read)", "Deploy script: API tokens (read)"]);
		let { refresh: token } = pairs.read;
		for (let days = 0; days < 6; days++) {
			await advance(day);
			({ refresh: token } = nextPair(await refreshPair(token)));
		}
		await advance(day);
		expect((await refreshPair(token)).status).toBe(401);
		expect(await listed()).toEqual(["API tokens (read)"]);
	});

	test("their last access token ends with them", async () => {
		const who = await aPerson({ [demo.accounts.acme]: "admin" });
		const { read } = pairsOn(await pressGenerate(who, "acme", { days: "1" }));
		await advance(day - 60);
		const { access } = nextPair(await refreshPair(read.refresh));
		expect(Number(claimsOf(access).exp) - Number(claimsOf(access).iat)).toBe(60);
	});

	test("no other end than is offered, and no name that is none", async () => {
		const who = await aPerson({ [demo.accounts.acme]: "admin" });
		const longest = async (days: string) => {
			const { read } = pairsOn(await pressGenerate(who, "acme", { days }));
			await advance(29 * day);
			return refreshPair(read.refresh);
		};
		for (const days of ["100000", "-1", "0", "x"]) expect((await longest(days)).status).toBe(200);
		const refused = await pressGenerate(who, "acme", { name: "x".repeat(101) });
		expect(refused.status).toBe(400);
		expect(refused.text).toContain("Enter a name of 1 to 100 printable characters");
	});
});
