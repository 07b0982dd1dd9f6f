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
	const { setup: say, common } = shell.words;
	const us = shell.brand.name;
	return renderCard({
		shell,
		title: say.title(us),
		failed: isWrong(errors),
		children: (
			<>
				<p class="muted">{say.intro}</p>
				<ErrorSummary errors={errors} />
				<form method="post" action={action}>
					<Field name="secret" label={say.secret} type="password" hint={say.secretHint(us)} error={errors.secret} />
					<fieldset>
						<legend>{say.account}</legend>
						<Field
							name="account"
							label={say.accountName}
							autocomplete="organization"
							value={values.account}
							hint={say.accountHint}
							error={errors.account}
						/>
						<Field name="slug" label={say.slug} value={values.slug} hint={say.slugHint} error={errors.slug} />
					</fieldset>
					<fieldset>
						<legend>{say.administrator}</legend>
						<Field name="name" label={common.yourName} autocomplete="name" value={values.name} error={errors.name} />
						<Field
							name="username"
							label={common.userName}
							autocomplete="username"
							value={values.username}
							hint={say.usernameHint}
							error={errors.username}
						/>
						<NewPasswordField name="password" label={common.password} error={errors.password} />
					</fieldset>
					<div class="actions">
						<button type="submit">{say.submit}</button>
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
		intro: <p>{rest.shell.words.setup.asPasskey(rest.shell.brand.name, <StrongName text={username} />)}</p>,
	});
}

export function setupDoneView({ shell, signInUrl }: { readonly shell: Shell; readonly signInUrl: string }): string {
	const { setup: say, common } = shell.words;
	return renderCard({
		shell,
		title: say.doneTitle(shell.brand.name),
		children: (
			<>
				<p>{say.done(<code>/operator</code>)}</p>
				<div class="actions">
					<LinkButton href={signInUrl} label={common.signIn} />
				</div>
			</>
		),
	});
}
