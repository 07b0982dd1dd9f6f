import { renderCard } from "../../ui/document.tsx";
import { ErrorSummary, type FieldErrors, isWrong } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";
import { NewPasswordField } from "../../ui/new-password-field.tsx";
import { StrongName } from "../../ui/name.tsx";
import { HiddenFields, LinkButton } from "../../ui/post-form.tsx";
import { ToStart } from "../../ui/problem.tsx";
import { Section } from "../../ui/section.tsx";
import { GoOnByPasskey, type MakePasskeyProps, makePasskeyView } from "./make-passkey.tsx";
import type { Shell } from "../../words/shell.ts";

/** How somebody comes back who has no password. */
export type Way = "code" | "mail" | "secret";

export type RecoverField = "username" | "code" | "second" | "secret" | "new_password";

export interface RecoverProps {
	readonly shell: Shell;
	readonly way: Way;
	/** The ways that this deployment has. */
	readonly offered: readonly Way[];
	/** As it was typed. No secret is ever sent back. */
	readonly username: string;
	readonly errors: FieldErrors<RecoverField>;
}

/** `GET /recover`: one way, and the names of the others. */
export function recoverView({ shell, way, offered, username, errors }: RecoverProps): string {
	const { intro, submit } = said[way];
	return renderCard({
		shell,
		title: "Cannot get in?",
		failed: isWrong(errors),
		children: (
			<>
				<p>{intro}</p>
				<ErrorSummary errors={errors} />
				<form method="post" action="/recover">
					<HiddenFields fields={{ by: way }} />
					<Field name="username" label="User name" autocomplete="username" value={username} error={errors.username} />
					{way === "code" && (
						<>
							<Field
								name="code"
								label="Recovery code"
								hint="Such as abcd-efgh-jkmn-pqrs-tuvw-xyz2. Each is good once."
								error={errors.code}
							/>
							{errors.second && <SecondFactorField error={errors.second} />}
							<NewPasswordField name="new_password" label="New password" error={errors.new_password} />
						</>
					)}
					{way === "secret" && (
						<Field
							name="secret"
							label="Setup secret"
							type="password"
							hint="Whoever deployed latchkey has it."
							error={errors.secret}
						/>
					)}
					<div class="actions">
						<button type="submit">{submit}</button>
						{way === "code" && <GoOnByPasskey />}
					</div>
				</form>
				<Section class="aside" id="other-ways" title="Other ways back in">
					<ul>
						{offered
							.filter((each) => each !== way)
							.map((each) => (
								<li key={each}>
									<a href={each === "code" ? "/recover" : `/recover?by=${each}`}>{said[each].label}</a>
								</li>
							))}
						<li>
							An administrator of your account can make a link for you, if you belong to no other account. Whoever runs
							this deployment can make one for anybody.
						</li>
					</ul>
				</Section>
				<p class="aside">
					<a href="/sign-in">Back to signing in</a>
				</p>
			</>
		),
	});
}

const said: Readonly<Record<Way, { readonly label: string; readonly intro: string; readonly submit: string }>> = {
	code: {
		label: "A recovery code",
		intro: "Choose a new password, or make a passkey, with one of the recovery codes that you printed or kept.",
		submit: "Set the new password",
	},
	mail: {
		label: "A link by mail",
		intro: "A link to a new password is sent to the address that you proved to be yours, if there is one.",
		submit: "Send me a link",
	},
	secret: {
		label: "You run this deployment",
		intro: "An operator who has lost everything comes back by the setup secret of the deployment.",
		submit: "Go on to a new password",
	},
};

/** The same for whoever there is and whoever there is not. */
export function sentView(shell: Shell): string {
	return renderCard({
		shell,
		title: "Look into your mailbox",
		children: (
			<>
				<p>
					If somebody has this user name, and has proved an address to be theirs, a link is on its way there. It is good
					once, for 24 hours.
				</p>
				<p class="muted">
					Nothing comes? Look among what was sorted out as spam, or take <a href="/recover">another way</a>.
				</p>
				<ToStart />
			</>
		),
	});
}

export function SecondFactorField({ error }: { readonly error: string | null | undefined }) {
	return (
		<Field
			name="second"
			label="One-time code or recovery code"
			hint="A passkey is two factors by itself, so one more is asked for before you make one."
			error={error}
		/>
	);
}

/** What goes with the passkey, and for whom it is. */
interface PasskeyForRecovery {
	readonly username: string;
	readonly person: string;
	readonly held: string;
	/** Of the code that was shown; null for a link. */
	readonly hash: string | null;
	readonly options: string;
}

export function recoverByPasskeyView({
	shell,
	action,
	fields,
	asked,
}: Pick<MakePasskeyProps, "shell" | "action" | "fields"> & {
	readonly asked: PasskeyForRecovery;
}): string {
	const { username, person, held, hash, options } = asked;
	return makePasskeyView({
		shell,
		action,
		fields: { ...fields, with: "passkey", username, person, held, ...(hash !== null && { hash }) },
		options,
		intro: (
			<p>
				For the user name <StrongName text={username} />. Your password goes, every browser is signed out, and every
				login session ends.
			</p>
		),
	});
}

export function recoveredView(shell: Shell, byPasskey: boolean): string {
	return renderCard({
		shell,
		title: byPasskey ? "Your passkey is made" : "Your new password is set",
		children: (
			<>
				<p>
					Every browser is signed out, and login sessions of the old password have ended. What you allowed integrations
					and applications stays: look at it under “My sessions and grants”. Under “Sign-in and security” remove the
					passkeys that you have lost, and see whether you have recovery codes for the next time.
				</p>
				<div class="actions">
					<LinkButton href="/sign-in" label="Sign in" />
				</div>
			</>
		),
	});
}
