import { describe, expect, test } from "vitest";
import { maxFormBytes } from "../../src/http/body.ts";
import { type Answer, post, postForm, postJson, refusal } from "../support/requests.ts";
import { demo, send } from "../support/target.ts";
import { askForToken, exchange, installed } from "../support/tokens.ts";

const { integration } = demo;
const json = { "content-type": "application/json" };
const form = { "content-type": "application/x-www-form-urlencoded" };

/** A request that would be good, but for what the test does to it; the code has to survive. */
async function survives(attack: (fields: Record<string, string>) => Promise<Answer>): Promise<string> {
	const code = await installed();
	const refused = refusal(await attack(camelFields(code)));
	const { status } = await exchange(code);
	if (status !== 200) throw new Error(`The code was lost: ${refused}`);
	return refused;
}

function camelFields(code: string) {
	return {
		grantType: "authorization_code",
		clientId: integration.client.id,
		clientSecret: integration.secret ?? "",
		redirect: integration.client.redirectUris[0] ?? "",
		code,
	};
}

describe("the body of a token request", () => {
	test.each([
		["malformed JSON", '{"grantType":'],
		["an empty body", ""],
		["a JSON array", "[]"],
		["a JSON string", '"grant"'],
		["null", "null"],
		["a number", "1"],
	])("%s is refused as JSON", async (_, body) => {
		expect(refusal(await post("/oauth/token", body, json))).toBe("400 invalid_request");
	});

	test("a good request inside an array is refused", async () => {
		expect(await survives((fields) => postJson("/oauth/token", [fields]))).toBe("400 invalid_request");
	});

	test("bytes that are not UTF-8 are refused", async () => {
		const response = await send("/oauth/token", {
			method: "POST",
			headers: json,
			body: Uint8Array.of(0x7b, 0xff, 0x7d),
		});
		expect([response.status, await response.json()]).toMatchObject([400, { error: "invalid_request" }]);
	});

	test.each([
		["an object", { code: { $ne: null } }],
		["an array", { code: ["a", "b"] }],
		["a truth value", { code: true }],
		["an object as client", { clientId: {} }],
		["an array as grant type", { grantType: ["authorization_code"] }],
	])("%s in the place of a string is refused", async (_, wrong) => {
		const refused = await survives((fields) => postJson("/oauth/token", { ...fields, ...wrong }));
		expect(refused).toBe("400 invalid_request");
	});

	test.each(["text/plain", "multipart/form-data; boundary=x", "application/xml", "application/jsonp", "json"])(
		"the content type %s is refused",
		async (type) => {
			const attack = (fields: object) => post("/oauth/token", JSON.stringify(fields), { "content-type": type });
			expect(await survives(attack)).toBe("415 invalid_request");
		},
	);

	test("a charset and capitals in the content type do no harm", async () => {
		const headers = { "content-type": "Application/JSON; charset=UTF-8" };
		expect((await exchange(await installed(), { dialect: "camel", headers })).status).toBe(200);
		const formHeaders = { "content-type": "application/x-www-form-urlencoded;charset=utf-8" };
		expect((await exchange(await installed(), { headers: formHeaders })).status).toBe(200);
	});

	test("a body of more than 16 KiB is refused, whatever is in it", async () => {
		const padding = "x".repeat(maxFormBytes);
		expect(await survives((fields) => postJson("/oauth/token", { ...fields, padding }))).toBe("413 invalid_request");
		expect(await survives((fields) => postForm("/oauth/token", { ...fields, padding }))).toBe("413 invalid_request");
	});

	test("a body of 16 KiB is read", async () => {
		const fields = camelFields(await installed());
		const length = maxFormBytes - JSON.stringify({ ...fields, padding: "" }).length;
		const body = JSON.stringify({ ...fields, padding: "x".repeat(length) });
		expect(body).toHaveLength(maxFormBytes);
		expect((await post("/oauth/token", body, json)).status).toBe(200);
		expect(refusal(await post("/oauth/token", `${body} `, json))).toBe("413 invalid_request");
	});

	test("unknown parameters are ignored (RFC 6749 §3.2)", async () => {
		expect((await exchange(await installed(), { fields: { hello: "world", __proto__x: "1" } })).status).toBe(200);
	});
});

