"""docs/verifying.md: its program in Python, as it stands there but for the names, for tokens of an API of somebody's."""

import importlib.util
import json
import re
import time
from pathlib import Path
from types import ModuleType

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from conftest import ISSUER, drives, new_api, person_token

pytestmark = drives("PyJWT")
RESOURCE = "https://snippet.example/v1"
OTHER = "https://other-snippet.example/v1"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    page = (Path(__file__).parents[3] / "docs" / "verifying.md").read_text()
    (text,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    text = text.replace("https://auth.example.com", ISSUER).replace("https://orders.example.com/v1", RESOURCE)
    path = tmp_path_factory.mktemp("snippet") / "access.py"
    path.write_text(text)
    spec = importlib.util.spec_from_file_location("access", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def token() -> str:
    new_api(RESOURCE, "snippet:read", "snippet:write")
    return person_token(RESOURCE, "openid snippet:read")


def proof() -> str:
    """RFC 9449 §4.2, for a token request."""
    key = ec.generate_private_key(ec.SECP256R1())
    jwk = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(key.public_key()))
    claims = {"jti": str(time.time_ns()), "htm": "POST", "htu": f"{ISSUER}/oauth/token", "iat": int(time.time())}
    return jwt.encode(claims, key, algorithm="ES256", headers={"typ": "dpop+jwt", "jwk": jwk})


def test_program_of_the_page(program: ModuleType, token: str) -> None:
    """the program of an API's page: claims and permissions; not another API's token, another permission, another kind or a damaged one"""
    assert program.verify(token)["aud"] == RESOURCE
    assert "snippet:read" in program.verify(token, "snippet:read")["scope"].split()
    with pytest.raises(PermissionError):
        program.verify(token, "snippet:read", "snippet:write")
    new_api(OTHER, "other-snippet:read")
    with pytest.raises(jwt.InvalidAudienceError):
        program.verify(person_token(OTHER, "openid other-snippet:read"))
    head, claims, signature = token.split(".")
    with pytest.raises(jwt.InvalidSignatureError):
        program.verify(f"{head}.{claims}.{'A' * len(signature)}")
    with pytest.raises(jwt.InvalidTokenError, match="bound to a key"):
        program.verify(person_token(RESOURCE, "openid snippet:read", {"DPoP": proof()}))
    plain = jwt.encode({"aud": RESOURCE}, "x" * 32, headers={"typ": "JWT"})
    with pytest.raises(jwt.InvalidTokenError, match="not an access token"):
        program.verify(plain)
