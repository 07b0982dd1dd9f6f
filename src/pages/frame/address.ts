import { seeOther } from "../../http/reply.ts";

// The addresses that a page leads on to.

/** After a POST: the page that says what has been done. */
export function doneAt(url: string, done: string, more: Readonly<Record<string, string>> = {}): Response {
	return seeOther(`${url}?${new URLSearchParams({ done, ...more }).toString()}`);
}

/** Where a list goes on: its own address, with the cursor. */
export function nextUrl(
	{ url }: { readonly url: URL },
	cursor: string | null,
	kept: Readonly<Record<string, string>> = {},
	name = "cursor",
): string | null {
	return cursor && `${url.pathname}?${new URLSearchParams({ ...kept, [name]: cursor }).toString()}`;
}
