"""docs/mcp.md: its programs in Python, as they stand there, in processes of their own."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from conftest import ISSUER, drives, free_port, new_client, visit

pytestmark = drives("mcp")
PAGE = (Path(__file__).parents[3] / "docs" / "mcp.md").read_text()


def program(name: str, folder: Path, **env: object) -> subprocess.Popen:
    (text,) = re.findall(rf"```python\n(# {re.escape(name)}\n.*?)```", PAGE, re.DOTALL)
    (folder / name).write_text(text)
    # What a server says is for who reads the run.
    heard = None if name == "server.py" else subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, "-u", str(folder / name)],
        env={**os.environ, "ISSUER": ISSUER, **{key: str(value) for key, value in env.items()}},
        stdout=heard,
        stderr=heard,
        text=True,
    )


@contextmanager
def serving(resource: str, port: int, folder: Path) -> Iterator[None]:
    server = program("server.py", folder, RESOURCE=resource, PORT=port)
    try:
        wait_for(f"http://localhost:{port}/mcp")
        yield
    finally:
        server.kill()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    url = f"http://localhost:{port}/mcp"
    with serving(url, port, tmp_path_factory.mktemp("server")):
        yield url


def start_client(server: str, folder: Path) -> tuple[subprocess.Popen, str]:
    """As far as the link that a person is to open."""
    client = program("client.py", folder, SERVER=server, CALLBACK_PORT=free_port())
    return client, client.stdout.readline().removeprefix("Open ").strip()


def test_page(server: str, tmp_path: Path) -> None:
    """the server and the client of docs/mcp.md"""
    client, link = start_client(server, tmp_path)
    assert visit(link)["status"] == 200
    said, complained = client.communicate(timeout=60)
    assert client.returncode == 0, complained
    assert "usr_" in said


def test_denied(server: str, tmp_path: Path) -> None:
    """the same client says why, where the person does not allow it"""
    client, link = start_client(server, tmp_path)
    assert visit(link, press="Deny")["status"] == 200
    said, complained = client.communicate(timeout=60)
    assert (client.returncode, said, complained) == (1, "", "Not allowed: The person said no\n")


def test_machine(server: str, tmp_path: Path) -> None:
    """the server and the machine of docs/mcp.md"""
    made = new_client(scopes="", redirect_urls=[], acts_for_itself=True)
    machine = program("machine.py", tmp_path, SERVER=server, CLIENT_ID=made.id, CLIENT_SECRET=made.secret)
    said, complained = machine.communicate(timeout=60)
    assert machine.returncode == 0, complained
    assert "cli_" in said


def test_name(tmp_path: Path) -> None:
    """the same server at the name that it is known by, and at no other"""
    port, resource = free_port(), "https://mcp.example.com/mcp"
    made = new_client(scopes="", redirect_urls=[], acts_for_itself=True)
    form = {"grant_type": "client_credentials", "resource": resource}
    granted = requests.post(f"{ISSUER}/oauth/token", data=form, auth=(made.id, made.secret), timeout=30)
    assert granted.status_code == 200, granted.text
    with serving(resource, port, tmp_path):
        for host, status in [("mcp.example.com", 200), ("evil.example.com", 421)]:
            assert initialized(port, host, granted.json()["access_token"]) == status


def initialized(port: int, host: str, token: str) -> int:
    """What MCP's first request is answered, by the name that it is asked at."""
    params = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    headers = {"host": host, "authorization": f"Bearer {token}", "accept": "application/json, text/event-stream"}
    body = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}
    return requests.post(f"http://localhost:{port}/mcp", headers=headers, json=body, timeout=30).status_code


def wait_for(url: str) -> None:
    for _ in range(600):
        try:
            assert requests.post(url, timeout=5).status_code == 401
            return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise AssertionError("The server did not start")
