import { seeOther } from "../../http/reply.ts";

// What the address of a page says, and the addresses that go on from it.

interface Visited {
	readonly url: URL;
}

/** After a POST: the page that says what has been done. */
export function doneAt(url: string, done: string, more: Readonly<Record<string, string>> = {}): Response {
	return seeOther(`${url}?${new URLSearchParams({ done, ...more }).toString()}`);
}

/** The sentence for `?done=`, which anybody could write: only codes of ours say anything. */
export function noticeOf({ url }: Visited, sentences: Readonly<Record<string, string>>): string | null {
	const done = url.searchParams.get("done") ?? "";
	return Object.hasOwn(sentences, done) ? (sentences[done] ?? null) : null;
}

/** What takes back a switch that `?done=` tells of. */
export function undoOf({ url }: Visited, action: string): { action: string; enabled: boolean } | null {
	const done = url.searchParams.get("done");
	return done === "disabled" || done === "enabled" ? { action, enabled: done === "disabled" } : null;
}

/** Where a list goes on: its own address, with the cursor. */
export function nextUrl(
	{ url }: Visited,
	cursor: string | null,
	kept: Readonly<Record<string, string>> = {},
	name = "cursor",
): string | null {
	return cursor && `${url.pathname}?${new URLSearchParams({ ...kept, [name]: cursor }).toString()}`;
}
