export interface RadioChoicesProps {
	readonly legend: string;
	readonly name: string;
	readonly options: readonly { readonly value: string; readonly label: string; readonly hint: string }[];
	readonly chosen: string;
	readonly error: string | null;
}

/** One of a few options, each with a sentence on what it means. */
export function RadioChoices({ legend, name, options, chosen, error }: RadioChoicesProps) {
	return (
		<fieldset class="choices" aria-describedby={error === null ? undefined : `${name}-error`}>
			<legend id={name}>{legend}</legend>
			{options.map(({ value, label, hint }) => (
				<label key={value} class="choice" for={`${name}-${value}`}>
					<input type="radio" id={`${name}-${value}`} name={name} value={value} checked={value === chosen} required />
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
