import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { camelLogin, loginCamelNames, standardLogin } from "../../../src/dialects/login.ts";
import { toStandardNames } from "../../../src/dialects/names.ts";
import { camelTokens, standardTokens, tokenCamelNames } from "../../../src/dialects/token.ts";

function read(params: Record<string, string>, names: Readonly<Record<string, string>>) {
	const result = toStandardNames(new Map(Object.entries(params)), names);
	return "twice" in result ? result : { camel: result.camel, ...Object.fromEntries(result.params) };
}

describe("names", () => {
	test("contract 000 in camelCase, with its `redirect`", () => {
		const request = { grantType: "authorization_code", clientId: "i", clientSecret: "s", redirect: "r", code: "c" };
		expect(read(request, tokenCamelNames)).toEqual({
			camel: true,
			grant_type: "authorization_code",
			client_id: "i",
			client_secret: "s",
			redirect_uri: "r",
			code: "c",
		});
		expect(read({ refreshToken: "t" }, tokenCamelNames)).toEqual({ camel: true, refresh_token: "t" });
	});

	test("contract 001 in camelCase", () => {
		expect(read({ apiKey: "k", sessionId: "s", minTtl: "1" }, loginCamelNames)).toEqual({
			camel: true,
			api_key: "k",
			session_id: "s",
			min_ttl: "1",
		});
	});

	test("names that are the same in both say nothing of the dialect", () => {
		expect(read({ code: "c", grant_type: "g" }, tokenCamelNames)).toEqual({ camel: false, code: "c", grant_type: "g" });
	});

	test.each(Object.entries(tokenCamelNames))("%s beside %s is one parameter twice", (camel, standard) => {
		expect(read({ [camel]: "a", [standard]: "a" }, tokenCamelNames)).toEqual({ twice: standard });
		expect(read({ [standard]: "a", [camel]: "b" }, tokenCamelNames)).toEqual({ twice: standard });
	});

	test("names of objects' own are left as they are", () => {
		fc.assert(
			fc.property(fc.constantFrom("__proto__", "constructor", "toString", "hasOwnProperty"), (name) => {
				const result = toStandardNames(new Map([[name, "x"]]), tokenCamelNames);
				expect(result).toEqual({ camel: false, params: new Map([[name, "x"]]) });
			}),
		);
	});
});

describe("answers, member for member", () => {
	const tokens = { token: "a", expiresIn: 86_400, refreshToken: "r", idToken: "i", scope: ["x", "y"] };
	const issued = { ...tokens, tokenType: "Bearer" } as const;
	const kept = { ...issued, refreshToken: null, idToken: null };

	test("contract 000: exactly its members, and so no id_token", () => {
		expect(JSON.stringify(camelTokens(issued))).toBe(
			'{"accessToken":"a","refreshToken":"r","expiresIn":86400,"tokenType":"Bearer"}',
		);
		expect(JSON.stringify(camelTokens(kept))).toBe('{"accessToken":"a","expiresIn":86400,"tokenType":"Bearer"}');
	});

	test("RFC 6749 §5.1, OIDC Core §3.1.3.3", () => {
		expect(standardTokens(issued)).toEqual({
			access_token: "a",
			token_type: "Bearer",
			expires_in: 86_400,
			refresh_token: "r",
			id_token: "i",
			scope: "x y",
		});
		expect(standardTokens({ ...kept, tokenType: "DPoP" })).toMatchObject({ token_type: "DPoP" });
		expect(standardTokens(kept)).not.toHaveProperty("refresh_token");
		expect(standardTokens(kept)).not.toHaveProperty("id_token");
	});

	test("contract 001", () => {
		expect(JSON.stringify(standardLogin({ token: "a", expiresIn: 7200 }))).toBe(
			'{"access_token":"a","expires_in":7200,"token_type":"Bearer"}',
		);
		expect(camelLogin({ token: "a", expiresIn: 1 })).toEqual({ accessToken: "a", expiresIn: 1, tokenType: "Bearer" });
	});
});
