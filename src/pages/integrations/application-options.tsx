import type { ComponentChild } from "preact";
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
	// In a new form they are there for every kind, as the kind is still open.
	const shown = options.filter((option) => isNew || isOptionOf(option, values));
	const group = (
		name: EditableOption["group"],
		title: string,
		field: string | null = null,
		first: ComponentChild = null,
	) => {
		const inGroup = shown.filter((option) => option.group === name);
		// Keys stand below the choice of them.
		const among = [...inGroup.filter(({ of }) => of === "keys"), ...inGroup.filter(({ of }) => of !== "keys")];
		if (among.length === 0 && first === null) return null;
		const isSaid =
			!isNew && ((field === "identity" && values.identity.length > 0) || among.some((each) => isStated(each, values)));
		const isWrong = [field ?? "", ...among.map((each) => each.name)].some((each) => errors[each] !== undefined);
		return (
			<details class="more" open={isSaid || isWrong}>
				<summary>{title}</summary>
				{first}
				{among.map((option) => (
					<OptionField {...option} value={values.options[option.name] ?? ""} error={error(option.name)} />
				))}
			</details>
		);
	};
	return (
		<>
			{group(
				"people",
				isNew ? "For an application: who people are, signing in and out" : "Who people are, signing in and out",
				"identity",
				isNew || values.type !== "integration" ? (
					<Choices
						legend="Who people are (OpenID Connect)"
						name="identity"
						options={identity}
						chosen={values.identity}
						error={error("identity")}
					/>
				) : null,
			)}
			{group(
				"security",
				isNew ? "For an application: its own keys, and security" : "Security",
				"authentication",
				isNew ? (
					<RadioChoices
						legend="How a web application proves who it is"
						name="authentication"
						options={[
							{ value: "client_secret", label: "By a secret", hint: "It is created now, and shown once." },
							{
								value: "private_key_jwt",
								label: "By its own keys (private_key_jwt)",
								hint: "It signs what it sends, and gets no secret. Give its public keys below.",
							},
						]}
						chosen={values.authentication}
						error={error("authentication")}
					/>
				) : null,
			)}
			{group("access", "Access tokens, and whom they are for")}
		</>
	);
}

/** Whether it says something else than what holds anyway. */
function isStated({ name, control, preset }: EditableOption, { options }: ApplicationValues): boolean {
	const text = options[name] ?? "";
	if (control.kind === "box") return (text !== "") !== (preset === true);
	return text !== "" && text !== preset;
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
