import { Field } from "./field.tsx";

interface NewPasswordFieldProps {
	readonly name: string;
	readonly label: string;
	readonly error: string | null | undefined;
}

/** Where somebody chooses a password: what it has to be stands beside it, and the browser offers to make one. */
export function NewPasswordField(props: NewPasswordFieldProps) {
	return (
		<Field
			{...props}
			type="password"
			autocomplete="new-password"
			hint="At least 12 characters. Best made and kept by a password manager."
		/>
	);
}
