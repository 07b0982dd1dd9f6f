export type LogDetail = Readonly<Record<string, string | number | boolean | null>>;

/** One line of JSON for the operator, from which nothing can be opened. What is left out is left out here, whoever logs. */
export function logLine(at: Date, event: string, detail: LogDetail): string {
	const isPlain = Object.values(detail).every((value) => typeof value !== "string" || isHarmless(value));
	return JSON.stringify({ at: at.toISOString(), event, ...(isPlain ? detail : redacted(detail)) });
}

/** What was thrown, as members of a line. A library's text quotes what it was given, which may be anybody's secret. */
export function thrown(error: unknown): { readonly error: string; readonly message: string } {
	if (!(error instanceof Error)) return { error: "unknown", message: String(error) };
	return { error: error.name, message: error.message };
}

const longest = 300;
const gone = "…";

/** In this order: what is gone cannot look like something else. */
const rules: readonly (readonly [pattern: RegExp, instead: string])[] = [
	// What somebody else wrote stands in quotes.
	[/"[^"]*"|'[^']*'|`[^`]*`|\u201c[^\u201d]*\u201d/g, `"${gone}"`],
	[/\?\S*/g, `?${gone}`],
	[/\b(basic|bearer)\s+\S+/gi, `$1 ${gone}`],
	[/((?:password|secret|token|cookie|authorization|api_?key|code|verifier)\s*[=:]\s*)\S+/gi, `$1${gone}`],
	[/[^\s<>]+@[^\s<>]+/g, gone],
	// Our own prefixes, but for those of a client's id and of a public key; a signed token.
	[/lk(?:cs|rt|[bcdeirsv])?_[\w-]{8,}/g, gone],
	[/[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, gone],
];

/** What each rule and the last step need some of: without it, and short, a text is what it was. Nearly every one is. */
const suspect = /["'`\u201c?\s=:@]|lk|\.[\w-]{8,}\./;

function isHarmless(text: string): boolean {
	return text.length < 40 && !suspect.test(text);
}

function redacted(detail: LogDetail): LogDetail {
	const members = Object.entries(detail);
	return Object.fromEntries(members.map(([name, value]) => [name, typeof value === "string" ? redact(value) : value]));
}

function redact(text: string): string {
	if (isHarmless(text)) return text;
	let rest = text.slice(0, 10 * longest);
	for (const [pattern, instead] of rules) rest = rest.replaceAll(pattern, instead);
	// No id is as long as a key or a hash, but that of a client, which is none.
	rest = rest.replaceAll(/[\w+=%~-]{40,}/g, (run) => (/^lkid_[\w-]{44}$/.test(run) ? run : gone));
	return rest.length > longest ? `${rest.slice(0, longest)}${gone}` : rest;
}
