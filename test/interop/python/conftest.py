"""What the tests of this folder share: the stage (test/interop/stage.ts), places for clients to run in, and the report.

A module says which client it drives (`pytestmark = drives(…)`, by its name at PyPI), and a test what that client gets done: the first line
of its docstring. A setting that the client needs beyond what its documentation has is named where the test is: `needs=`.
"""

import json
import os
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import uuid4
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import requests

STAGE = os.environ["LATCHKEY_STAGE"]
ISSUER = os.environ["LATCHKEY_ISSUER"]
# Where nobody listens: as far as a person comes who is sent to a client that is no web site.
CALLBACK = "https://localhost:1/callback"


@dataclass(frozen=True)
class Client:
    id: str
    secret: str | None


def new_client(redirect: str = CALLBACK, *, scopes: str = "openid profile email", **changes: object) -> Client:
    """An application that an administrator makes, with nothing but a name, a redirect URL and its scopes."""
    body = {"name": f"Interop {uuid4()}", "kind": "application", "redirect_urls": [redirect], "scopes": scopes.split(), **changes}
    made = requests.post(f"{STAGE}/clients", json=body, timeout=30)
    assert made.status_code == 201, made.text
    return Client(made.json()["client_id"], made.json().get("client_secret"))


def new_api(identifier: str, *permissions: str, self_registered: bool = True, **more: object) -> None:
    """An API of the account: tokens for it have these permissions as their scope."""
    described = [
        {"name": name, "title": f"May do {name}", "description": "", "members": True, "self_registered": self_registered}
        for name in permissions
    ]
    body = {"identifier": identifier, "name": f"Interop {uuid4()}", "description": "", "permissions": described, **more}
    made = requests.post(f"{STAGE}/apis", json=body, timeout=30)
    assert made.status_code == 201, made.text


def visit(url: str, **more: str) -> dict:
    """A person opens the link, signs in and allows what is asked: where they end."""
    answer = requests.get(f"{STAGE}/visit", params={"url": url, **more}, timeout=60)
    # What a page says, where it is none that leads on.
    assert answer.status_code == 200, " ".join(re.sub(r"<[^>]*>|\\n", " ", answer.text).split())
    return answer.json()


def person_token(resource: str, scope: str, headers: dict[str, str] | None = None) -> str:
    """What a client got for an API of somebody's: the code flow by hand, for whom it is not the client that is driven."""
    client = new_client(scopes=scope, require_pkce=False)
    query = {"response_type": "code", "client_id": client.id, "redirect_uri": CALLBACK, "scope": scope, "resource": resource}
    back = visit(f"{ISSUER}/oauth/authorize?{urlencode(query)}")["url"]
    form = {"grant_type": "authorization_code", "code": parameters(back)["code"], "redirect_uri": CALLBACK}
    auth = (client.id, client.secret or "")
    answer = requests.post(f"{ISSUER}/oauth/token", data=form, auth=auth, headers=headers, timeout=30)
    assert answer.status_code == 200, answer.text
    return answer.json()["access_token"]


def parameters(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def person() -> dict:
    return requests.get(STAGE, timeout=30).json()["person"]


@pytest.fixture(scope="session")
def metadata() -> dict:
    return requests.get(f"{ISSUER}/.well-known/openid-configuration", timeout=30).json()


class QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


def serving() -> Iterator:
    """Serves a WSGI application, made by a function that is told its origin, until the test or the module is over."""
    servers = []

    def start(make_application) -> str:
        port = free_port()
        origin = f"http://127.0.0.1:{port}"
        server = make_server("127.0.0.1", port, make_application(origin), handler_class=QuietHandler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return origin

    yield start
    for server in servers:
        server.shutdown()


serve = pytest.fixture(serving)
serve_for_module = pytest.fixture(serving, scope="module")


def drives(distribution: str, *, needs: str | None = None) -> pytest.MarkDecorator:
    return pytest.mark.drives(distribution, needs)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "drives(distribution, needs): the client, and a setting beyond its default with the reason")
    config.pluginmanager.register(Report())


class Report:
    """Prints each test by the client, its version and what it gets done; writes REPORT, which clients-table.ts reads."""

    def __init__(self) -> None:
        self.passed = self.failed = 0
        self.clients: dict[str, dict] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo):
        report = yield
        is_over = report.when == "call" or (report.when == "setup" and not report.passed)
        if not is_over:
            return report
        marks = [mark.args for mark in item.iter_markers("drives")]
        name = marks[-1][0]
        does = (item.function.__doc__ or item.name).strip().splitlines()[0].rstrip(".")
        client = self.clients.setdefault(
            name, {"client": name, "version": version(name), "language": "Python", "needs": [], "works": []}
        )
        client["needs"] += [needs for _, needs in marks if needs is not None and needs not in client["needs"]]
        if report.passed:
            self.passed += 1
            client["works"].append(does)
        else:
            self.failed += 1
        print(f"\n{'ok' if report.passed else 'FAILED'}: {name} {client['version']}: {does}", flush=True)
        return report

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        # 0 and 1 say what the tests said; anything else that there is a file which could not be read.
        broken = 0 if exitstatus in (0, 1) else 1
        counts = {"numPassedTests": self.passed, "numFailedTests": self.failed, "numFailedTestSuites": broken}
        with open(os.environ["REPORT"], "w") as file:
            json.dump({**counts, "clients": list(self.clients.values())}, file, indent=2)
