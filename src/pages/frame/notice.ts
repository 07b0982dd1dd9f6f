/** The sentence that `?done=<code>` stands for: what a link of a stranger's may have this page say is one of ours. */
export function noticeOf(url: URL, sentences: Readonly<Record<string, string>>): string | null {
	const done = url.searchParams.get("done");
	return done !== null && Object.hasOwn(sentences, done) ? (sentences[done] ?? null) : null;
}
