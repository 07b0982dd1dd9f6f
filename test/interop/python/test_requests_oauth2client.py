import pytest
from conftest import CALLBACK, ISSUER, drives, new_client, visit
from jwskate import Jwk
from requests_oauth2client import OAuth2Client, PrivateKeyJwt

pytestmark = drives("requests_oauth2client")
DISCOVERY = f"{ISSUER}/.well-known/openid-configuration"


def test_code_flow(person: dict) -> None:
    """discovery, code flow with PKCE, nonce and iss, id_token, UserInfo, refresh, introspection, revocation"""
    made = new_client(scopes="openid email offline_access")
    client = OAuth2Client.from_discovery_endpoint(
        DISCOVERY, issuer=ISSUER, client_id=made.id, client_secret=made.secret, redirect_uri=CALLBACK
    )
    request = client.authorization_request(scope="openid email offline_access")
    token = client.authorization_code(request.validate_callback(visit(str(request))["url"]), validate=True)
    assert client.userinfo(token)["email"] == person["email"]
    renewed = client.refresh_token(token)
    assert client.introspect_token(renewed.access_token)["active"] is True
    client.revoke_refresh_token(renewed)
    assert client.introspect_token(renewed.access_token) == {"active": False}


@pytest.mark.parametrize("method", ["client_secret_post", "private_key_jwt"])
def test_client_credentials(method: str) -> None:
    """client_credentials, by a secret (client_secret_post, as it comes) or private_key_jwt"""
    key = Jwk.generate(alg="ES256").with_kid_thumbprint()
    if method == "private_key_jwt":
        jwks = {"keys": [dict(key.public_jwk())]}
        made = new_client(scopes="events:read", acts_for_itself=True, authentication="private_key_jwt", jwks=jwks)
        client = OAuth2Client.from_discovery_endpoint(DISCOVERY, issuer=ISSUER, auth=PrivateKeyJwt(made.id, key))
    else:
        made = new_client(scopes="events:read", acts_for_itself=True)
        client = OAuth2Client.from_discovery_endpoint(DISCOVERY, issuer=ISSUER, auth=(made.id, made.secret))
    assert client.client_credentials(scope="events:read").scope == "events:read"
