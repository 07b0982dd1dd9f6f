import type { FieldErrors } from "./error-summary.tsx";
import { Field } from "./field.tsx";
import { LinkButton } from "./post-form.tsx";

export interface FilterField<Name extends string> {
	readonly name: Name;
	readonly label: string;
	readonly hint: string;
}

export interface FiltersProps<Name extends string> {
	/** Where the whole list is. */
	readonly url: string;
	readonly summary: string;
	readonly fields: readonly FilterField<Name>[];
	/** As they were typed. */
	readonly filter: Readonly<Record<Name, string>>;
	readonly errors: FieldErrors<Name>;
}

/** Above a list: which of its rows are shown. It stands open where not all of them are. */
export function Filters<Name extends string>({ url, summary, fields, filter, errors }: FiltersProps<Name>) {
	const isOpen = isFiltered(filter);
	return (
		<details class="card filters" open={isOpen}>
			<summary>{summary}</summary>
			<form method="get" action={url}>
				<div class="columns">
					{fields.map(({ name, label, hint }) => (
						<Field
							key={name}
							name={name}
							label={label}
							required={false}
							value={filter[name]}
							hint={hint}
							error={errors[name]}
						/>
					))}
				</div>
				<div class="row">
					<button type="submit">Show</button>
					{isOpen && <LinkButton look="secondary" href={url} label="Show everything" />}
				</div>
			</form>
		</details>
	);
}

export function isFiltered(filter: Readonly<Record<string, string>>): boolean {
	return Object.values(filter).some((value) => value !== "");
}
