import type { InvitationState } from "../../domain/invitation.ts";
import type { Role } from "../../domain/permission.ts";
import type { ListedInvitation } from "../../domain/ports/invitations.ts";
import { Badge } from "../../ui/badge.tsx";
import { Copyable } from "../../ui/copyable.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { type FieldErrors, isWrong } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";
import { Instant } from "../../ui/instant.tsx";
import { Name, StrongName } from "../../ui/name.tsx";
import { LinkButton } from "../../ui/post-form.tsx";
import { roleLabel } from "../../ui/role-label.ts";
import { Section } from "../../ui/section.tsx";
import { confirmationView } from "../frame/confirmation.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";
import { FormCard } from "../frame/form-card.tsx";
import { RoleChoice } from "./role-choice.tsx";

export interface InvitationsProps {
	readonly frame: ConsoleFrame;
	readonly invitations: readonly (ListedInvitation & { readonly standing: InvitationState })[];
	readonly nextUrl: string | null;
}

/** On the page of the account's people, for who may invite. */
export function Invitations({ frame, invitations, nextUrl }: InvitationsProps) {
	if (invitations.length === 0) return null;
	const { base, now } = frame;
	return (
		<Section id="invitations" title="Invitations">
			<DataTable
				caption="Invitations to this account, the newest first"
				columns={["For", "State", "Action"]}
				rows={invitations.map((each) => ({
					key: each.id,
					cells: [
						<>
							<WhomFor {...each} />
							<span class="muted block">
								{roleLabel[each.role]}, invited by <Name text={each.inviterName ?? "somebody who is gone"} />,{" "}
								<Instant at={each.createdAt} now={now} />
							</span>
						</>,
						<StateOf {...each} now={now} />,
						each.standing === "open" ? (
							<LinkButton
								look="secondary small"
								href={`${base}/settings/people/invitations/${each.id}/revoke`}
								label="Revoke"
								about={` the invitation ${each.note || (each.email ?? "")}`}
							/>
						) : (
							<span class="muted">None</span>
						),
					],
				}))}
				nextUrl={nextUrl}
			/>
		</Section>
	);
}

function StateOf(props: InvitationsProps["invitations"][number] & { readonly now: number }) {
	const { standing, expiresAt, accepterName, now } = props;
	switch (standing) {
		case "open":
			return (
				<>
					<Badge tone="good" text="Open" />, ends <Instant at={expiresAt} now={now} />
				</>
			);
		case "accepted":
			return (
				<>
					Accepted by <Name text={accepterName ?? "somebody who is gone"} />
				</>
			);
		case "revoked":
			return <>Revoked</>;
		case "expired":
			return <>Expired</>;
	}
}

/** Whom it is meant for, as far as whoever invites has said. */
function WhomFor({ email, note }: Pick<ListedInvitation, "email" | "note">) {
	if (email === null && note === "") return <span class="muted">Whoever has the link</span>;
	return (
		<>
			{email !== null && <Name text={email} />}
			{email !== null && note !== "" && ": "}
			{note !== "" && <Name text={note} />}
		</>
	);
}

export interface InviteProps {
	readonly frame: ConsoleFrame;
	readonly nonce: string;
	/** Whether this deployment has the link mailed. */
	readonly sendsMail: boolean;
	readonly values: { readonly role: Role; readonly note: string; readonly email: string };
	readonly errors: FieldErrors<"note" | "email">;
	readonly problem: string | null;
}

export function inviteView({ frame, nonce, sendsMail, values, errors, problem }: InviteProps): string {
	return renderConsolePage({
		frame,
		title: "Invite somebody",
		failed: problem !== null || isWrong(errors),
		children: (
			<FormCard
				action={`${baseOf(frame)}/new`}
				frame={frame}
				fields={{ nonce }}
				errors={errors}
				problem={problem}
				submit="Create invitation"
				cancel={baseOf(frame)}
				intro={
					<p>
						You get a link, good for 7 days, by which one person joins <Name text={frame.account.name} />. Whoever has
						no user name here yet chooses one, and a password.
					</p>
				}
			>
				<RoleChoice chosen={values.role} />
				<Field
					name="note"
					label="Note"
					required={false}
					value={values.note}
					hint="Who it is for, or a word to them: they see it, and so do other administrators. May be empty."
					error={errors.note}
				/>
				{sendsMail && (
					<Field
						name="email"
						label="E-mail address"
						keys="email"
						required={false}
						value={values.email}
						hint="Where the link is mailed to. May be empty: you can copy it."
						error={errors.email}
					/>
				)}
			</FormCard>
		),
	});
}

export interface InvitedProps {
	readonly frame: ConsoleFrame;
	readonly invitation: ListedInvitation;
	readonly url: string;
	/** What became of the letter; null where nobody asked for one. */
	readonly mailed: "on_its_way" | "off" | "malformed" | "limited" | null;
}

/** Answered to the form itself: the link is on no page again. */
export function invitedView({ frame, invitation, url, mailed }: InvitedProps): string {
	return renderConsolePage({
		frame,
		title: "Invited",
		notice: "Copy the link now: it is shown this once. You can revoke it at any time.",
		children: (
			<div class="card">
				<p>
					Whoever opens this link first can join <Name text={frame.account.name} /> as{" "}
					<strong>{roleLabel[invitation.role]}</strong>. Hand it to the one person that it is for, in a way that nobody
					else reads.
				</p>
				{mailed !== null && (
					<p>
						{mailed === "on_its_way" ? "It is mailed to " : "It could not be mailed, so send it yourself, to "}
						<Name text={invitation.email ?? ""} />.
					</p>
				)}
				<Copyable id="invitation-link" text={url} label="Copy link" />
				<p class="muted">
					It ends <Instant at={invitation.expiresAt} now={frame.now} />.
				</p>
				<div class="row">
					<LinkButton href={baseOf(frame)} label="I have copied it" />
				</div>
			</div>
		),
	});
}

export function revokeInvitationView({ frame, invitation }: Pick<InvitedProps, "frame" | "invitation">): string {
	const { id, role, email, note } = invitation;
	return confirmationView({
		frame,
		title: "Revoke this invitation?",
		children: (
			<p>
				The link for <WhomFor email={email} note={note} /> (<StrongName text={roleLabel[role]} />) opens nothing any
				more. Whoever has it is told that it was revoked.
			</p>
		),
		action: `${baseOf(frame)}/invitations/${id}/revoke`,
		confirm: "Revoke this invitation",
		cancelUrl: baseOf(frame),
	});
}

function baseOf({ base }: ConsoleFrame): string {
	return `${base}/settings/people`;
}
