#!/usr/bin/env bash
# axa-fr-oidc 2.2.0: OidcClient and OidcValidator with an issuer whose access tokens are ES256.
#
# Both take `algorithms=["ES256"]`. The key is then looked for in the issuer's set by copying the members `kty`, `kid`, `n` and `e`,
# which an elliptic curve's key has not, so that every token is refused with the error "'n'": the name of a member, and all that is
# said. The client verifies the token that it got, too, though that is for another to read; where it cannot, get_access_token() is
# None, without an exception, and as nothing is kept each call asks the issuer again. Told RS256, and given RS256, both work. (DPoP
# proofs, beside it, must be of an elliptic curve: their thumbprint is made of `crv`, `x` and `y`.)
#
#> validator, ES256: False, error "'n'"
#> client, ES256: None, None, tokens asked for: 2
#> validator, RS256: True, error None
#> client, RS256: a token, a token, tokens asked for: 1
set -euo pipefail
expected=$(sed -n 's/^#> //p' "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check axa-fr-oidc==2.2.0 jwskate==0.12.2

cat > issuer.py <<'PYTHON'
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

from axa_fr_oidc import OidcClient, OidcValidator
from jwskate import Jwk, Jwt


def issuer(alg):
    key = Jwk.generate(alg=alg).with_kid_thumbprint()
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            metadata = {"issuer": origin, "token_endpoint": f"{origin}/token", "jwks_uri": f"{origin}/jwks"}
            self.answer({"keys": [dict(key.public_jwk())]} if self.path == "/jwks" else metadata)

        def do_POST(self):
            asked.append(self.path)
            self.answer({"access_token": token(), "token_type": "Bearer", "expires_in": 3600})

        def answer(self, body):
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_):
            pass

    def token():
        now = int(time.time())
        return str(Jwt.sign({"iss": origin, "sub": "s", "iat": now, "exp": now + 3600}, key, typ="at+jwt"))

    server = HTTPServer(("127.0.0.1", 0), Handler)
    origin = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return origin, token, asked


for alg in ["ES256", "RS256"]:
    origin, token, asked = issuer(alg)
    result = OidcValidator(origin, algorithms=[alg]).validate_token(token())
    print(f"validator, {alg}: {result.success}, error {json.dumps(result.error) if result.error else None}")
    client = OidcClient(origin, "client", client_secret="a secret of 32 characters or more", scopes=[], algorithms=[alg])
    got = ["a token" if client.get_access_token() else "None" for _ in range(2)]
    print(f"client, {alg}: {', '.join(got)}, tokens asked for: {len(asked)}")
PYTHON
venv/bin/python issuer.py 2>&1 | tee seen
diff <(echo "$expected") seen
