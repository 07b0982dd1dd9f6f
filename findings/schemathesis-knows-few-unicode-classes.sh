#!/usr/bin/env bash
# Schemathesis 4.32.5: `pattern` with a Unicode class, as JSON Schema's dialect of regular expressions (ECMA-262, `u`) has them.
#
# To make values it writes the pattern anew for Python's `re`, from a table of few classes. Of what is not in it, it says that the
# pattern is valid and no value of it can be built, sends nothing at all to that operation, and asks for a narrower pattern. Which
# ones those are cannot be told from the spelling: \p{Lu} and \p{Lo} work and \p{Lm} does not; in brackets and in negated ones \p{Lu}
# works too, but not its own negation (\P{Lu}, where [^\p{Lu}] does). \p{C}, of which control characters are a part, works in all
# three; \p{Cc} in none, so that the usual way to say "no control characters", [^\p{Cc}]*, leaves an operation untested. Written
# as [^\p{C}] or by code points, it is tested. The run fails, so that nobody takes it for tested; other operations go on.
#
#> ^[^\p{Cc}]*$ not tested
#> ^[^\p{C}]*$ tested
#> ^[^\x00-\x1f\x7f-\x9f]*$ tested
#> ^\P{C}+$ tested
#> ^\P{Cc}+$ not tested
#> ^\p{Lu}+$ tested
#> ^\P{Lu}+$ not tested
#> ^[^\p{Lu}]+$ tested
#> ^\p{Lo}+$ tested
#> ^\p{Lm}+$ not tested
#> ^\p{Script=Greek}+$ not tested
#> exit 1
set -euo pipefail
expected=$(sed -n 's/^#> //p' "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check schemathesis==4.32.5 hypothesis==6.170.17 jsonschema_rs==0.60.3

cat > patterns.py <<'PYTHON'
import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

patterns = [
    r"^[^\p{Cc}]*$",
    r"^[^\p{C}]*$",
    r"^[^\x00-\x1f\x7f-\x9f]*$",
    r"^\P{C}+$",
    r"^\P{Cc}+$",
    r"^\p{Lu}+$",
    r"^\P{Lu}+$",
    r"^[^\p{Lu}]+$",
    r"^\p{Lo}+$",
    r"^\p{Lm}+$",
    r"^\p{Script=Greek}+$",
]
asked = set()


class Api(BaseHTTPRequestHandler):
    """Takes whatever is sent, and notes to which operation."""

    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length") or 0))
        asked.add(self.path)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def operation(pattern):
    schema = {"type": "string", "pattern": pattern}
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    return {"post": {"requestBody": body, "responses": {"204": {"description": "Taken"}}}}


server = HTTPServer(("127.0.0.1", 0), Api)
threading.Thread(target=server.serve_forever, daemon=True).start()
paths = {f"/{index}": operation(pattern) for index, pattern in enumerate(patterns)}
with open("openapi.json", "w") as file:
    json.dump({"openapi": "3.1.0", "info": {"title": "patterns", "version": "1"}, "paths": paths}, file)
command = ["venv/bin/schemathesis", "run", "openapi.json", "--url", f"http://127.0.0.1:{server.server_port}"]
options = ["--phases", "fuzzing", "--mode", "positive", "--checks", "not_a_server_error", "--max-examples", "20", "--seed", "1"]
ran = subprocess.run([*command, *options], capture_output=True)
for index, pattern in enumerate(patterns):
    print(pattern, "tested" if f"/{index}" in asked else "not tested")
print("exit", ran.returncode)
PYTHON
seen=$(venv/bin/python patterns.py)
echo "$seen"
diff <(echo "$expected") <(echo "$seen")
