import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	afterLogout,
	answerOf,
	aPerson,
	type Fields,
	signIn,
	startSuite,
	type Suite,
	unsigned,
} from "../peers/conformance-suite.ts";

// The same for the plan RP-Initiated OP.

let suite: Suite;

beforeAll(async () => {
	suite = await startSuite();
});
afterAll(() => suite?.stop());

/** As long as the suite's. */
const state = "s".repeat(128);

test("oidcc-rp-initiated-logout-discovery-endpoint-verification", () => {
	expect(suite.metadata.end_session_endpoint).toMatch(/^https:\/\//);
});

describe("leads back to the client", () => {
	test.each<[string, Fields]>([
		["oidcc-rp-initiated-logout", { state }],
		["oidcc-rp-initiated-logout-no-state", {}],
	])("%s", async (_module, query) => {
		const { person, idToken } = await somebody();
		const asked = await person.open(
			logoutUrl({ id_token_hint: idToken, post_logout_redirect_uri: afterLogout, ...query }),
		);
		const { left } = await person.submit(asked, "Sign out");
		expect(`${left?.origin}${left?.pathname}`).toBe(afterLogout);
		expect(Object.fromEntries(left?.searchParams ?? [])).toEqual(query);
		await expectSignedOut(person);
	});
});

describe("shows that they are signed out, and leads nowhere", () => {
	test.each<[string, (idToken: string) => Fields]>([
		["oidcc-rp-initiated-logout-no-params", () => ({})],
		["oidcc-rp-initiated-logout-only-state", () => ({ state })],
		["oidcc-rp-initiated-logout-no-post-logout-redirect-uri", (id_token_hint) => ({ id_token_hint, state })],
	])("%s", async (_module, query) => {
		const { person, idToken } = await somebody();
		const asked = await person.open(logoutUrl(query(idToken)));
		const answer = await person.submit(asked, "Sign out");
		expect([answer.left, answer.status]).toEqual([null, 200]);
		expect(answer.html).toContain("You are signed out");
		await expectSignedOut(person);
	});
});

describe("says what is wrong, and leads nowhere, whatever the person chooses", () => {
	test.each<[string, (idToken: string) => Fields]>([
		["oidcc-rp-initiated-logout-no-id-token-hint", (token) => ({ ...standard(token), id_token_hint: undefined })],
		["oidcc-rp-initiated-logout-modified-id-token-hint", (token) => standard(unsigned(claimsOf(token)))],
		[
			"oidcc-rp-initiated-logout-bad-id-token-hint",
			(token) => standard(`${token.slice(0, token.lastIndexOf("."))}.AAAA`),
		],
		[
			"oidcc-rp-initiated-logout-bad-post-logout-redirect-uri",
			(token) => ({ ...standard(token), post_logout_redirect_uri: `${afterLogout}/unregistered` }),
		],
		[
			"oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri",
			(token) => ({ ...standard(token), post_logout_redirect_uri: `${afterLogout}?foo=bar` }),
		],
	])("%s", async (_module, query) => {
		const { person, idToken } = await somebody();
		const page = await person.open(logoutUrl(query(idToken)));
		expect([page.left, page.status]).toEqual([null, 400]);
		const stayed = await person.submit(page, "Stay signed in");
		expect(stayed.left).toBeNull();
		const answer = await person.submit(page, "Sign out");
		expect([answer.left, answer.html.includes("You are signed out")]).toEqual([null, true]);
		await expectSignedOut(person);
	});
});

function standard(id_token_hint: string): Fields {
	return { id_token_hint, post_logout_redirect_uri: afterLogout, state };
}

async function somebody() {
	const person = aPerson(suite);
	const { idToken } = await signIn(suite, {}, { person });
	const silent = await answerOf(suite, { prompt: "none" }, person);
	expect(silent.get("code")).toBeTruthy();
	return { person, idToken };
}

async function expectSignedOut(person: ReturnType<typeof aPerson>): Promise<void> {
	const silent = await answerOf(suite, { prompt: "none" }, person);
	expect(silent.get("error")).toBe("login_required");
}

function logoutUrl(query: Fields): string {
	const given = Object.entries(query).filter((field): field is [string, string] => field[1] !== undefined);
	return `${String(suite.metadata.end_session_endpoint)}?${new URLSearchParams(given).toString()}`;
}

function claimsOf(token: string): Fields {
	return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
}
