/**
 * A secret that is scanned for carries a checksum, as GitHub's tokens do: a scanner tells a real one from a look-alike
 * without asking us. CRC-32 (IEEE 802.3) as six characters of base 62.
 */
const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const checksumLength = 6;

/** What eight steps make of each byte: texts are checked at every request. */
const ofByte = Uint32Array.from({ length: 256 }, (_, byte) => {
	let crc = byte;
	for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
	return crc;
});

export function withChecksum(text: string): string {
	return text + checksum(text);
}

/** What stands before the checksum, or null where it does not fit. */
export function withoutChecksum(text: string): string | null {
	const body = text.slice(0, -checksumLength);
	return text.length > checksumLength && withChecksum(body) === text ? body : null;
}

function checksum(text: string): string {
	let crc = 0xffffffff;
	for (let index = 0; index < text.length; index++) {
		crc = (crc >>> 8) ^ (ofByte[(crc ^ text.charCodeAt(index)) & 0xff] ?? 0);
	}
	let rest = (crc ^ 0xffffffff) >>> 0;
	let result = "";
	for (let index = 0; index < checksumLength; index++) {
		result = digits.charAt(rest % digits.length) + result;
		rest = Math.floor(rest / digits.length);
	}
	return result;
}
