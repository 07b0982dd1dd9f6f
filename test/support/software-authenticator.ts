import { encodeCBOR } from "@levischuck/tiny-cbor";

// A device with passkeys, as it is to a server (WebAuthn §6), which says whatever a test wants it to.

const algorithms = {
	ES256: {
		number: -7,
		key: { name: "ECDSA", namedCurve: "P-256" },
		sign: { name: "ECDSA", hash: "SHA-256" },
		members: [
			[1, 2],
			[3, -7],
			[-1, 1],
		],
		parts: { [-2]: "x", [-3]: "y" },
	},
	EdDSA: {
		number: -8,
		key: { name: "Ed25519" },
		sign: { name: "Ed25519" },
		members: [
			[1, 1],
			[3, -8],
			[-1, 6],
		],
		parts: { [-2]: "x" },
	},
	RS256: {
		number: -257,
		key: {
			name: "RSASSA-PKCS1-v1_5",
			hash: "SHA-256",
			modulusLength: 2048,
			publicExponent: Uint8Array.of(1, 0, 1),
		},
		sign: { name: "RSASSA-PKCS1-v1_5" },
		members: [
			[1, 3],
			[3, -257],
		],
		parts: { [-1]: "n", [-2]: "e" },
	},
} as const;

export type SoftAlgorithm = keyof typeof algorithms;

/** What it says other than it should. */
export interface Said {
	readonly type?: string;
	readonly challenge?: string;
	readonly origin?: string;
	readonly crossOrigin?: boolean;
	readonly topOrigin?: string;
	readonly rpId?: string;
	/** WebAuthn §6.1: user present 0x01, verified 0x04, may be backed up 0x08, is backed up 0x10. */
	readonly flags?: number;
	readonly signCount?: number;
	/** Null says nothing. */
	readonly userHandle?: string | null;
	readonly id?: string;
	/** Whether a bit of the signature is another. */
	readonly isForged?: boolean;
}

export interface SoftPasskey {
	/** In base64url. */
	readonly id: string;
	/** Answers a page's options for a new passkey, in the JSON that its browser sends. */
	create(options: CreationOptions, origin: string, said?: Said): Promise<string>;
	/** Answers options to sign in, counting from the last time where it counts. */
	get(options: RequestOptions, origin: string, said?: Said): Promise<string>;
}

export interface CreationOptions {
	readonly rp: { readonly id: string };
	readonly user: { readonly id: string };
	readonly challenge: string;
}

export interface RequestOptions {
	readonly rpId: string;
	readonly challenge: string;
}

const present = 0x05;
const withKey = 0x40;

/** With a key of its own. One that counts says each time that it signed once more. */
export async function softPasskey(
	algorithm: SoftAlgorithm = "ES256",
	{ counts = false }: { readonly counts?: boolean } = {},
): Promise<SoftPasskey> {
	const { key, sign, members, parts } = algorithms[algorithm];
	const pair = (await crypto.subtle.generateKey(key, true, ["sign", "verify"])) as CryptoKeyPair;
	const jwk = (await crypto.subtle.exportKey("jwk", pair.publicKey)) as Readonly<Record<string, unknown>>;
	const credentialId = crypto.getRandomValues(new Uint8Array(32));
	const id = encode(credentialId);
	let owner = "";
	let count = 0;

	return {
		id,
		async create(options, origin, said = {}) {
			owner = options.user.id;
			const cose = new Map<number, number | Uint8Array>(members);
			for (const [label, name] of Object.entries(parts)) cose.set(Number(label), decode(String(jwk[name])));
			const rest = [...new Uint8Array(16), 0, credentialId.length, ...credentialId, ...encodeCBOR(cose)];
			const authData = await deviceData(
				said.rpId ?? options.rp.id,
				(said.flags ?? present) | withKey,
				said.signCount ?? count,
				Uint8Array.from(rest),
			);
			const attestation = new Map<string, string | Uint8Array | Map<string, string>>([
				["fmt", "none"],
				["attStmt", new Map()],
				["authData", authData],
			]);
			return JSON.stringify({
				id: said.id ?? id,
				rawId: said.id ?? id,
				type: "public-key",
				clientExtensionResults: {},
				response: {
					clientDataJSON: encode(clientData("webauthn.create", options.challenge, origin, said)),
					attestationObject: encode(encodeCBOR(attestation)),
					transports: ["internal", "hybrid"],
				},
			});
		},
		async get(options, origin, said = {}) {
			if (counts) count += 1;
			const data = clientData("webauthn.get", options.challenge, origin, said);
			const authData = await deviceData(
				said.rpId ?? options.rpId,
				said.flags ?? present,
				said.signCount ?? count,
				new Uint8Array(),
			);
			const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
			const raw = new Uint8Array(
				await crypto.subtle.sign(sign, pair.privateKey, Uint8Array.from([...authData, ...hash])),
			);
			const signature = algorithm === "ES256" ? der(raw) : raw;
			if (said.isForged) signature[signature.length - 1] = (signature.at(-1) ?? 0) ^ 1;
			const userHandle = said.userHandle === undefined ? owner : said.userHandle;
			return JSON.stringify({
				id: said.id ?? id,
				rawId: said.id ?? id,
				type: "public-key",
				clientExtensionResults: {},
				response: {
					clientDataJSON: encode(data),
					authenticatorData: encode(authData),
					signature: encode(signature),
					...(userHandle !== null && { userHandle }),
				},
			});
		},
	};
}

function clientData(type: string, challenge: string, origin: string, said: Said): Uint8Array<ArrayBuffer> {
	const { crossOrigin = false, topOrigin } = said;
	const data = { type, challenge, origin, crossOrigin, ...(topOrigin !== undefined && { topOrigin }), ...own(said) };
	return new TextEncoder().encode(JSON.stringify(data));
}

async function deviceData(rpId: string, flags: number, signCount: number, rest: Uint8Array) {
	const counter = new Uint8Array(4);
	new DataView(counter.buffer).setUint32(0, signCount);
	const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(rpId));
	return Uint8Array.from([...new Uint8Array(hash), flags, ...counter, ...rest]);
}

function own({ type, challenge, origin }: Said) {
	return {
		...(type !== undefined && { type }),
		...(challenge !== undefined && { challenge }),
		...(origin !== undefined && { origin }),
	};
}

/** ECDSA as WebAuthn §6.5.5 has it: two integers, each with no more bytes than it needs. */
function der(raw: Uint8Array): Uint8Array {
	const [r, s] = [raw.subarray(0, 32), raw.subarray(32)].map((bytes) => {
		const first = bytes.findIndex((byte) => byte !== 0);
		const needed = bytes.subarray(first < 0 ? 31 : first);
		return (needed[0] ?? 0) > 127 ? [2, needed.length + 1, 0, ...needed] : [2, needed.length, ...needed];
	});
	const both = [...(r ?? []), ...(s ?? [])];
	return Uint8Array.from([48, both.length, ...both]);
}

function encode(bytes: Uint8Array): string {
	return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

function decode(text: string): Uint8Array {
	return Uint8Array.fromBase64(text, { alphabet: "base64url" });
}
