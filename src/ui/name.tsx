import { plainText } from "./plain-text.ts";

/** Text that somebody else chose, shown as one unit of its own direction inside a sentence of ours. */
export function Name({ text }: { readonly text: string }) {
	return <bdi>{plainText(text)}</bdi>;
}
