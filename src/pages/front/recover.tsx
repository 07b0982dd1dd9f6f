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
import { useWords } from "../../ui/words.ts";

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
	const { recover: say, common, secondFactor } = shell.words;
	const { intro, submit } = say[way];
	return renderCard({
		shell,
		title: say.title,
		failed: isWrong(errors),
		children: (
			<>
				<p>{intro}</p>
				<ErrorSummary errors={errors} />
				<form method="post" action="/recover">
					<HiddenFields fields={{ by: way }} />
					<Field
						name="username"
						label={common.userName}
						autocomplete="username"
						value={username}
						error={errors.username}
					/>
					{way === "code" && (
						<>
							<Field name="code" label={secondFactor.recovery} hint={say.codeHint} error={errors.code} />
							{errors.second && <SecondFactorField error={errors.second} />}
							<NewPasswordField name="new_password" label={common.newPassword} error={errors.new_password} />
						</>
					)}
					{way === "secret" && (
						<Field
							name="secret"
							label={shell.words.setup.secret}
							type="password"
							hint={shell.words.setup.recoverSecretHint(shell.brand.name)}
							error={errors.secret}
						/>
					)}
					<div class="actions">
						<button type="submit">{submit}</button>
						{way === "code" && <GoOnByPasskey />}
					</div>
				</form>
				<Section class="aside" id="other-ways" title={say.otherWays}>
					<ul>
						{offered
							.filter((each) => each !== way)
							.map((each) => (
								<li key={each}>
									<a href={each === "code" ? "/recover" : `/recover?by=${each}`}>{say[each].label}</a>
								</li>
							))}
						<li>{say.byAdministrator}</li>
					</ul>
				</Section>
				<p class="aside">
					<a href="/sign-in">{say.back}</a>
				</p>
			</>
		),
	});
}

/** The same for whoever there is and whoever there is not. */
export function sentView(shell: Shell): string {
	const { recover: say } = shell.words;
	return renderCard({
		shell,
		title: say.sentTitle,
		children: (
			<>
				<p>{say.sent}</p>
				<p class="muted">{say.nothingComes(<a href="/recover">{say.anotherWay}</a>)}</p>
				<ToStart />
			</>
		),
	});
}

export function SecondFactorField({ error }: { readonly error: string | null | undefined }) {
	const { recover: say } = useWords();
	return <Field name="second" label={say.second} hint={say.secondHint} error={error} />;
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
		intro: <p>{shell.words.recover.forByPasskey(<StrongName text={username} />)}</p>,
	});
}

export function recoveredView(shell: Shell, byPasskey: boolean): string {
	const { recover: say, common } = shell.words;
	return renderCard({
		shell,
		title: byPasskey ? say.doneByPasskey : say.doneByPassword,
		children: (
			<>
				<p>{say.done}</p>
				<div class="actions">
					<LinkButton href="/sign-in" label={common.signIn} />
				</div>
			</>
		),
	});
}
