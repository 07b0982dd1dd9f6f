import { describe, expect, test } from "vitest";
import { ada, formOn, signedIn } from "../support/people.ts";
import { eventsOf, generated, last9, nextPair, pairRefusal } from "../support/pairs.ts";
import { ask, post } from "../support/requests.ts";
import { advance, issuer, now } from "../support/target.ts";
import { claimsOf } from "../support/tokens.ts";

// Contract 002, "Getting started with API": its requests as they stand there, and its answers member for member.

const day = 86_400;
/** What curl says of `--data` where nobody says it otherwise. */
const curl = { "content-type": "application/x-www-form-urlencoded" };
const jsonType = { "content-type": "application/json" };

const body = `{
"timestamp": "2024-01-15T17:57:22+05:30",
"event_name": "new_deployment",
"event_state": "start",
"attributes": {
"env": "production",
"k8s_cluster": "prod-us-east-1",
"app": "backend-api"
}
}`;

function put(headers: Record<string, string>) {
	return ask("/api/v4/organizations/acme/change_events", { method: "PUT", body, headers });
}

function refreshBody(token: string) {
	return `{\n"refresh_token": "${token}"\n}`;
}

describe("Base URL", () => {
	test("the API Access page shows it, with the slug of the organization", async () => {
		const page = await ask("/console/acme/api-access", { headers: { cookie: await signedIn(ada) } });
		expect(page.text).toContain(`${issuer}/api/v4/organizations/acme/`);
		expect(page.text).toContain("Copy base URL");
	});
});

describe("Tokens", () => {
	test("“Generate Tokens” is a button on that page, for somebody who is signed in", async () => {
		const page = await ask("/console/acme/api-access", { headers: { cookie: await signedIn(ada) } });
		expect(page.text).toMatch(/<button[^>]*>Generate Tokens<\/button>/);
		expect(formOn(page, "id").action).toBe("/console/acme/api-access");
		expect((await ask("/console/acme/api-access")).headers.get("location")).toContain("/sign-in?continue=");
	});

	test("it gives three pairs, with claims for read, write and delete", async () => {
		const pairs = await generated();
		for (const scope of ["read", "write", "delete"] as const) {
			expect(claimsOf(pairs[scope].access).scope).toBe(scope);
			expect(pairs[scope].refresh).toMatch(/^lkr_/);
		}
	});

	test("Token Expiry: 24 hours, and then the documented error, word for word", async () => {
		const { write } = await generated();
		const { iat, exp } = claimsOf(write.access);
		expect(Number(exp) - Number(iat)).toBe(day);
		await advance(day - 1);
		expect((await put({ ...last9(write.access), ...jsonType })).status).toBe(200);
		await advance(1);
		const late = await put({ ...last9(write.access), ...jsonType });
		expect(late.status).toBe(401);
		expect(late.body).toEqual({ error: "Authorization token is expired" });
	});

	test.each([
		["with curl's own content type", curl],
		["as JSON", jsonType],
		["without a content type", {}],
	])("POST /v4/oauth/access_token, %s: exactly the documented members", async (_, headers) => {
		const { write } = await generated();
		const answer = await post("/v4/oauth/access_token", refreshBody(write.refresh), headers);
		expect(answer.status).toBe(200);
		expect(answer.headers.get("content-type")).toBe("application/json");
		expect(answer.headers.get("cache-control")).toBe("no-store");
		expect(Object.keys(answer.body)).toEqual([
			"access_token",
			"expires_at",
			"issued_at",
			"refresh_token",
			"type",
			"scopes",
		]);
		expect(answer.body).toEqual({
			access_token: expect.stringMatching(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/),
			expires_at: now() + day,
			issued_at: now(),
			refresh_token: expect.stringMatching(/^lkr_/),
			type: "Bearer",
			scopes: ["write"],
		});
	});

	test("a refresh token that is not valid gets no pair", async () => {
		const sample = "eyJhbGciOiXXXXXXXXXXXXX.eyJleHXXXXXXXXX.XXXXXXXXXOwuvUNA";
		const answer = await post("/v4/oauth/access_token", refreshBody(sample), curl);
		expect(pairRefusal(answer)).toBe("401 Refresh token is not valid");
	});

	test("after the refresh the new access token works in place of the expired one", async () => {
		const { write } = await generated();
		await advance(day);
		const next = nextPair(await post("/v4/oauth/access_token", refreshBody(write.refresh), curl));
		expect((await put({ ...last9(next.access), ...jsonType })).status).toBe(200);
	});
});

describe("Making your first API request", () => {
	test("the documented curl: 200 with the documented body", async () => {
		const pairs = await generated();
		const answer = await put({ "X-LAST9-API-TOKEN": `Bearer ${pairs.write.access}`, ...jsonType });
		expect(answer.status).toBe(200);
		expect(answer.headers.get("content-type")).toBe("application/json");
		expect(JSON.parse(answer.text)).toEqual({ message: "success" });
		// It is there: at the instant that was meant.
		expect(await eventsOf(pairs.read.access, "?limit=100")).toContainEqual({
			id: expect.any(String),
			timestamp: "2024-01-15T12:27:22Z",
			event_name: "new_deployment",
			event_state: "start",
			attributes: { env: "production", k8s_cluster: "prod-us-east-1", app: "backend-api" },
			received_at: expect.any(String),
		});
	});

	test("“The header name must be X-LAST9-API-TOKEN”: the standard one works as well, none does not", async () => {
		const { write } = await generated();
		expect((await put({ authorization: `Bearer ${write.access}`, ...jsonType })).status).toBe(200);
		expect(pairRefusal(await put(jsonType))).toMatch(/^401 Authorization token is missing/);
	});
});
