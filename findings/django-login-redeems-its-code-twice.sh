#!/usr/bin/env bash
# mozilla-django-oidc 5.0.2 beside social-auth-app-django 8.0.0 (social-auth-core 7.0.0) in one Django 5.2 site: two buttons, each of an
# issuer of its own, each set up as its documentation has it.
#
# Django asks every backend in AUTHENTICATION_BACKENDS, in order, who is logging in, and passes the request. mozilla-django-oidc looks
# whether that request has `code` and `state`, not whether it is the answer that it waits for. So where it stands first, a person who
# comes back to the other client's callback has the code sent twice: by social-auth to the first issuer, and by mozilla-django-oidc to
# the second, with that client's secret. The second issuer refuses a code that it never gave, the HTTP error passes through, and
# nobody is logged in: "the code was rejected", says social-auth of an issuer that took it. In the other order both buttons work.
# Put it last, after every backend that redeems codes; where that cannot be, override its `authenticate` to look at the path.
#
#> mozilla-django-oidc first
#>   the issuer of social-auth got client=social, its own code
#>   the issuer of mozilla-django-oidc got client=mozilla, the other's code
#>   AuthCredentialError: The authorization code was rejected. Please restart login.
#> mozilla-django-oidc last
#>   the issuer of social-auth got client=social, its own code
#>   logged in: ada
set -euo pipefail
expected=$(sed -n 's/^#> //p' "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check mozilla-django-oidc==5.0.2 social-auth-app-django==8.0.0 \
	social-auth-core==7.0.0 Django==5.2.19 PyJWT==2.15.1 cryptography==50.0.2 requests==2.34.2

cat > site_urls.py <<'PYTHON'
from django.http import HttpResponse
from django.urls import include, path

urlpatterns = [
    path("", lambda request: HttpResponse(request.user.get_username())),
    path("oidc/", include("mozilla_django_oidc.urls")),
    path("social/", include("social_django.urls", namespace="social")),
]
PYTHON

cat > login.py <<'PYTHON'
import base64
import json
import logging
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import django
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

signing = rsa.generate_private_key(public_exponent=65537, key_size=2048)
public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(signing.public_key())) | {"kid": "1", "alg": "RS256", "use": "sig"}
nonce = ""


def issuer(name: str, client: str, code: str):
    """Says who redeems what, and takes no code but its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            answers = {
                "/.well-known/openid-configuration": {
                    "issuer": origin,
                    "authorization_endpoint": f"{origin}/authorize",
                    "token_endpoint": f"{origin}/token",
                    "userinfo_endpoint": f"{origin}/userinfo",
                    "jwks_uri": f"{origin}/jwks",
                },
                "/jwks": {"keys": [public]},
                "/userinfo": {"sub": "1", "preferred_username": "ada", "email": "ada@example.com"},
            }
            self.answer(200, answers[self.path])

        def do_POST(self):
            form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
            known = form["client_id"][0] if "client_id" in form else self.basic_name()
            is_own = form["code"] == [code]
            whose = "its own" if is_own else "the other's"
            print(f"  the issuer of {name} got client={known}, {whose} code", flush=True)
            if not is_own:
                return self.answer(400, {"error": "invalid_grant"})
            now = int(time.time())
            claims = {"iss": origin, "aud": client, "sub": "1", "iat": now, "exp": now + 600, "nonce": nonce}
            token = jwt.encode(claims, signing, algorithm="RS256", headers={"kid": "1"})
            self.answer(200, {"access_token": "a", "token_type": "Bearer", "id_token": token})

        def basic_name(self):
            return base64.b64decode(self.headers["authorization"].split()[1]).decode().split(":")[0]

        def answer(self, status, body):
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    origin = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return origin


social = issuer("social-auth", "social", "code-of-the-first")
mozilla = issuer("mozilla-django-oidc", "mozilla", "code-of-the-second")
backends = ["mozilla_django_oidc.auth.OIDCAuthenticationBackend", "social_core.backends.open_id_connect.OpenIdConnectAuth"]
logging.disable(logging.CRITICAL)
settings.configure(
    SECRET_KEY="of this script",
    ROOT_URLCONF="site_urls",
    ALLOWED_HOSTS=["testserver"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "social_django", "mozilla_django_oidc"],
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware"],
    AUTHENTICATION_BACKENDS=backends if sys.argv[1] == "first" else backends[::-1],
    LOGIN_REDIRECT_URL="/",
    SOCIAL_AUTH_OIDC_OIDC_ENDPOINT=social,
    SOCIAL_AUTH_OIDC_KEY="social",
    SOCIAL_AUTH_OIDC_SECRET="of social",
    OIDC_RP_CLIENT_ID="mozilla",
    OIDC_RP_CLIENT_SECRET="of mozilla",
    OIDC_RP_SIGN_ALGO="RS256",
    OIDC_OP_JWKS_ENDPOINT=f"{mozilla}/jwks",
    OIDC_OP_AUTHORIZATION_ENDPOINT=f"{mozilla}/authorize",
    OIDC_OP_TOKEN_ENDPOINT=f"{mozilla}/token",
    OIDC_OP_USER_ENDPOINT=f"{mozilla}/userinfo",
)
django.setup()

from django.core.management import call_command
from django.test import Client

call_command("migrate", verbosity=0)
print(f"mozilla-django-oidc {sys.argv[1]}", flush=True)
browser = Client()
asked = parse_qs(urlsplit(browser.post("/social/login/oidc/")["location"]).query)
nonce = asked["nonce"][0]
try:
    browser.get("/social/complete/oidc/", {"code": "code-of-the-first", "state": asked["state"][0]})
    print(f"  logged in: {browser.get('/').content.decode()}")
except Exception as error:
    print(f"  {type(error).__name__}: {error}")
PYTHON

for place in first last; do
	venv/bin/python login.py "$place"
done 2>&1 | tee seen
diff <(echo "$expected") seen
