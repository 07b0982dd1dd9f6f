import type { Bytes } from "../../../src/crypto/encoding.ts";
import type { Random } from "../../../src/crypto/random.ts";
import { createServerKeys, type ServerKeys } from "../../../src/crypto/server-keys.ts";

/** Server keys of these versions, the first the newest. The same version is always the same key. */
export function serverKeys(...versions: readonly number[]): ServerKeys {
	return createServerKeys(versions.map((version) => ({ version, secret: new Uint8Array(32).fill(version) })));
}

/** 0, 1, 2, … */
export const counting: Random = (length) => Uint8Array.from({ length }, (_, index) => index);

/** Every way to turn one bit in each byte. */
export function tampered(bytes: Bytes): Bytes[] {
	return [...bytes.keys()].map((at) => bytes.map((byte, index) => (index === at ? byte ^ (1 << (at % 8)) : byte)));
}
