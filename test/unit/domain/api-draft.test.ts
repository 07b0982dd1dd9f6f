import { describe, expect, test } from "vitest";
import { type ApiDraft, apiProblems, permissionNameProblem, tidyApi } from "../../../src/domain/api-draft.ts";
import { bounds } from "../../../src/domain/bounds.ts";

const issuer = "https://auth.example/key";
const permission = { name: "orders:read", title: "See orders", description: "", members: true, selfRegistered: false };
const good: ApiDraft = {
	identifier: "https://api.example/v1",
	name: "Orders",
	description: "",
	permissions: [permission],
	tokenTtl: null,
	algorithm: null,
	servers: [],
};

const wrongIn = (changes: Partial<ApiDraft>) =>
	apiProblems(tidyApi({ ...good, ...changes }), issuer).map(({ field }) => field);

test("what people typed is tidied before it is judged", () => {
	const typed = { name: "  My   orders ", description: "  ", permissions: [{ ...permission, title: " See  orders" }] };
	const tidy = tidyApi({ ...good, ...typed, servers: ["a", " a "] });
	expect(tidy).toEqual({ ...good, name: "My orders", servers: ["a"] });
	expect(apiProblems(tidy, issuer)).toEqual([]);
});

describe("RFC 8707 §2: an identifier", () => {
	test.each([
		"https://api.example",
		"https://api.example:8443/a/b?c",
		"urn:example:orders",
		"https://auth.example/keys",
	])("%s is one", (identifier) => expect(wrongIn({ identifier })).toEqual([]));
	test.each([
		["is not absolute", "/orders"],
		["has a fragment", "https://api.example#a"],
		["has a segment of dots", "https://api.example/a/../b"],
		["is longer than it may be", `https://api.example/${"a".repeat(512)}`],
		["is ours", issuer],
		["is ours with a slash", `${issuer}/`],
		["is ours in other letters", "HTTPS://AUTH.example/key"],
		["lies under ours", `${issuer}/v1/keys`],
		["is empty", ""],
	])("that %s is none", (_, identifier) => expect(wrongIn({ identifier })).toEqual(["identifier"]));
});

describe("RFC 6749 §3.3: the name of a permission", () => {
	test.each(["orders", "orders:read", "Orders.Read", "https://api.example/orders", "!", "x".repeat(100)])(
		"%s is a scope-token",
		(name) => expect(permissionNameProblem(name)).toBeNull(),
	);
	test.each(["", "two words", 'a"b', "a\\b", "größe", "a\tb", "x".repeat(101)])("%j is none", (name) =>
		expect(permissionNameProblem(name)).toMatch(/^A name has/),
	);
	test.each(["events:read", "Events:Read", "openid", "OPENID", "offline_access", "read", "write", "delete"])(
		"%s is latchkey's own",
		(name) => expect(permissionNameProblem(name)).toMatch(/^latchkey/),
	);
});

test("each field that is wrong is named, and what each permission lacks", () => {
	expect(wrongIn({ name: " ", description: "a\nb", tokenTtl: 59 })).toEqual([
		"name",
		"description",
		"access_token_ttl",
	]);
	expect(wrongIn({ tokenTtl: 86_401 })).toEqual(["access_token_ttl"]);
	const twice = [permission, { ...permission, name: "ORDERS:read" }, { ...permission, name: "a b", title: "" }];
	expect(wrongIn({ permissions: twice })).toEqual(["permissions.1.name", "permissions.2.name", "permissions.2.title"]);
	const many = (count: number) => Array.from({ length: count }, (_, index) => ({ ...permission, name: `p${index}` }));
	expect(wrongIn({ permissions: many(bounds.apiPermissions.most) })).toEqual([]);
	expect(wrongIn({ permissions: many(bounds.apiPermissions.most + 1) })).toEqual(["permissions"]);
	expect(wrongIn({ servers: many(bounds.apiServers.most + 1).map(({ name }) => name) })).toEqual(["servers"]);
});
