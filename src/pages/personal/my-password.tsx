import { type FieldErrors, isWrong } from "../../ui/error-summary.tsx";
import { NewPasswordField } from "../../ui/new-password-field.tsx";
import { LinkButton } from "../../ui/post-form.tsx";
import { ProofFields, type WaysToProve } from "../../ui/proof-fields.tsx";
import { Section } from "../../ui/section.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";
import { FormCard } from "../frame/form-card.tsx";

export type PasswordField = "password" | "new_password";

export const saidOfPassword = {
	password:
		"Your password is set. Every other browser is signed out, and login sessions and recovery codes of before have ended.",
	password_removed:
		"Your password is removed: you sign in by passkey. Every other browser is signed out, and your recovery codes have ended. Create new ones.",
};

interface PasswordProps {
	readonly frame: ConsoleFrame;
	readonly isThere: boolean;
}

/** `mayGo`: whether there is another way in, for which it can be removed. */
export function PasswordSection({ frame, isThere, mayGo }: PasswordProps & { readonly mayGo: boolean }) {
	const here = `${frame.base}/security/password`;
	return (
		<Section class="card" id="password" title="Password">
			<p>
				{!isThere && "You have none, and need none: you sign in in another way."}
				{isThere && (mayGo ? "You have one." : "You have one. Once you have a passkey, you can do without it.")}
			</p>
			<div class="row">
				<LinkButton look="secondary" href={here} label={isThere ? "Change password" : "Set a password"} />
				{mayGo && <LinkButton look="secondary" href={`${here}/remove`} label="Remove password" />}
			</div>
		</Section>
	);
}

/** `GET …/security/password` */
export function passwordView(
	props: PasswordProps & { readonly ways: WaysToProve; readonly errors: FieldErrors<PasswordField> },
): string {
	const { frame, isThere, ways, errors } = props;
	const title = isThere ? "Change your password" : "Set a password";
	return renderConsolePage({
		frame,
		title,
		failed: isWrong(errors),
		children: (
			<FormCard
				frame={frame}
				action={`${frame.base}/security/password`}
				errors={errors}
				submit={isThere ? "Change password" : "Set password"}
				cancel={`${frame.base}/security`}
				intro={
					<p>
						It signs out every other browser, and ends every login session that a password opened and your recovery
						codes. What you allowed integrations and applications stays.
					</p>
				}
			>
				<NewPasswordField name="new_password" label="New password" error={errors.new_password} />
				<ProofFields ways={ways} label="Current password" hint={null} error={errors.password} />
			</FormCard>
		),
	});
}

/** `GET …/security/password/remove` */
export function removePasswordView(props: {
	readonly frame: ConsoleFrame;
	readonly ways: WaysToProve;
	readonly error: string | null;
}): string {
	const { frame, ways, error } = props;
	return renderConsolePage({
		frame,
		title: "Remove your password",
		failed: error !== null,
		children: (
			<FormCard
				frame={frame}
				action={`${frame.base}/security/password/remove`}
				errors={{ password: error }}
				submit="Remove password"
				cancel={`${frame.base}/security`}
				intro={
					<p>
						You sign in by passkey alone from then on, and nobody can guess or phish a password of yours. Every other
						browser is signed out. Programs that log in with your password stop, and your recovery codes end: make new
						ones.
					</p>
				}
			>
				<ProofFields ways={ways} hint="Asked for again, because it changes how you get in." error={error} />
			</FormCard>
		),
	});
}
