// Unicode's embeddings, overrides and isolates. The marks (LRM, RLM, ALM) stay: right-to-left names need them.
const directionChanges = /[\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A name that somebody else chose, without the characters that reorder the text around them: `moc.elgoog` must not read
 * as something else on the page where a person decides whom to trust. An isolating element alone is not enough, because
 * a stray U+2069 ends it.
 */
export function plainText(text: string): string {
	return text.replaceAll(directionChanges, "");
}

/** Text that somebody else chose, shown as one unit of its own direction inside a sentence of ours. */
export function Name({ text }: { readonly text: string }) {
	return <bdi>{plainText(text)}</bdi>;
}

/** The same, where it is what the sentence is about. */
export function StrongName({ text, class: look }: { readonly text: string; readonly class?: "host" | "clamp" }) {
	return (
		<strong class={look}>
			<Name text={text} />
		</strong>
	);
}

export interface PersonNameProps {
	readonly name: string;
	/** What they sign in with. */
	readonly username: string;
	readonly strong?: boolean;
}

export function PersonName({ name, username, strong = false }: PersonNameProps) {
	return (
		<>
			{strong ? <StrongName text={name} /> : <Name text={name} />} (<Name text={username} />)
		</>
	);
}
