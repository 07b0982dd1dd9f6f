import pytest
import requests
from conftest import CALLBACK, ISSUER, drives, new_client, visit
from oauthlib.oauth2 import BackendApplicationClient
from requests_oauthlib import OAuth2Session

pytestmark = drives("requests-oauthlib")


@pytest.mark.parametrize("more", [{}, {"pkce": "S256"}], ids=["as documented", "PKCE"])
def test_web_application(metadata: dict, person: dict, more: dict) -> None:
    """web application: code flow with or without PKCE, UserInfo"""
    client = new_client()
    http = OAuth2Session(client.id, redirect_uri=CALLBACK, scope=["openid", "profile", "email"], **more)
    link, _ = http.authorization_url(metadata["authorization_endpoint"])
    http.fetch_token(
        metadata["token_endpoint"], authorization_response=visit(link)["url"], client_secret=client.secret
    )
    assert http.get(metadata["userinfo_endpoint"]).json()["email"] == person["email"]


def test_refresh(metadata: dict) -> None:
    """web application: the token is refreshed by itself when it is over"""
    client = new_client(scopes="openid offline_access")
    kept: list[dict] = []
    secret = {"client_id": client.id, "client_secret": client.secret}
    http = OAuth2Session(
        client.id,
        redirect_uri=CALLBACK,
        scope=["openid", "offline_access"],
        auto_refresh_url=metadata["token_endpoint"],
        auto_refresh_kwargs=secret,
        token_updater=kept.append,
    )
    link, _ = http.authorization_url(metadata["authorization_endpoint"])
    first = http.fetch_token(
        metadata["token_endpoint"], authorization_response=visit(link)["url"], client_secret=client.secret
    )
    http.token = {**first, "expires_in": -1, "expires_at": 1}
    assert http.get(metadata["userinfo_endpoint"]).json()["sub"]
    assert kept[0]["refresh_token"] != first["refresh_token"]


def test_backend_application(metadata: dict) -> None:
    """backend application: client_credentials, and its token is good for what it is for"""
    client = new_client(scopes="environments:read", acts_for_itself=True)
    http = OAuth2Session(client=BackendApplicationClient(client_id=client.id, scope=["environments:read"]))
    token = http.fetch_token(metadata["token_endpoint"], client_id=client.id, client_secret=client.secret)
    assert list(token["scope"]) == ["environments:read"]
    assert http.get(f"{ISSUER}/oauth/environments").status_code == 200
    assert requests.get(f"{ISSUER}/oauth/environments", timeout=30).status_code == 401
