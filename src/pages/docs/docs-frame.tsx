import type { ComponentChildren } from "preact";
import { renderDocument } from "../../ui/document.tsx";
import type { Shell } from "../../words/shell.ts";

export interface DocsFrame {
	readonly shell: Shell;
	readonly guides: readonly { readonly name: string; readonly title: string }[];
	readonly subjects: readonly { readonly slug: string; readonly tag: string }[];
	/** The path of this page. */
	readonly here: string;
	/** What was searched for. */
	readonly query?: string;
}

/** A page of the documents: the text first, and beside it, on a phone below it, the way to all others. */
export function renderDocs({
	title,
	frame,
	failed,
	children,
}: {
	readonly title: string;
	readonly frame: DocsFrame;
	readonly failed?: boolean;
	readonly children: ComponentChildren;
}): string {
	return renderDocument({
		shell: frame.shell,
		title,
		width: "wide",
		failed,
		children: (
			<div class="docs">
				<div class="docs-text">
					<p class="docs-way">
						<a href="#documents">All documents and search</a>
					</p>
					{children}
				</div>
				<nav class="docs-nav" id="documents" aria-label="Documents" tabindex={-1}>
					<search>
						<form action="/docs/search" method="get">
							<label for="q">Search the documents</label>
							<input id="q" name="q" type="search" value={frame.query} maxLength={100} autocomplete="off" />
							<button class="secondary small">Search</button>
						</form>
					</search>
					<Links {...frame} />
				</nav>
			</div>
		),
	});
}

function Links({ guides, subjects, here }: DocsFrame) {
	const link = (url: string, label: string) => (
		<li key={url}>
			<a href={url} aria-current={url === here ? "page" : undefined}>
				{label}
			</a>
		</li>
	);
	return (
		<>
			<ul>{link("/docs", "Overview")}</ul>
			{guides.length > 0 && <h2>Guides</h2>}
			<ul>{guides.map(({ name, title }) => link(`/docs/guides/${name}`, title))}</ul>
			<h2>Reference</h2>
			<ul>
				{subjects.map(({ slug, tag }) => link(`/docs/api/${slug}`, tag))}
				{link("/docs/errors", "Errors")}
				<li>
					<a href="/openapi.json">OpenAPI 3.1</a>
				</li>
			</ul>
		</>
	);
}
