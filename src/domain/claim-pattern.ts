/** What a claim of a workload has to be: a text, in which `*` stands for any characters, none among them. */

const longest = 512;
const mostStars = 4;

/** Null, or the rest of a sentence that begins with the claim. */
export function patternProblem(pattern: string): string | null {
	if (pattern === "" || pattern.length > longest) return `has to be a text of 1 to ${longest} characters`;
	// What anybody's token could say keeps nobody out.
	if (pattern.startsWith("*")) return "must not begin with *";
	return pattern.split("*").length - 1 > mostStars ? `has more than ${mostStars} *` : null;
}

/** A claim that is no text, whole number or truth value is none of these. In time that grows with the text alone. */
export function matchesPattern(claim: unknown, pattern: string): boolean {
	if (typeof claim !== "string" && typeof claim !== "number" && typeof claim !== "boolean") return false;
	// RFC 8259 §6: beyond these, several that were written are read as one.
	if (typeof claim === "number" && !Number.isSafeInteger(claim)) return false;
	const text = String(claim);
	const [first = "", ...others] = pattern.split("*");
	const last = others.pop();
	if (last === undefined) return text === pattern;
	if (!text.startsWith(first)) return false;
	let at = first.length;
	for (const part of others) {
		const found = text.indexOf(part, at);
		if (found === -1) return false;
		at = found + part.length;
	}
	return text.length - last.length >= at && text.endsWith(last);
}
