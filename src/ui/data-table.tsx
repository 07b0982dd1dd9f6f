import type { ComponentChildren } from "preact";

export interface DataTableProps {
	/** Says what is listed, for screen readers. */
	readonly caption: string;
	readonly columns: readonly string[];
	readonly rows: readonly { readonly key: string; readonly cells: readonly ComponentChildren[] }[];
	/** The address of the next page, or null on the last. */
	readonly nextUrl: string | null;
}

/** A list with columns; on a phone each row becomes a card whose cells name their column. */
export function DataTable({ caption, columns, rows, nextUrl }: DataTableProps) {
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
			{nextUrl !== null && (
				<nav aria-label="Pages">
					<a class="button secondary" href={nextUrl}>
						Next page
					</a>
				</nav>
			)}
		</>
	);
}
