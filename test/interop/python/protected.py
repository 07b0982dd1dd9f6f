"""An MCP server of somebody's, on the official SDK, and what its clients leave to the program that uses them."""

import json
import threading
import time

import jwt
import uvicorn
from anyio import to_thread
from conftest import CALLBACK, ISSUER, free_port, parameters, visit
from mcp.client.auth import AuthorizationCodeResult
from mcp.server import MCPServer
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.settings import AuthSettings
from mcp.shared.auth import OAuthClientInformationFull, OAuthClientMetadata, OAuthToken
from starlette.requests import Request
from starlette.responses import Response


class Verifier:
    """RFC 9068 §4, with PyJWT."""

    def __init__(self, resource: str) -> None:
        self.resource = resource
        self.keys = jwt.PyJWKClient(f"{ISSUER}/.well-known/jwks.json")

    async def verify_token(self, token: str) -> AccessToken | None:
        try:
            claims = await to_thread.run_sync(self.claims, token)
        except jwt.PyJWTError:
            return None
        return AccessToken(
            token=token,
            client_id=claims["client_id"],
            scopes=claims.get("scope", "").split(),
            expires_at=claims["exp"],
            resource=claims["aud"],
            subject=claims["sub"],
            claims=claims,
        )

    def claims(self, token: str) -> dict:
        key = self.keys.get_signing_key_from_jwt(token)
        return jwt.decode(token, key, algorithms=["ES256"], issuer=ISSUER, audience=self.resource)


class ScopesOfTools:
    """RFC 6750 §3.1: what the SDK leaves to its server: a tool that needs a scope of its own says so by a 403."""

    def __init__(self, application, tools: dict[str, str], metadata_url: str) -> None:
        self.application, self.tools, self.metadata_url = application, tools, metadata_url

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            return await self.application(scope, receive, send)
        request = Request(scope, receive)
        body = await request.body()
        called = json.loads(body).get("params", {}).get("name", "") if body else ""
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        needed = self.tools.get(called)
        # What the token says is believed here: the application behind this verifies it.
        if needed and bearer and needed not in scopes_of(bearer):
            challenge = f'Bearer error="insufficient_scope", scope="{needed}", resource_metadata="{self.metadata_url}"'
            return await Response(status_code=403, headers={"www-authenticate": challenge})(scope, receive, send)
        sent = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def again() -> dict:
            return next(sent, None) or await receive()

        return await self.application(scope, again, send)


def scopes_of(token: str) -> list[str]:
    try:
        return jwt.decode(token, options={"verify_signature": False}).get("scope", "").split()
    except jwt.PyJWTError:
        return []


def start_mcp_server(required_scopes: list[str] | None, tools: dict[str, str] | None = None) -> str:
    """Its URL, which is the resource that its tokens are for. Its tools say whom the token stands for: `whoami`, and those
    that need a scope of their own.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}/mcp"
    auth = AuthSettings(
        issuer_url=ISSUER, resource_server_url=url, required_scopes=required_scopes, validate_token_resource=True
    )
    server = MCPServer("Interop", token_verifier=Verifier(url), auth=auth, log_level="ERROR")

    def claims() -> dict:
        token = get_access_token()
        return token.claims if token else {}

    for name in ["whoami", *(tools or {})]:
        server.tool(name=name)(claims)

    metadata_url = f"http://127.0.0.1:{port}/.well-known/oauth-protected-resource/mcp"
    serve_in_background(ScopesOfTools(server.streamable_http_app(), tools or {}, metadata_url), port)
    return url


def serve_in_background(application, port: int) -> None:
    config = uvicorn.Config(application, host="127.0.0.1", port=port, log_level="error")
    server = uvicorn.Server(config)
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.02)


class Storage:
    """In memory."""

    def __init__(self) -> None:
        self.tokens: OAuthToken | None = None
        self.client_info: OAuthClientInformationFull | None = None

    async def get_tokens(self) -> OAuthToken | None:
        return self.tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        self.tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        return self.client_info

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        self.client_info = client_info


class Browser:
    """Where the SDK sends a person, and what they bring back."""

    def __init__(self) -> None:
        self.asked: list[dict] = []
        self.back = ""

    async def open(self, url: str) -> None:
        self.asked.append(parameters(url))
        self.back = (await to_thread.run_sync(visit, url))["url"]

    async def callback(self) -> AuthorizationCodeResult:
        answer = parameters(self.back)
        assert "code" in answer, f"{self.asked[-1]} led to {self.back}"
        return AuthorizationCodeResult(code=answer["code"], state=answer["state"], iss=answer["iss"])


def registration(**more: object) -> OAuthClientMetadata:
    return OAuthClientMetadata(client_name="Interop", redirect_uris=[CALLBACK], **more)
