/**
 * Text that people chose, and others read to tell one thing from another: of keys, clients, policies, accounts, people. One
 * rule for all: what stands there is seen, it is where it seems to be, and it leaves its neighbours alone.
 */

/** Trimmed: 1 to `most` legible characters on one line, its spaces as a page shows them; else null. */
export function readLine(text: string, most: number): string | null {
	const line = text.trim().replaceAll(/\p{Zs}+/gu, " ");
	return Array.from(line).length <= most && isLegible(line) ? line : null;
}

/** A name that people chose, trimmed: 1 to 100 printable characters; else null. */
export function readName(text: string): string | null {
	return readLine(text, 100);
}

/** What {@link readName} asks for, for whoever typed something else. */
export const nameRule = "Enter a name of 1 to 100 printable characters.";

/** Text of more lines than one. */
export function isLegibleText(text: string): boolean {
	return text.split("\n").every((line) => line.trim() === "" || isLegible(line));
}

/**
 * A name that somebody chooses for themselves, and by which others mean them: none that is another's in other letters. RFC 8265
 * §3.3, but that the register knows A to Z in either case; UTS #39 §5.2 of alphabets.
 */
export function isUsername(text: string): boolean {
	const isTidy = text === text.normalize("NFKC") && inSmallAscii(text) === text.toLowerCase();
	return isTidy && /^[\p{L}\p{N}._@+-]{3,100}$/u.test(text) && isLegible(text) && !isOfTwoAlphabets(text);
}

export const usernameRule =
	"Use 3 to 100 letters of one alphabet, digits and the signs . _ @ + -; letters other than A to Z in lower case.";

function inSmallAscii(text: string): string {
	return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Latin stands beside Chinese, Japanese and Korean in names that people have. */
function isOfTwoAlphabets(text: string): boolean {
	const isWith = (letters: RegExp) => letters.test(text);
	const isEastern = isWith(/[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Bopo}]/u);
	const alphabets = [
		/\p{sc=Latn}/u,
		/\p{sc=Cyrl}/u,
		/\p{sc=Grek}/u,
		/[[\p{L}]--[\p{sc=Latn}\p{sc=Cyrl}\p{sc=Grek}\p{sc=Zyyy}\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Bopo}]]/v,
	].filter(isWith);
	return alphabets.length > 1 || (isEastern && alphabets.some((each) => !each.test("a")));
}

/**
 * A name as it may be shown, whatever was stored before there was this rule: without what is not seen, and without what
 * reorders or covers the text around it. An isolating element alone is not enough, because a stray U+2069 ends it.
 */
export function shownName(text: string): string {
	const seen = text
		.replaceAll(invisible(), (_, needed?: string) => needed ?? "")
		.replaceAll(/([\p{Mn}\p{Me}]{4})[\p{Mn}\p{Me}]+/gu, "$1");
	return text === "" || isVisible(seen) ? seen : "(a name that cannot be seen)";
}

function isLegible(line: string): boolean {
	if (!isVisible(line) || line.includes("\n")) return false;
	if ([...line.matchAll(invisible())].some(([, needed]) => needed === undefined)) return false;
	// A sequence that is an emoji is one sign, however many marks it has.
	const marks = line.replaceAll(invisible(), "").normalize("NFD");
	// UTS #39 §5.4: more than four marks on one letter, the same one twice; and one that lies on somebody else's text.
	return !/[\p{Mn}\p{Me}]{5}|([\p{Mn}\p{Me}])\1|(?:^|\p{Z})\p{M}/u.test(marks);
}

function isVisible(text: string): boolean {
	return /[\p{L}\p{N}\p{P}\p{S}]/u.test(text);
}

let made: RegExp | null = null;

/**
 * The needed and the unseen; the group has matched where it is needed. Made when the first name is looked at: nothing that is
 * evaluated at a start was as dear as to read it.
 */
function invisible(): RegExp {
	if (made) return made;
	const needed = exceptions().map(({ source }) => source);
	made = new RegExp(`(${needed.join("|")})|${unseen().source}`, "gv");
	return made;
}

/**
 * What some scripts cannot be written without, though it is not seen by itself:
 * - an emoji that is made of several characters (UTS #51, ED-27);
 * - ZWJ and ZWNJ after a virama (RFC 5892 §A.1, §A.2), which is of canonical combining class 9; ZWJ in the Bengali and the
 *   Kannada ra that keep their form before one;
 * - ZWNJ between letters that would join, as in Persian (RFC 5892 §A.1);
 * - the form of a Han character that a Japanese name is written with (UTS #37).
 */
function exceptions(): readonly RegExp[] {
	return [
		/\p{RGI_Emoji}/v,
		/(?<=[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d3b\u0d3c\u0d4d\u0dca\u0f84\u1039\u103a\u1714\u1734\u17d2])[\u200c\u200d]/v,
		/(?<=[\u1a60\u1b44\u1baa\u1bab\u1bf2\u1bf3\ua806\ua8c4\ua953\ua9c0\uaaf6\uabed])[\u200c\u200d]/v,
		/(?<=[\u09b0\u0cb0])\u200d(?=[\u09cd\u0ccd])/v,
		/(?<=[[\p{scx=Arab}\p{scx=Syrc}\p{scx=Mong}\p{scx=Nkoo}\p{scx=Adlm}]&&[\p{L}\p{M}]])\u200c(?=[[\p{scx=Arab}\p{scx=Syrc}\p{scx=Mong}\p{scx=Nkoo}\p{scx=Adlm}]&&\p{L}])/v,
		/(?<=\p{Script=Han})[\u{e0100}-\u{e01ef}]/v,
	];
}

/**
 * Characters that are not there to be seen, controls and directions among them, but for line breaks. Six show nothing
 * though no property says so: the empty Braille cell, the object replacement character, the Khitan filler, the null note, two
 * Egyptian blanks.
 */
function unseen(): RegExp {
	return /[[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\ufffc\u{13441}\u{13442}\u{16fe4}\u{1d159}]--\n]/v;
}
