import { renderCard } from "./document.tsx";
import { Name } from "./name.tsx";
import { Section } from "./section.tsx";
import type { Shell } from "../words/shell.ts";

export interface ProblemProps {
	readonly shell: Shell;
	readonly title: string;
	/** Why, in words that give nothing internal away. */
	readonly detail: string;
	/** What the person can do about it; left out for the usual advice. */
	readonly what?: string;
	/** Where they do so. */
	readonly way?: { readonly href: string; readonly label: string };
	/** What the application that it is about calls itself. */
	readonly client?: string;
}

const usual =
	"Go back to where you came from and try again. If this page returns, tell the people who run that site: they have to mend it.";

export type Problem = Omit<ProblemProps, "shell">;

/** For refusals that must not redirect (RFC 6749 §4.1.2.1): the person stays here and learns what to do next. */
export function problemView({ shell, title, detail, what = usual, way, client }: ProblemProps): string {
	return renderCard({
		shell,
		title,
		failed: true,
		children: (
			<>
				<p>{detail}</p>
				{client !== undefined && (
					<p class="muted clamp">
						The application: <Name text={client} />
					</p>
				)}
				<Section id="next" title="What you can do">
					<p>{what}</p>
					{way && (
						<p>
							<a href={way.href}>{way.label}</a>
						</p>
					)}
				</Section>
				<ToStart />
			</>
		),
	});
}

/** The way out of a page that leads nowhere else. */
export function ToStart() {
	return (
		<p class="aside">
			<a href="/">Go to the start page</a>
		</p>
	);
}
