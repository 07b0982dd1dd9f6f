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

/** Some lines to be taken to a terminal as they are; a long one is wrapped where it is shown and whole where it is copied. */
export function CodeBlock(props: CopyableProps) {
	return (
		<div class="code-block">
			<Copyable {...props} />
		</div>
	);
}

export interface DownloadLinkProps {
	readonly fileName: string;
	readonly text: string;
	readonly label: string;
	readonly media?: string;
}

/** A file made of what the page shows already: no request, so that a secret is sent nowhere again. */
export function DownloadLink({ fileName, text, label, media = "text/plain;charset=utf-8" }: DownloadLinkProps) {
	return (
		<a class="button secondary small" download={fileName} href={`data:${media},${encodeURIComponent(text)}`}>
			{label}
		</a>
	);
}
