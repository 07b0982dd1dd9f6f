export interface ChoicesProps {
	readonly legend: string;
	/** The field's name: for checkboxes each option has its own (`name:value`), since a form here has a name only once. */
	readonly name: string;
	readonly options: readonly { readonly value: string; readonly label: string; readonly hint: string }[];
	readonly chosen: readonly string[];
	readonly error: string | null;
}

/** Any number of options. A checked one is sent as `<name>:<value>=on`. */
export function Choices({ legend, name, options, chosen, error }: ChoicesProps) {
	return (
		<fieldset class="choices" aria-describedby={error === null ? undefined : `${name}-error`}>
			<legend id={name}>{legend}</legend>
			{options.map(({ value, label, hint }) => (
				<label key={value} class="choice">
					<input type="checkbox" name={`${name}:${value}`} checked={chosen.includes(value)} />
					<span>
						{label}
						{hint !== "" && <span class="muted block">{hint}</span>}
					</span>
				</label>
			))}
			{error !== null && (
				<p class="field-error" id={`${name}-error`}>
					{error}
				</p>
			)}
		</fieldset>
	);
}

/** The values of a {@link Choices} that a form sent. */
export function chosenValues(form: ReadonlyMap<string, string>, name: string): readonly string[] {
	return [...form.keys()].filter((key) => key.startsWith(`${name}:`)).map((key) => key.slice(name.length + 1));
}
