import { renderCard } from "../../ui/document.tsx";
import { ErrorSummary } from "../../ui/error-summary.tsx";
import { StrongName } from "../../ui/name.tsx";
import { NewPasswordField } from "../../ui/new-password-field.tsx";

export interface RecoveryLinkProps {
	readonly action: string;
	readonly username: string;
	readonly error: string | null;
}

/** Posts `new_password`. */
export function recoveryLinkView({ action, username, error }: RecoveryLinkProps): string {
	return renderCard({
		title: "Choose a new password",
		failed: error !== null,
		children: (
			<>
				<p>
					For the user name <StrongName text={username} />. Every browser is signed out by it, and every login session
					ends.
				</p>
				<ErrorSummary errors={{ new_password: error }} />
				<form method="post" action={action}>
					<NewPasswordField name="new_password" label="New password" error={error} />
					<div class="actions">
						<button type="submit">Set the new password</button>
					</div>
				</form>
			</>
		),
	});
}
