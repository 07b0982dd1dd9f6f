import { problem } from "./problem.ts";

/** RFC 9110 §8.8.3: the version of what is answered. Opaque for whoever gets it. */
export function etag(...versions: readonly (number | string)[]): string {
	return `"${versions.join(".")}"`;
}

/**
 * RFC 9110 §13.1.1: whether a request is for what has this tag. Without `If-Match` it is for whatever is there, as it is
 * with `*`; a weak tag matches nothing, and neither does what is no list of tags.
 */
export function ifMatch(request: Request): (tag: string) => boolean {
	const field = request.headers.get("if-match")?.trim();
	if (field === undefined || field === "*") return () => true;
	const tags = new Set<string>(field.match(/(?:W\/)?"[^"]*"/g));
	return (tag) => tags.has(tag);
}

/** What a request changes of a row, which is tagged by its `rev`; `stale` where the request is for another version of it. */
export function ifMatching<Row extends { readonly rev: number }, Changes>(
	request: Request,
	changes: (row: Row) => Changes,
): (row: Row) => Changes | "stale" {
	const isFor = ifMatch(request);
	return (row) => (isFor(etag(row.rev)) ? changes(row) : "stale");
}

/** RFC 9110 §15.5.13 */
export function preconditionFailed(): Response {
	return problem(412, "This has changed since you read it. Read it again, and send its new ETag as If-Match.");
}
