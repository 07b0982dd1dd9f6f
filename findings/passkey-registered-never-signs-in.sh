#!/usr/bin/env bash
# @simplewebauthn/server 14.0.3: passkeys of algorithms that a program adds to supportedAlgorithmIDs.
#
# generateRegistrationOptions takes any number there, and COSEALG, which it names for suitable values, has ES256K. The registration of
# such a passkey is verified: true. With attestation "none", which is the default, nothing is signed at a registration, and nobody asks
# whether signatures of that key can be checked. At each sign-in verifyAuthenticationResponse then throws, by a message that speaks of
# the key as of a broken one, and a person whose only passkey it is does not get in again. So it is with the curve of ES256K, and with
# numbers that are newer than the list: the same key is good as EdDSA (-8) and not as Ed25519 (-19; RFC 9864, and WebAuthn Level 3
# section 5.4, which would rather see -8). An authenticator that signs its registration as well (attestation "packed") is refused at
# once, where the mistake can be seen.
#
#> EdDSA (-8), in COSEALG: offered true; registered, none: true; registered, packed: true; signed in: true
#> Ed25519 (-19), not in COSEALG: offered true; registered, none: true; registered, packed: Attestation statement contained invalid alg -19 (Packed); signed in: Public key had invalid alg -19 (OKP)
#> ES256 (-7), in COSEALG: offered true; registered, none: true; registered, packed: true; signed in: true
#> ESP256 (-9), not in COSEALG: offered true; registered, none: true; registered, packed: Attestation statement contained invalid alg -9 (Packed); signed in: Could not map COSE alg value of -9 to a WebCrypto hash alg name
#> ES256K (-47), in COSEALG: offered true; registered, none: true; registered, packed: Unexpected COSE crv value of 8 (EC2); signed in: Unexpected COSE crv value of 8 (EC2)
set -euo pipefail
expected=$(sed -n 's/^#> //p' "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' > package.json
npm install --silent --no-audit --no-fund node@26.10.0 @simplewebauthn/server@14.0.3 cborg@6.1.5

cat > run.mjs <<'JS'
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import {
	generateRegistrationOptions,
	verifyAuthenticationResponse,
	verifyRegistrationResponse,
} from "@simplewebauthn/server";
import { COSEALG } from "@simplewebauthn/server/helpers";
import { encode } from "cborg";

const origin = "https://example.com";
const challenge = "dGhlIGNoYWxsZW5nZSBvZiBhIHRlc3Q";
const credentialId = Buffer.from("the credential");
const id = credentialId.toString("base64url");
const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
const bytes = (base64url) => new Uint8Array(Buffer.from(base64url, "base64url"));
const clientData = (type) => Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));

const ec2 = (namedCurve, curve, alg) => {
	const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve });
	const { x, y } = publicKey.export({ format: "jwk" });
	// kty 2, alg, crv, x, y.
	const coseKey = [[1, 2], [3, alg], [-1, curve], [-2, bytes(x)], [-3, bytes(y)]];
	return { alg, coseKey, signed: (data) => sign("sha256", data, privateKey) };
};
const okp = (alg) => {
	const { privateKey, publicKey } = generateKeyPairSync("ed25519");
	// kty 1, alg, crv 6 (Ed25519), x.
	const coseKey = [[1, 1], [3, alg], [-1, 6], [-2, bytes(publicKey.export({ format: "jwk" }).x)]];
	return { alg, coseKey, signed: (data) => sign(null, data, privateKey) };
};
const authenticators = {
	EdDSA: okp(-8),
	Ed25519: okp(-19),
	ES256: ec2("P-256", 1, -7),
	ESP256: ec2("P-256", 1, -9),
	ES256K: ec2("secp256k1", 8, -47),
};

const credentialOf = (response) => ({ id, rawId: id, type: "public-key", clientExtensionResults: {}, response });

async function register({ alg, coseKey, signed }, fmt) {
	const clientDataJSON = clientData("webauthn.create");
	const authData = Buffer.concat([
		sha256("example.com"),
		// User present and verified, with credential data; counter; AAGUID; length of the id.
		Buffer.from("4500000000", "hex"),
		Buffer.alloc(16),
		Buffer.from([0, credentialId.length]),
		credentialId,
		encode(new Map(coseKey)),
	]);
	const attStmt =
		fmt === "none" ? {} : { alg, sig: new Uint8Array(signed(Buffer.concat([authData, sha256(clientDataJSON)]))) };
	return verifyRegistrationResponse({
		response: credentialOf({
			clientDataJSON: clientDataJSON.toString("base64url"),
			attestationObject: Buffer.from(encode({ fmt, attStmt, authData: new Uint8Array(authData) })).toString("base64url"),
		}),
		expectedChallenge: challenge,
		expectedOrigin: origin,
		expectedRPID: "example.com",
		supportedAlgorithmIDs: [alg],
	});
}

async function signIn({ signed }, credential) {
	const clientDataJSON = clientData("webauthn.get");
	const authenticatorData = Buffer.concat([sha256("example.com"), Buffer.from("0500000001", "hex")]);
	const signature = signed(Buffer.concat([authenticatorData, sha256(clientDataJSON)]));
	return verifyAuthenticationResponse({
		response: credentialOf({
			authenticatorData: authenticatorData.toString("base64url"),
			clientDataJSON: clientDataJSON.toString("base64url"),
			signature: signature.toString("base64url"),
		}),
		expectedChallenge: challenge,
		expectedOrigin: origin,
		expectedRPID: "example.com",
		credential,
	});
}

const outcome = (verification) => verification.then(({ verified }) => verified, (error) => error.message);

for (const [name, authenticator] of Object.entries(authenticators)) {
	const { alg } = authenticator;
	const { pubKeyCredParams } = await generateRegistrationOptions({
		rpName: "Example",
		rpID: "example.com",
		userName: "anna",
		supportedAlgorithmIDs: [alg],
	});
	const registration = register(authenticator, "none");
	const seen = [
		`offered ${pubKeyCredParams.some((parameters) => parameters.alg === alg)}`,
		`registered, none: ${await outcome(registration)}`,
		`registered, packed: ${await outcome(register(authenticator, "packed"))}`,
		`signed in: ${await outcome(registration.then((it) => signIn(authenticator, it.registrationInfo.credential)))}`,
	];
	const listed = Object.values(COSEALG).includes(alg) ? "in COSEALG" : "not in COSEALG";
	console.log(`${name} (${alg}), ${listed}: ${seen.join("; ")}`);
}
JS
node_modules/.bin/node run.mjs 2> log | tee seen || cat log
diff <(echo "$expected") seen
