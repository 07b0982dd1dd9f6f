import type { Role } from "../../domain/permission.ts";
import { renderCard } from "../../ui/document.tsx";
import { ErrorSummary, type FieldErrors, isWrong } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";
import { Name, PersonName, StrongName } from "../../ui/name.tsx";
import { NewPasswordField } from "../../ui/new-password-field.tsx";
import { HiddenFields, LinkButton, PostForm, type SignOutProps } from "../../ui/post-form.tsx";
import { useWords } from "../../ui/words.ts";
import { Section } from "../../ui/section.tsx";
import { GoOnByPasskey, type MakePasskeyProps, makePasskeyView } from "./make-passkey.tsx";
import type { Shell } from "../../words/shell.ts";

/** What whoever holds the link is invited to. */
interface Invited {
	readonly shell: Shell;
	/** The link's own address, which the answer is posted to. */
	readonly action: string;
	readonly accountName: string;
	readonly role: Role;
	/** Null for somebody who is gone. */
	readonly inviterName: string | null;
	readonly note: string;
}

interface InvitedAs extends Invited {
	readonly person: { readonly name: string; readonly username: string };
	/** By which somebody else signs in, and comes back. */
	readonly signOut: Required<SignOutProps>;
}

function WhoInvites({ shell, accountName, role, inviterName, note }: Invited) {
	const { join: say, roles } = shell.words;
	const account = <StrongName text={accountName} />;
	return (
		<>
			<p>
				{inviterName === null
					? say.invitedTo(account, roles[role])
					: say.invitesYou(<StrongName text={inviterName} />, account, roles[role])}
			</p>
			{note !== "" && (
				<blockquote class="clamp">
					<Name text={note} />
				</blockquote>
			)}
		</>
	);
}

/** For who is signed in: they see as whom they accept. */
export function acceptView({ csrf, person, signOut, ...invited }: InvitedAs & { readonly csrf: string }): string {
	const { shell } = invited;
	const { join: say, common } = shell.words;
	return renderCard({
		shell,
		title: say.title,
		children: (
			<>
				<WhoInvites {...invited} />
				<p>{common.signedInAs(<PersonName {...person} strong />)}</p>
				<PostForm action={invited.action} csrf={csrf} fields={{ answer: "accept" }}>
					<div class="actions">
						<button type="submit">{say.accept}</button>
					</div>
				</PostForm>
				<UseAnother {...signOut} />
			</>
		),
	});
}

/** It is not spent on who belongs there already. */
export function belongsAlreadyView(props: InvitedAs & { readonly consoleUrl: string }): string {
	const { shell, accountName, person, signOut, consoleUrl } = props;
	const { join: say, common } = shell.words;
	return renderCard({
		shell,
		title: say.belongTitle,
		children: (
			<>
				<p>{say.belong(<PersonName {...person} strong />, <StrongName text={accountName} />)}</p>
				<div class="actions">
					<LinkButton href={consoleUrl} label={common.goToConsole} />
				</div>
				<UseAnother {...signOut} />
			</>
		),
	});
}

/** Back to this page, as somebody else. */
function UseAnother({ action, csrf, continueTo }: Required<SignOutProps>) {
	return (
		<PostForm action={action} csrf={csrf} fields={{ continue: continueTo }}>
			<div class="actions">
				<button type="submit" class="outline secondary">
					{useWords().common.somebodyElse}
				</button>
			</div>
		</PostForm>
	);
}

/** For who chose a name, and wants no password. */
export function joinByPasskeyView(
	props: Invited & Pick<MakePasskeyProps, "fields" | "options"> & { readonly username: string },
): string {
	const { username, fields, options, ...invited } = props;
	return makePasskeyView({
		shell: invited.shell,
		action: invited.action,
		fields,
		options,
		intro: (
			<>
				<WhoInvites {...invited} />
				<p>{invited.shell.words.join.joinAs(<StrongName text={username} />)}</p>
			</>
		),
	});
}

export interface JoinAsNewProps extends Invited {
	readonly signInUrl: string;
	/** What was typed before; a password is never sent back. */
	readonly values: { readonly name: string; readonly username: string };
	readonly errors: FieldErrors<"name" | "username" | "password">;
	readonly problem: string | null;
}

/** For who is not signed in: the way in for who has a name here, and a form for who has none. */
export function joinAsNewView({ signInUrl, values, errors, problem, ...invited }: JoinAsNewProps): string {
	const { shell } = invited;
	const { join: say, common } = shell.words;
	return renderCard({
		shell,
		title: say.title,
		failed: problem !== null || isWrong(errors),
		children: (
			<>
				<WhoInvites {...invited} />
				<ErrorSummary errors={errors} problem={problem} />
				<Section id="known" title={say.known}>
					<div class="actions">
						<LinkButton href={signInUrl} label={say.signInToAccept} look="secondary" />
					</div>
				</Section>
				<Section id="new" title={say.isNew}>
					<form method="post" action={invited.action}>
						<HiddenFields fields={{ answer: "new" }} />
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
						<div class="actions">
							<button type="submit">{say.join}</button>
							<GoOnByPasskey />
						</div>
					</form>
				</Section>
			</>
		),
	});
}
