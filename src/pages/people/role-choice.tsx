import type { Role } from "../../domain/permission.ts";
import { RadioChoices } from "../../ui/choices.tsx";
import { roleLabel } from "../../ui/role-label.ts";

export function RoleChoice({ chosen }: { readonly chosen: Role }) {
	return <RadioChoices legend="Role" name="role" options={roles} chosen={chosen} />;
}

const roles = [
	{
		value: "member",
		label: roleLabel.member,
		hint: "Sees the account's keys, environments and integrations, without secrets, and allows applications what a member may.",
	},
	{
		value: "admin",
		label: roleLabel.admin,
		hint: "Does everything: makes and deletes keys, manages people, reads the audit log.",
	},
];
