export interface DownloadLinkProps {
	readonly fileName: string;
	readonly text: string;
	readonly label: string;
}

/** A file made of what the page shows already: no request, so that a secret is sent nowhere again. */
export function DownloadLink({ fileName, text, label }: DownloadLinkProps) {
	return (
		<a
			class="button secondary small"
			download={fileName}
			href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
		>
			{label}
		</a>
	);
}
