import { Choices, RadioChoices } from "../../ui/choices.tsx";
import { Copyable } from "../../ui/copyable.tsx";
import { type FieldErrors, isWrong } from "../../ui/error-summary.tsx";
import { Field, SelectField } from "../../ui/field.tsx";
import { plainText } from "../../ui/name.tsx";
import { LinkButton, PostForm } from "../../ui/post-form.tsx";
import { roleLabel } from "../../ui/role-label.ts";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { Frame } from "../frame/frame.ts";
import { FormCard } from "../frame/form-card.tsx";

const said = {
	created: "It is added. Register the redirect URI below at the provider, and then try it in another browser.",
	saved: "Saved. It is seen everywhere within 30 seconds.",
};

/** As it is typed. */
export interface ProviderValues {
	readonly name: string;
	readonly issuer: string;
	readonly client_id: string;
	readonly client_secret: string;
	readonly token_endpoint_auth_method: string;
	/** With spaces between. */
	readonly scopes: string;
	readonly groups_claim: string;
	/** One a line: a group, `=`, a role. */
	readonly group_roles: string;
	readonly default_role: string;
	readonly admits: string;
	/** Those of {@link switches} that hold. */
	readonly holds: readonly string[];
}

export interface ProviderFormProps {
	readonly frame: Frame;
	/** Where the list is. */
	readonly base: string;
	/** Null for a new one. */
	readonly id: string | null;
	/** As it is called now; empty for a new one. */
	readonly name: string;
	readonly kind: "oidc" | "github";
	/** Of the preset; null where there is nothing to say. */
	readonly hint: string | null;
	/** Of one that is there: what it is registered by, and what leads people to it alone. */
	readonly urls: { readonly callback: string; readonly signIn: string } | null;
	readonly fields: Readonly<Record<string, string>>;
	readonly values: ProviderValues;
	readonly errors: FieldErrors;
	readonly problem?: string | null;
}

/** `GET …/sign-in/new`, `GET …/sign-in/:id` */
export function providerFormView(props: ProviderFormProps): string {
	const { frame, base, id, name, kind, hint, urls, fields, values, errors, problem = null } = props;
	const isNew = id === null;
	return renderConsolePage({
		frame,
		title: isNew ? "Add a provider" : plainText(name),
		said,
		failed: isWrong(errors) || problem !== null,
		children: (
			<>
				{urls && (
					<div class="card">
						<p>
							<code>{values.issuer}</code>, as the client <code>{values.client_id}</code>. Neither ever changes.
						</p>
						<p>Register this redirect URI at the provider. It is of this provider alone:</p>
						<Copyable id="callback" text={urls.callback} label="Copy the redirect URI" />
						<p>
							This link leads to it alone, {frame.account && "for people without an address of your domains, and "}to
							try it:
						</p>
						<Copyable id="link" text={urls.signIn} label="Copy the link" />
						<PostForm action={`${base}/${id}/test`} csrf={frame.csrf}>
							<button type="submit" class="secondary">
								Test this provider
							</button>
							<p class="hint">Reads what it says of itself, and its keys. Nothing is changed, and nobody signs in.</p>
						</PostForm>
					</div>
				)}
				<FormCard
					action={isNew ? `${base}/new` : `${base}/${id}`}
					frame={frame}
					fields={fields}
					errors={errors}
					problem={problem}
					submit={isNew ? "Add provider" : "Save"}
					cancel={base}
					intro={
						isNew && (
							<>
								{hint !== null && <p class="muted">{hint}</p>}
								<p class="muted">
									Register latchkey there first, for a client ID and a secret. The redirect URI that it asks for is
									shown here once the provider is added.
								</p>
							</>
						)
					}
				>
					<Field
						name="name"
						label="Name"
						value={values.name}
						hint="As people know it: it stands on the button that leads there."
						error={errors.name}
					/>
					{isNew && <WhatStays kind={kind} values={values} errors={errors} />}
					<Field
						name="client_secret"
						label="Client secret"
						type="password"
						required={isNew}
						hint={isNew ? "It is sealed, and never shown again." : "Left empty, it stays the one that it is."}
						error={errors.client_secret}
					/>
					{kind === "oidc" && (
						<SelectField
							name="token_endpoint_auth_method"
							label="How it is sent"
							options={[
								{ value: "client_secret_basic", label: "In a header (client_secret_basic)" },
								{ value: "client_secret_post", label: "In the form (client_secret_post)" },
							]}
							chosen={values.token_endpoint_auth_method}
							error={errors.token_endpoint_auth_method}
						/>
					)}
					<Field name="scopes" label="Scope" value={values.scopes} error={errors.scopes} />
					{frame.account === null && (
						<p class="muted">
							Whoever comes in so is asked for no one-time code, be they set up or not: how sure it is who they are is
							up to the provider.
						</p>
					)}
					{frame.account && <WhoComesIn kind={kind} values={values} errors={errors} />}
					<Choices
						legend="How it works"
						name="holds"
						options={switches.filter(
							({ value }) =>
								(frame.account || value === "trusts_amr" || value === "on") &&
								(kind === "oidc" || value !== "trusts_amr"),
						)}
						chosen={values.holds}
						error={errors.holds}
					/>
				</FormCard>
				{!isNew && (
					<div class="row">
						<LinkButton look="secondary" href={`${base}/${id}/delete`} label="Remove this provider" />
					</div>
				)}
			</>
		),
	});
}

