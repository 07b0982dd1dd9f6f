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

# One of an earlier run is not counted again.
rm -f "$REPORT"
if python3 -m venv "$tools/venv" && "$tools/venv/bin/pip" install -q --no-deps --disable-pip-version-check -r test/interop/python/requirements.txt; then
	# The Node that comes with `npm ci`: this one reads TypeScript.
	node_modules/.bin/node test/interop/stage.ts "$tools/venv/bin/python" -m pytest -q -s -p no:cacheprovider test/interop/python "${@:2}" || status=1
else
	echo "There are no clients: Python 3.11 with venv has to be there, and the packages of requirements.txt"
fi
node_modules/.bin/node test/interop/print-counts.ts "$REPORT" || status=1
exit "$status"
