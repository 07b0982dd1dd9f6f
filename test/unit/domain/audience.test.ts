import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	asRegistered,
	audienceOf,
	isFor,
	isOwnResource,
	isSameResource,
	readResources,
	resourceProblem,
	scopeOfToken,
	spellingsOf,
} from "../../../src/domain/audience.ts";

const issuer = "https://auth.example";

describe("RFC 8707: a token is for a resource of ours", () => {
	test.each([
		[[issuer], "/v1/keys"],
		[[`${issuer}/`], "/v1/keys"],
		[["https://mcp.example", issuer], "/v1/keys"],
		[[`${issuer}/v1/keys`], "/v1/keys"],
		[[`${issuer}/v1/keys`], "/v1/keys/key_1/codes"],
		[[`${issuer}/v1/keys/`], "/v1/keys"],
		[["https://AUTH.example"], "/v1/keys"],
		[["https://auth.example:443/v1"], "/v1/keys"],
	])("%s opens %s", (audience, path) => {
		expect(isFor(audience, issuer, path)).toBe(true);
	});

	test.each([
		[[], "/v1/keys"],
		[["https://auth.example.evil"], "/v1/keys"],
		[["http://auth.example"], "/v1/keys"],
		[["https://auth.example:8443"], "/v1/keys"],
		[["https://auth.example."], "/v1/keys"],
		[["https://someone@auth.example"], "/v1/keys"],
		[[`${issuer}/V1`], "/v1/keys"],
		[[`${issuer}/%76%31`], "/v1/keys"],
		[[`${issuer}/v1/key`], "/v1/keys"],
		[[`${issuer}/v1/keys/key_1`], "/v1/keys"],
		[[`${issuer}//`], "/v1/keys"],
		[[`${issuer}//v1/keys`], "/v1/keys"],
		[[`${issuer}/v1/keys//`], "/v1/keys"],
		[[`${issuer}/v1/keys/../keys`], "/v1/keys"],
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
		"https://mcp.example/.well-known/a..b/...?up=/../x",
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
		// What whoever fetches it makes another address of.
		"https://mcp.example/a/../b",
		"https://mcp.example/a/%2e%2E/b",
		"https://mcp.example/a/.%2e",
		"https://mcp.example/./a?tenant=1",
		"https://mcp.example/..",
		"https://mcp.example/a%2F..%5c",
		"https://mcp.example\\..\\b",
		"urn:example/../b",
	])("%j may not", (resource) => {
		expect(resourceProblem(resource)).not.toBeNull();
	});
});

