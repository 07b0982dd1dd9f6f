import type { FieldErrors } from "../../ui/error-summary.tsx";
import { isWrong } from "../../ui/error-summary.tsx";
import { Field, SelectField } from "../../ui/field.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { Frame } from "../frame/frame.ts";
import { FormCard } from "../frame/form-card.tsx";

export interface ApiFormProps {
	readonly frame: Frame;
	readonly title: string;
	readonly action: string;
	readonly cancel: string;
	/** Whether it makes one, whose identifier is still open. */
	readonly isNew: boolean;
	readonly fields: Readonly<Record<string, string>>;
	readonly problem?: string | null;
	readonly values: ApiValues;
	readonly errors: FieldErrors<keyof ApiValues>;
	readonly algorithms: readonly string[];
}

export interface ApiValues {
	readonly identifier: string;
	readonly name: string;
	readonly description: string;
	/** Seconds; empty: as long as the client's. */
	readonly ttl: string;
	/** Empty: what signs all others. */
	readonly algorithm: string;
}

export function apiFormView(props: ApiFormProps): string {
	const { frame, title, action, cancel, isNew, fields, problem = null, values, errors, algorithms } = props;
	return renderConsolePage({
		frame,
		title,
		about: isNew ? undefined : values.name,
		failed: isWrong(errors) || problem !== null,
		children: (
			<FormCard
				action={action}
				frame={frame}
				fields={fields}
				errors={errors}
				problem={problem}
				submit={isNew ? "Register the API" : "Save the API"}
				cancel={cancel}
			>
				{isNew && (
					<Field
						name="identifier"
						label="Identifier"
						keys="url"
						value={values.identifier}
						hint="The address that clients are given, such as https://orders.example.com/v1. Tokens name it as their audience, letter for letter, so it never changes."
						error={errors.identifier}
					/>
				)}
				<Field
					name="name"
					label="Name"
					value={values.name}
					hint="People read it when they are asked."
					error={errors.name}
				/>
				<Field
					name="description"
					label="Description"
					value={values.description}
					hint="One line; it may be left empty."
					required={false}
					error={errors.description}
				/>
				<Field
					name="ttl"
					label="Lifetime of access tokens, in seconds"
					value={values.ttl}
					hint="At most this long. Left empty: as long as the client's."
					required={false}
					error={errors.ttl}
				/>
				<SelectField
					name="algorithm"
					label="Access tokens are signed with"
					chosen={values.algorithm}
					options={[
						{ value: "", label: "What signs all others (ES256)" },
						...algorithms.map((value) => ({ value, label: value })),
					]}
					hint="Where the client did not choose. One that nobody chose before signs ten minutes later."
					error={errors.algorithm}
				/>
			</FormCard>
		),
	});
}
