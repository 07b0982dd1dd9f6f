import json

import anyio
import httpx2
import pytest
from conftest import ISSUER, drives, new_api, new_client
from mcp import Client
from mcp.client.auth import OAuthClientProvider
from mcp.client.auth.extensions.client_credentials import ClientCredentialsOAuthProvider
from mcp.client.streamable_http import streamable_http_client
from protected import Browser, Storage, registration, start_mcp_server

pytestmark = drives("mcp")


@pytest.fixture(scope="module")
def guarded() -> str:
    return start_mcp_server(["openid", "profile"])


@pytest.fixture(scope="module")
def unscoped() -> str:
    return start_mcp_server(None)


def who_am_i(url: str, auth: httpx2.Auth, tool: str = "whoami") -> dict:
    async def call() -> dict:
        async with httpx2.AsyncClient(auth=auth, follow_redirects=True) as http:
            async with Client(streamable_http_client(url, http_client=http)) as client:
                result = await client.call_tool(tool, {})
                return json.loads(result.content[0].text)

    return anyio.run(call)


def journey(url: str, **registered: object) -> tuple[dict, dict, Storage]:
    """From nothing to a tool call, then once more when the access token has ended: what was asked for, and the claims."""
    storage, browser = Storage(), Browser()
    provider = OAuthClientProvider(url, registration(**registered), storage, browser.open, browser.callback)
    claims = who_am_i(url, provider)
    assert (claims["iss"], claims["aud"]) == (ISSUER, url)
    before = storage.tokens
    provider.context.token_expiry_time = 1  # 1970
    assert who_am_i(url, provider)["sub"] == claims["sub"]
    assert storage.tokens.access_token != before.access_token
    assert len(browser.asked) == 1, "the person was asked again"
    return browser.asked[0], claims, storage


def test_guarded(guarded: str) -> None:
    """401, resource metadata, registration, consent, PKCE, tool, refresh, tool: a server that requires a scope"""
    asked, claims, _ = journey(guarded)
    for scope in [asked["scope"], claims["scope"]]:
        assert {"openid", "profile"} <= set(scope.split())


def test_unscoped(unscoped: str) -> None:
    """the same where the server names no scope: the client asks for all that the issuer lists"""
    asked, _, _ = journey(unscoped)
    assert "offline_access" in asked["scope"].split()


def test_with_a_secret(guarded: str) -> None:
    """the same, registered with a secret (client_secret_basic)"""
    _, claims, storage = journey(guarded, token_endpoint_auth_method="client_secret_basic")
    assert storage.client_info is not None and storage.client_info.client_secret is not None
    assert claims["client_id"] == storage.client_info.client_id


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_machine(unscoped: str, method: str) -> None:
    """client_credentials for a machine, by Basic or in the body"""
    client = new_client(scopes="events:read", acts_for_itself=True)
    auth = ClientCredentialsOAuthProvider(
        unscoped, Storage(), client.id, client.secret, token_endpoint_auth_method=method, issuer=ISSUER
    )
    claims = who_am_i(unscoped, auth)
    assert (claims["client_id"], claims["aud"]) == (client.id, unscoped)


def test_another_servers_token(guarded: str, unscoped: str) -> None:
    """a token for one server is refused by another"""
    _, _, storage = journey(unscoped)
    assert storage.tokens is not None
    bearer = {"authorization": f"Bearer {storage.tokens.access_token}"}
    assert httpx2.post(guarded, headers=bearer, json={}).status_code == 401


def test_step_up() -> None:
    """an API of one's own: it asks for one permission, for a second when a tool wants it, and refreshes with both"""
    url = start_mcp_server(["notes:read"], {"add_note": "notes:write"})
    new_api(url, "notes:read", "notes:write")
    storage, browser = Storage(), Browser()
    provider = OAuthClientProvider(url, registration(), storage, browser.open, browser.callback)
    assert permissions(who_am_i(url, provider)) == {"notes:read"}
    assert permissions(who_am_i(url, provider, "add_note")) == {"notes:read", "notes:write"}
    assert [permissions(asked) for asked in browser.asked] == [{"notes:read"}, {"notes:read", "notes:write"}]
    provider.context.token_expiry_time = 1  # 1970
    assert permissions(who_am_i(url, provider, "add_note")) == {"notes:read", "notes:write"}
    assert len(browser.asked) == 2, "the person was asked again"


def permissions(said: dict) -> set[str]:
    return {scope for scope in said["scope"].split() if scope.startswith("notes:")}
