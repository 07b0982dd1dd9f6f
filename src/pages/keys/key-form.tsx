import { Choices } from "../../ui/choices.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";
import { FormCard } from "../frame/form-card.tsx";
import { EmptyState } from "../../ui/data-table.tsx";
import { type FieldErrors, isWrong } from "../../ui/error-summary.tsx";
import { Field, SelectField } from "../../ui/field.tsx";
import { LinkButton } from "../../ui/post-form.tsx";
import { type ProofAgain, ProofAgainFields } from "../../ui/proof-fields.tsx";
import { Section } from "../../ui/section.tsx";
import { FoldedLimitFields, type LimitValues } from "./limit-fields.tsx";

export interface PolicyChoice {
	readonly id: string;
	readonly name: string;
	readonly description: string;
}

export interface NewKeyProps {
	readonly frame: ConsoleFrame;
	/** Makes the form's second submit find what the first one made. */
	readonly nonce: string;
	readonly policies: readonly PolicyChoice[];
	readonly values: {
		readonly name: string;
		readonly tags: string;
		readonly type: string;
		readonly policies: readonly string[];
	};
	readonly limits: LimitValues;
	readonly errors: FieldErrors<"name" | "tags" | "policies" | keyof LimitValues>;
	/** Null: they signed in not long ago. */
	readonly proof: ProofAgain | null;
}

/** Contract 003, "API Keys Editor" for a new key. Posts `nonce`, `name`, `tags`, `type`, `policies:<id>` and the limits, with a proof. */
export function newKeyView({ frame, nonce, policies, values, limits, errors, proof }: NewKeyProps): string {
	const base = `${frame.base}/keys`;
	return renderConsolePage({
		frame,
		title: "Create API key",
		failed: isWrong(errors) || proof?.error != null,
		children: (
			<FormCard
				action={`${base}/new`}
				frame={frame}
				fields={{ nonce }}
				errors={{ ...errors, password: proof?.error }}
				submit="Create API key"
				cancel={base}
			>
				<NameAndTags name={values.name} tags={values.tags} errors={errors} />
				<SelectField
					name="type"
					label="Type"
					options={types}
					chosen={values.type}
					hint="Standard does what its policies permit, by access codes that you create for it. Integration may search events and alerts too, and comes with a key file (JSON or CSV) whose token is a bearer token."
				/>
				<PolicyChoices frame={frame} policies={policies} chosen={values.policies} error={errors.policies} />
				<p class="muted">You can choose policies later. Until then the key opens nothing.</p>
				<FoldedLimitFields values={limits} errors={errors} />
				<ProofAgainFields proof={proof} />
			</FormCard>
		),
	});
}

const types = [
	{ value: "standard", label: "Standard" },
	{ value: "integration", label: "Integration" },
];

export interface NewLinkProps {
	readonly frame: ConsoleFrame;
	readonly policies: readonly PolicyChoice[];
	readonly values: { readonly key: string; readonly policies: readonly string[] };
	readonly errors: FieldErrors<"key" | "policies">;
}

/** Contract 003, "Link Existing API Key". Posts `key` and `policies:<id>`. */
export function newLinkView({ frame, policies, values, errors }: NewLinkProps): string {
	const base = `${frame.base}/keys`;
	return renderConsolePage({
		frame,
		title: "Link existing API key",
		failed: isWrong(errors),
		children:
			policies.length === 0 ? (
				<EmptyState title="Create a policy first">
					<p>
						A linked key may do here what policies of this account permit, and a link needs at least one. There is none
						yet.
					</p>
					<p class="row">
						<LinkButton href={`${frame.base}/policies/new`} label="Create policy" />
						<LinkButton look="secondary" href={base} label="Cancel" />
					</p>
				</EmptyState>
			) : (
				<FormCard action={`${base}/link`} frame={frame} errors={errors} submit="Link API key" cancel={base}>
					<p>
						By linking a key of another account you let everybody who holds one of its access codes into this account,
						as far as the policies permit that you choose here.
					</p>
					<Field
						name="key"
						label="API key ID"
						value={values.key}
						hint="The key's owner finds it under Details of the key. It begins with key_."
						error={errors.key}
					/>
					<PolicyChoices frame={frame} policies={policies} chosen={values.policies} error={errors.policies} />
					<p class="muted">Choose at least one policy.</p>
				</FormCard>
			),
	});
}

export interface NameAndTagsProps {
	readonly name: string;
	readonly tags: string;
	readonly errors: FieldErrors<"name" | "tags">;
}

export function NameAndTags({ name, tags, errors }: NameAndTagsProps) {
	return (
		<>
			<Field
				name="name"
				label="Name"
				value={name}
				hint="What you will know it by. Unique in this account."
				error={errors.name}
			/>
			<Field
				name="tags"
				label="Tags (optional)"
				required={false}
				value={tags}
				hint="Separated by commas, at most 20."
				error={errors.tags}
			/>
		</>
	);
}

export interface PolicyChoicesProps {
	readonly frame: ConsoleFrame;
	readonly policies: readonly PolicyChoice[];
	readonly chosen: readonly string[];
	readonly error?: string | null | undefined;
}

export function PolicyChoices({ frame, policies, chosen, error }: PolicyChoicesProps) {
	if (policies.length === 0) {
		return (
			<Section id="policies" title="Policies">
				<p>
					There are no policies yet. <a href={`${frame.base}/policies/new`}>Create a policy</a>
				</p>
				{error && <p class="field-error">{error}</p>}
			</Section>
		);
	}
	const options = policies.map(({ id, name, description }) => ({ value: id, label: name, hint: description }));
	return <Choices legend="Policies" name="policies" options={options} chosen={chosen} error={error} />;
}
