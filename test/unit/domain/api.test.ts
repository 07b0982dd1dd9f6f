import { describe, expect, test } from "vitest";
import { type Api, type ApiPermission, permittedBy } from "../../../src/domain/api.ts";
import { roles } from "../../../src/domain/permission.ts";

const permission = (name: string, members: boolean): ApiPermission => {
	return { name, title: name, description: "", members, selfRegistered: false };
};
const orders: Pick<Api, "permissions"> = {
	permissions: [permission("orders:read", true), permission("orders:write", false)],
};

describe("what a role permits, with the APIs of an account", () => {
	test("an administrator has all of each API, a member what the API says, and both their own of latchkey", () => {
		const [admin, member] = [permittedBy("admin", [orders]), permittedBy("member", [orders])];
		expect(admin).toEqual(expect.arrayContaining(["orders:read", "orders:write", ...roles.admin, "openid"]));
		expect(member).toEqual(expect.arrayContaining(["orders:read", ...roles.member, "openid"]));
		expect(member).not.toContain("orders:write");
		expect(member).not.toContain("keys:write");
	});

	test("nobody has anything of an API that is not among them", () => {
		for (const role of ["admin", "member"] as const) expect(permittedBy(role, [])).not.toContain("orders:read");
	});
});
