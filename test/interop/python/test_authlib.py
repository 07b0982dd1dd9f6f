import json
import re

import pytest
import requests
from authlib.integrations.flask_client import OAuth
from authlib.integrations.flask_oauth2 import ResourceProtector
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oauth2.rfc7662 import IntrospectTokenValidator
from authlib.oauth2.rfc9068 import JWTBearerTokenValidator
from conftest import CALLBACK, ISSUER, drives, new_client, person_token, visit
from flask import Flask, jsonify, redirect, session, url_for
from joserfc.jwk import ECKey, RSAKey

pytestmark = drives("Authlib")


def flask_site(client_kwargs: dict):
    """As the documentation has it: /login leads away, /auth keeps what it learned of the person."""

    def make(origin: str) -> Flask:
        client = new_client(f"{origin}/auth")
        app = Flask("interop")
        app.secret_key = "of this test"
        oauth = OAuth(app)
        oauth.register(
            "latchkey",
            client_id=client.id,
            client_secret=client.secret,
            server_metadata_url=f"{ISSUER}/.well-known/openid-configuration",
            client_kwargs=client_kwargs,
        )

        @app.route("/login")
        def login():
            return oauth.latchkey.authorize_redirect(url_for("auth", _external=True))

        @app.route("/auth")
        def auth():
            token = oauth.latchkey.authorize_access_token()
            session["people"] = [token["userinfo"], oauth.latchkey.userinfo(token=token)]
            return redirect("/")

        @app.route("/")
        def home():
            return jsonify(session["people"])

        return app

    return make


@pytest.mark.parametrize("more", [{}, {"code_challenge_method": "S256"}], ids=["as documented", "PKCE"])
def test_flask(serve, person: dict, more: dict) -> None:
    """Flask: discovery, code flow with or without PKCE, id_token, UserInfo"""
    end = visit(serve(flask_site({"scope": "openid profile email", **more})) + "/login")
    assert end["status"] == 200, end
    by_token, by_userinfo = json.loads(end["body"])
    assert (by_token["iss"], by_token["sub"]) == (ISSUER, by_userinfo["sub"])
    for told in [by_token, by_userinfo]:
        assert (told["name"], told["email"]) == (person["name"], person["email"])


@pytest.mark.parametrize("method", [None, "client_secret_post"], ids=["as documented", "post"])
def test_client_credentials(metadata: dict, method: str | None) -> None:
    """client_credentials, by Basic or in the body"""
    client = new_client(scopes="events:read", acts_for_itself=True)
    with OAuth2Session(client.id, client.secret, scope="events:read", token_endpoint_auth_method=method) as http:
        assert http.fetch_token(metadata["token_endpoint"])["scope"] == "events:read"


@pytest.mark.parametrize("key", [RSAKey.generate_key(2048), ECKey.generate_key("P-256")], ids=["RS256", "ES256"])
def test_private_key_jwt(metadata: dict, key) -> None:
    """private_key_jwt, whose assertion is for the token endpoint and good for an hour"""
    public = key.as_dict(private=False) | {"kid": key.thumbprint()}
    client = new_client(
        scopes="events:read", acts_for_itself=True, authentication="private_key_jwt", jwks={"keys": [public]}
    )
    alg = "RS256" if key.key_type == "RSA" else "ES256"
    with OAuth2Session(client.id, key, scope="events:read", token_endpoint_auth_method="private_key_jwt") as http:
        http.register_client_auth_method(PrivateKeyJWT(metadata["token_endpoint"], alg=alg))
        assert http.fetch_token(metadata["token_endpoint"])["scope"] == "events:read"


def test_refresh(metadata: dict) -> None:
    """OAuth2Session: code flow, the token is refreshed by itself when it is over, revocation"""
    client = new_client(scopes="openid email offline_access")
    kept: list[dict] = []
    http = OAuth2Session(
        client.id,
        client.secret,
        scope="openid email offline_access",
        redirect_uri=CALLBACK,
        token_endpoint=metadata["token_endpoint"],
        update_token=lambda token, **_: kept.append(token),
    )
    link, _ = http.create_authorization_url(metadata["authorization_endpoint"])
    first = http.fetch_token(metadata["token_endpoint"], authorization_response=visit(link)["url"])
    http.token = {**first, "expires_at": 1}
    assert http.get(metadata["userinfo_endpoint"]).json()["email"]
    assert kept[0]["refresh_token"] != first["refresh_token"]
    http.revoke_token(metadata["revocation_endpoint"], token=kept[0]["refresh_token"]).raise_for_status()
    assert http.get(metadata["userinfo_endpoint"]).status_code == 401


def api(validator):
    """A resource server on Flask."""
    app = Flask("api")
    protect = ResourceProtector()
    protect.register_token_validator(validator)

    @app.route("/profile")
    @protect("profile")
    def profile():
        return "profile"

    @app.route("/address")
    @protect("address")
    def address():
        return "address"

    return app


def statuses(origin: str, token: str) -> list[int]:
    bearer = {"authorization": f"Bearer {token}"}
    damaged = {"authorization": f"Bearer {token[:-8]}AAAAAAAA"}
    asked = [("/profile", bearer), ("/address", bearer), ("/profile", damaged), ("/profile", {})]
    return [requests.get(origin + path, headers=headers, timeout=30).status_code for path, headers in asked]


def test_jwt_bearer_token_validator(serve, metadata: dict) -> None:
    """JWTBearerTokenValidator (RFC 9068): a token for the server, no other scope, no other audience, none that was damaged"""

    class Validator(JWTBearerTokenValidator):
        def get_jwks(self):
            return requests.get(metadata["jwks_uri"], timeout=30).json()

    resource = "https://api.example/"
    origin = serve(lambda _: api(Validator(ISSUER, resource)))
    assert statuses(origin, person_token(resource, "openid profile")) == [200, 403, 401, 401]
    assert statuses(origin, person_token("https://other.example/", "openid profile"))[0] == 401


def test_introspect_token_validator(serve, metadata: dict) -> None:
    """IntrospectTokenValidator (RFC 7662): the same by asking"""
    resource = "https://asked.example/"
    server = new_client(resources=[resource])

    class Validator(IntrospectTokenValidator):
        def introspect_token(self, token_string):
            with OAuth2Session(server.id, server.secret) as http:
                return http.introspect_token(metadata["introspection_endpoint"], token=token_string).json()

    origin = serve(lambda _: api(Validator()))
    assert statuses(origin, person_token(resource, "openid profile")) == [200, 403, 401, 401]
    assert statuses(origin, person_token("https://other.example/", "openid profile"))[0] == 401


def test_cancelled(serve) -> None:
    """Flask: a person who does not allow it is an OAuthError that the site can show"""
    site = flask_site({"scope": "openid"})

    def make(origin: str) -> Flask:
        app = site(origin)
        app.register_error_handler(Exception, lambda error: (re.sub(r"\s+", " ", str(error)), 403))
        return app

    end = visit(serve(make) + "/login", press="Deny")
    assert (end["status"], end["body"].split(":")[0]) == (403, "access_denied")
