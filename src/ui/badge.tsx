/** A state in a word or two; its colour only repeats what the word says. */
export function Badge({ tone, text }: { readonly tone: "good" | "warning" | "off"; readonly text: string }) {
	return <span class={`badge ${tone}`}>{text}</span>;
}
