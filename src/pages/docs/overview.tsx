import { type DocsFrame, renderDocs } from "./docs-frame.tsx";
import { Prose } from "./prose.tsx";

export interface OverviewProps {
	readonly frame: DocsFrame;
	readonly issuer: string;
	readonly introduction: string;
	readonly guides: readonly { readonly name: string; readonly title: string; readonly about: string }[];
	readonly groups: readonly {
		readonly tag: string;
		readonly slug: string;
		readonly operations: readonly {
			readonly id: string;
			readonly method: string;
			readonly path: string;
			readonly summary: string;
		}[];
	}[];
}

/** What there is to read, and every operation by its name: a link to one of them leads to its place in the reference. */
export function overviewView({ frame, issuer, introduction, guides, groups }: OverviewProps): string {
	return renderDocs({
		title: "Documentation",
		frame,
		children: (
			<>
				<h1>Documentation</h1>
				{guides.length > 0 && (
					<section aria-labelledby="guides">
						<h2 id="guides">Guides</h2>
						<p>Each runs as it is written, in a shell, against this deployment or one on your own machine.</p>
						<ul class="docs-cards">
							{guides.map(({ name, title, about }) => (
								<li key={name}>
									<a href={`/docs/guides/${name}`}>{title}</a>
									<p>
										<Prose text={about} />
									</p>
								</li>
							))}
						</ul>
					</section>
				)}
				<section aria-labelledby="api">
					<h2 id="api">The API</h2>
					<p>
						<Prose text={introduction} />
					</p>
					<p>
						Base URL <code>{issuer}</code>. For programs: <a href="/openapi.json">OpenAPI 3.1</a>. What each error
						means: <a href="/docs/errors">Errors</a>.
					</p>
				</section>
				{groups.map(({ tag, slug, operations }) => (
					<section key={slug} aria-labelledby={`subject-${slug}`}>
						<h3 id={`subject-${slug}`}>
							<a href={`/docs/api/${slug}`}>{tag}</a>
						</h3>
						<ul class="docs-operations">
							{operations.map(({ id, method, path, summary }) => (
								<li key={id} id={id}>
									<a href={`/docs/api/${slug}#${id}`}>
										<code>
											{method} {path}
										</code>
									</a>{" "}
									{summary}
								</li>
							))}
						</ul>
					</section>
				))}
			</>
		),
	});
}
