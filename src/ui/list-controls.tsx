import type { ListFilter, ListShape } from "../domain/list-query.ts";
import { NextPage } from "./data-table.tsx";
import type { FieldErrors } from "./error-summary.tsx";
import { Field, SelectField } from "./field.tsx";
import { HiddenFields, LinkButton } from "./post-form.tsx";

export interface ListControlsProps {
	readonly shape: ListShape;
	/** Where the whole list is. */
	readonly url: string;
	/** As it was typed, by parameter. */
	readonly typed: Readonly<Record<string, string>>;
	readonly errors: FieldErrors;
	/** How many rows that finds, in words; null where nothing is listed, since what was typed is wrong, and of a log, which is not counted. */
	readonly total: string | null;
	/** What of a filter may be chosen, where only the account says what there is. */
	readonly options?: Readonly<Record<string, readonly { readonly value: string; readonly label: string }[]>>;
	/** Of a list where a secret may be searched for: the form is posted, so that it comes into no address. */
	readonly csrf?: string;
}

/** Above a list: its search, its filters and its order in one form, and how many rows they find. */
export function ListControls({ shape, url, typed, errors, total, options = {}, csrf }: ListControlsProps) {
	const { search, filters, sorts, rows } = shape;
	const isFiltered = Object.keys(filters).some((name) => typed[name]);
	const isNarrowed = isFiltered || Boolean(typed.q);
	const orders = Object.entries(sorts).map(([value, label]) => ({ value, label }));
	const hasMore = Object.keys(filters).length > 0 || orders.length > 1;
	return (
		<>
			<search>
				<form method={csrf === undefined ? "get" : "post"} action={url} class="list-controls">
					{csrf !== undefined && <HiddenFields fields={{ csrf }} />}
					{search !== null && (
						<div class="search-row">
							<Field
								type="search"
								name="q"
								label={`Search ${rows[1]}`}
								required={false}
								value={typed.q}
								error={errors.q}
							/>
							<button type="submit">Search</button>
						</div>
					)}
					{hasMore && (
						<details class="filters" open={isFiltered || Boolean(typed.sort)}>
							<summary>{orders.length > 1 ? "Filter and sort" : "Filter"}</summary>
							<div class="columns">
								{Object.entries(filters).map(([name, filter]) => (
									<FilterField
										key={name}
										name={name}
										filter={filter}
										typed={typed[name] ?? ""}
										error={errors[name]}
										options={options[name]}
									/>
								))}
								{orders.length > 1 && (
									<SelectField
										name="sort"
										label="Sort by"
										options={orders}
										chosen={typed.sort || (orders[0]?.value ?? "")}
										error={errors.sort}
									/>
								)}
							</div>
							<button type="submit" class="secondary">
								Show
							</button>
						</details>
					)}
				</form>
			</search>
			{(total !== null || isNarrowed) && (
				<div class="row list-total">
					{total !== null && <output class="muted">{total}</output>}
					{isNarrowed && <LinkButton look="secondary small" href={url} label={`Show all ${rows[1]}`} />}
				</div>
			)}
		</>
	);
}

/** In the place of a list's rows. A list may go on where a page of it has none that match. */
export function NothingFound(props: {
	readonly nextUrl: string | null;
	readonly previousUrl: string | null;
	/** Left out: it was looked. */
	readonly isAsked?: boolean;
}) {
	const { nextUrl, previousUrl, isAsked = true } = props;
	return (
		<>
			{isAsked && (
				<p class="card">
					{nextUrl === null ? "Nothing matches." : "Nothing matches among those that were looked at. There are more."}
				</p>
			)}
			<NextPage url={nextUrl} previousUrl={previousUrl} />
		</>
	);
}

interface FilterFieldProps {
	readonly name: string;
	readonly filter: ListFilter;
	readonly typed: string;
	readonly error: string | null | undefined;
	readonly options: readonly { readonly value: string; readonly label: string }[] | undefined;
}

function FilterField({ name, filter, typed, error, options }: FilterFieldProps) {
	const { label } = filter;
	const choices =
		options ??
		(filter.kind === "choice"
			? Object.entries(filter.choices).map(([value, words]) => ({ value, label: words }))
			: filter.kind === "flag"
				? [{ value: "true", label: "Yes" }]
				: null);
	if (choices) {
		const all = [{ value: "", label: "All" }, ...choices];
		return <SelectField name={name} label={label} options={all} chosen={typed} error={error} />;
	}
	const isTime = filter.kind === "time";
	return (
		<Field
			type={isTime ? "date" : "text"}
			name={name}
			label={label}
			required={false}
			value={isTime ? typed.slice(0, 10) : typed}
			hint={filter.kind === "text" ? filter.hint : undefined}
			error={error}
		/>
	);
}
