// Networks by prefix: RFC 4632 §3.1 (IPv4), RFC 4291 §2.3 (IPv6).

interface Network {
	readonly bytes: readonly number[];
	readonly prefix: number;
}

/** The one way in which a network is written here, an address alone as the network that it is; null for what is none. */
export function readNetwork(text: string): string | null {
	const network = parseNetwork(text.trim());
	if (!network) return null;
	const { bytes, prefix } = network;
	return bytes.length === 4 ? `${bytes.join(".")}/${prefix}` : `${v6Text(bytes)}/${prefix}`;
}

/** Whether an address lies in one of these networks. What is no address lies in none. */
export function isWithin(address: string, networks: readonly string[]): boolean {
	const bytes = parseAddress(address);
	return bytes !== null && networks.some((text) => isIn(bytes, parseNetwork(text)));
}

export function isAddress(text: string): boolean {
	return parseAddress(text) !== null;
}

function isIn(bytes: readonly number[], network: Network | null): boolean {
	if (network?.bytes.length !== bytes.length) return false;
	return bytes.every((byte, index) => (byte & maskOf(network.prefix, index)) === network.bytes[index]);
}

/** Nothing may stand behind the prefix: `10.0.0.1/8` is a slip, and nobody knows of which part. */
function parseNetwork(text: string): Network | null {
	const [, address = "", length] = /^([^/]+)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? [];
	const bytes = parseAddress(address);
	if (!bytes) return null;
	const bits = bytes.length * 8;
	// RFC 4291 §2.5.5.2: an IPv4 address in IPv6 is that of IPv4, and its network has 96 bits less.
	const isMapped = bytes.length === 4 && address.includes(":");
	const prefix = length === undefined ? bits : Number(length) - (isMapped ? 96 : 0);
	if (prefix < 0 || prefix > bits) return null;
	return bytes.every((byte, index) => (byte & maskOf(prefix, index)) === byte) ? { bytes, prefix } : null;
}

function maskOf(prefix: number, index: number): number {
	return (0xff << (8 - Math.min(8, Math.max(0, prefix - index * 8)))) & 0xff;
}

function parseAddress(text: string): readonly number[] | null {
	return text.includes(":") ? parseV6(text) : parseV4(text);
}

/** Four numbers: not the ways in which a browser reads `0x7f.1`. */
function parseV4(text: string): readonly number[] | null {
	const parts = text.split(".");
	if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part))) return null;
	const bytes = parts.map(Number);
	return bytes.every((byte) => byte <= 255) ? bytes : null;
}

/** RFC 4291 §2.2, as the URL Standard reads it: without a zone. */
function parseV6(text: string): readonly number[] | null {
	if (!/^[\da-fA-F:.]+$/.test(text) || !URL.canParse(`http://[${text}]/`)) return null;
	const [before = [], after = []] = new URL(`http://[${text}]/`).hostname
		.slice(1, -1)
		.split("::")
		.map((part) => part.split(":").filter(Boolean));
	const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
	const bytes = [...before, ...zeros, ...after].flatMap((group) => {
		const value = Number.parseInt(group, 16);
		return [value >> 8, value & 0xff];
	});
	const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
	return isMapped ? bytes.slice(12) : bytes;
}

/** RFC 5952 */
function v6Text(bytes: readonly number[]): string {
	const groups = Array.from({ length: 8 }, (_, index) =>
		(((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(16),
	);
	return new URL(`http://[${groups.join(":")}]/`).hostname.slice(1, -1);
}
