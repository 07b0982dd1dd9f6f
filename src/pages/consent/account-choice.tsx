import type { Role } from "../../domain/permission.ts";
import { StrongName } from "../../ui/name.tsx";
import { Section, Sentences } from "../../ui/section.tsx";
import { roleLabel } from "../../ui/role-label.ts";

export interface AccountChoiceProps {
	/** At least one. */
	readonly accounts: readonly AccountToChoose[];
	readonly chosen: string | null;
}

export interface AccountToChoose {
	readonly id: string;
	readonly name: string;
	readonly role: Role;
	/** What of all that the page lists is not given there, one sentence each. */
	readonly without: readonly string[];
	/** What the client has there already, and keeps, one sentence each. */
	readonly already: readonly string[];
}

/** The form field `account`: said, where there is no choice; radio buttons where there is one. */
export function AccountChoice({ accounts, chosen }: AccountChoiceProps) {
	const [only, ...others] = accounts;
	if (only && others.length === 0) {
		return (
			<>
				{only.already.length > 0 && (
					<Section id="already" title="What you allowed before, and it keeps">
						<Sentences class="permissions" of={only.already} />
					</Section>
				)}
				<Section id="account" title="In which account">
					<p class="choice">
						<AccountName {...only} already={[]} />
					</p>
					<input type="hidden" name="account" value={only.id} />
				</Section>
			</>
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

function AccountName({ name, role, without, already }: AccountToChoose) {
	return (
		<span>
			<span class="clamp">
				<StrongName text={name} /> <span class="muted">{roleLabel[role]}</span>
				{without.length > 0 && <span class="muted"> Not given there: {without.join("; ")}</span>}
			</span>
			{already.length > 0 && (
				<span class="muted block">It keeps what you allowed there before: {already.join("; ")}</span>
			)}
		</span>
	);
}
