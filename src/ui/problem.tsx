import { renderCard } from "./document.tsx";
import { Name } from "./name.tsx";
import { Section } from "./section.tsx";
import { useWords } from "./words.ts";
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

/** For refusals that must not redirect (RFC 6749 §4.1.2.1): the person stays here and learns what to do next. */
export function problemView({
	shell,
	title,
	detail,
	what = shell.words.common.usual,
	way,
	client,
}: ProblemProps): string {
	const { theApplication, whatYouCanDo } = shell.words.common;
	return renderCard({
		shell: ofRefusal(shell),
		title,
		failed: true,
		children: (
			<>
				<p>{detail}</p>
				{client !== undefined && <p class="muted clamp">{theApplication(<Name text={client} />)}</p>}
				<Section id="next" title={whatYouCanDo}>
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

/** Nothing of an address that was refused stands in the page: so no language can be chosen there, which would lead back to it. */
export function ofRefusal(shell: Shell): Shell {
	return { ...shell, here: null };
}

/** The way out of a page that leads nowhere else. */
export function ToStart() {
	return (
		<p class="aside">
			<a href="/">{useWords().common.toStart}</a>
		</p>
	);
}
