import type { Seconds } from "./brands.ts";
import type { SubjectId } from "./subject.ts";

/** A key pair of a person's device, or of the keychain that they share among their devices (WebAuthn §4). We know its public half. */
export interface Passkey {
	/** 22 characters of base64url, made of the credential's id, so that one of these is registered once. */
	readonly id: string;
	readonly personId: SubjectId;
	/** By which its device knows it, in base64url. */
	readonly credentialId: string;
	readonly key: PasskeyKey;
	/** How often it signed, as far as it counts; 0 for one that does not. */
	readonly signCount: number;
	/** Whether it may be on more devices than one. */
	readonly isSynced: boolean;
	/** How a browser reaches it, in its own words. */
	readonly transports: readonly string[];
	readonly name: string;
	readonly createdAt: Seconds;
	/** Null where it was never used. */
	readonly lastUsedAt: Seconds | null;
}

/** RFC 7517, with the algorithm that it signs by: the three that WebAuthn §5.8.5 has every browser know. */
export type PasskeyKey =
	| { readonly alg: "ES256"; readonly kty: "EC"; readonly crv: "P-256"; readonly x: string; readonly y: string }
	| { readonly alg: "EdDSA"; readonly kty: "OKP"; readonly crv: "Ed25519"; readonly x: string }
	| { readonly alg: "RS256"; readonly kty: "RSA"; readonly n: string; readonly e: string };

/** What a browser makes of what it was asked (WebAuthn §5.8.1). A stranger may have written it. */
export interface ClientData {
	readonly type: unknown;
	readonly challenge: unknown;
	readonly origin: unknown;
	readonly crossOrigin: unknown;
	readonly topOrigin: unknown;
}

/** What a device adds to it (WebAuthn §6.1). */
export interface AuthenticatorData {
	/** In base64url. */
	readonly rpIdHash: string;
	readonly isPresent: boolean;
	readonly isVerified: boolean;
	/** Backup eligibility, and backup state (WebAuthn §6.1.3). */
	readonly mayBeBackedUp: boolean;
	readonly isBackedUp: boolean;
	readonly signCount: number;
}

/** What a response is wanted for, and of whom. */
export interface Ceremony {
	readonly type: "webauthn.create" | "webauthn.get";
	readonly origin: string;
	/** Of the RP ID, in base64url. */
	readonly rpIdHash: string;
}

/** Why a response is not taken; for the log. */
export type PasskeyProblem = "type" | "origin" | "framed" | "rp_id" | "absent" | "unverified" | "backup";

/** WebAuthn §7.1 and §7.2, what both have in common but the challenge and the signature. Null where nothing is wrong. */
export function problemOf(client: ClientData, device: AuthenticatorData, wanted: Ceremony): PasskeyProblem | null {
	// WebAuthn §7.1 (7), §7.2 (10): what was signed to register one signs nobody in.
	if (client.type !== wanted.type) return "type";
	// WebAuthn §7.1 (9), §7.2 (12): the page that it was asked on. It is what no phishing site can say.
	if (client.origin !== wanted.origin) return "origin";
	// WebAuthn §7.1 (10, 11), §7.2 (13, 14): no page of ours stands in a frame of somebody else's.
	if ((client.crossOrigin ?? false) !== false || client.topOrigin !== undefined) return "framed";
	// WebAuthn §7.1 (14), §7.2 (15)
	if (device.rpIdHash !== wanted.rpIdHash) return "rp_id";
	// WebAuthn §7.1 (15), §7.2 (16)
	if (!device.isPresent) return "absent";
	// WebAuthn §7.1 (16), §7.2 (17): it asked for a PIN or a finger, so that it is two factors.
	if (!device.isVerified) return "unverified";
	// WebAuthn §7.1 (17), §7.2 (18)
	if (device.isBackedUp && !device.mayBeBackedUp) return "backup";
	return null;
}

/** WebAuthn §7.1 (25): longer ones are refused. */
export const maxCredentialIdBytes = 1023;
