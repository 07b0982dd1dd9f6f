import { commonPasswords } from "./common-passwords.ts";

/** NIST SP 800-63B §3.1.1.2: length is what counts, and what anybody would guess; no other rule. */
export const minPasswordLength = 12;
/** In UTF-16 units, as it was given: what nobody's password is longer than. */
export const maxPasswordLength = 1024;

export type PasswordProblem = "length" | "common" | "own_words";

export const passwordProblems: Readonly<Record<PasswordProblem, string>> = {
	length: `Use at least ${minPasswordLength} characters, and at most ${maxPasswordLength}.`,
	common: "This is one of the first passwords that anybody would try. Choose another one.",
	own_words: "This is little more than your names, those of this place, or the word “password”. Choose another one.",
};

/**
 * What speaks against a password that somebody chooses; null where nothing does. `own` is what whoever guesses at it knows as
 * well: the names of the person, of their accounts and of the deployment. Case and spelling (NFKC) count for nothing here.
 */
export function judgeNewPassword(password: string, own: readonly string[]): PasswordProblem | null {
	if (password.length > maxPasswordLength) return "length";
	const text = folded(password);
	// Each code point is a character, however many units or keys it takes.
	if (Array.from(password.normalize("NFKC")).length < minPasswordLength) return "length";
	// Said twice it is as easily guessed as said once, and has to be long enough by that.
	const unit = unitOf(text);
	if (unit.length < minPasswordLength || isListed(unit) || isSequences(unit)) return "common";
	const left = withoutWords(unit, own);
	const isLittle = Array.from(left).length < leastBesideNames || isSequences(left.replaceAll(/[^\p{L}\p{N}]/gu, ""));
	return left !== unit && isLittle ? "own_words" : null;
}

/** What a password has to have beside names that anybody knows. */
const leastBesideNames = 8;

function folded(text: string): string {
	return text.normalize("NFKC").toLowerCase();
}

/** Nothing that is listed is longer. */
const longestUnit = 32;

/** The shortest text that this is a repetition of, be the last time cut short. */
function unitOf(text: string): string {
	for (let length = 1; length <= Math.min(longestUnit, text.length / 2); length++) {
		const unit = text.slice(0, length);
		if (unit.repeat(Math.ceil(text.length / length)).startsWith(text)) return unit;
	}
	return text;
}

/** As keys lie and letters follow each other. Each begins anew at its end. */
const rows = ["1234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm"];
const leastRun = 3;

/** Whether it is made of nothing but runs along a row, back along it, or of one character: `abc123`, `999888`. */
function isSequences(text: string): boolean {
	let at = 0;
	while (at < text.length) {
		const run = Math.max(...rows.map((row) => runOf(row, text, at)));
		if (run < leastRun) return false;
		at += run;
	}
	return true;
}

function runOf(row: string, text: string, from: number): number {
	let longest = 1;
	for (const step of [0, 1, -1]) {
		let at = from + 1;
		while (at < text.length && isStep(row, text.charAt(at - 1), text.charAt(at), step)) at++;
		longest = Math.max(longest, at - from);
	}
	return longest;
}

function isStep(row: string, before: string, after: string, step: number): boolean {
	if (step === 0) return before === after;
	const at = row.indexOf(before);
	return at >= 0 && row.at((at + step) % row.length) === after;
}

/** Two letters stand in too much that has nothing to do with the name. */
const leastWord = 3;

function withoutWords(text: string, own: readonly string[]): string {
	const words = own
		.flatMap((name) => [folded(name).replaceAll(/\s/g, ""), ...folded(name).split(/[^\p{L}\p{N}]+/u)])
		.filter(({ length }) => length >= leastWord)
		.toSorted((one, other) => other.length - one.length);
	return words.reduce((left, word) => left.replaceAll(word, ""), text);
}

let listed: ReadonlySet<string> | null = null;

/** Read when it is first asked: requests for tokens have nothing to do with it. */
function isListed(text: string): boolean {
	listed ??= new Set(commonPasswords.split(/\s/));
	return listed.has(text);
}
