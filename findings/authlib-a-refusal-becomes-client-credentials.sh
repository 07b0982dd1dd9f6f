#!/usr/bin/env bash
# Authlib 1.9.10: OAuth2Session.fetch_token(url, authorization_response=…) where the person said no.
#
# As the documentation of the web application flow has it, the program hands the address that the person came back to. With `code=` in
# it Authlib exchanges the code. With `error=access_denied` it does not read the error: it guesses a grant from what else it was given,
# and without a code, a username or a password that is `client_credentials`. A client that may not use it gets an error that has nothing
# to do with what happened (unauthorized_client). One that may gets a token, of its own and for no person, and no exception: what follows
# takes it for the person's. The guess is kept, too: it is the grant of later calls on that session. requests-oauthlib 2.0.0, beside it,
# raises what the person answered. Pass grant_type="authorization_code", with which Authlib misses the code, and look for `error` in the
# address before.
#
#> Authlib, the person allowed: asked for authorization_code, and got a token
#> Authlib, the person refused: asked for client_credentials, and got a token
#> Authlib, refused, grant_type="authorization_code": asked for nothing, MissingCodeException
#> requests-oauthlib, the person refused: asked for nothing, AccessDeniedError
set -euo pipefail
expected=$(sed -n 's/^#> //p' "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check Authlib==1.9.10 requests==2.34.2 requests-oauthlib==2.0.0 oauthlib==4.0.1

cat > refused.py <<'PYTHON'
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

from authlib.integrations.requests_client import OAuth2Session
from requests_oauthlib import OAuth2Session as OtherSession

os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"  # of the endpoint below
asked = {}


class Endpoint(BaseHTTPRequestHandler):
    """Gives whoever asks a token, as one does that lets this client use both grants."""

    def do_POST(self):
        form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
        asked.update({name: values[0] for name, values in form.items()})
        body = {"access_token": "a token", "token_type": "Bearer"}
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Endpoint)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/token"
back = "https://client.example/callback?state=s&"


def fetch(session, what, answer, **more):
    asked.clear()
    try:
        got = ", and got a token" if session.fetch_token(url, authorization_response=back + answer, **more) else ""
    except Exception as error:
        got = f", {type(error).__name__}"
    print(f"{what}: asked for {asked.get('grant_type', 'nothing')}{got}")


authlib = lambda: OAuth2Session("client", "secret", redirect_uri="https://client.example/callback", state="s")
fetch(authlib(), "Authlib, the person allowed", "code=c")
fetch(authlib(), "Authlib, the person refused", "error=access_denied")
fetch(authlib(), 'Authlib, refused, grant_type="authorization_code"', "error=access_denied", grant_type="authorization_code")
other = OtherSession("client", redirect_uri="https://client.example/callback", state="s")
fetch(other, "requests-oauthlib, the person refused", "error=access_denied", client_secret="secret")
PYTHON
venv/bin/python refused.py 2>&1 | tee seen
diff <(echo "$expected") seen