const switches = [
	{
		value: "on",
		label: "People come in through it",
		hint: "Disabled, whom it let in is out within 30 seconds.",
	},
	{
		value: "just_in_time",
		label: "Who is new becomes a member by signing in",
		hint: "With the role that is said above. Members who are here already do not come in by it on their own: they link it once, under Sign-in and security.",
	},
	{
		value: "only",
		label: "Members come in through a provider of this account alone",
		hint: "Their password and passkeys open other accounts of theirs, and not this one: whoever has not linked it is shut out. Administrators still come in as before, for the day on which the provider is down or what stands here is wrong.",
	},
	{
		value: "trusts_amr",
		label: "Trust what it says of how people signed in there",
		hint: "Several factors there then count as a second factor here, and applications are told of them (amr).",
	},
] as const;

type Part = Pick<ProviderFormProps, "kind" | "values" | "errors">;

/** What a `sub` means something in. */
function WhatStays({ kind, values, errors }: Part) {
	return (
		<>
			<Field
				name="issuer"
				label="Issuer"
				keys="url"
				value={values.issuer}
				hint={
					kind === "github"
						? "GitHub, or where your company runs its own. It never changes."
						: "An https URL, as its discovery document has it. Endpoints and keys are found from there. It never changes."
				}
				error={errors.issuer}
			/>
			<Field
				name="client_id"
				label="Client ID"
				value={values.client_id}
				hint="What latchkey is called there. It never changes."
				error={errors.client_id}
			/>
		</>
	);
}

function WhoComesIn({ kind, values, errors }: Part) {
	return (
		<>
			{kind === "oidc" && (
				<Field
					name="groups_claim"
					label="Claim of groups"
					required={false}
					value={values.groups_claim}
					hint="The claim that lists somebody's groups, such as groups."
					error={errors.groups_claim}
				/>
			)}
			<Field
				name="group_roles"
				label="Roles by group"
				type="multiline"
				required={false}
				value={values.group_roles}
				hint="One a line, such as ops = admin. At each sign-in whoever is in such a group has that role; of several the one that permits most."
				error={errors.group_roles}
			/>
			<SelectField
				name="default_role"
				label="Role of people in none of these groups"
				options={[
					{ value: "", label: "They do not come in" },
					...Object.entries(roleLabel).map(([value, label]) => ({ value, label })),
				]}
				chosen={values.default_role}
				error={errors.default_role}
			/>
			<RadioChoices
				legend="Who of them gets that role"
				name="admits"
				options={[
					{
						value: "domains",
						label: "People with an address of a verified domain of this account",
						hint: "One that the provider says is verified.",
					},
					{
						value: "everybody",
						label: "Everybody who has an account there",
						hint: "For a provider whose people are your company's alone.",
					},
				]}
				chosen={values.admits}
				error={errors.admits}
			/>
		</>
	);
}
