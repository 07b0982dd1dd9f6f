import type { Role } from "../../domain/permission.ts";
import { Badge } from "../../ui/badge.tsx";
import { confirmationView } from "../frame/confirmation.tsx";
import { type ConsoleFrame, renderConsolePage } from "../frame/console-frame.tsx";
import { Copyable } from "../../ui/copyable.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { ErrorSummary } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";
import { Name } from "../../ui/name.tsx";
import { PostForm } from "../../ui/post-form.tsx";
import { roleLabel } from "../../ui/role-label.ts";
import { SettingsTabs } from "../frame/settings-tabs.tsx";

interface ShownMember {
	readonly id: string;
	readonly username: string;
	readonly name: string;
	readonly role: Role;
	readonly isMe: boolean;
}

export interface PeopleProps {
	readonly frame: ConsoleFrame;
	readonly notice: string | null;
	readonly members: readonly ShownMember[];
	readonly nextUrl: string | null;
	readonly mayChange: boolean;
}

/** `GET /console/:slug/settings/people` */
export function peopleView({ frame, notice, members, nextUrl, mayChange }: PeopleProps): string {
	const base = baseOf(frame);
	return renderConsolePage({
		frame,
		title: "Settings",
		notice,
		children: (
			<>
				<SettingsTabs frame={frame} current="People" />
				{mayChange && (
					<p class="row">
						<a class="button" href={`${base}/new`}>
							Add a person
						</a>
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
							...(mayChange
								? [
										<a class="button secondary small" href={`${base}/${id}`}>
											Change
											<span class="visually-hidden">
												{" "}
												<Name text={name} />
											</span>
										</a>,
									]
								: []),
						],
					}))}
					nextUrl={nextUrl}
				/>
				{!mayChange && <p class="muted">An administrator of the account can add and remove people.</p>}
			</>
		),
	});
}

type NewPersonField = "username" | "name";

export interface NewPersonProps {
	readonly frame: ConsoleFrame;
	/** The id that they will have, and that we gave it to this form. */
	readonly person: { readonly id: string; readonly proof: string };
	readonly values: { readonly username: string; readonly name: string; readonly role: Role };
	readonly errors: Readonly<Partial<Record<NewPersonField, string>>>;
	/** What is to blame on no field. */
	readonly problem: string | null;
}

export function newPersonView({ frame, person, values, errors, problem }: NewPersonProps): string {
	const wrong = (["username", "name"] as const).flatMap((field) => {
		const message = errors[field];
		return message === undefined ? [] : [{ field, message }];
	});
	const all = [...(problem === null ? [] : [{ field: null, message: problem }]), ...wrong];
	return renderConsolePage({
		frame,
		title: "Add a person",
		notice: null,
		failed: all.length > 0,
		children: (
			<div class="card">
				<ErrorSummary errors={all} />
				<PostForm action={`${baseOf(frame)}/new`} csrf={frame.csrf}>
					<input type="hidden" name="id" value={person.id} />
					<input type="hidden" name="proof" value={person.proof} />
					<Field
						name="name"
						label="Name"
						type="text"
						autocomplete="off"
						value={values.name}
						hint={null}
						error={errors.name ?? null}
					/>
					<Field
						name="username"
						label="User name"
						type="text"
						autocomplete="off"
						value={values.username}
						hint="They sign in with it. Somebody who belonged to this account before comes back by theirs."
						error={errors.username ?? null}
					/>
					<RoleChoice chosen={values.role} />
					<div class="row">
						<button type="submit">Add them</button>
						<a class="button secondary" href={baseOf(frame)}>
							Cancel
						</a>
					</div>
				</PostForm>
			</div>
		),
	});
}

/** Answered to the form itself: the password is on no page again. */
export function personAddedView(props: {
	readonly frame: ConsoleFrame;
	readonly name: string;
	readonly username: string;
	readonly password: string;
}): string {
	const { frame, name, username, password } = props;
	return renderConsolePage({
		frame,
		title: "Added",
		notice: null,
		children: (
			<div class="card">
				<p>
					<Name text={name} /> belongs to <Name text={frame.account.name} /> now, and signs in as{" "}
					<strong>
						<Name text={username} />
					</strong>{" "}
					with this password:
				</p>
				<Copyable id="first-password" text={password} label="Copy password" />
				<p class="muted">
					It is shown only now. Tell it to them in a safe way, and ask them to choose another one in their settings.
				</p>
				<div class="row">
					<a class="button" href={baseOf(frame)}>
						I have noted it
					</a>
				</div>
			</div>
		),
	});
}

export interface MemberProps {
	readonly frame: ConsoleFrame;
	readonly member: ShownMember;
	readonly error: string | null;
}

export function memberView({ frame, member, error }: MemberProps): string {
	const action = `${baseOf(frame)}/${member.id}`;
	return renderConsolePage({
		frame,
		title: "Change a person",
		notice: null,
		failed: error !== null,
		children: (
			<>
				<ErrorSummary errors={error === null ? [] : [{ field: null, message: error }]} />
				<div class="card">
					<h2>
						<Name text={member.name} />{" "}
						<span class="muted">
							<Name text={member.username} />
						</span>
					</h2>
					<PostForm action={action} csrf={frame.csrf}>
						<RoleChoice chosen={member.role} />
						<div class="row">
							<button type="submit">Save role</button>
							<a class="button secondary" href={baseOf(frame)}>
								Cancel
							</a>
						</div>
					</PostForm>
				</div>
				<div class="card danger-zone">
					<h2>Remove from this account</h2>
					<p>They lose what they hold here, and can be brought back by their user name.</p>
					<p class="row">
						<a class="button secondary" href={`${action}/remove`}>
							Remove
						</a>
					</p>
				</div>
			</>
		),
	});
}

export function removeMemberView({ frame, member }: Omit<MemberProps, "error">): string {
	return confirmationView({
		frame,
		title: "Remove from the account",
		children: (
			<p>
				<strong>
					<Name text={member.name} />
				</strong>{" "}
				{member.isMe && "(you) "}loses <Name text={frame.account.name} />: its console at once and, within 30 seconds,
				their login sessions in it, their API tokens, and what they allowed integrations and applications there. API
				keys and what else they made stay.
			</p>
		),
		action: `${baseOf(frame)}/${member.id}/remove`,
		confirm: "Remove",
		cancelUrl: `${baseOf(frame)}/${member.id}`,
	});
}

function RoleChoice({ chosen }: { readonly chosen: Role }) {
	return (
		<fieldset class="choices">
			<legend>Role</legend>
			{(["member", "admin"] as const).map((role) => (
				<label class="choice" for={`role-${role}`} key={role}>
					<input type="radio" id={`role-${role}`} name="role" value={role} checked={role === chosen} required />
					<span>
						{roleLabel[role]}
						<span class="muted block">{hints[role]}</span>
					</span>
				</label>
			))}
		</fieldset>
	);
}

const hints: Readonly<Record<Role, string>> = {
	member:
		"Sees the account's keys, environments and integrations, without secrets, and allows applications what a member may.",
	admin: "Does everything: makes and deletes keys, manages people, reads the audit log.",
};

function baseOf({ account }: ConsoleFrame): string {
	return `/console/${account.slug}/settings/people`;
}
