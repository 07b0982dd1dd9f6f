import { renderCard } from "../../ui/document.tsx";
import { PersonName } from "../../ui/name.tsx";
import { LinkButton, SignOutForm } from "../../ui/post-form.tsx";
import type { Shell } from "../../words/shell.ts";

export interface NoAccountProps {
	readonly shell: Shell;
	readonly person: { readonly name: string; readonly username: string };
	readonly isOperator: boolean;
	readonly mayMakeAccounts: boolean;
	readonly signOut: { readonly action: string; readonly csrf: string };
}

/** The console of somebody who belongs to no account. */
export function noAccountView({ shell, person, isOperator, mayMakeAccounts, signOut }: NoAccountProps): string {
	const { noAccount: say } = shell.words;
	return renderCard({
		shell,
		title: say.title,
		children: (
			<>
				<p>{say.invite(<PersonName {...person} />)}</p>
				{mayMakeAccounts && (
					<div class="actions">
						<LinkButton href="/accounts/new" label={say.make} />
					</div>
				)}
				{isOperator && (
					<p>
						<a href="/operator">{say.operate}</a>
					</p>
				)}
				<SignOutForm {...signOut} />
			</>
		),
	});
}
