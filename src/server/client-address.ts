import { isIP } from "node:net";
import { ConfigError } from "../config.ts";

/** Where the address that limits and the audit log go by is taken from. Nothing else of a request is believed. */
export type AddressSource =
	| { readonly kind: "socket" }
	/** The entry that the outermost of `proxies` trusted proxies has added: that many from the end. */
	| { readonly kind: "header"; readonly name: string; readonly proxies: number };

/** `socket`, `header:x-real-ip`, or for two proxies in a row `header:x-forwarded-for:2`. */
export function readAddressSource(value: string): AddressSource {
	if (value === "socket") return { kind: "socket" };
	const [, name, proxies = "1"] = /^header:([a-z0-9-]+)(?::([1-9]))?$/i.exec(value) ?? [];
	if (name === undefined) {
		throw new ConfigError("CLIENT_ADDRESS", "must be `socket`, `header:<name>` or `header:<name>:<number of proxies>`");
	}
	return { kind: "header", name: name.toLowerCase(), proxies: Number(proxies) };
}

/**
 * A list begins with whatever the client sent, and each proxy appends whom it was reached by. So it is counted from the end;
 * where there is no address at that place, the socket's own is true at least.
 */
export function clientAddress(source: AddressSource, headers: Headers, socket: string | null): string | null {
	if (source.kind === "socket") return plainAddress(socket ?? "");
	const entries = (headers.get(source.name) ?? "").split(",");
	return plainAddress(entries.at(-source.proxies)?.trim() ?? "") ?? plainAddress(socket ?? "");
}

/** Null for what is no IP address. Some proxies write a port after it. */
function plainAddress(text: string): string | null {
	const [, bracketed] = /^\[([^\]]+)\](?::\d+)?$/.exec(text) ?? [];
	const [, beforePort] = /^([\d.]+):\d+$/.exec(text) ?? [];
	const [address = ""] = (bracketed ?? beforePort ?? text).split("%"); // RFC 4007 §11: a zone is of one machine alone
	if (isIP(address) === 0) return null;
	// RFC 4291 §2.5.5.2: how a socket for both families writes an IPv4 address.
	return /^::ffff:([\d.]+)$/i.exec(address)?.[1] ?? address;
}
