import { shownName } from "../domain/display-name.ts";

/** Text that somebody else chose, where there are no elements: in a title, or in what only a screen reader says. */
export function plainText(text: string): string {
	return shownName(text);
}

/** Text that somebody else chose, shown as one unit of its own direction inside a sentence of ours. */
export function Name({ text }: { readonly text: string }) {
	return <bdi>{shownName(text)}</bdi>;
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