describe("RFC 6749 §3.2: no parameter more than once", () => {
	test.each(["grant_type", "client_id", "client_secret", "redirect_uri", "code"])(
		"%s twice in a form",
		async (name) => {
			const code = await installed();
			const fields = new URLSearchParams({
				grant_type: "authorization_code",
				client_id: integration.client.id,
				client_secret: integration.secret ?? "",
				redirect_uri: integration.client.redirectUris[0] ?? "",
				code,
			});
			fields.append(name, fields.get(name) ?? "");
			expect(refusal(await post("/oauth/token", fields.toString(), form))).toBe("400 invalid_request");
			fields.set(name, fields.get(name) ?? "");
			expect((await post("/oauth/token", fields.toString(), form)).status).toBe(200);
		},
	);

	test.each(["grantType", "clientId", "clientSecret", "redirect", "code"])("%s twice in JSON", async (name) => {
		const twice = (fields: Record<string, string>) => {
			const text = JSON.stringify(fields);
			return post("/oauth/token", `{"${name}":"other",${text.slice(1)}`, json);
		};
		expect(await survives(twice)).toBe("400 invalid_request");
	});

	test("a key that is escaped differently the second time is the same key", async () => {
		const attack = survives((fields) =>
			post("/oauth/token", `{"c\\u006fde":"other",${JSON.stringify(fields).slice(1)}`, json),
		);
		expect(await attack).toBe("400 invalid_request");
	});

	test.each([
		["grant_type", "grantType"],
		["client_id", "clientId"],
		["client_secret", "clientSecret"],
		["redirect_uri", "redirect"],
	])("%s beside %s", async (standard, camel) => {
		const both = (fields: Record<string, string>) => postJson("/oauth/token", { ...fields, [standard]: fields[camel] });
		expect(await survives(both)).toBe("400 invalid_request");
	});

	test("a repeated name is not repeated to whoever reads the error, where it is not harmless", async () => {
		const answer = await post("/oauth/token", "%3Cimg%3E=1&%3Cimg%3E=2", form);
		expect(refusal(answer)).toBe("400 invalid_request");
		expect(answer.text).not.toContain("img");
	});
});

describe("what has to be there", () => {
	test.each([
		["grant_type", "400 invalid_request"],
		["code", "400 invalid_request"],
		["redirect_uri", "400 invalid_grant"],
		["client_secret", "401 invalid_client"],
		["client_id", "401 invalid_client"],
	])("without %s", async (name, refused) => {
		const code = await installed();
		for (const dialect of ["form", "snake", "camel"] as const) {
			expect(refusal(await exchange(code, { dialect, fields: { [name]: undefined } }))).toBe(refused);
		}
		expect((await exchange(code)).status).toBe(200);
	});

	test("RFC 6749 §3.1: an empty parameter is as if it were not there", async () => {
		const code = await installed();
		expect(refusal(await exchange(code, { fields: { grant_type: "" } }))).toBe("400 invalid_request");
		expect(refusal(await exchange(code, { fields: { client_secret: "" } }))).toBe("401 invalid_client");
		expect((await exchange(code, { fields: { code_verifier: "" } })).status).toBe(200);
	});

	test("a refresh without its token", async () => {
		expect(refusal(await askForToken({}, { grant_type: "refresh_token" }))).toBe("400 invalid_request");
	});

	test.each([
		"password",
		"implicit",
		"urn:openid:params:grant-type:ciba",
		"AUTHORIZATION_CODE",
		"authorization_code ",
		"__proto__",
		"constructor",
		"toString",
		"hasOwnProperty",
	])("RFC 6749 §5.2: there is no grant type %s", async (grantType) => {
		for (const dialect of ["form", "snake", "camel"] as const) {
			const answer = await askForToken({ dialect }, { grant_type: grantType, code: "x" });
			expect(refusal(answer)).toBe("400 unsupported_grant_type");
		}
	});

	test("`__proto__` as a member of the JSON changes nothing", async () => {
		const body = `{"__proto__":{"grantType":"authorization_code","clientId":"x"}}`;
		expect(refusal(await post("/oauth/token", body, json))).toBe("400 invalid_request");
		const string = `{"__proto__":"x","constructor":"y","grantType":"nothing"}`;
		expect(refusal(await post("/oauth/token", string, json))).toBe("401 invalid_client");
	});

	test("RFC 6749 §3.2: parameters in the query do not count", async () => {
		const query = new URLSearchParams(camelFields("x")).toString();
		expect(refusal(await postForm(`/oauth/token?${query}`, {}))).toBe("401 invalid_client");
	});
});
