import asyncio

from conftest import CALLBACK, ISSUER, drives, new_client, parameters, visit
from httpx_oauth.clients.openid import OpenID

pytestmark = drives("httpx-oauth")


def test_openid(person: dict) -> None:
    """OpenID (what FastAPI Users logs people in by): discovery, code flow, profile, refresh, revocation"""
    made = new_client(scopes="openid email offline_access")
    client = OpenID(made.id, made.secret, f"{ISSUER}/.well-known/openid-configuration")

    async def journey() -> None:
        link = await client.get_authorization_url(CALLBACK, scope=["openid", "email", "offline_access"])
        code = parameters(visit(link)["url"])["code"]
        token = await client.get_access_token(code, CALLBACK)
        _, email = await client.get_id_email(token["access_token"])
        assert email == person["email"]
        renewed = await client.refresh_token(token["refresh_token"])
        assert renewed["access_token"] != token["access_token"]
        await client.revoke_token(renewed["refresh_token"], "refresh_token")

    asyncio.run(journey())
