import type { Role } from "../domain/permission.ts";

/** A role, in words for people. */
export const roleLabel: Readonly<Record<Role, string>> = {
	admin: "Administrator",
	member: "Member",
};
