/** RFC 8628 §6.1: letters alone, no vowels that would make words, 20^8 codes. */
const letters = "BCDFGHJKLMNPQRSTVWXZ";
const length = 8;

/** Eight letters, each as likely as the others, of bytes that are random; null where too few of them can be used. */
export function userCodeOf(bytes: Uint8Array): string | null {
	const fair = [...bytes].filter((byte) => byte < 256 - (256 % letters.length));
	const code = fair.slice(0, length).map((byte) => letters.charAt(byte % letters.length));
	return code.length === length ? code.join("") : null;
}

const allowed = new RegExp(`^[${letters}]{${length}}$`);

/** RFC 8628 §6.1: as people type it, in small letters, with dashes and spaces or without; null for what can be no code. */
export function readUserCode(typed: string): string | null {
	const code = typed
		.slice(0, 64)
		.toUpperCase()
		.replaceAll(/[^A-Z]/g, "");
	return allowed.test(code) ? code : null;
}

/** As it is shown, to be compared and typed. */
export function writtenUserCode(code: string): string {
	return `${code.slice(0, 4)}-${code.slice(4)}`;
}
