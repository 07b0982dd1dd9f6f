import type { IssuerKind } from "../../domain/trusted-issuer.ts";
import { Choices, RadioChoices } from "../../ui/choices.tsx";
import { DataTable, EmptyState } from "../../ui/data-table.tsx";
import { type FieldErrors, isWrong } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";
import { Name, plainText } from "../../ui/name.tsx";
import { LinkButton } from "../../ui/post-form.tsx";
import { confirmationView } from "../frame/confirmation.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";
import { FormCard } from "../frame/form-card.tsx";
import { SettingsTabs } from "../frame/settings-tabs.tsx";

const kindLabel: Readonly<Record<IssuerKind, string>> = {
	identity_provider: "Vouches for people",
	workload: "Vouches for programs",
};

const said = {
	created: "It is trusted. That is seen everywhere within 30 seconds.",
	saved: "Saved. It is seen everywhere within 30 seconds.",
	deleted: "It is trusted no more. Within 30 seconds nothing that it signed is taken.",
};

interface ListedIssuer {
	readonly id: string;
	readonly name: string;
	readonly issuer: string;
	readonly kind: IssuerKind;
}

/** `GET /console/:slug/settings/trusted-issuers` */
export function trustedIssuersView({ frame, issuers }: { frame: ConsoleFrame; issuers: readonly ListedIssuer[] }) {
	const base = baseOf(frame);
	const add = (
		<>
			<LinkButton href={`${base}/new?kind=identity_provider`} label="Add an identity provider" />
			<LinkButton look="secondary" href={`${base}/new?kind=workload`} label="Add a CI system or cluster" />
		</>
	);
	return renderConsolePage({
		frame,
		title: "Settings",
		tab: "Trusted issuers",
		actions: issuers.length > 0 && add,
		said,
		children: (
			<>
				<SettingsTabs frame={frame} current="Trusted issuers" />
				{issuers.length === 0 ? (
					<EmptyState title="Nobody is trusted yet">
						<p>
							Your company's identity provider can decide which applications act for its people here, and the jobs of
							your CI system or cluster can get in without a secret. Neither can before you say so.
						</p>
						<div class="row">{add}</div>
					</EmptyState>
				) : (
					<DataTable
						caption="Issuers that this account trusts"
						columns={["Name", "Issuer", "For"]}
						nextUrl={null}
						rows={issuers.map(({ id, name, issuer, kind }) => ({
							key: id,
							cells: [
								<a class="row-link" href={`${base}/${id}`}>
									<Name text={name} />
								</a>,
								<code>{issuer}</code>,
								kindLabel[kind],
							],
						}))}
					/>
				)}
			</>
		),
	});
}

export interface IssuerFormProps {
	readonly frame: ConsoleFrame;
	/** Null for a new one. */
	readonly id: string | null;
	readonly kind: IssuerKind;
	/** Whom what it signs has to be for. */
	readonly ownIssuer: string;
	/** What can be chosen. */
	readonly algorithms: readonly string[];
	/** What a new one is made by, or what one that is there was drawn from. */
	readonly fields: Readonly<Record<string, string>>;
	readonly values: IssuerFormValues;
	readonly errors: FieldErrors;
	readonly problem?: string | null;
}

export interface IssuerFormValues {
	readonly name: string;
	readonly issuer: string;
	readonly jwks_uri: string;
	readonly jwks: string;
	readonly algorithms: readonly string[];
	/** One a line. */
	readonly clients: string;
	readonly subject: string;
	readonly tenant: string;
	/** One a line: a client, and what claims are. */
	readonly rules: string;
}

