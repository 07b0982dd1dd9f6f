export interface SelectFieldProps {
	readonly name: string;
	readonly label: string;
	readonly options: readonly { readonly value: string; readonly label: string }[];
	readonly chosen: string;
	readonly hint: string | null;
	readonly error: string | null;
}

/** One of a list, with its label, hint and error. */
export function SelectField({ name, label, options, chosen, hint, error }: SelectFieldProps) {
	const describedBy = [hint === null ? "" : `${name}-hint`, error === null ? "" : `${name}-error`].join(" ").trim();
	return (
		<div class="field">
			<label for={name}>{label}</label>
			<select
				id={name}
				name={name}
				aria-invalid={error === null ? undefined : true}
				aria-describedby={describedBy === "" ? undefined : describedBy}
			>
				{options.map((option) => (
					<option key={option.value} value={option.value} selected={option.value === chosen}>
						{option.label}
					</option>
				))}
			</select>
			{hint !== null && (
				<p class="hint" id={`${name}-hint`}>
					{hint}
				</p>
			)}
			{error !== null && (
				<p class="field-error" id={`${name}-error`}>
					{error}
				</p>
			)}
		</div>
	);
}
