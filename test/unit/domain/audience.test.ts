import { describe, expect, test } from "vitest";
import { isFor, resourceProblem } from "../../../src/domain/audience.ts";

const issuer = "https://auth.example";

describe("RFC 8707: a token is for a resource of ours", () => {
	test.each([
		[[issuer], "/v1/keys"],
		[[`${issuer}/`], "/v1/keys"],
		[["https://mcp.example", issuer], "/v1/keys"],
		[[`${issuer}/v1/keys`], "/v1/keys"],
		[[`${issuer}/v1/keys`], "/v1/keys/key_1/codes"],
		[[`${issuer}/v1/keys/`], "/v1/keys"],
	])("%s opens %s", (audience, path) => {
		expect(isFor(audience, issuer, path)).toBe(true);
	});

	test.each([
		[[], "/v1/keys"],
		[["https://auth.example.evil"], "/v1/keys"],
		[["http://auth.example"], "/v1/keys"],
		[["https://AUTH.example"], "/v1/keys"],
		[[`${issuer}/v1/key`], "/v1/keys"],
		[[`${issuer}/v1/keys/key_1`], "/v1/keys"],
		[[`${issuer}//`], "/v1/keys"],
		[["https://mcp.example/v1/keys"], "/v1/keys"],
	])("%s does not open %s", (audience, path) => {
		expect(isFor(audience, issuer, path)).toBe(false);
	});
});

describe("RFC 8707 §2: a resource", () => {
	test.each([
		"https://mcp.example",
		"https://mcp.example/mcp?tenant=1",
		"urn:example:api",
		"http://localhost:3000/mcp",
	])("%s may be named", (resource) => {
		expect(resourceProblem(resource)).toBeNull();
	});

	test.each([
		"",
		"mcp",
		"/mcp",
		"https://mcp.example/#part",
		"https://mcp.example/\u0000",
		"https://mcp.example/a b",
		`https://a.example/${"a".repeat(512)}`,
	])("%j may not", (resource) => {
		expect(resourceProblem(resource)).not.toBeNull();
	});
});
