export interface CopyableProps {
	/** Unique on its page. */
	readonly id: string;
	readonly text: string;
	/** What is copied, for the button: "Copy access code". */
	readonly label: string;
}

/** A text that is to be taken elsewhere whole. The button shows where a script can copy; without one the text is selected by a click. */
export function Copyable({ id, text, label }: CopyableProps) {
	return (
		<div class="copyable">
			<code id={id} class="selectable">
				{text}
			</code>
			<button type="button" class="outline secondary small" data-copy={id} hidden>
				{label}
			</button>
		</div>
	);
}
