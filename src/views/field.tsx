export interface FieldProps {
	/** The form's field name and, as forms here have each name once, the element's id. */
	readonly name: string;
	readonly label: string;
	readonly type: "text" | "password" | "multiline";
	/** Left out: it is. */
	readonly required?: boolean;
	readonly autocomplete: "username" | "current-password" | "new-password" | "name" | "organization" | "off";
	/** What was typed before. A password is never sent back, whatever stands here. */
	readonly value: string | null;
	readonly hint: string | null;
	readonly error: string | null;
}

/** A text field with its label, hint and error, tied together for assistive technology. */
export function Field({ name, label, type, autocomplete, value, hint, error, required = true }: FieldProps) {
	const hintId = hint === null ? [] : [`${name}-hint`];
	const errorId = error === null ? [] : [`${name}-error`];
	const describedBy = [...hintId, ...errorId].join(" ");
	const isProperName = autocomplete === "name" || autocomplete === "organization";
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
				<input type="text" value={value ?? undefined} {...attributes} />
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
