import type { EditableOption } from "../../domain/client-option-values.ts";
import { Choices, RadioChoices } from "../../ui/choices.tsx";
import { Field, SelectField } from "../../ui/field.tsx";

export interface ApplicationValues {
	/** Scopes of OpenID Connect. */
	readonly identity: readonly string[];
	/** How one with a server proves who it is. */
	readonly authentication: "client_secret" | "private_key_jwt";
	/** By their names, as text; a box that is checked is any. */
	readonly options: Readonly<Record<string, string>>;
}

interface ApplicationOptionsProps {
	readonly isNew: boolean;
	readonly values: ApplicationValues & { readonly type: string };
	readonly errors: Readonly<Record<string, string>>;
	readonly identity: readonly { readonly value: string; readonly label: string; readonly hint: string }[];
	readonly options: readonly EditableOption[];
}

/** Whether a client of this kind has it in its form. */
export function isOptionOf(
	{ of }: Pick<EditableOption, "of">,
	{ type, authentication }: Pick<ApplicationValues, "authentication"> & { readonly type: string },
): boolean {
	if (type === "integration") return of === "client";
	const has = { client: true, application: true, server: type === "web", keys: authentication === "private_key_jwt" };
	return has[of];
}

/** What few clients need: most of it is of applications alone. */
export function ApplicationOptions(props: ApplicationOptionsProps) {
	const { isNew, values, errors, identity, options } = props;
	const error = (field: string) => errors[field] ?? null;
	const fieldOf = (option: EditableOption) => (
		<OptionField {...option} value={values.options[option.name] ?? ""} error={error(option.name)} />
	);
	// In a new form they are there for every kind, as the kind is still open.
	const shown = options.filter((option) => isNew || isOptionOf(option, values));
	const hasIdentity = isNew || values.type !== "integration";
	const names = ["identity", "authentication", ...options.map(({ name }) => name)];
	return (
		<details class="more" open={!isNew || names.some((name) => errors[name] !== undefined)}>
			<summary>
				{isNew ? "For an application: who people are, and more" : hasIdentity ? "Who people are, and more" : "More"}
			</summary>
			{hasIdentity && (
				<Choices
					legend="Who people are (OpenID Connect)"
					name="identity"
					options={identity}
					chosen={values.identity}
					error={error("identity")}
				/>
			)}
			{shown.filter(({ of }) => of !== "keys").map(fieldOf)}
			{isNew && (
				<RadioChoices
					legend="How a web application proves who it is"
					name="authentication"
					options={[
						{ value: "client_secret", label: "By a secret", hint: "It is made now, and shown once." },
						{
							value: "private_key_jwt",
							label: "By its own keys (private_key_jwt)",
							hint: "It signs what it sends, and gets no secret. Give its public keys below.",
						},
					]}
					chosen={values.authentication}
					error={error("authentication")}
				/>
			)}
			{shown.filter(({ of }) => of === "keys").map(fieldOf)}
		</details>
	);
}

type OptionFieldProps = Pick<EditableOption, "name" | "label" | "hint" | "control"> & {
	readonly value: string;
	readonly error: string | null;
};

function OptionField({ control, value, ...field }: OptionFieldProps) {
	const { name, label, hint, error } = field;
	switch (control.kind) {
		case "box": {
			const options = [{ value: "yes", label, hint: hint ?? "" }];
			const chosen = value === "" ? [] : ["yes"];
			return <Choices legend={control.legend} name={name} options={options} chosen={chosen} error={error} />;
		}
		case "choice":
			return <SelectField {...field} options={control.options} chosen={value} />;
		case "url":
			return <Field {...field} type="text" keys="url" required={false} autocomplete="off" value={value} />;
		case "lines":
		case "jwks":
			return <Field {...field} type="multiline" required={false} autocomplete="off" value={value} />;
	}
}
