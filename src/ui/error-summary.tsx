export interface ErrorSummaryProps {
	readonly errors: readonly {
		readonly message: string;
		/** The id of the field to mend, or null where no single one is to blame. */
		readonly field: string | null;
	}[];
}

/** What went wrong, above the form, with a way to each field. Nothing where nothing did. */
export function ErrorSummary({ errors }: ErrorSummaryProps) {
	if (errors.length === 0) return null;
	return (
		<div class="error-summary" role="alert">
			{errors.length > 1 && <p>Please look at these {errors.length} things again:</p>}
			<ul>
				{errors.map(({ message, field }) => (
					<li key={message}>{field === null ? message : <a href={`#${field}`}>{message}</a>}</li>
				))}
			</ul>
		</div>
	);
}
