import { createPublicKey, verify } from "node:crypto";
import { type CBORType, decodeCBOR, decodePartialCBOR } from "@levischuck/tiny-cbor";
import type { AuthenticatorData, ClientData, PasskeyKey } from "../domain/passkey.ts";
import { readJsonText } from "../json-text.ts";
import { digest } from "./digest.ts";
import { base64url, type Bytes, concat, fromBase64url } from "./encoding.ts";

// What devices and browsers write for WebAuthn, as values. What it has to say is a rule of domain/passkey.ts.

/** A new credential. Nobody vouches for its key: its owner's device says that it is its own. */
export interface Registration {
	readonly client: ClientData;
	readonly device: AuthenticatorData;
	readonly credentialId: Bytes;
	readonly key: PasskeyKey;
	readonly transports: readonly string[];
}

/** What a credential signed. By whose key is for whoever knows it: {@link isSignedBy}. */
export interface Assertion {
	/** In base64url. */
	readonly credentialId: string;
	/** Whose it is, as its device has it; null where it does not say. */
	readonly userHandle: Bytes | null;
	readonly client: ClientData;
	readonly device: AuthenticatorData;
	readonly signed: Bytes;
	readonly signature: Bytes;
}

/** WebAuthn §5.1, `RegistrationResponseJSON`. Null for what is none, or has no key that we asked for. */
export function readRegistration(text: string): Registration | null {
	const { id, type, response } = membersOf(jsonOf(text));
	const { clientDataJSON, attestationObject, transports } = membersOf(response);
	const client = clientOf(bytesOf(clientDataJSON));
	const data = attestedData(bytesOf(attestationObject));
	if (type !== "public-key" || !client || !data) return null;
	const device = deviceOf(data);
	const credential = device && credentialOf(data);
	if (!credential || base64url(credential.credentialId) !== id) return null;
	return { client, device, ...credential, transports: textsOf(transports) };
}

/** WebAuthn §5.1, `AuthenticationResponseJSON`. Null for what is none. */
export async function readAssertion(text: string): Promise<Assertion | null> {
	const { id, type, response } = membersOf(jsonOf(text));
	const { clientDataJSON, authenticatorData, signature: signatureText, userHandle } = membersOf(response);
	const [clientData, data, signature] = [clientDataJSON, authenticatorData, signatureText].map(bytesOf);
	const client = clientOf(clientData);
	const device = data && deviceOf(data);
	if (type !== "public-key" || typeof id !== "string" || !clientData || !client || !device || !signature) return null;
	const signed = concat(data, await digest(clientData));
	return { credentialId: id, userHandle: bytesOf(userHandle), client, device, signed, signature };
}

/** WebAuthn §7.2 (21), §6.5.5: ECDSA in DER, the others as they are. */
export function isSignedBy(key: PasskeyKey, { signed, signature }: Pick<Assertion, "signed" | "signature">): boolean {
	try {
		return verify(key.alg === "EdDSA" ? null : "sha256", signed, publicKeyOf(key), signature);
	} catch {
		return false; // no key, or no signature
	}
}

function publicKeyOf(key: PasskeyKey) {
	return createPublicKey({ key: { ...key }, format: "jwk" });
}

function jsonOf(text: string): unknown {
	const read = readJsonText(text);
	return read.ok ? read.value : null;
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function bytesOf(value: unknown): Bytes | null {
	return typeof value === "string" ? fromBase64url(value) : null;
}

/** Few, and of the letters that the registry has: they come back to the browser that sent them. */
function textsOf(value: unknown): readonly string[] {
	const texts = Array.isArray(value) ? value : [];
	return texts.filter((each): each is string => typeof each === "string" && /^[a-z-]{1,32}$/.test(each)).slice(0, 8);
}

/** WebAuthn §5.8.1 */
function clientOf(bytes: Bytes | null | undefined): ClientData | null {
	const value = bytes ? jsonOf(new TextDecoder().decode(bytes)) : null;
	if (typeof value !== "object" || value === null) return null;
	const { type, challenge, origin, crossOrigin, topOrigin } = membersOf(value);
	return { type, challenge, origin, crossOrigin, topOrigin };
}

/** WebAuthn §6.5.4: who made the device is not asked, so that the statement is not looked at. */
function attestedData(bytes: Bytes | null): Bytes | null {
	const whole = bytes && cborOf(() => decodeCBOR(bytes));
	const data = whole instanceof Map ? whole.get("authData") : null;
	return data instanceof Uint8Array ? Uint8Array.from(data) : null;
}

function cborOf<Value>(decode: () => Value): Value | null {
	try {
		return decode();
	} catch {
		return null; // malformed, or too deep
	}
}

const fixedLength = 37;

/** WebAuthn §6.1 */
function deviceOf(data: Bytes): AuthenticatorData | null {
	if (data.length < fixedLength) return null;
	const flags = data[32] ?? 0;
	return {
		rpIdHash: base64url(data.subarray(0, 32)),
		isPresent: (flags & 0x01) !== 0,
		isVerified: (flags & 0x04) !== 0,
		mayBeBackedUp: (flags & 0x08) !== 0,
		isBackedUp: (flags & 0x10) !== 0,
		signCount: new DataView(data.buffer, data.byteOffset).getUint32(33),
	};
}

const aaguidLength = 16;

/** WebAuthn §6.5.1 */
function credentialOf(data: Bytes): Pick<Registration, "credentialId" | "key"> | null {
	const at = fixedLength + aaguidLength + 2;
	if (((data[32] ?? 0) & 0x40) === 0 || data.length < at) return null;
	const length = new DataView(data.buffer, data.byteOffset).getUint16(at - 2);
	const credentialId = data.slice(at, at + length);
	if (length === 0 || credentialId.length < length) return null;
	const cose = cborOf(() => decodePartialCBOR(data, at + length)[0]);
	const key = cose instanceof Map ? keyOf(cose) : null;
	return key && { credentialId, key };
}

/** RFC 9053 §7, RFC 8230 §4: the members of a key by their numbers. Null for a key that is none, or not of these algorithms. */
function keyOf(cose: ReadonlyMap<string | number, CBORType>): PasskeyKey | null {
	const text = (label: number, least: number, most: number) => {
		const value = cose.get(label);
		const isBytes = value instanceof Uint8Array && value.length >= least && value.length <= most;
		return isBytes ? base64url(value) : "";
	};
	const [kty, alg, curve] = [1, 3, -1].map((label) => cose.get(label));
	const key: PasskeyKey | null =
		kty === 2 && alg === -7 && curve === 1
			? { alg: "ES256", kty: "EC", crv: "P-256", x: text(-2, 32, 32), y: text(-3, 32, 32) }
			: kty === 1 && alg === -8 && curve === 6
				? { alg: "EdDSA", kty: "OKP", crv: "Ed25519", x: text(-2, 32, 32) }
				: kty === 3 && alg === -257
					? { alg: "RS256", kty: "RSA", n: text(-1, 256, 512), e: text(-2, 3, 4) }
					: null;
	if (!key || Object.values(key).includes("")) return null;
	try {
		publicKeyOf(key);
		return key;
	} catch {
		return null; // no point of its curve
	}
}
