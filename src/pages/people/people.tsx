import type { Role } from "../../domain/permission.ts";
import { Badge } from "../../ui/badge.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { ErrorSummary, isWrong } from "../../ui/error-summary.tsx";
import { ListControls, type ListControlsProps, NothingFound } from "../../ui/list-controls.tsx";
import { Name, StrongName } from "../../ui/name.tsx";
import { LinkButton, PressTwice } from "../../ui/post-form.tsx";
import { Section } from "../../ui/section.tsx";
import { roleLabel } from "../../ui/role-label.ts";
import { confirmationView } from "../frame/confirmation.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";
import { FormCard } from "../frame/form-card.tsx";
import { SettingsTabs } from "../frame/settings-tabs.tsx";
import { Invitations, type InvitationsProps } from "./invitations.tsx";
import { RoleChoice } from "./role-choice.tsx";

interface ShownMember {
	readonly id: string;
	readonly username: string;
	readonly name: string;
	readonly role: Role;
	readonly hasSecondFactor: boolean;
	readonly isMe: boolean;
	readonly verifiedEmail?: string;
}

export interface PeopleProps {
	readonly frame: ConsoleFrame;
	readonly members: readonly ShownMember[];
	readonly controls: Omit<ListControlsProps, "csrf" | "options">;
	readonly nextUrl: string | null;
	readonly previousUrl: string | null;
	/** What members may do, after "may". */
	readonly memberDeeds: string;
	/** For who may invite; null for others. */
	readonly invitations: Omit<InvitationsProps, "frame"> | null;
}

const said = {
	revoked: "Revoked. The link opens nothing any more.",
	role: "The role is saved. Tokens that they hold have it within 30 seconds.",
	removed: "Removed. What they held in the account ends within 30 seconds.",
};

/** `GET /console/:slug/settings/people` */
export function peopleView(props: PeopleProps): string {
	const { frame, members, controls, nextUrl, previousUrl, invitations, memberDeeds } = props;
	const base = baseOf(frame);
	const mayChange = invitations !== null;
	return renderConsolePage({
		frame,
		title: "Settings",
		tab: "People",
		actions: mayChange && <LinkButton href={`${base}/new`} label="Invite somebody" />,
		said,
		failed: isWrong(controls.errors),
		children: (
			<>
				<SettingsTabs frame={frame} current="People" />
				<ErrorSummary errors={controls.errors} />
				<ListControls {...controls} />
				{members.length === 0 ? (
					<NothingFound nextUrl={nextUrl} previousUrl={previousUrl} isAsked={controls.total !== null} />
				) : (
					<DataTable
						caption="People of this account"
						columns={["Name", "User name", "Role", ...(mayChange ? ["Second factor", "Action"] : [])]}
						rows={members.map(({ id, name, username, role, hasSecondFactor, isMe }) => ({
							key: id,
							cells: [
								<>
									<Name text={name} /> {isMe && <Badge tone="good" text="You" />}
								</>,
								<Name text={username} />,
								roleLabel[role],
								...(mayChange
									? [
											hasSecondFactor ? "Has one" : <span class="muted">None</span>,
											<LinkButton look="secondary small" href={`${base}/${id}`} label="Change" about={` ${name}`} />,
										]
									: []),
							],
						}))}
						nextUrl={nextUrl}
						previousUrl={previousUrl}
					/>
				)}
				{invitations !== null ? (
					<Invitations frame={frame} {...invitations} />
				) : (
					<p class="muted">An administrator of the account can invite and remove people.</p>
				)}
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

export interface MemberProps {
	readonly frame: ConsoleFrame;
	readonly member: ShownMember;
	/** The account's own that they are linked to. */
	readonly providers: readonly { readonly id: string; readonly name: string }[];
	/** What it was drawn from. */
	readonly fields: Readonly<Record<string, string>>;
	/** As it was typed. */
	readonly role: Role;
	readonly error: string | null;
}

const saidOfMember = {
	email_verified:
		"The address is verified. Within 30 seconds applications of this account are told so, while it is the one in their profile.",
	email_taken_back: "It is removed. Within 30 seconds applications of this account are told of no verified address.",
	unlinked: "They come in through that provider no more, and are signed out where they did.",
	email_as_before: "Nothing has changed: it was so before.",
};

export function memberView({ frame, member, providers, fields, role, error }: MemberProps): string {
	const action = `${baseOf(frame)}/${member.id}`;
	return renderConsolePage({
		frame,
		title: member.name,
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
						<p class="muted">
							User name: <Name text={member.username} />
						</p>
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
				<div class="card">
					<h2>Lost password</h2>
					<p>A link by which they choose a new one, if they belong to no other account.</p>
					<p class="row">
						<LinkButton look="secondary" href={`${action}/recovery`} label="Let them back in" />
					</p>
				</div>
				{providers.length > 0 && (
					<div class="card">
						<h2>Through a provider</h2>
						{providers.map(({ id, name }) => (
							<PressTwice
								key={id}
								csrf={frame.csrf}
								action={`${action}/providers/${id}/unlink`}
								label={`Unlink ${name}`}
								confirm="Unlink"
								about={` ${name}`}
							>
								It signs them in no more, and they are signed out where they came in so. Whoever it lets in just in time
								is somebody new to it then.
							</PressTwice>
						))}
					</div>
				)}
				<div class="card danger-zone">
					<h2>Remove from this account</h2>
					<p>They lose what they hold here. By an invitation they can come back.</p>
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
		title: "Remove from the account?",
		about: member.name,
		children: (
			<p>
				<StrongName text={member.name} /> {member.isMe && "(you) "}loses <Name text={frame.account.name} />: its console
				at once and, within 30 seconds, their login sessions in it, their API tokens, and what they allowed integrations
				and applications there. API keys and what else they created stay.
			</p>
		),
		action: `${baseOf(frame)}/${member.id}/remove`,
		confirm: "Remove from the account",
		cancelUrl: `${baseOf(frame)}/${member.id}`,
	});
}

function baseOf({ base }: ConsoleFrame): string {
	return `${base}/settings/people`;
}
