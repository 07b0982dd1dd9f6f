import type { ComponentChildren } from "preact";
import { Choices } from "../../ui/choices.tsx";
import { type ConsoleFrame, renderConsolePage } from "../frame/console-frame.tsx";
import { ErrorSummary } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";
import { PostForm } from "../../ui/post-form.tsx";

export interface PolicyChoice {
	readonly id: string;
	readonly name: string;
	readonly description: string;
}

export type FormErrors<Name extends string> = Readonly<Partial<Record<Name, string>>>;

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
	readonly errors: FormErrors<"name" | "tags" | "policies">;
}

/** Contract 003, "API Keys Editor" for a new key. Posts `nonce`, `name`, `tags`, `type` and `policies:<id>`. */
export function newKeyView({ frame, nonce, policies, values, errors }: NewKeyProps): string {
	const base = `/console/${frame.account.slug}/keys`;
	return renderConsolePage({
		frame,
		title: "Create API key",
		notice: null,
		failed: Object.keys(errors).length > 0,
		children: (
			<FormCard
				action={`${base}/new`}
				frame={frame}
				nonce={nonce}
				errors={errors}
				submit="Create API key"
				cancel={base}
			>
				<NameAndTags name={values.name} tags={values.tags} errors={errors} />
				<fieldset class="choices">
					<legend>Type</legend>
					{types.map(({ value, label, hint }) => (
						<label key={value} class="choice">
							<input type="radio" name="type" value={value} checked={value === values.type} />
							<span>
								{label}
								<span class="muted block">{hint}</span>
							</span>
						</label>
					))}
				</fieldset>
				<PolicyChoices frame={frame} policies={policies} chosen={values.policies} error={errors.policies ?? null} />
				<p class="muted">You can choose policies later. Until then the key opens nothing.</p>
			</FormCard>
		),
	});
}

const types = [
	{ value: "standard", label: "Standard", hint: "May do what its policies permit. You make access codes for it." },
	{
		value: "integration",
		label: "Integration",
		hint: "May also search events and alerts. Comes with a key file (JSON or CSV) whose token is a bearer token.",
	},
];

export interface NewLinkProps {
	readonly frame: ConsoleFrame;
	readonly policies: readonly PolicyChoice[];
	readonly values: { readonly key: string; readonly policies: readonly string[] };
	readonly errors: FormErrors<"key" | "policies">;
}

/** Contract 003, "Link Existing API Key". Posts `key` and `policies:<id>`. */
export function newLinkView({ frame, policies, values, errors }: NewLinkProps): string {
	const base = `/console/${frame.account.slug}/keys`;
	return renderConsolePage({
		frame,
		title: "Link existing API key",
		notice: null,
		failed: Object.keys(errors).length > 0,
		children: (
			<FormCard action={`${base}/link`} frame={frame} nonce={null} errors={errors} submit="Link API key" cancel={base}>
				<p>
					By linking a key of another account you let everybody who holds one of its access codes into this account, as
					far as the policies permit that you choose here.
				</p>
				<Field
					name="key"
					label="API key ID"
					type="text"
					autocomplete="off"
					value={values.key}
					hint="The key's owner finds it under Details of the key. It begins with key_."
					error={errors.key ?? null}
				/>
				<PolicyChoices frame={frame} policies={policies} chosen={values.policies} error={errors.policies ?? null} />
				<p class="muted">Choose at least one policy.</p>
			</FormCard>
		),
	});
}

export function NameAndTags(props: {
	readonly name: string;
	readonly tags: string;
	readonly errors: FormErrors<"name" | "tags">;
}) {
	const { name, tags, errors } = props;
	return (
		<>
			<Field
				name="name"
				label="Name"
				type="text"
				autocomplete="off"
				value={name}
				hint="What you will know it by. Unique in this account."
				error={errors.name ?? null}
			/>
			<Field
				name="tags"
				label="Tags (optional)"
				type="text"
				autocomplete="off"
				required={false}
				value={tags}
				hint="Separated by commas, at most 20."
				error={errors.tags ?? null}
			/>
		</>
	);
}

export function PolicyChoices(props: {
	readonly frame: ConsoleFrame;
	readonly policies: readonly PolicyChoice[];
	readonly chosen: readonly string[];
	readonly error: string | null;
}) {
	const { frame, policies, chosen, error } = props;
	if (policies.length === 0) {
		return (
			<section aria-labelledby="policies">
				<h2 id="policies">Policies</h2>
				<p>
					There are no policies yet. <a href={`/console/${frame.account.slug}/policies/new`}>Create a policy</a>
				</p>
				{error !== null && <p class="field-error">{error}</p>}
			</section>
		);
	}
	return (
		<Choices
			legend="Policies"
			name="policies"
			options={policies.map(({ id, name, description }) => ({ value: id, label: name, hint: description }))}
			chosen={chosen}
			error={error}
		/>
	);
}

export function FormCard(props: {
	readonly action: string;
	readonly frame: ConsoleFrame;
	readonly nonce: string | null;
	readonly errors: FormErrors<string>;
	readonly submit: string;
	readonly cancel: string;
	readonly children: ComponentChildren;
}) {
	const { action, frame, nonce, errors, submit, cancel, children } = props;
	const summary = Object.entries(errors).map(([field, message]) => ({ field, message: message ?? "" }));
	return (
		<div class="card">
			<ErrorSummary errors={summary} />
			<PostForm action={action} csrf={frame.csrf}>
				{nonce !== null && <input type="hidden" name="nonce" value={nonce} />}
				{children}
				<div class="row">
					<button type="submit">{submit}</button>
					<a class="button secondary" href={cancel}>
						Cancel
					</a>
				</div>
			</PostForm>
		</div>
	);
}
