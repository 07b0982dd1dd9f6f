import type { ComponentChildren } from "preact";

/** Where there is nothing to list yet: what would stand here, and what to do next. */
export function EmptyState({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
	return (
		<div class="card empty">
			<h2>{title}</h2>
			{children}
		</div>
	);
}
