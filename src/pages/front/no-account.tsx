import { renderCard } from "../../ui/document.tsx";
import { PersonName } from "../../ui/name.tsx";
import { SignOutForm } from "../../ui/post-form.tsx";

export interface NoAccountProps {
	readonly person: { readonly name: string; readonly username: string };
	readonly signOut: { readonly action: string; readonly csrf: string };
}

/** The console of somebody who belongs to no account. */
export function noAccountView({ person, signOut }: NoAccountProps): string {
	return renderCard({
		title: "No account yet",
		children: (
			<>
				<p>
					You are signed in as <PersonName {...person} />, and belong to no account. An administrator of one can invite
					you.
				</p>
				<SignOutForm {...signOut} />
			</>
		),
	});
}
