import type { ComponentChildren } from "preact";
import { useFilledFields } from "./filled-form.ts";

/** What every field has around it. */
interface Labelled {
	/** The form's field name and, as forms here have each name once, the element's id. */
	readonly name: string;
	readonly label: string;
	readonly hint?: string | null | undefined;
	readonly error?: string | null | undefined;
}

export interface FieldProps extends Labelled {
	readonly type?: "text" | "password" | "multiline" | "date" | "search";
	/** Brings up the keys of a phone that fit. Whether it is one is for us to say, with the other errors. */
	readonly keys?: "email" | "tel" | "url" | "numeric";
	/** Left out: it is. */
	readonly required?: boolean;
	/** What it is for (WCAG 1.3.5). */
	readonly autocomplete?: Purpose;
	/** What was typed before. A password is never sent back, whatever stands here. */
	readonly value?: string | null | undefined;
}

type Purpose =
	| "off"
	| "username"
	| "username webauthn"
	| "current-password"
	| "new-password"
	| "one-time-code"
	| ProperName
	| "bday"
	| "sex"
	| "url"
	| "photo"
	| "email"
	| "tel"
	| "language"
	| "street-address"
	| "postal-code";

const properNames = [
	"name",
	"given-name",
	"additional-name",
	"family-name",
	"nickname",
	"organization",
	"address-level1",
	"address-level2",
	"country-name",
] as const;
type ProperName = (typeof properNames)[number];

/** A text field with its label, hint and error, tied together for assistive technology. */
export function Field({ type = "text", autocomplete = "off", required = true, keys, ...rest }: FieldProps) {
	const { value: drawn, ...labelled } = rest;
	const value = useFilledFields()?.get(labelled.name) ?? drawn;
	const isProperName = properNames.some((each) => each === autocomplete);
	const attributes = {
		autocomplete,
		// A phone would write `Ada` where `ada` is the user name.
		autocapitalize: isProperName ? "words" : "none",
		spellcheck: false,
		required,
		...tiesOf(labelled),
	} as const;
	return (
		<Framed {...labelled}>
			{type === "multiline" ? (
				<textarea rows={3} {...attributes}>
					{value ?? ""}
				</textarea>
			) : type === "password" ? (
				<input type="password" {...attributes} />
			) : type === "date" ? (
				<input type="date" value={value ?? undefined} {...attributes} />
			) : type === "search" ? (
				<input type="search" value={value ?? undefined} {...attributes} />
			) : (
				<input type="text" inputMode={keys} value={value ?? undefined} {...attributes} />
			)}
		</Framed>
	);
}

export interface SelectFieldProps extends Labelled {
	readonly options: readonly { readonly value: string; readonly label: string }[];
	readonly chosen: string;
}

/** One of a list. */
export function SelectField({ options, chosen, ...labelled }: SelectFieldProps) {
	const picked = useFilledFields()?.get(labelled.name) ?? chosen;
	return (
		<Framed {...labelled}>
			<select {...tiesOf(labelled)}>
				{options.map(({ value, label }) => (
					<option key={value} value={value} selected={value === picked}>
						{label}
					</option>
				))}
			</select>
		</Framed>
	);
}

function Framed({ name, label, hint, error, children }: Labelled & { readonly children: ComponentChildren }) {
	return (
		<div class="field">
			<label for={name}>{label}</label>
			{children}
			{hint && (
				<p class="hint" id={`${name}-hint`}>
					{hint}
				</p>
			)}
			<FieldError name={name} error={error} />
		</div>
	);
}

export function FieldError({ name, error }: Pick<Labelled, "name" | "error">) {
	if (!error) return null;
	return (
		<p class="field-error" id={`${name}-error`}>
			{error}
		</p>
	);
}

function tiesOf({ name, hint, error }: Labelled) {
	const describedBy = [...(hint ? [`${name}-hint`] : []), ...(error ? [`${name}-error`] : [])].join(" ");
	return {
		id: name,
		name,
		"aria-invalid": error ? true : undefined,
		"aria-describedby": describedBy || undefined,
	} as const;
}
