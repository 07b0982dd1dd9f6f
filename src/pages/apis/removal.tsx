import type { PermissionUse } from "../../domain/ports/apis.ts";
import { StrongName } from "../../ui/name.tsx";
import { confirmationView } from "../frame/confirmation.tsx";
import type { Frame } from "../frame/frame.ts";

interface Asked {
	readonly frame: Frame;
	readonly name: string;
	readonly use: PermissionUse;
	readonly action: string;
	readonly cancelUrl: string;
}

export function permissionRemovalView(props: Asked & { readonly permission: string }): string {
	const { frame, name, permission, use, action, cancelUrl } = props;
	return confirmationView({
		frame,
		title: "Remove permission?",
		about: name,
		action,
		fields: { name: permission },
		confirm: "Remove this permission",
		cancelUrl,
		children: (
			<>
				<p>
					<code>{permission}</code> of <StrongName text={name} /> will be gone: nobody is permitted it any more, from
					their next request here on. Tokens that are out there say it until they end.
				</p>
				<Uses use={use} />
				<p>Who adds a permission of this name later adds another one: nothing gets it back.</p>
			</>
		),
	});
}

export function apiDeletionView({ frame, name, use, action, cancelUrl }: Asked): string {
	return confirmationView({
		frame,
		title: "Delete API?",
		about: name,
		action,
		confirm: "Delete this API",
		cancelUrl,
		children: (
			<>
				<p>
					<StrongName text={name} /> and its permissions will be gone for good: this cannot be undone. Within 30 seconds
					no token is issued for it any more; those that are out there are good at its servers until they end.
				</p>
				<Uses use={use} />
			</>
		),
	});
}

function Uses({ use }: { readonly use: PermissionUse }) {
	const { policies, keys, clients } = use;
	if (policies + keys + clients === 0) return <p>Nothing names it yet.</p>;
	return (
		<>
			<p>These lose it:</p>
			<ul>
				<li>{count(policies, "policy", "policies")}</li>
				<li>{count(keys, "API key", "API keys")} that such a policy was given to</li>
				<li>{count(clients, "integration or application", "integrations and applications")}</li>
			</ul>
		</>
	);
}

function count(number: number, one: string, many: string): string {
	return number === 1 ? `one ${one}` : `${number} ${many}`;
}
