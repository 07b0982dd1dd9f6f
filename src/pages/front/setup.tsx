import { renderCard } from "../../ui/document.tsx";
import { ErrorSummary, type FieldErrors, isWrong } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";
import { NewPasswordField } from "../../ui/new-password-field.tsx";
import { StrongName } from "../../ui/name.tsx";
import { LinkButton } from "../../ui/post-form.tsx";
import { GoOnByPasskey, type MakePasskeyProps, makePasskeyView } from "./make-passkey.tsx";
import type { Shell } from "../../words/shell.ts";

type SetupField = "secret" | "account" | "slug" | "name" | "username" | "password";

export interface SetupProps {
	readonly shell: Shell;
	readonly action: string;
	/** What was typed before. Neither secret is ever sent back. */
	readonly values: Readonly<Record<Exclude<SetupField, "secret" | "password">, string>>;
	readonly errors: FieldErrors<SetupField>;
}

/** The first account and its administrator. Posts the six {@link SetupField}s. */
export function setupView({ shell, action, values, errors }: SetupProps): string {
	return renderCard({
		shell,
		title: "Set up latchkey",
		failed: isWrong(errors),
		children: (
			<>
				<p class="muted">
					This makes the first account, and the person who administers it and runs the deployment: its first operator.
					It can be done once.
				</p>
				<ErrorSummary errors={errors} />
				<form method="post" action={action}>
					<Field
						name="secret"
						label="Setup secret"
						type="password"
						hint="Whoever deployed latchkey has it. It shows that this deployment is yours."
						error={errors.secret}
					/>
					<fieldset>
						<legend>The account</legend>
						<Field
							name="account"
							label="Account name"
							autocomplete="organization"
							value={values.account}
							hint="Your company or team, as people call it."
							error={errors.account}
						/>
						<Field
							name="slug"
							label="Short name"
							value={values.slug}
							hint="Stands for the account in URLs, such as acme."
							error={errors.slug}
						/>
					</fieldset>
					<fieldset>
						<legend>Its administrator</legend>
						<Field name="name" label="Your name" autocomplete="name" value={values.name} error={errors.name} />
						<Field
							name="username"
							label="User name"
							autocomplete="username"
							value={values.username}
							hint="You sign in with it."
							error={errors.username}
						/>
						<NewPasswordField name="password" label="Password" error={errors.password} />
					</fieldset>
					<div class="actions">
						<button type="submit">Set up</button>
						<GoOnByPasskey />
					</div>
				</form>
			</>
		),
	});
}

/** For who wants no password. */
export function setupByPasskeyView({
	username,
	...rest
}: Pick<MakePasskeyProps, "shell" | "action" | "fields" | "options"> & { readonly username: string }): string {
	return makePasskeyView({
		...rest,
		intro: (
			<p>
				You set latchkey up as <StrongName text={username} />, and sign in by this passkey from then on. Add a second
				one, or make recovery codes, as soon as you are in.
			</p>
		),
	});
}

export function setupDoneView({ shell, signInUrl }: { readonly shell: Shell; readonly signInUrl: string }): string {
	return renderCard({
		shell,
		title: "latchkey is set up",
		children: (
			<>
				<p>
					The account and its administrator are there, who runs the deployment, too: make somebody a second operator at{" "}
					<code>/operator</code>, so that not everything hangs on one. All that the setup secret opens from now on is a
					way back in for those who run the deployment.
				</p>
				<div class="actions">
					<LinkButton href={signInUrl} label="Sign in" />
				</div>
			</>
		),
	});
}
