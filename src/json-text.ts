import { bounds, moreThan } from "./domain/bounds.ts";

/** What a JSON text says, or why it is not read. */
export type ReadJsonText =
	| { readonly ok: true; readonly value: unknown }
	| { readonly ok: false; readonly reason: "malformed" | "too_deep" };

/** The rest of a sentence about a JSON text that is `too_deep`. */
export const tooDeep = `has ${moreThan(bounds.jsonLevels)}`;

/**
 * The one place where a JSON text that somebody else wrote is read. The levels are counted in the text, before anything is
 * made of it: whatever walks the value later may do so by recursion.
 */
export function readJsonText(text: string, levels: number = bounds.jsonLevels.most): ReadJsonText {
	if (!isWithinLevels(text, levels)) return { ok: false, reason: "too_deep" };
	try {
		return { ok: true, value: JSON.parse(text) };
	} catch {
		return { ok: false, reason: "malformed" };
	}
}

const [quote, backslash] = ['"', "\\"].map(codeOf);
const [openBrace, closeBrace, openBracket, closeBracket] = ["{", "}", "[", "]"].map(codeOf);

function codeOf(character: string): number {
	return character.charCodeAt(0);
}

/** Of a text that is not JSON it says nothing that counts. */
export function isWithinLevels(text: string, levels: number = bounds.jsonLevels.most): boolean {
	let depth = 0;
	let isInString = false;
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (isInString) {
			if (code === backslash) at++;
			else if (code === quote) isInString = false;
		} else if (code === quote) isInString = true;
		else if (code === openBrace || code === openBracket) {
			if (++depth > levels) return false;
		} else if (code === closeBrace || code === closeBracket) depth--;
	}
	return true;
}
