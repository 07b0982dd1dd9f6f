import type { Role } from "../../domain/permission.ts";
import { renderCard } from "../../ui/document.tsx";
import { ErrorSummary, type FieldErrors, isWrong } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";
import { Name, PersonName, StrongName } from "../../ui/name.tsx";
import { NewPasswordField } from "../../ui/new-password-field.tsx";
import { HiddenFields, LinkButton, PostForm, type SignOutProps } from "../../ui/post-form.tsx";
import { roleLabel } from "../../ui/role-label.ts";
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

function WhoInvites({ accountName, role, inviterName, note }: Invited) {
	return (
		<>
			<p>
				{inviterName === null ? "You are invited" : <Inviter name={inviterName} />} to <StrongName text={accountName} />{" "}
				as {roleLabel[role]}.
			</p>
			{note !== "" && (
				<blockquote class="clamp">
					<Name text={note} />
				</blockquote>
			)}
		</>
	);
}

function Inviter({ name }: { readonly name: string }) {
	return (
		<>
			<StrongName text={name} /> invites you
		</>
	);
}

/** For who is signed in: they see as whom they accept. */
export function acceptView({ csrf, person, signOut, ...invited }: InvitedAs & { readonly csrf: string }): string {
	const { shell } = invited;
	return renderCard({
		shell,
		title: "You are invited",
		children: (
			<>
				<WhoInvites {...invited} />
				<p>
					You are signed in as <PersonName {...person} strong />.
				</p>
				<PostForm action={invited.action} csrf={csrf} fields={{ answer: "accept" }}>
					<div class="actions">
						<button type="submit">Accept</button>
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
	return renderCard({
		shell,
		title: "You belong there already",
		children: (
			<>
				<p>
					You are signed in as <PersonName {...person} strong />, and belong to <StrongName text={accountName} />{" "}
					already. The invitation stays good, for somebody else.
				</p>
				<div class="actions">
					<LinkButton href={consoleUrl} label="Go to the console" />
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
					Sign in as somebody else
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
				<p>
					You join as <StrongName text={username} />, and sign in by this passkey from then on.
				</p>
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
	return renderCard({
		shell,
		title: "You are invited",
		failed: problem !== null || isWrong(errors),
		children: (
			<>
				<WhoInvites {...invited} />
				<ErrorSummary errors={errors} problem={problem} />
				<Section id="known" title="If you have signed in here before">
					<div class="actions">
						<LinkButton href={signInUrl} label="Sign in to accept" look="secondary" />
					</div>
				</Section>
				<Section id="new" title="If you are new here">
					<form method="post" action={invited.action}>
						<HiddenFields fields={{ answer: "new" }} />
						<Field name="name" label="Your name" autocomplete="name" value={values.name} error={errors.name} />
						<Field
							name="username"
							label="User name"
							autocomplete="username"
							value={values.username}
							hint="You sign in with it. It cannot be changed."
							error={errors.username}
						/>
						<NewPasswordField name="password" label="Password" error={errors.password} />
						<div class="actions">
							<button type="submit">Join</button>
							<GoOnByPasskey />
						</div>
					</form>
				</Section>
			</>
		),
	});
}
