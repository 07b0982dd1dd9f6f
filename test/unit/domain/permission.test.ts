import { describe, expect, test } from "vitest";
import { isPermission, isRole, pairScopes, permissions, permissionsIn, roles } from "../../../src/domain/permission.ts";
import { parseScope } from "../../../src/domain/scope.ts";

const prototypeKeys = ["__proto__", "constructor", "toString", "hasOwnProperty", ""];

describe("a permission", () => {
	test("is one of those that are listed, and each of them is a scope value", () => {
		for (const name of Object.keys(permissions)) {
			expect(isPermission(name)).toBe(true);
			expect(parseScope(name)).toEqual([name]);
		}
		expect(isPermission("alerts:delete")).toBe(false);
	});

	test.each(prototypeKeys)("is not %j, nor is that a role", (text) => {
		expect(isPermission(text)).toBe(false);
		expect(isRole(text)).toBe(false);
	});
});

describe("a scope of contract 002", () => {
	test.each(pairScopes)("%s stands for what ends in it, but for what came when pairs were out there", (scope) => {
		expect(permissionsIn(scope)).toContain(`change_events:${scope}`);
		expect(permissionsIn(scope).filter((each) => !each.endsWith(`:${scope}`))).toEqual([]);
		expect(permissionsIn(scope)).not.toContain(`apis:${scope}`);
	});
});

describe("a role", () => {
	test("gives an administrator everything and a member nothing that changes anything", () => {
		expect(roles.admin).toEqual(Object.keys(permissions));
		expect(roles.member.filter((permission) => !permission.endsWith(":read"))).toEqual([]);
		expect(isRole("admin") && isRole("member")).toBe(true);
		expect(isRole("owner")).toBe(false);
	});
});
