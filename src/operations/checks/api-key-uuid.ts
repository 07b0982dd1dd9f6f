import { base64url, type Bytes, fromBase64url } from "../../crypto/encoding.ts";
import { type Home, parseSubject, type SubjectId, subjectId } from "../../domain/subject.ts";

/** An API key's id from random bytes: its 16 are a UUID of version 4 (RFC 9562 §5.4), as contract 004 shows it. */
export function makeApiKeyId(random: Bytes, home: Home): SubjectId {
	const bytes = random.slice(0, 16);
	bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
	bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
	return subjectId({ kind: "key", home, id: base64url(bytes) });
}

/** The same 16 bytes in the usual hexadecimal form. */
export function uuidOf(keyId: SubjectId): string {
	const hex = fromBase64url(parseSubject(keyId)?.id ?? "")?.toHex() ?? "";
	if (hex.length !== 32) throw new TypeError("An API key's id is 16 bytes");
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
