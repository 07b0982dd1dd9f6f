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
	if (!/^[A-Za-z0-9_-]*$/.test(text)) return null;
	try {
		const bytes = Uint8Array.fromBase64(text, { alphabet: "base64url" });
		return base64url(bytes) === text ? bytes : null;
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
