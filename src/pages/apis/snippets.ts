import { metadataPlace } from "../../domain/api-metadata.ts";
import type { Api } from "../../domain/api.ts";

/** A program that verifies access tokens, to be taken as it is. */
export interface Snippet {
	readonly id: "node" | "python" | "go" | "worker";
	readonly title: string;
	readonly text: string;
}

type Verified = Pick<Api, "identifier" | "permissions" | "algorithm">;

/**
 * RFC 9068 §4, for one API: `typ`, the signature by an algorithm that is expected, `iss`, `aud`, `exp`, and then what the token
 * permits. JSON's strings are those of all four languages, since what stands in them is visible ASCII. In a comment they stand on a
 * line of its own, or in a docstring, which no permission's name ends, as it could end a block.
 */
export function snippetsFor(api: Verified, issuer: string): readonly Snippet[] {
	const said = {
		issuer: JSON.stringify(issuer),
		audience: JSON.stringify(api.identifier),
		algorithm: JSON.stringify(api.algorithm ?? "ES256"),
		permission: JSON.stringify(api.permissions[0]?.name ?? "orders:read"),
		metadata: JSON.stringify(metadataPlace(api) ?? ""),
	};
	return [
		{ id: "node", title: "Node (jose)", text: node(said) },
		{ id: "python", title: "Python (PyJWT)", text: python(said) },
		{ id: "go", title: "Go (go-oidc)", text: go(said) },
		{ id: "worker", title: "Worker (jose)", text: worker(said) },
	];
}

type Said = Readonly<Record<"issuer" | "audience" | "algorithm" | "permission" | "metadata", string>>;

const node = ({ issuer, audience, algorithm, permission }: Said) => `// npm install jose
import { createRemoteJWKSet, jwtVerify } from "jose";

const issuer = ${issuer};
const audience = ${audience};
// And what clients of yours chose otherwise.
const algorithms = [${algorithm}];
const keys = createRemoteJWKSet(new URL(\`\${issuer}/.well-known/jwks.json\`));

// The claims of an access token that is for this API and permits all of this, such as ${permission}; else it throws.
export async function verify(token, ...needed) {
	const requiredClaims = ["exp", "sub", "client_id"];
	const { payload } = await jwtVerify(token, keys, { issuer, audience, algorithms, typ: "at+jwt", requiredClaims });
	// One that is bound to a key is no bearer token (RFC 9449 §7.2).
	if (payload.cnf) throw new Error("invalid_token");
	const permitted = (payload.scope ?? "").split(" ");
	if (!needed.every((each) => permitted.includes(each))) throw new Error("insufficient_scope");
	return payload;
}
`;

const python = ({ issuer, audience, algorithm, permission }: Said) => `# pip install 'PyJWT[crypto]'
import jwt

ISSUER = ${issuer}
AUDIENCE = ${audience}
# And what clients of yours chose otherwise.
ALGORITHMS = [${algorithm}]
KEYS = jwt.PyJWKClient(f"{ISSUER}/.well-known/jwks.json")


def verify(token: str, *needed: str) -> dict:
    """The claims of an access token that is for this API and permits all of this, such as ${permission}; else it raises."""
    if jwt.get_unverified_header(token).get("typ") != "at+jwt":
        raise jwt.InvalidTokenError("not an access token")
    claims = jwt.decode(
        token,
        KEYS.get_signing_key_from_jwt(token),
        algorithms=ALGORITHMS,
        issuer=ISSUER,
        audience=AUDIENCE,
        options={"require": ["exp", "sub", "client_id"]},
    )
    # One that is bound to a key is no bearer token (RFC 9449 §7.2).
    if "cnf" in claims:
        raise jwt.InvalidTokenError("bound to a key")
    if not set(needed) <= set(claims.get("scope", "").split()):
        raise PermissionError("insufficient_scope")
    return claims
`;

const go = ({ issuer, audience, algorithm, permission }: Said) => `// go get github.com/coreos/go-oidc/v3
package access

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
)

const (
	issuer   = ${issuer}
	audience = ${audience}
)

// And what clients of yours chose otherwise.
var algorithms = []string{${algorithm}}

var verifier = oidc.NewVerifier(
	issuer,
	oidc.NewRemoteKeySet(context.Background(), issuer+"/.well-known/jwks.json"),
	&oidc.Config{ClientID: audience, SupportedSigningAlgs: algorithms},
)

type Claims struct {
	Subject   string \`json:"sub"\`
	ClientID  string \`json:"client_id"\`
	AccountID string \`json:"account_id"\`
	Scope     string \`json:"scope"\`
	Bound     any    \`json:"cnf"\`
}

// Verify gives the claims of an access token that is for this API and permits all of this, such as ${permission}.
func Verify(ctx context.Context, token string, needed ...string) (*Claims, error) {
	head, _, _ := strings.Cut(token, ".")
	text, err := base64.RawURLEncoding.DecodeString(head)
	if err != nil {
		return nil, err
	}
	var header struct {
		Type string \`json:"typ"\`
	}
	if err := json.Unmarshal(text, &header); err != nil {
		return nil, err
	}
	if header.Type != "at+jwt" {
		return nil, errors.New("not an access token")
	}
	verified, err := verifier.Verify(ctx, token)
	if err != nil {
		return nil, err
	}
	var claims Claims
	if err := verified.Claims(&claims); err != nil {
		return nil, err
	}
	// One that is bound to a key is no bearer token (RFC 9449 §7.2).
	if claims.Bound != nil {
		return nil, errors.New("bound to a key")
	}
	permitted := strings.Fields(claims.Scope)
	for _, each := range needed {
		if !slices.Contains(permitted, each) {
			return nil, errors.New("insufficient_scope")
		}
	}
	return &claims, nil
}
`;

const worker = ({ issuer, audience, algorithm, permission, metadata }: Said) => `// npm install jose
import { createRemoteJWKSet, jwtVerify } from "jose";

const issuer = ${issuer};
const audience = ${audience};
// And what clients of yours chose otherwise.
const algorithms = [${algorithm}];
const needed = ${permission};
// Where this server shows its metadata (RFC 9728), so that clients find the issuer.
const metadata = ${metadata};
const keys = createRemoteJWKSet(new URL(\`\${issuer}/.well-known/jwks.json\`));

export default {
	async fetch(request) {
		const [, token] = /^Bearer +(.+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
		if (!token) return refuse(401);
		let claims;
		try {
			const requiredClaims = ["exp", "sub", "client_id"];
			const expected = { issuer, audience, algorithms, typ: "at+jwt", requiredClaims };
			claims = (await jwtVerify(token, keys, expected)).payload;
			// One that is bound to a key is no bearer token (RFC 9449 §7.2).
			if (claims.cnf) return refuse(401, "invalid_token");
		} catch {
			return refuse(401, "invalid_token");
		}
		if (!(claims.scope ?? "").split(" ").includes(needed)) return refuse(403, "insufficient_scope");
		return Response.json({ hello: claims.sub });
	},
};

function refuse(status, error) {
	const said = [\`scope="\${needed}"\`, \`resource_metadata="\${metadata}"\`, ...(error ? [\`error="\${error}"\`] : [])];
	return new Response("", { status, headers: { "www-authenticate": \`Bearer \${said.join(", ")}\` } });
}
`;
