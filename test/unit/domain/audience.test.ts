import { describe, expect, test } from "vitest";
import { areGranted, isFor, readResources, resourceProblem } from "../../../src/domain/audience.ts";

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

describe("RFC 8707 §2: the resources of a request", () => {
	test("none is null, which is not the same as an empty list", () => {
		expect(readResources(null, issuer)).toEqual({ ok: true, resource: null });
	});

	test("latchkey is named with a slash and without, and is one resource", () => {
		const named = [`${issuer}/`, "https://mcp.example/", issuer];
		expect(readResources(named, issuer)).toEqual({ ok: true, resource: [issuer, "https://mcp.example/"] });
	});

	test("one that is wrong spoils all", () => {
		expect(readResources([issuer, "mcp"], issuer)).toMatchObject({ ok: false });
	});

	test("eight may be named, and not nine", () => {
		const many = Array.from({ length: 9 }, (_, index) => `https://mcp-${index}.example`);
		expect(readResources(many.slice(1), issuer)).toMatchObject({ ok: true });
		expect(readResources(many, issuer)).toMatchObject({ ok: false });
	});
});

describe("RFC 8707 §2.2: at the token endpoint a resource narrows", () => {
	test.each([
		[[issuer], undefined, true],
		[["https://mcp.example"], undefined, false],
		[["https://mcp.example"], ["https://mcp.example", issuer], true],
		[["https://mcp.example", issuer], ["https://mcp.example"], false],
		[[issuer], ["https://mcp.example"], false],
		// As it was granted, to the letter: two spellings may be two resources.
		[["https://mcp.example/"], ["https://mcp.example"], false],
	])("%j of %j: %s", (asked, granted, expected) => {
		expect(areGranted(asked, granted, issuer)).toBe(expected);
	});
});
