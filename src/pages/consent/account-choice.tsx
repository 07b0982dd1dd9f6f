import type { Role } from "../../domain/permission.ts";
import { StrongName } from "../../ui/name.tsx";
import { Section } from "../../ui/section.tsx";
import { roleLabel } from "../../ui/role-label.ts";

export interface AccountChoiceProps {
	/** At least one. */
	readonly accounts: readonly { readonly id: string; readonly name: string; readonly role: Role }[];
	readonly chosen: string | null;
}

/** The form field `account`: said, where there is no choice; radio buttons where there is one. */
export function AccountChoice({ accounts, chosen }: AccountChoiceProps) {
	const [only, ...others] = accounts;
	if (only && others.length === 0) {
		return (
			<Section id="account" title="In which account">
				<p class="choice">
					<AccountName {...only} />
				</p>
				<input type="hidden" name="account" value={only.id} />
			</Section>
		);
	}
	return (
		<fieldset class="choices">
			<legend>In which account</legend>
			{accounts.map((account, index) => (
				<label class="choice" for={`account-${index}`} key={account.id}>
					<input
						type="radio"
						id={`account-${index}`}
						name="account"
						value={account.id}
						checked={account.id === chosen}
						required
					/>
					<AccountName {...account} />
				</label>
			))}
		</fieldset>
	);
}

function AccountName({ name, role }: { readonly name: string; readonly role: Role }) {
	return (
		<span class="clamp">
			<StrongName text={name} /> <span class="muted">{roleLabel[role]}</span>
		</span>
	);
}
