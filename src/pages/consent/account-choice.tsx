import type { Role } from "../../domain/permission.ts";
import { StrongName } from "../../ui/name.tsx";
import { Section, Sentences } from "../../ui/section.tsx";
import { useWords } from "../../ui/words.ts";

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
	const { consent: say } = useWords();
	const [only, ...others] = accounts;
	if (only && others.length === 0) {
		return (
			<>
				{only.already.length > 0 && (
					<Section id="already" title={say.already}>
						<Sentences class="permissions" of={only.already} />
					</Section>
				)}
				<Section id="account" title={say.inWhich}>
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
			<legend>{say.inWhich}</legend>
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
	const { consent: say, roles } = useWords();
	return (
		<span>
			<span class="clamp">
				<StrongName text={name} /> <span class="muted">{roles[role]}</span>
				{without.length > 0 && <span class="muted"> {say.without(without.join("; "))}</span>}
			</span>
			{already.length > 0 && <span class="muted block">{say.keeps(already.join("; "))}</span>}
		</span>
	);
}
