#!/usr/bin/env bash
# Python's clients and resource servers from PyPI, as they come, at the versions of requirements.txt, against the built Worker.
# Needs `npm ci`, `npm run build` and Python 3.11 or newer with venv; installs into a folder of its own. A first argument is where
# the report goes, others go to pytest (`-k authlib`). Ends with `N passed, N failed`; where the packages cannot be had that is a failure.
set -uo pipefail
cd "$(dirname "$0")/../../.."

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
export REPORT=${1:-$tools/report.json}
status=0

if ! python3 -m venv "$tools/venv" || ! "$tools/venv/bin/pip" install -q --no-deps --disable-pip-version-check -r test/interop/python/requirements.txt; then
	echo "There are no clients: Python 3.11 with venv has to be there, and the packages of requirements.txt"
	echo '{"numPassedTests":0,"numFailedTests":1,"numFailedTestSuites":0}' > "$REPORT"
	echo "0 passed, 1 failed"
	exit 1
fi
# The Node that comes with `npm ci`: this one reads TypeScript.
node_modules/.bin/node test/interop/stage.ts "$tools/venv/bin/python" -m pytest -q -s -p no:cacheprovider test/interop/python "${@:2}" || status=1
node_modules/.bin/node -e '
	const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
	console.log(`${numPassedTests} passed, ${Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0)} failed`);
' "$REPORT" || status=1
exit "$status"