describe("RFC 8707 §2: the resources of a request", () => {
	test("none is null, which is not the same as an empty list", () => {
		expect(readResources(null, issuer)).toEqual({ ok: true, resource: null });
	});

	test("latchkey is named with a slash and without, and is one resource", () => {
		const named = [`${issuer}/`, "https://mcp.example/", issuer, "HTTPS://auth.example:443", "https://mcp.example"];
		expect(readResources(named, issuer)).toEqual({ ok: true, resource: [issuer, "https://mcp.example/"] });
	});

	test("read once and once more, it is the same one", () => {
		const part = fc.constantFrom("/", "//", "?", "a", "v1", ":443", "https://AUTH.example", "http://h:80/t", "=/");
		const path = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(""));
		fc.assert(
			fc.property(fc.constantFrom(issuer, "http://h/t"), fc.boolean(), path, (own, isUnder, rest) => {
				const named = isUnder ? own + rest : rest;
				const once = readResources([named], own);
				fc.pre(once.ok);
				expect(readResources(once.resource, own)).toEqual(once);
				expect(audienceOf(null, once.resource ?? [], own)).toEqual(once.resource);
			}),
			{
				numRuns: 2000,
				examples: [
					[issuer, true, "//"],
					[issuer, true, "/v1//"],
					[issuer, true, "/?a=//"],
				],
			},
		);
	});

	test.each(["//", "///", "/v1//", "//v1", "/?a=/"])("an empty segment makes it another: latchkey%s", (path) => {
		expect(readResources([issuer + path, issuer], issuer)).toEqual({ ok: true, resource: [issuer + path, issuer] });
		expect(isOwnResource(issuer + path, issuer)).toBe(true);
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

describe("RFC 3986 §6.2: two identifiers name one resource", () => {
	test.each([
		["https://mcp.example", "https://mcp.example/", "as JavaScript's URL writes it, and as other languages leave it"],
		["https://mcp.example/v1", "HTTPS://MCP.Example/v1", "in capitals of scheme and host"],
		["https://mcp.example:443/v1", "https://mcp.example/v1", "with the port that https has anyway"],
		["http://mcp.example:80", "http://mcp.example/", "with that of http"],
		["https://mcp.example:", "https://mcp.example", "with an empty port"],
		["https://mcp.example?tenant=1", "https://mcp.example/?tenant=1", "with a query after an empty path"],
		["https://[2001:DB8::1]:443", "https://[2001:db8::1]/", "with an IPv6 address"],
		["URN:example:api", "urn:example:api", "without an authority"],
	])("%s and %s, %s", (one, other) => {
		expect(isSameResource(one, other)).toBe(true);
		expect(isSameResource(other, one)).toBe(true);
	});

	test.each([
		["https://mcp.example/v1", "https://mcp.example/V1", "the case of a path"],
		["https://mcp.example/v1", "https://mcp.example/v1/", "a slash after a path"],
		["https://mcp.example/?a=B", "https://mcp.example/?a=b", "a query"],
		["https://mcp.example", "https://mcp.example:8443", "a port"],
		["https://mcp.example", "https://mcp.example:80", "the port of another scheme"],
		["https://mcp.example", "http://mcp.example", "a scheme"],
		["https://mcp.example", "https://user@mcp.example", "user information"],
		["https://User@mcp.example", "https://user@mcp.example", "the case of it"],
		["https://mcp.example", "https://mcp.example.", "a dot at the end of the host"],
		["https://mcp.example/a", "https://mcp.example/%61", "an encoded letter"],
		["https://mcp.example", "https://mcp%2eexample", "an encoded dot"],
		["https://mcp.example/a", "https://mcp.example/b/../a", "segments of dots"],
		["https://mcp.example", "https://mcp.example//", "one slash more"],
		["https://mcp.example", "https://mcp.example\\@evil.example", "what comes after a backslash"],
		["urn:example:api", "urn:EXAMPLE:api", "the case of what is no host"],
	])("%s and %s do not: %s", (one, other) => {
		expect(isSameResource(one, other)).toBe(false);
		expect(isSameResource(other, one)).toBe(false);
	});
});

describe("RFC 8707 §2.2: at the token endpoint a resource narrows", () => {
	test.each([
		[[issuer], undefined, [issuer]],
		[null, undefined, [issuer]],
		[null, ["https://mcp.example", issuer], ["https://mcp.example", issuer]],
		[["https://mcp.example"], undefined, null],
		[["https://mcp.example"], ["https://mcp.example", issuer], ["https://mcp.example"]],
		[["https://mcp.example", issuer], ["https://mcp.example"], null],
		[[issuer], ["https://mcp.example"], null],
		// Spelled as it was granted, whichever way it is asked for.
		[["https://mcp.example/"], ["https://mcp.example"], ["https://mcp.example"]],
		[["https://mcp.example/v1/"], ["https://mcp.example/v1"], null],
		// As a grant may have kept it once, when a resource of ours was spelled as it was asked for.
		[[`${issuer}/v1/keys`], [`${issuer}/v1/keys/`], [`${issuer}/v1/keys`]],
	])("%j of %j: %j", (asked, granted, expected) => {
		expect(audienceOf(asked, granted, issuer)).toEqual(expected);
	});
});

describe("what a token may carry", () => {
	const scope = ["calendar:read", "email", "events:read", "openid", "write"];
	test.each([
		["latchkey", [issuer]],
		["resources of latchkey's", [`${issuer}/v1/keys`, "HTTPS://auth.example:443"]],
	])("that is for %s: all of it", (_, audience) => {
		expect(scopeOfToken(scope, audience, issuer)).toEqual(scope);
	});

	test.each([
		["somebody else", ["https://mcp.example"]],
		["latchkey and somebody else", [issuer, "https://mcp.example"]],
		["whoever has the issuer's name with another port", [`${issuer}:8443`]],
		["whoever makes dots of a path of ours", [`${issuer}/v1/../other`, `${issuer}/v1/%2e%2E/other`]],
		["whoever looks like a resource of ours", [`${issuer}.evil.example/v1`, "https://user@auth.example"]],
	])("that is for %s: none of latchkey's permissions", (_, audience) => {
		expect(scopeOfToken(scope, audience, issuer)).toEqual(["calendar:read", "email", "openid"]);
	});

	test.each(["/../other", "/%2e%2E/other", "/x/.%2E/../other", "/..%2fother", "\\..\\other"])(
		"beside an issuer with a path: none of them for a grant of before that names it with %s",
		(path) => {
			const beside = `http://h/t${path}`;
			expect(audienceOf(null, [beside], "http://h/t")).toEqual([beside]);
			expect(scopeOfToken(scope, [beside], "http://h/t")).toEqual(["calendar:read", "email", "openid"]);
		},
	);
});

test("an API is named as it registered itself, and where it did not as it was asked for", () => {
	const registered = ["https://CAL.example", "https://cal.example/", "https://mcp.example/mcp"];
	const asked = ["https://cal.example/", "https://cal.example:443", "HTTPS://mcp.example/mcp", "https://other.example"];
	expect(asRegistered(asked, spellingsOf(registered))).toEqual([
		"https://cal.example/",
		"https://CAL.example",
		"https://mcp.example/mcp",
		"https://other.example",
	]);
});
