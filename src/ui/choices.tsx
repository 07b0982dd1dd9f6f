import type { ComponentChildren } from "preact";
import { FieldError } from "./field.tsx";
import { useFilledFields } from "./filled-form.ts";

interface Option {
	readonly value: string;
	readonly label: string;
	readonly hint: string;
}

interface ChoiceProps {
	readonly legend: string;
	/** The field's name: for checkboxes each option has its own (`name:value`), since a form here has a name only once. */
	readonly name: string;
	/** What a message of its field leads to; its name, unless another group has that. */
	readonly id?: string;
	readonly options: readonly Option[];
	readonly error?: string | null | undefined;
}

/** Any number of options. A checked one is sent as `<name>:<value>=on`. */
export function Choices({ chosen, ...props }: ChoiceProps & { readonly chosen: readonly string[] }) {
	const filled = useFilledFields();
	const isChosen = (value: string) => filled?.has(`${props.name}:${value}`) ?? chosen.includes(value);
	return (
		<Options {...props}>
			{({ value }) => <input type="checkbox" name={`${props.name}:${value}`} checked={isChosen(value)} />}
		</Options>
	);
}

/** One of a few options, each with a sentence on what it means. */
export function RadioChoices({ chosen, ...props }: ChoiceProps & { readonly chosen: string }) {
	const picked = useFilledFields()?.get(props.name) ?? chosen;
	return (
		<Options {...props}>
			{({ value }) => <input type="radio" name={props.name} value={value} checked={value === picked} required />}
		</Options>
	);
}

function Options(props: ChoiceProps & { readonly children: (option: Option) => ComponentChildren }) {
	const { legend, name, id = name, options, error, children } = props;
	return (
		<fieldset class="choices" aria-describedby={error ? `${name}-error` : undefined}>
			<legend id={id}>{legend}</legend>
			{options.map((option) => (
				<label key={option.value} class="choice">
					{children(option)}
					<span>
						{option.label}
						{option.hint !== "" && <span class="muted block">{option.hint}</span>}
					</span>
				</label>
			))}
			<FieldError name={name} error={error} />
		</fieldset>
	);
}

/** The values of a {@link Choices} that a form sent. */
export function chosenValues(form: ReadonlyMap<string, string>, name: string): readonly string[] {
	return [...form.keys()].filter((key) => key.startsWith(`${name}:`)).map((key) => key.slice(name.length + 1));
}
