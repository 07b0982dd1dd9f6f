const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/**
 * RFC 4648 §3.5: other texts that a lenient decoder takes for the bytes of this base64url: every one with stray bits, then
 * padding, white space and the other alphabet.
 */
export function respelled(text: string): string[] {
	const rest = text.length % 4;
	const spellings = rest === 2 ? 16 : rest === 3 ? 4 : 1;
	const last = alphabet.indexOf(text.at(-1) ?? "");
	const stray = alphabet.slice(last + 1, last + spellings).split("");
	const other = text.replaceAll("-", "+").replaceAll("_", "/");
	return [
		...stray.map((character) => text.slice(0, -1) + character),
		...["=", "=="].map((padding) => text + padding),
		...[" ", "\n"].map((space) => text.slice(0, 4) + space + text.slice(4)),
		...(other === text ? [] : [other]),
	];
}
