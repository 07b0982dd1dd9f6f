import { renderCard } from "../../ui/document.tsx";
import { ErrorSummary, type FieldErrors, isWrong } from "../../ui/error-summary.tsx";
import { StrongName } from "../../ui/name.tsx";
import { NewPasswordField } from "../../ui/new-password-field.tsx";
import { GoOnByPasskey } from "./make-passkey.tsx";
import { SecondFactorField } from "./recover.tsx";
import type { Shell } from "../../words/shell.ts";

export type RecoveryLinkField = "username" | "new_password" | "second";

export interface RecoveryLinkProps {
	readonly shell: Shell;
	readonly action: string;
	readonly username: string;
	readonly errors: FieldErrors<RecoveryLinkField>;
}

/** Posts `new_password`, or `with=passkey`. */
export function recoveryLinkView({ shell, action, username, errors }: RecoveryLinkProps): string {
	const { recover: say, common } = shell.words;
	return renderCard({
		shell,
		title: say.linkTitle,
		failed: isWrong(errors),
		children: (
			<>
				<p id="username">{say.forByLink(<StrongName text={username} />)}</p>
				<ErrorSummary errors={errors} />
				<form method="post" action={action}>
					{errors.second && <SecondFactorField error={errors.second} />}
					<NewPasswordField name="new_password" label={common.newPassword} error={errors.new_password} />
					<div class="actions">
						<button type="submit">{say.code.submit}</button>
						<GoOnByPasskey />
					</div>
				</form>
			</>
		),
	});
}
