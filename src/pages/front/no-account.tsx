import { renderDocument } from "../../ui/document.tsx";
import { Name } from "../../ui/name.tsx";
import { SignOutForm } from "../../ui/sign-out-form.tsx";

export interface NoAccountProps {
	readonly person: { readonly name: string; readonly username: string };
	readonly signOut: { readonly action: string; readonly csrf: string };
}

/** The console of somebody who belongs to no account. */
export function noAccountView({ person, signOut }: NoAccountProps): string {
	return renderDocument({
		title: "No account yet",
		width: "narrow",
		failed: false,
		children: (
			<div class="card">
				<h1>No account yet</h1>
				<p>
					You are signed in as <Name text={person.name} /> (<Name text={person.username} />
					), and belong to no account. An administrator of one can bring you back.
				</p>
				<SignOutForm {...signOut} continueTo={null} label="Sign out" />
			</div>
		),
	});
}
