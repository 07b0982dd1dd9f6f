"""docs/mcp.md: its programs in Python, as they stand there, in processes of their own."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import requests
from conftest import ISSUER, drives, free_port, visit

pytestmark = drives("mcp")
PAGE = (Path(__file__).parents[3] / "docs" / "mcp.md").read_text()


def program(name: str, folder: Path) -> list[str]:
    (text,) = re.findall(rf"```python\n(# {re.escape(name)}\n.*?)```", PAGE, re.DOTALL)
    (folder / name).write_text(text)
    return [sys.executable, "-u", str(folder / name)]


def test_page(tmp_path: Path) -> None:
    """the server and the client of docs/mcp.md"""
    port = free_port()
    url = f"http://localhost:{port}/mcp"
    env = {**os.environ, "ISSUER": ISSUER, "RESOURCE": url, "SERVER": url, "PORT": str(port)}
    server = subprocess.Popen(program("server.py", tmp_path), env=env)
    try:
        wait_for(url)
        client = subprocess.Popen(
            program("client.py", tmp_path), env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        link = client.stdout.readline().removeprefix("Open ").strip()
        said, _ = client.communicate(f"{visit(link)['url']}\n", timeout=60)
        assert client.returncode == 0
        assert "usr_" in said
    finally:
        server.kill()


def wait_for(url: str) -> None:
    for _ in range(600):
        try:
            assert requests.post(url, timeout=5).status_code == 401
            return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise AssertionError("The server did not start")
