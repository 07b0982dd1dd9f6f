import { Field } from "./field.tsx";
import { useWords } from "./words.ts";

interface NewPasswordFieldProps {
	readonly name: string;
	readonly label: string;
	readonly error: string | null | undefined;
}

/** Where somebody chooses a password: what it has to be stands beside it, and the browser offers to make one. */
export function NewPasswordField(props: NewPasswordFieldProps) {
	return <Field {...props} type="password" autocomplete="new-password" hint={useWords().common.newPasswordHint} />;
}
