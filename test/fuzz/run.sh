#!/usr/bin/env bash
# schemathesis sends to every operation of /openapi.json what the document permits, almost permits and forbids: to the server on
# Node, then to the Worker on workerd. Needs `npm ci`, `npm run build` and Python 3.10 or newer with venv, and installs
# requirements.txt into a folder of its own. A first argument is where the report goes. FUZZ_SEED and FUZZ_EXAMPLES say what is sent.
# Ends with `N passed, N failed`; where schemathesis cannot be had that is a failure.
set -uo pipefail
cd "$(dirname "$0")/../.."

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
results=${1:-$tools/results.json}

if ! python3 -m venv "$tools/venv" || ! "$tools/venv/bin/pip" install -q --no-deps --disable-pip-version-check -r test/fuzz/requirements.txt; then
	echo "There is no schemathesis: Python 3.10 with venv has to be there, and its packages"
	echo '{"numPassedTests":0,"numFailedTests":1,"numFailedTestSuites":0}' > "$results"
	echo "0 passed, 1 failed"
	exit 1
fi
# The Node that comes with `npm ci`: this one reads TypeScript.
node_modules/.bin/node test/fuzz/fuzz.ts "$tools/venv/bin/schemathesis" "$results"
