import type { Role } from "../../domain/permission.ts";
import { Badge } from "../../ui/badge.tsx";
import { RadioChoices } from "../../ui/choices.tsx";
import { Copyable } from "../../ui/copyable.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { type FieldErrors, isWrong } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";
import { Name, StrongName } from "../../ui/name.tsx";
import { LinkButton } from "../../ui/post-form.tsx";
import { Section } from "../../ui/section.tsx";
import { roleLabel } from "../../ui/role-label.ts";
import { confirmationView } from "../frame/confirmation.tsx";
import { type ConsoleFrame, renderConsolePage } from "../frame/console-frame.tsx";
import { FormCard } from "../frame/form-card.tsx";
import { SettingsTabs } from "../frame/settings-tabs.tsx";

interface ShownMember {
	readonly id: string;
	readonly username: string;
	readonly name: string;
	readonly role: Role;
	readonly isMe: boolean;
	readonly verifiedEmail?: string;
}

export interface PeopleProps {
	readonly frame: ConsoleFrame;
	readonly members: readonly ShownMember[];
	readonly nextUrl: string | null;
	readonly mayChange: boolean;
	/** What members may do, after "may". */
	readonly memberDeeds: string;
}

const said = {
	reinstated: "They belong to the account again, and sign in with the password that they had.",
	role: "The role is saved. Tokens that they hold have it within 30 seconds.",
	removed: "Removed. What they held in the account ends within 30 seconds.",
};

/** `GET /console/:slug/settings/people` */
export function peopleView({ frame, members, nextUrl, mayChange, memberDeeds }: PeopleProps): string {
	const base = baseOf(frame);
	return renderConsolePage({
		frame,
		title: "Settings",
		said,
		children: (
			<>
				<SettingsTabs frame={frame} current="People" />
				{mayChange && (
					<p class="row">
						<LinkButton href={`${base}/new`} label="Add a person" />
					</p>
				)}
				<DataTable
					caption="People of this account"
					columns={["Name", "User name", "Role", ...(mayChange ? ["Action"] : [])]}
					rows={members.map(({ id, name, username, role, isMe }) => ({
						key: id,
						cells: [
							<>
								<Name text={name} /> {isMe && <Badge tone="good" text="You" />}
							</>,
							<Name text={username} />,
							roleLabel[role],
							mayChange && (
								<LinkButton look="secondary small" href={`${base}/${id}`} label="Change" about={` ${name}`} />
							),
						].slice(0, mayChange ? 4 : 3),
					}))}
					nextUrl={nextUrl}
				/>
				{!mayChange && <p class="muted">An administrator of the account can add and remove people.</p>}
				<Section id="roles" title="What a role permits">
					<p>Administrators may do everything in this account, and at each of its APIs.</p>
					<p>
						Members may <Name text={memberDeeds} />.
					</p>
				</Section>
			</>
		),
	});
}

export interface NewPersonProps {
	readonly frame: ConsoleFrame;
	/** The id that they will have, and that we gave it to this form. */
	readonly person: { readonly id: string; readonly proof: string };
	readonly values: { readonly username: string; readonly name: string; readonly role: Role };
	readonly errors: FieldErrors<"username" | "name">;
	/** What is to blame on no field. */
	readonly problem: string | null;
}

export function newPersonView({ frame, person, values, errors, problem }: NewPersonProps): string {
	return renderConsolePage({
		frame,
		title: "Add a person",
		failed: problem !== null || isWrong(errors),
		children: (
			<FormCard
				action={`${baseOf(frame)}/new`}
				frame={frame}
				fields={{ ...person }}
				errors={errors}
				problem={problem}
				submit="Add them"
				cancel={baseOf(frame)}
			>
				<Field name="name" label="Name" value={values.name} error={errors.name} />
				<Field
					name="username"
					label="User name"
					value={values.username}
					hint="They sign in with it. Somebody who belonged to this account before comes back by theirs."
					error={errors.username}
				/>
				<RoleChoice chosen={values.role} />
			</FormCard>
		),
	});
}

