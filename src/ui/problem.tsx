import { renderDocument } from "./document.tsx";

export interface ProblemProps {
	readonly title: string;
	/** Why, in words that give nothing internal away. */
	readonly detail: string;
	/** What the person can do about it; null for the usual advice. */
	readonly what: string | null;
}

/** For refusals that must not redirect (RFC 6749 §4.1.2.1): the person stays here and learns what to do next. */
export function problemView({ title, detail, what }: ProblemProps): string {
	return renderDocument({
		title,
		width: "narrow",
		failed: true,
		children: (
			<div class="card">
				<h1>{title}</h1>
				<p>{detail}</p>
				<section aria-labelledby="next">
					<h2 id="next">What you can do</h2>
					<p>
						{what ??
							"Go back to where you came from and try again. If this page returns, tell the people who run that site: they have to mend it."}
					</p>
				</section>
				<p class="aside">
					<a href="/">Go to the start page</a>
				</p>
			</div>
		),
	});
}
