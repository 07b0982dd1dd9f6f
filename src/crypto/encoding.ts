/** Bytes and text. */
export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function utf8(text: string): Bytes {
	return encoder.encode(text);
}

/** Throws on bytes that are not UTF-8. */
export function fromUtf8(bytes: Uint8Array): string {
	return decoder.decode(bytes);
}

/** RFC 4648 §5, without padding. */
export function base64url(bytes: Uint8Array): string {
	return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

/** Null for anything but the one canonical text: no padding, no white space, no stray bits (DESIGN §2.3). */
export function fromBase64url(text: string): Bytes | null {
	try {
		const bytes = Uint8Array.fromBase64(text, { alphabet: "base64url" });
		// White space and padding are read over, and a text with them is longer than its bytes need. Stray bits are in the end alone.
		const isBare = text.length % 4 !== 1 && bytes.length === Math.floor((text.length * 3) / 4);
		const end = text.length - (text.length % 4);
		return isBare && base64url(bytes.subarray((end / 4) * 3)) === text.slice(end) ? bytes : null;
	} catch {
		return null;
	}
}

export function concat(...parts: readonly Uint8Array[]): Bytes {
	const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}
