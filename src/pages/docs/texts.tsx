import { Copyable } from "../../ui/copyable.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { type DocsFrame, renderDocs } from "./docs-frame.tsx";
import { Prose } from "./prose.tsx";

/** HTML that scripts/documents.ts made of a file of ours. */
function Text({ html }: { readonly html: string }) {
	return <div class="docs-prose" dangerouslySetInnerHTML={{ __html: html }} />;
}

export function guideView({
	frame,
	guide: { title, about, html },
}: {
	readonly frame: DocsFrame;
	readonly guide: { readonly title: string; readonly about: string; readonly html: string };
}): string {
	return renderDocs({
		title,
		frame,
		children: (
			<>
				<h1>{title}</h1>
				<p class="docs-about">
					<Prose text={about} />
				</p>
				<Text html={html} />
			</>
		),
	});
}

export interface ErrorOf {
	readonly code: string;
	/** Of a problem; null of OAuth, where it goes by the route. */
	readonly status: number | null;
	readonly html: string;
}

export function errorsView({
	frame,
	problems,
	oauth,
}: {
	readonly frame: DocsFrame;
	readonly problems: readonly ErrorOf[];
	readonly oauth: readonly ErrorOf[];
}): string {
	return renderDocs({
		title: "Errors",
		frame,
		children: (
			<>
				<h1>Errors</h1>
				<p>
					Most routes answer an error with a problem (RFC 9457): its <code>type</code> leads to one of these pages, its{" "}
					<code>code</code> says the same to programs, and <code>errors</code> names the members of the request that are
					wrong. A <code>code</code> never changes and always has the same status; <code>detail</code> is for people.
				</p>
				<DataTable
					caption="Codes of problems"
					columns={["Code", "Status", "What it means"]}
					rows={problems.map(({ code, status, html }) => ({
						key: code,
						cells: [<Link key={code} code={code} />, String(status), <Means key={code} html={html} />],
					}))}
				/>
				<h2 id="oauth">OAuth</h2>
				<p>
					The routes of OAuth answer with <code>error</code> and <code>error_description</code> (RFC 6749 §5.2), and so
					does the redirect to a client.
				</p>
				<DataTable
					caption="Errors of OAuth"
					columns={["Error", "What it means"]}
					rows={oauth.map(({ code, html }) => ({
						key: code,
						cells: [<Link key={code} code={code} />, <Means key={code} html={html} />],
					}))}
				/>
			</>
		),
	});
}

function Link({ code }: { readonly code: string }) {
	return (
		<a href={`/docs/errors/${code}`}>
			<code>{code}</code>
		</a>
	);
}

/** The first of what is said: the rest is on its own page. */
function Means({ html }: { readonly html: string }) {
	return <div class="docs-prose" dangerouslySetInnerHTML={{ __html: html.slice(0, html.indexOf("</p>") + 4) }} />;
}

export function errorView({
	frame,
	error: { code, status, html },
	example,
	answeredBy,
}: {
	readonly frame: DocsFrame;
	readonly error: ErrorOf;
	/** From a run; null where no operation shows one. */
	readonly example: string | null;
	readonly answeredBy: readonly { readonly url: string; readonly name: string }[];
}): string {
	return renderDocs({
		title: `Error: ${code}`,
		frame,
		children: (
			<>
				<h1>
					<code>{code}</code>
				</h1>
				{status !== null && <p class="docs-about">Status {status}</p>}
				<Text html={html} />
				{example !== null && (
					<section aria-labelledby="example">
						<h2 id="example">An example</h2>
						<Copyable id="example-body" text={example} label="Copy example" />
					</section>
				)}
				{answeredBy.length > 0 && (
					<section aria-labelledby="answered-by">
						<h2 id="answered-by">Answered by</h2>
						<p>Among others, for what their examples ask:</p>
						<ul class="docs-operations">
							{answeredBy.map(({ url, name }) => (
								<li key={url}>
									<a href={url}>
										<code>{name}</code>
									</a>
								</li>
							))}
						</ul>
					</section>
				)}
				<p>
					<a href="/docs/errors">All errors</a>
				</p>
			</>
		),
	});
}

export function foundView({
	frame,
	query,
	found,
}: {
	readonly frame: DocsFrame;
	readonly query: string;
	readonly found: readonly {
		readonly kind: string;
		readonly title: string;
		readonly url: string;
		readonly about: string;
	}[];
}): string {
	return renderDocs({
		title: query === "" ? "Search" : `Search: ${query}`,
		frame: { ...frame, query },
		children: (
			<>
				<h1>{query === "" ? "Search" : `Found for “${query}”`}</h1>
				{found.length === 0 ? (
					<p>
						{query === "" ? "Enter what you look for." : "Nothing has all of these words."} Operations are found by
						their path, permission and members, errors by their code.
					</p>
				) : (
					<ul class="docs-found">
						{found.map(({ kind, title, url, about }) => (
							<li key={url}>
								<a href={url}>{title}</a> <span class="muted">{kind}</span>
								<p>
									<Prose text={about} />
								</p>
							</li>
						))}
					</ul>
				)}
			</>
		),
	});
}

export function noSuchView(frame: DocsFrame): string {
	return renderDocs({
		title: "No such document",
		frame,
		failed: true,
		children: (
			<>
				<h1>No such document</h1>
				<p>There is no document at this address. It may have another name by now: search for it.</p>
			</>
		),
	});
}
