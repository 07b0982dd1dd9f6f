"""A site on Django with three clients and a resource server, each set up as its own documentation has it."""

import json
import tempfile
from pathlib import Path

import django
import pytest
import requests
from conftest import ISSUER, drives, new_client, person_token, visit
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application


def configure(origin: str) -> None:
    mozilla = new_client(f"{origin}/oidc/callback/")
    allauth = new_client(f"{origin}/accounts/oidc/latchkey/login/callback/")
    social = new_client(f"{origin}/social/complete/oidc/")
    server = new_client(resources=[f"{origin}/me"])
    labels = ["auth", "contenttypes", "sessions", "account", "socialaccount", "social_django", "oauth2_provider"]
    settings.configure(
        DEBUG=True,
        SECRET_KEY="of this test",
        ROOT_URLCONF="django_urls",
        ALLOWED_HOSTS=["127.0.0.1"],
        DATABASES={
            "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(Path(tempfile.mkdtemp()) / "site.sqlite3")}
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "mozilla_django_oidc",
            "allauth",
            "allauth.account",
            "allauth.socialaccount",
            "allauth.socialaccount.providers.openid_connect",
            "social_django",
            "oauth2_provider",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "allauth.account.middleware.AccountMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
            }
        ],
        AUTHENTICATION_BACKENDS=[
            "django.contrib.auth.backends.ModelBackend",
            "allauth.account.auth_backends.AuthenticationBackend",
            "social_core.backends.open_id_connect.OpenIdConnectAuth",
            # After the others, for it takes every answer with a code for its own: findings/django-login-redeems-its-code-twice.sh
            "mozilla_django_oidc.auth.OIDCAuthenticationBackend",
        ],
        LOGIN_REDIRECT_URL="/",
        OIDC_RP_CLIENT_ID=mozilla.id,
        OIDC_RP_CLIENT_SECRET=mozilla.secret,
        OIDC_RP_SIGN_ALGO="RS256",
        OIDC_OP_JWKS_ENDPOINT=f"{ISSUER}/.well-known/jwks.json",
        OIDC_OP_AUTHORIZATION_ENDPOINT=f"{ISSUER}/oauth/authorize",
        OIDC_OP_TOKEN_ENDPOINT=f"{ISSUER}/oauth/token",
        OIDC_OP_USER_ENDPOINT=f"{ISSUER}/oauth/userinfo",
        SOCIALACCOUNT_LOGIN_ON_GET=True,
        SOCIALACCOUNT_PROVIDERS={
            "openid_connect": {
                "APPS": [
                    {
                        "provider_id": "latchkey",
                        "name": "latchkey",
                        "client_id": allauth.id,
                        "secret": allauth.secret,
                        "settings": {"server_url": ISSUER},
                    }
                ]
            }
        },
        OAUTH2_PROVIDER={
            "RESOURCE_SERVER_INTROSPECTION_URL": f"{ISSUER}/oauth/introspect",
            "RESOURCE_SERVER_INTROSPECTION_CREDENTIALS": (server.id, server.secret),
        },
        SOCIAL_AUTH_OIDC_OIDC_ENDPOINT=ISSUER,
        SOCIAL_AUTH_OIDC_KEY=social.id,
        SOCIAL_AUTH_OIDC_SECRET=social.secret,
        # The tables as they are now, without the way there.
        EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
        MIGRATION_MODULES={label: None for label in labels},
    )
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)


@pytest.fixture(scope="module")
def site(serve_for_module) -> str:
    def make(origin: str):
        configure(origin)
        return get_wsgi_application()

    return serve_for_module(make)


@pytest.fixture(autouse=True)
def nobody_yet(site: str) -> None:
    """Another client may have made an account for the person, which would be in the way."""
    get_user_model().objects.all().delete()


def signed_in(url: str, **more: str) -> dict:
    end = visit(url, **more)
    assert end["status"] == 200, end
    user = json.loads(end["body"])
    assert user["signed_in"], end
    return user


@drives("mozilla-django-oidc", needs="`OIDC_RP_SIGN_ALGO = \"RS256\"`: it takes HS256 alone unless told, and so for every issuer with a key set")
def test_mozilla_django_oidc(site: str, person: dict) -> None:
    """code flow with nonce, id_token by the key set, UserInfo: an account with the person's e-mail"""
    assert signed_in(f"{site}/oidc/authenticate/")["email"] == person["email"]


@drives("django-allauth")
def test_allauth(site: str, person: dict) -> None:
    """OpenID Connect provider: discovery, code flow, UserInfo, sign-up with name and e-mail"""
    assert signed_in(f"{site}/accounts/oidc/latchkey/login/")["email"] == person["email"]


@drives("social-auth-core")
def test_social_auth(site: str, person: dict) -> None:
    """generic OpenID Connect backend: discovery, nonce, id_token with at_hash, user details"""
    user = signed_in(f"{site}/social/login/oidc/", method="POST")  # it takes no other
    assert (user["username"], user["email"]) == (person["username"], person["email"])


@drives("django-oauth-toolkit")
def test_oauth_toolkit(site: str, person: dict) -> None:
    """resource server by introspection (RFC 7662): the person's token, no other scope, no other audience"""
    resource = f"{site}/me"

    def ask(token: str) -> requests.Response:
        return requests.get(resource, headers={"authorization": f"Bearer {token}"}, timeout=30)

    answer = ask(person_token(resource, "openid profile"))
    assert (answer.status_code, answer.text) == (200, person["username"])
    assert ask(person_token(resource, "openid")).status_code == 403
    assert ask(person_token("https://other.example/", "openid profile")).status_code == 403
