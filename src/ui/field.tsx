export interface FieldProps {
	/** The form's field name and, as forms here have each name once, the element's id. */
	readonly name: string;
	readonly label: string;
	readonly type: "text" | "password" | "multiline";
	/** Brings up the keys of a phone that fit. Whether it is one is for us to say, with the other errors. */
	readonly keys?: "email" | "tel" | "url";
	/** Left out: it is. */
	readonly required?: boolean;
	/** What it is for (WCAG 1.3.5). */
	readonly autocomplete: Purpose;
	/** What was typed before. A password is never sent back, whatever stands here. */
	readonly value: string | null;
	readonly hint: string | null;
	readonly error: string | null;
}

type Purpose =
	| "off"
	| "username"
	| "current-password"
	| "new-password"
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
export function Field({ name, label, type, autocomplete, value, hint, error, required = true, keys }: FieldProps) {
	const hintId = hint === null ? [] : [`${name}-hint`];
	const errorId = error === null ? [] : [`${name}-error`];
	const describedBy = [...hintId, ...errorId].join(" ");
	const isProperName = properNames.some((each) => each === autocomplete);
	const attributes = {
		id: name,
		name,
		autocomplete,
		// A phone would write `Ada` where `ada` is the user name.
		autocapitalize: isProperName ? "words" : "none",
		spellcheck: false,
		required,
		"aria-invalid": error === null ? undefined : true,
		"aria-describedby": describedBy === "" ? undefined : describedBy,
	} as const;
	return (
		<div class="field">
			<label for={name}>{label}</label>
			{type === "multiline" ? (
				<textarea rows={3} {...attributes}>
					{value ?? ""}
				</textarea>
			) : type === "password" ? (
				<input type="password" {...attributes} />
			) : (
				<input type="text" inputMode={keys} value={value ?? undefined} {...attributes} />
			)}
			{hint !== null && (
				<p class="hint" id={hintId[0]}>
					{hint}
				</p>
			)}
			{error !== null && (
				<p class="field-error" id={errorId[0]}>
					{error}
				</p>
			)}
		</div>
	);
}
