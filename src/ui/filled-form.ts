import { createContext } from "preact";
import { useContext } from "preact/hooks";

/** A form as somebody filled it in before, by where it is sent. */
export interface FilledForm {
	readonly action: string;
	readonly fields: ReadonlyMap<string, string>;
}

/** That of the page; the others on it are as they are drawn. */
export const FilledFormOfPage = createContext<FilledForm | null>(null);

/** What was filled into the form that a field stands in; null where nothing was. */
export const FilledFields = createContext<ReadonlyMap<string, string> | null>(null);

export function useFilledFields(): ReadonlyMap<string, string> | null {
	return useContext(FilledFields);
}

export function useFieldsOf(action: string): ReadonlyMap<string, string> | null {
	const form = useContext(FilledFormOfPage);
	return form?.action === action ? form.fields : null;
}
