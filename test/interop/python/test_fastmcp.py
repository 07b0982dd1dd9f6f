import asyncio
import threading
import webbrowser

import pytest
from conftest import ISSUER, drives, free_port, new_client, visit
from fastmcp import Client, FastMCP
from fastmcp.server.auth import RemoteAuthProvider
from fastmcp.server.auth.oidc_proxy import OIDCProxy
from fastmcp.server.auth.providers.introspection import IntrospectionTokenVerifier
from fastmcp.server.auth.providers.jwt import JWTVerifier
from fastmcp.server.dependencies import get_access_token
from protected import serve_in_background

pytestmark = drives("fastmcp")


@pytest.fixture(autouse=True)
def browser(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """In the place of the person's own: they allow, and are led to the server that the client listens at."""
    opened: list[str] = []

    def go(url: str) -> bool:
        opened.append(url)
        threading.Thread(target=visit, args=(url,), daemon=True).start()
        return True

    monkeypatch.setattr(webbrowser, "open", go)
    return opened


def start(make_auth) -> str:
    """The URL of a server whose one tool says what its token tells."""
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    server = FastMCP("Interop", auth=make_auth(origin))

    @server.tool
    def whoami() -> dict:
        token = get_access_token()
        return {"claims": token.claims, "scopes": token.scopes} if token else {}

    serve_in_background(server.http_app(), port)
    return f"{origin}/mcp"


def who_am_i(url: str) -> dict:
    async def call() -> dict:
        async with Client(url, auth="oauth") as client:
            return (await client.call_tool("whoami")).data

    return asyncio.run(call())


def remote(verifier, origin: str) -> RemoteAuthProvider:
    return RemoteAuthProvider(token_verifier=verifier, authorization_servers=[ISSUER], base_url=origin)


@drives("fastmcp", needs="`algorithm=\"ES256\"` of JWTVerifier: it takes RS256 alone unless told")
def test_jwt() -> None:
    """client and server, tokens verified by JWTVerifier: registration, consent, tool"""

    def auth(origin: str) -> RemoteAuthProvider:
        keys = f"{ISSUER}/.well-known/jwks.json"
        audience = f"{origin}/mcp"
        return remote(
            JWTVerifier(jwks_uri=keys, issuer=ISSUER, audience=audience, algorithm="ES256", required_scopes=["openid"]),
            origin,
        )

    url = start(auth)
    told = who_am_i(url)
    assert told["claims"]["aud"] == url
    assert "openid" in told["scopes"]


def test_jwt_without_scopes() -> None:
    """the same where the server requires no scope"""

    def auth(origin: str) -> RemoteAuthProvider:
        keys = f"{ISSUER}/.well-known/jwks.json"
        return remote(JWTVerifier(jwks_uri=keys, issuer=ISSUER, audience=f"{origin}/mcp", algorithm="ES256"), origin)

    assert who_am_i(start(auth))["claims"]["iss"] == ISSUER


def test_introspection() -> None:
    """client and server, tokens verified by IntrospectionTokenVerifier"""

    def auth(origin: str) -> RemoteAuthProvider:
        server = new_client(scopes="events:read", resources=[f"{origin}/mcp"])
        return remote(
            IntrospectionTokenVerifier(
                introspection_url=f"{ISSUER}/oauth/introspect",
                client_id=server.id,
                client_secret=server.secret,
                required_scopes=["openid"],
            ),
            origin,
        )

    told = who_am_i(start(auth))
    assert told["claims"]["active"] is True
    assert "openid" in told["scopes"]


def test_oidc_proxy(browser: list[str]) -> None:
    """OIDCProxy: a server that registers its own clients, and logs people in here"""

    def auth(origin: str) -> OIDCProxy:
        client = new_client(f"{origin}/auth/callback", scopes="openid profile email offline_access")
        return OIDCProxy(
            config_url=f"{ISSUER}/.well-known/openid-configuration",
            client_id=client.id,
            client_secret=client.secret,
            base_url=origin,
            algorithm="ES256",
            required_scopes=["openid"],
            require_authorization_consent=False,
        )

    assert who_am_i(start(auth))["claims"]["iss"] == ISSUER
