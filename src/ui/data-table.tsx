import type { ComponentChildren } from "preact";

export interface DataTableProps {
	/** Says what is listed, for screen readers. */
	readonly caption: string;
	readonly columns: readonly string[];
	readonly rows: readonly { readonly key: string; readonly cells: readonly ComponentChildren[] }[];
	/** The address of the next page; null on the last. */
	readonly nextUrl?: string | null;
	/** The address of the page before; null on the first. */
	readonly previousUrl?: string | null;
}

/** A list with columns; on a phone each row becomes a card whose cells name their column. */
export function DataTable({ caption, columns, rows, nextUrl = null, previousUrl = null }: DataTableProps) {
	return (
		<>
			<table class="data">
				<caption class="visually-hidden">{caption}</caption>
				<thead>
					<tr>
						{columns.map((column) => (
							<th key={column} scope="col">
								{column}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{rows.map(({ key, cells }) => (
						<tr key={key}>
							{cells.map((cell, index) => (
								<td key={columns[index]} data-column={columns[index]}>
									{cell}
								</td>
							))}
						</tr>
					))}
				</tbody>
			</table>
			<NextPage url={nextUrl} previousUrl={previousUrl} />
		</>
	);
}

/** The ways to what comes after this page of a list, and to what came before. */
export function NextPage({
	url,
	previousUrl = null,
}: {
	readonly url: string | null;
	readonly previousUrl?: string | null;
}) {
	if (url === null && previousUrl === null) return null;
	return (
		<nav aria-label="Pages" class="row">
			{previousUrl !== null && (
				<a class="button secondary" href={previousUrl} rel="prev">
					Previous page
				</a>
			)}
			{url !== null && (
				<a class="button secondary" href={url} rel="next">
					Next page
				</a>
			)}
		</nav>
	);
}

/** Where there is nothing to list yet: what would stand here, and what to do next. */
export function EmptyState({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
	return (
		<div class="card empty">
			<h2>{title}</h2>
			{children}
		</div>
	);
}
