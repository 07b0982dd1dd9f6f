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
	return renderCard({
		shell,
		title: "No account yet",
		children: (
			<>
				<p>
					You are signed in as <PersonName {...person} />, and belong to no account. Whoever administers one can invite
					you: they send you a link, which takes you in.
				</p>
				{mayMakeAccounts && (
					<div class="actions">
						<LinkButton href="/accounts/new" label="Make an account" />
					</div>
				)}
				{isOperator && (
					<p>
						<a href="/operator">Operate this deployment</a>
					</p>
				)}
				<SignOutForm {...signOut} />
			</>
		),
	});
}
