import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { curlOf } from "../../../src/http/curl.ts";
import type { Documentation } from "../../../src/http/documentation.ts";
import { describeApi } from "../../../src/http/openapi.ts";

const issuer = "https://id.example";

function curl(method: string, path: string, doc: Partial<Documentation>): string {
	const whole: Documentation = {
		tag: "A",
		summary: "B",
		credentials: [],
		answers: { 200: { description: "C" } },
		...doc,
	};
	const document = describeApi([{ method, path, doc: whole, needs: null }], issuer, []);
	const [[shown, methods] = ["", {}]] = Object.entries(document.paths);
	const [operation] = Object.values(methods);
	if (!operation) throw new Error("Not described");
	return curlOf(issuer, method, shown, operation);
}

const body = {
	media: ["application/json"] as const,
	schema: v.object({ name: v.string() }),
	example: { name: "it's" },
};

describe("the example request of an operation", () => {
	test("names in the path are variables of the shell, examples of the query are filled in", () => {
		const query = { limit: { description: "", example: "20" }, cursor: { description: "" } };
		expect(curl("GET", "/v1/keys/:id/codes/:codeId", { query })).toBe(
			'curl "https://id.example/v1/keys/$ID/codes/$CODEID?limit=20"',
		);
	});

	test("a quote inside the body does not end the argument", () => {
		expect(curl("POST", "/v1/keys", { body, credentials: ["bearer"] })).toBe(
			[
				'curl -X POST "https://id.example/v1/keys"',
				'-H "Authorization: Bearer $TOKEN"',
				"-H 'Content-Type: application/json'",
				`--data '{\n  "name": "it'\\''s"\n}'`,
			].join(" \\\n  "),
		);
	});

	test("a form is encoded by curl", () => {
		const form = { ...body, media: ["application/x-www-form-urlencoded"] as const };
		expect(curl("POST", "/oauth/token", { body: form, credentials: ["body"] })).toContain(
			`--data-urlencode 'name=it'\\''s'`,
		);
	});

	test.each([
		["access_code", 'x-api-key: $ACCESS_CODE"'],
		["public_key", 'x-api-key: $PUBLIC_KEY"'],
		["last9", 'X-LAST9-API-TOKEN: Bearer $TOKEN"'],
		["client", '-u "$CLIENT_ID:$CLIENT_SECRET"'],
	] as const)("the credential %s", (credential, shown) => {
		expect(curl("GET", "/x", { credentials: [credential] })).toContain(shown);
	});

	test("nothing is sent that nobody asks for", () => {
		expect(curl("GET", "/x", {})).toBe('curl "https://id.example/x"');
		expect(curl("POST", "/x", { credentials: ["session"] })).toBe('curl -X POST "https://id.example/x"');
	});
});