export interface PersonAddedProps {
	readonly frame: ConsoleFrame;
	readonly name: string;
	readonly username: string;
	readonly password: string;
}

/** Answered to the form itself: the password is on no page again. */
export function personAddedView({ frame, name, username, password }: PersonAddedProps): string {
	return renderConsolePage({
		frame,
		title: "Added",
		children: (
			<div class="card">
				<p>
					<Name text={name} /> belongs to <Name text={frame.account.name} /> now, and signs in as{" "}
					<StrongName text={username} /> with this password:
				</p>
				<Copyable id="first-password" text={password} label="Copy password" />
				<p class="muted">
					It is shown only now. Tell it to them in a safe way, and ask them to choose another one in their settings.
				</p>
				<div class="row">
					<LinkButton href={baseOf(frame)} label="I have noted it" />
				</div>
			</div>
		),
	});
}

export interface MemberProps {
	readonly frame: ConsoleFrame;
	readonly member: ShownMember;
	/** What it was drawn from. */
	readonly fields: Readonly<Record<string, string>>;
	/** As it was typed. */
	readonly role: Role;
	readonly error: string | null;
}

const saidOfMember = {
	email_verified:
		"The address is verified. Within 30 seconds applications of this account are told so, while it is the one in their profile.",
	email_taken_back: "It is taken back. Within 30 seconds applications of this account are told of no verified address.",
	email_as_before: "Nothing has changed: it was so before.",
};

export function memberView({ frame, member, fields, role, error }: MemberProps): string {
	const action = `${baseOf(frame)}/${member.id}`;
	return renderConsolePage({
		frame,
		title: "Change a person",
		said: saidOfMember,
		failed: error !== null,
		children: (
			<>
				<FormCard
					action={action}
					frame={frame}
					fields={fields}
					errors={{}}
					problem={error}
					submit="Save role"
					cancel={baseOf(frame)}
					intro={
						<h2>
							<Name text={member.name} />{" "}
							<span class="muted">
								<Name text={member.username} />
							</span>
						</h2>
					}
				>
					<RoleChoice chosen={role} />
				</FormCard>
				<div class="card">
					<h2>E-mail address</h2>
					<p>
						{member.verifiedEmail === undefined ? (
							"Nobody has said which address is theirs, so applications are told that it is not verified."
						) : (
							<>
								<Name text={member.verifiedEmail} /> is said to be theirs.
							</>
						)}
					</p>
					<p class="row">
						<LinkButton look="secondary" href={`${action}/email`} label="Verify an address" />
					</p>
				</div>
				<div class="card danger-zone">
					<h2>Remove from this account</h2>
					<p>They lose what they hold here, and can be brought back by their user name.</p>
					<p class="row">
						<LinkButton look="secondary" href={`${action}/remove`} label="Remove" />
					</p>
				</div>
			</>
		),
	});
}

export function removeMemberView({ frame, member }: Pick<MemberProps, "frame" | "member">): string {
	return confirmationView({
		frame,
		title: "Remove from the account",
		children: (
			<p>
				<StrongName text={member.name} /> {member.isMe && "(you) "}loses <Name text={frame.account.name} />: its console
				at once and, within 30 seconds, their login sessions in it, their API tokens, and what they allowed integrations
				and applications there. API keys and what else they made stay.
			</p>
		),
		action: `${baseOf(frame)}/${member.id}/remove`,
		confirm: "Remove",
		cancelUrl: `${baseOf(frame)}/${member.id}`,
	});
}

function RoleChoice({ chosen }: { readonly chosen: Role }) {
	return <RadioChoices legend="Role" name="role" options={roles} chosen={chosen} />;
}

const roles = [
	{
		value: "member",
		label: roleLabel.member,
		hint: "Sees the account's keys, environments and integrations, without secrets, and allows applications what a member may.",
	},
	{
		value: "admin",
		label: roleLabel.admin,
		hint: "Does everything: makes and deletes keys, manages people, reads the audit log.",
	},
];

function baseOf({ base }: ConsoleFrame): string {
	return `${base}/settings/people`;
}