export function issuerFormView(props: IssuerFormProps): string {
	const { frame, id, kind, ownIssuer, algorithms, fields, values, errors, problem = null } = props;
	const base = baseOf(frame);
	const isProvider = kind === "identity_provider";
	return renderConsolePage({
		frame,
		title:
			id === null ? `Add ${isProvider ? "an identity provider" : "a CI system or cluster"}` : plainText(values.name),
		said,
		failed: isWrong(errors) || problem !== null,
		children: (
			<>
				<FormCard
					action={id === null ? `${base}/new` : `${base}/${id}`}
					frame={frame}
					fields={{ ...fields, ...(id === null && { kind }) }}
					errors={errors}
					problem={problem}
					submit={id === null ? "Add issuer" : "Save"}
					cancel={base}
					intro={
						<p class="muted">
							{isProvider
								? "With what it signs (an ID-JAG) an application that you name gets a token for a person of this account, who is not asked. It never gets more than that person and the application may do."
								: "A program that shows a token of it is the application that a rule names: it gets what that one gets for itself, without a secret."}
						</p>
					}
				>
					<Field name="name" label="Name" value={values.name} error={errors.name} />
					<Field
						name="issuer"
						label="Issuer"
						keys="url"
						value={values.issuer}
						hint={`As its tokens have it in iss, exactly, such as ${isProvider ? "https://idp.example.com" : "https://token.actions.githubusercontent.com"}. Their aud has to be ${ownIssuer}.`}
						error={errors.issuer}
					/>
					<Field
						name="jwks_uri"
						label="URL of its keys"
						keys="url"
						required={false}
						value={values.jwks_uri}
						hint="An https URL. Its discovery document has it as jwks_uri."
						error={errors.jwks_uri}
					/>
					<Field
						name="jwks"
						label="Public keys"
						type="multiline"
						required={false}
						value={values.jwks}
						hint="In the place of the URL: a JWK set as JSON, without any private part."
						error={errors.jwks}
					/>
					<Choices
						legend="What it may sign with"
						name="algorithms"
						options={algorithms.map((value) => ({ value, label: value, hint: "" }))}
						chosen={values.algorithms}
						error={errors.algorithms}
					/>
					{isProvider ? <ProviderFields values={values} errors={errors} /> : <Rules values={values} errors={errors} />}
				</FormCard>
				{id !== null && (
					<div class="row">
						<LinkButton look="secondary" href={`${base}/${id}/delete`} label="Remove this issuer" />
					</div>
				)}
			</>
		),
	});
}

function ProviderFields({ values, errors }: Pick<IssuerFormProps, "values" | "errors">) {
	return (
		<>
			<Field
				name="clients"
				label="Applications"
				type="multiline"
				value={values.clients}
				hint="Client IDs, one a line: those that may act for people whom it vouches for."
				error={errors.clients}
			/>
			<RadioChoices
				legend="Who somebody is"
				name="subject"
				options={[
					{
						value: "aud_sub",
						label: "By the id that latchkey gave them",
						hint: "The claim aud_sub is their sub here.",
					},
					{
						value: "email",
						label: "By their e-mail address",
						hint: "One that an administrator says is theirs (under People), or that they showed to be theirs.",
					},
				]}
				chosen={values.subject}
				error={errors.subject}
			/>
			<Field
				name="tenant"
				label="Tenant"
				required={false}
				value={values.tenant}
				hint="Where one issuer is many companies': what the claim tenant says. Left out: it says none."
				error={errors.tenant}
			/>
		</>
	);
}

function Rules({ values, errors }: Pick<IssuerFormProps, "values" | "errors">) {
	return (
		<Field
			name="rules"
			label="Rules"
			type="multiline"
			value={values.rules}
			hint="One a line: the client ID of an application that acts for itself, and what claims say, such as lkid_… repository=acme/radar ref=refs/heads/main. All of a line has to be true; * stands for anything, though never at the beginning."
			error={errors.rules}
		/>
	);
}

/** `GET …/trusted-issuers/:id/delete` */
export function distrustView({ frame, id, name }: { frame: ConsoleFrame; id: string; name: string }): string {
	const here = `${baseOf(frame)}/${id}`;
	return confirmationView({
		frame,
		title: "Remove this issuer?",
		about: name,
		children: (
			<p>
				Within 30 seconds nothing is taken any more that{" "}
				<strong>
					<Name text={name} />
				</strong>{" "}
				signed. Tokens that applications and programs have got already are good until they expire.
			</p>
		),
		action: `${here}/delete`,
		confirm: "Remove this issuer",
		cancelUrl: here,
	});
}

function baseOf({ base }: ConsoleFrame): string {
	return `${base}/settings/trusted-issuers`;
}
