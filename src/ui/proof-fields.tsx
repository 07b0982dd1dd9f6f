import { Field } from "./field.tsx";

/** What a form asks for before it does something that a browser which was left open is not to do. */
export interface ProofFieldsProps {
	/** Why it is asked. */
	readonly hint: string;
	readonly error: string | null | undefined;
	/** Where somebody else is spoken of in the same form. */
	readonly label?: string;
}

/** Posts `password`. */
export function ProofFields({ hint, error, label = "Your password" }: ProofFieldsProps) {
	return (
		<Field name="password" label={label} type="password" autocomplete="current-password" hint={hint} error={error} />
	);
}
