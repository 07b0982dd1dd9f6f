import { secretIn } from "../../domain/secret-in-text.ts";
import { readDoneCookie, writeDoneCookie } from "../../http/cookies.ts";
import { seeOther } from "../../http/reply.ts";

// The addresses that a page leads on to.

/** A page's own address, for whoever comes back to it. A search for what may be a secret is left out: that stands in no other address. */
export function addressOf({
	pathname,
	search,
	searchParams,
}: Pick<URL, "pathname" | "search" | "searchParams">): string {
	if (searchParams.getAll("q").every((q) => secretIn(q) === null)) return pathname + search;
	const kept = [...searchParams].filter(([name]) => name !== "q");
	return kept.length === 0 ? pathname : `${pathname}?${new URLSearchParams(kept).toString()}`;
}

/** After a POST: the page that says what has been done. */
export function doneAt(url: string, done: string, more: Readonly<Record<string, string>> = {}): Response {
	const location = `${url}?${new URLSearchParams({ done, ...more }).toString()}`;
	return seeOther(location, { "set-cookie": writeDoneCookie(location) });
}

/** What the address says has been done, where this browser was just led to it: a link from elsewhere can write `?done=deleted` just as well. */
export function doneHere(request: Request, url: URL): string | null {
	return readDoneCookie(request) === url.pathname + url.search ? url.searchParams.get("done") : null;
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
