import { useWords } from "./words.ts";

/** What is wrong with a form, by its fields as they stand on the page. */
export type FieldErrors<Name extends string = string> = Readonly<Partial<Record<Name, string | null | undefined>>>;

export interface ErrorSummaryProps {
	readonly errors?: FieldErrors;
	/** What no single field is to blame for. */
	readonly problem?: string | null;
}

/** What went wrong, above the form, with a way to each field. Nothing where nothing did. */
export function ErrorSummary({ errors = {}, problem = null }: ErrorSummaryProps) {
	const { lookAgain } = useWords().common;
	const wrong = Object.entries(errors).filter(([, message]) => message);
	const count = wrong.length + (problem === null ? 0 : 1);
	if (count === 0) return null;
	return (
		<div class="error-summary" role="alert">
			{count > 1 && <p>{lookAgain(count)}</p>}
			<ul>
				{problem !== null && <li>{problem}</li>}
				{wrong.map(([field, message]) => (
					<li key={field}>
						<a href={`#${field}`}>{message}</a>
					</li>
				))}
			</ul>
		</div>
	);
}

export function isWrong(errors: FieldErrors): boolean {
	return Object.values(errors).some(Boolean);
}
