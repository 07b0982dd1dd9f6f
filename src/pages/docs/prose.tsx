/** As much of CommonMark as the descriptions of the API have. */
export function Prose({ text }: { readonly text: string }) {
	const parts = text.split(/(`[^`]+`|\*\*[^*]+\*\*)/);
	return (
		<>
			{parts.map((part) => {
				if (part.startsWith("`") && part.length > 1) return <code>{part.slice(1, -1)}</code>;
				return part.startsWith("**") ? <strong>{part.slice(2, -2)}</strong> : part;
			})}
		</>
	);
}
