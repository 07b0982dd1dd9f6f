#!/usr/bin/env bash
# @passwordless-id/webauthn 2.4.0, and @simplewebauthn/server 14.0.3 on the same answers: passkeys that sign by ES256.
#
# The signature of an assertion by ES256 is a DER sequence of two integers r and s (WebAuthn Level 3 section 6.5.5), and DER writes an
# integer as short as it can: 33 bytes where the first bit of its 32 is set, 32 where it is not, fewer where it begins with zeros, as
# each of the two does once in 256 signatures. server.verifyAuthentication of @passwordless-id/webauthn takes 32 bytes from a fixed
# place, whatever length stands before them, so that a right answer of a right passkey is an "Invalid signature" once in 128 sign-ins.
# A second try signs anew and works, so that nobody reports it, and a test signs with a key at hand a few times and is green. Below, one
# key signs until there are eight answers of each kind.
#
#> r of 33 bytes, s of 33 bytes: verified by @passwordless-id/webauthn 8 of 8, by @simplewebauthn/server 8 of 8
#> r of 32 bytes, s of 32 bytes: verified by @passwordless-id/webauthn 8 of 8, by @simplewebauthn/server 8 of 8
#> r of 31 bytes, s of any length: verified by @passwordless-id/webauthn 0 of 8, by @simplewebauthn/server 8 of 8
#> r of any length, s of 31 bytes: verified by @passwordless-id/webauthn 0 of 8, by @simplewebauthn/server 8 of 8
#> r of 32 bytes, of which one for the sign: verified by @passwordless-id/webauthn 0 of 8, by @simplewebauthn/server 8 of 8
#> s of 32 bytes, of which one for the sign: verified by @passwordless-id/webauthn 0 of 8, by @simplewebauthn/server 8 of 8
set -euo pipefail
expected=$(sed -n 's/^#> //p' "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' > package.json
npm install --silent --no-audit --no-fund node@26.10.0 @passwordless-id/webauthn@2.4.0 @simplewebauthn/server@14.0.3

cat > run.mjs <<'JS'
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { server } from "@passwordless-id/webauthn";
import { verifyAuthenticationResponse } from "@simplewebauthn/server";

const origin = "https://example.com";
const challenge = "dGhlIGNoYWxsZW5nZSBvZiBhIHRlc3Q";
const id = "dGhlIGNyZWRlbnRpYWw";
const sha256 = (bytes) => createHash("sha256").update(bytes).digest();

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const jwk = publicKey.export({ format: "jwk" });
// kty 2 (EC2), alg -7 (ES256), crv 1 (P-256), x, y.
const coseKey = Buffer.concat([
	Buffer.from("a5010203262001215820", "hex"),
	Buffer.from(jwk.x, "base64url"),
	Buffer.from("225820", "hex"),
	Buffer.from(jwk.y, "base64url"),
]);

// User present and verified; the counter stays 0, as with passkeys that are synced.
const authenticatorData = Buffer.concat([sha256("example.com"), Buffer.from("0500000000", "hex")]);
const clientData = Buffer.from(JSON.stringify({ type: "webauthn.get", challenge, origin, crossOrigin: false }));
const signed = Buffer.concat([authenticatorData, sha256(clientData)]);

function byPasswordlessId(response) {
	const credential = {
		id,
		publicKey: publicKey.export({ format: "der", type: "spki" }).toString("base64url"),
		algorithm: "ES256",
		transports: [],
	};
	return server.verifyAuthentication(response, credential, { challenge, origin, userVerified: true }).then(
		() => true,
		(error) => {
			if (!error.message.startsWith("Invalid signature")) throw error;
			return false;
		},
	);
}

async function bySimpleWebAuthn(response) {
	const verification = await verifyAuthenticationResponse({
		response,
		expectedChallenge: challenge,
		expectedOrigin: origin,
		expectedRPID: "example.com",
		credential: { id, publicKey: new Uint8Array(coseKey), counter: 0 },
	});
	return verification.verified;
}

/** The integers of a signature as DER has them. */
function integersOf(signature) {
	const r = signature.subarray(4, 4 + signature[3]);
	return { r, s: signature.subarray(4 + r.length + 2) };
}

const forItsSign = (integer) => integer.length === 32 && integer[0] === 0;
const whole = (integer) => integer.length === 33 || (integer.length === 32 && !forItsSign(integer));
const kinds = {
	"r of 33 bytes, s of 33 bytes": ({ r, s }) => r.length === 33 && s.length === 33,
	"r of 32 bytes, s of 32 bytes": ({ r, s }) => r.length === 32 && s.length === 32 && whole(r) && whole(s),
	"r of 31 bytes, s of any length": ({ r }) => r.length === 31,
	"r of any length, s of 31 bytes": ({ s }) => s.length === 31,
	"r of 32 bytes, of which one for the sign": ({ r }) => forItsSign(r),
	"s of 32 bytes, of which one for the sign": ({ s }) => forItsSign(s),
};
for (const [kind, is] of Object.entries(kinds)) {
	let tried = 0;
	let passwordlessId = 0;
	let simpleWebAuthn = 0;
	while (tried < 8) {
		const signature = sign("sha256", signed, privateKey);
		if (!is(integersOf(signature))) continue;
		tried += 1;
		const response = {
			id,
			rawId: id,
			type: "public-key",
			clientExtensionResults: {},
			response: {
				authenticatorData: authenticatorData.toString("base64url"),
				clientDataJSON: clientData.toString("base64url"),
				signature: signature.toString("base64url"),
			},
		};
		if (await byPasswordlessId(response)) passwordlessId += 1;
		if (await bySimpleWebAuthn(response)) simpleWebAuthn += 1;
	}
	console.log(
		`${kind}: verified by @passwordless-id/webauthn ${passwordlessId} of 8, by @simplewebauthn/server ${simpleWebAuthn} of 8`,
	);
}
JS
node_modules/.bin/node run.mjs 2> log | tee seen || cat log
diff <(echo "$expected") seen
