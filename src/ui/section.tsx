import type { ComponentChildren } from "preact";

export interface SectionProps {
	/** Unique on its page. */
	readonly id: string;
	readonly title: ComponentChildren;
	readonly level?: 2 | 3;
	readonly class?: string;
	readonly children: ComponentChildren;
}

/** A part of a page under its heading, which assistive technology can go to. */
export function Section({ id, title, level = 2, children, ...rest }: SectionProps) {
	return (
		<section class={rest.class} aria-labelledby={id}>
			{level === 2 ? <h2 id={id}>{title}</h2> : <h3 id={id}>{title}</h3>}
			{children}
		</section>
	);
}

/** Short texts of ours, one below the other. */
export function Sentences({ of, class: look }: { readonly of: readonly string[]; readonly class?: string }) {
	return (
		<ul class={look}>
			{of.map((sentence) => (
				<li key={sentence}>{sentence}</li>
			))}
		</ul>
	);
}

/** Texts as they are written in a protocol. */
export function Urls({ of }: { readonly of: readonly string[] }) {
	return (
		<ul class="plain">
			{of.map((url) => (
				<li key={url}>
					<code>{url}</code>
				</li>
			))}
		</ul>
	);
}
