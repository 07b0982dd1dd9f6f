import type { FormRefusal } from "../http/own-form.ts";
import { englishShell, type Shell } from "../words/shell.ts";
import type { Call } from "./call.ts";

/** What stands around a page that answers this request. */
export async function shellOf({ services }: Pick<Call, "services">): Promise<Shell> {
	return englishShell(services.config.brand);
}

/** A form that was not taken, for a page to say. */
export function refusedForm({ kind, detail }: FormRefusal, shell: Shell) {
	const { notFromHere, malformedForm } = shell.words.problems;
	return { shell, ...(kind === "foreign" ? notFromHere : { ...malformedForm, detail: malformedForm.detail(detail) }) };
}
