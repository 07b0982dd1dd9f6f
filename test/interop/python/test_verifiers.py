"""What a resource server verifies an access token with, by the published keys alone (RFC 9068 §4)."""

import json

import jwt
import pytest
import requests
from axa_fr_oidc import OidcClient, OidcValidator
from axioms_fastapi import init_axioms, register_axioms_exception_handler, require_auth, require_scopes
from conftest import ISSUER, drives, free_port, new_client, person_token
from fastapi import Depends, FastAPI
from joserfc import jwk
from joserfc import jwt as joserfc_jwt
from joserfc.errors import JoseError
from jwcrypto.jwk import JWKSet
from jwcrypto.jwt import JWT
from protected import serve_in_background

RESOURCE = "https://api.example/v1"


@pytest.fixture(scope="module")
def token() -> str:
    return person_token(RESOURCE, "openid profile")


@drives("PyJWT")
def test_pyjwt(metadata: dict, token: str) -> None:
    """PyJWKClient: key by kid, issuer, audience; not another audience"""
    key = jwt.PyJWKClient(metadata["jwks_uri"]).get_signing_key_from_jwt(token)
    claims = jwt.decode(token, key, algorithms=["ES256"], issuer=ISSUER, audience=RESOURCE)
    assert set(claims["scope"].split()) == {"openid", "profile"}
    with pytest.raises(jwt.InvalidAudienceError):
        jwt.decode(token, key, algorithms=["ES256"], issuer=ISSUER, audience="https://other.example/")


@drives("joserfc")
def test_joserfc(metadata: dict, token: str) -> None:
    """decode and claims with nothing but the published keys; not a damaged one"""
    keys = jwk.KeySet.import_key_set(requests.get(metadata["jwks_uri"], timeout=30).json())
    claims = joserfc_jwt.decode(token, keys).claims
    joserfc_jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": ISSUER}, aud={"essential": True, "value": RESOURCE}
    ).validate(claims)
    with pytest.raises(JoseError):
        joserfc_jwt.decode(f"{token[:-8]}AAAAAAAA", keys)


@drives("jwcrypto")
def test_jwcrypto(metadata: dict, token: str) -> None:
    """JWT and JWKSet with nothing but the published keys"""
    keys = JWKSet.from_json(requests.get(metadata["jwks_uri"], timeout=30).text)
    read = JWT(jwt=token, key=keys, check_claims={"iss": ISSUER, "aud": RESOURCE, "exp": None})
    assert "profile" in json.loads(read.claims)["scope"].split()


@drives("axioms-fastapi")
def test_axioms_fastapi(token: str) -> None:
    """FastAPI: issuer and audience, a scope that the token has and one that it has not"""
    app = FastAPI()
    init_axioms(app, AXIOMS_AUDIENCE=RESOURCE, AXIOMS_ISS_URL=ISSUER)
    register_axioms_exception_handler(app)

    @app.get("/profile", dependencies=[Depends(require_scopes(["profile"]))])
    def profile(payload=Depends(require_auth)) -> str:
        return payload.client_id

    @app.get("/address", dependencies=[Depends(require_scopes(["address"]))])
    def address(payload=Depends(require_auth)) -> str:
        return payload.client_id

    port = free_port()
    serve_in_background(app, port)
    bearer = {"authorization": f"Bearer {token}"}
    asked = [("profile", bearer), ("address", bearer), ("profile", {})]
    answers = [requests.get(f"http://127.0.0.1:{port}/{path}", headers=headers, timeout=30) for path, headers in asked]
    assert [answer.status_code for answer in answers] == [200, 403, 401]


@drives(
    "axa-fr-oidc",
    needs="`access_token_signed_response_alg: RS256` here: it reads RSA keys alone, and its client verifies what it gets as well",
)
def test_axa_fr_oidc() -> None:
    """client_credentials with a secret as it comes, discovery, OidcValidator"""
    client = new_client(scopes="events:read", acts_for_itself=True, access_token_signed_response_alg="RS256")
    token = OidcClient(ISSUER, client.id, client_secret=client.secret, scopes=["events:read"]).get_access_token()
    assert OidcValidator(ISSUER, scopes=["events:read"]).validate_token(token).success
    assert not OidcValidator(ISSUER, scopes=["keys:write"]).validate_token(token).success
