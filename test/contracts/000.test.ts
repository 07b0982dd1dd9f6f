import { describe, expect, test } from "vitest";
import { codeOf, decide } from "../support/people.ts";
import { ask, locationOf, post } from "../support/requests.ts";
import { advance, demo } from "../support/target.ts";

// Contract 000, "API Integration": its requests as its text and its curl commands write them, byte for byte where it
// gives bytes, and its answers member for member.

const { client, secret } = demo.integration;
const redirect = client.redirectUris[0] ?? "";

/** "Your integration will be available at https://console.baselime.io/integrations/<your-client-id>." */
const installPage = `/integrations/${client.id}`;

/** `-H 'Content-Type: …' -d '{ … }'`, laid out as in the document. */
function curl(members: readonly (readonly [string, string])[], contentType = "application/json") {
	const lines = members.map(([name, value]) => `        "${name}": "${value}"`);
	return post("/oauth/token", `{\n${lines.join(",\n")}\n      }`, { "content-type": contentType });
}

function tokenRequest(code: string, contentType?: string) {
	return curl(
		[
			["grantType", "authorization_code"],
			["clientId", client.id],
			["clientSecret", secret ?? ""],
			["redirect", redirect],
			["code", code],
		],
		contentType,
	);
}

function refreshRequest(refreshToken: string, contentType?: string) {
	return curl(
		[
			["grantType", "refresh_token"],
			["clientId", client.id],
			["clientSecret", secret ?? ""],
			["redirect", redirect],
			["refreshToken", refreshToken],
		],
		contentType,
	);
}

async function tokens() {
	const { body } = await tokenRequest(codeOf(await decide(installPage)));
	return { accessToken: String(body.accessToken), refreshToken: String(body.refreshToken) };
}

describe("OAuth Authentication", () => {
	test("the developer is redirected to the Redirect URL with the code in its query", async () => {
		const location = locationOf(await decide(installPage));
		expect(location.href.startsWith(`${redirect}?code=`)).toBe(true);
	});

	test("the temporary authorization code is valid for 3 minutes", async () => {
		const [inTime, late] = [codeOf(await decide(installPage)), codeOf(await decide(installPage))];
		await advance(179);
		expect((await tokenRequest(inTime)).status).toBe(200);
		await advance(1);
		expect((await tokenRequest(late)).status).toBe(400);
	});

	// The prose says `applications/json`, the command `application/json`.
	test.each(["application/json", "applications/json"])(
		"request an access token and refresh token (%s)",
		async (type) => {
			const answer = await tokenRequest(codeOf(await decide(installPage)), type);
			expect(answer.status).toBe(200);
			expect(Object.keys(answer.body)).toEqual(["accessToken", "refreshToken", "expiresIn", "tokenType"]);
			expect(answer.body).toEqual({
				accessToken: expect.stringMatching(/^\S+$/),
				refreshToken: expect.stringMatching(/^\S+$/),
				expiresIn: 86_400,
				tokenType: "Bearer",
			});
		},
	);

	test.each(["application/json", "applications/json"])(
		"refresh: without a refreshToken in the answer (%s)",
		async (type) => {
			const { refreshToken } = await tokens();
			const answer = await refreshRequest(refreshToken, type);
			expect(answer.status).toBe(200);
			expect(Object.keys(answer.body)).toEqual(["accessToken", "expiresIn", "tokenType"]);
			expect(answer.body).toEqual({
				accessToken: expect.stringMatching(/^\S+$/),
				expiresIn: 86_400,
				tokenType: "Bearer",
			});
		},
	);

	test("the refresh token is long-lived, and the same all along", async () => {
		const { refreshToken } = await tokens();
		for (let week = 0; week < 8; week++) {
			await advance(7 * 86_400);
			expect((await refreshRequest(refreshToken)).status).toBe(200);
		}
	});

	test("an access token is valid for 24 hours", async () => {
		const { accessToken } = await tokens();
		const headers = { "content-type": "application/json", authorization: `Bearer ${accessToken}` };
		await advance(86_399);
		expect((await ask("/oauth/environments", { headers })).status).toBe(200);
		await advance(1);
		expect((await ask("/oauth/environments", { headers })).status).toBe(401);
	});
});

describe("Using the API", () => {
	test.each(["application/json", "applications/json"])(
		"list environments: a bare array (%s on a GET)",
		async (type) => {
			const { accessToken } = await tokens();
			const headers = { "content-type": type, authorization: `Bearer ${accessToken}` };
			const answer = await ask("/oauth/environments", { headers });
			expect(answer.status).toBe(200);
			const list: object[] = JSON.parse(answer.text);
			expect(list).toEqual([
				{ workspaceId: "my-workspace", environmentId: "prod", apiKey: expect.stringMatching(/^\w[\w-]+$/) },
				{ workspaceId: "my-workspace", environmentId: "staging", apiKey: expect.stringMatching(/^\w[\w-]+$/) },
			]);
			expect(list.map((each) => Object.keys(each))).toEqual([
				["workspaceId", "environmentId", "apiKey"],
				["workspaceId", "environmentId", "apiKey"],
			]);
		},
	);

	test("the public key sends events to its environment, and does nothing else", async () => {
		const { accessToken } = await tokens();
		const answer = await ask("/oauth/environments", { headers: { authorization: `Bearer ${accessToken}` } });
		const [first]: { apiKey: string }[] = JSON.parse(answer.text);
		const key = first?.apiKey ?? "";
		const sent = await post("/v1/events", '{"message":"hello"}', {
			"x-api-key": key,
			"content-type": "application/json",
		});
		expect([sent.status, sent.body]).toEqual([202, { accepted: 1 }]);
		expect((await ask("/oauth/environments", { headers: { authorization: `Bearer ${key}` } })).status).toBe(401);
		const json = { "content-type": "application/json" };
		expect((await post("/auth/login", JSON.stringify({ api_key: key }), json)).status).toBe(401);
	});
});
