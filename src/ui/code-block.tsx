import { Copyable, type CopyableProps } from "./copyable.tsx";

/** Some lines to be taken to a terminal as they are; a long one is wrapped where it is shown and whole where it is copied. */
export function CodeBlock(props: CopyableProps) {
	return (
		<div class="code-block">
			<Copyable {...props} />
		</div>
	);
}
