#!/usr/bin/env bash
# The programs of the guides in every language that they have: those in Node run with the other tests. Needs `npm ci`, `npm run
# build`, python3 and Go. A first argument is where the test runner's JSON report goes. Ends with `N passed, N failed`.
set -uo pipefail
cd "$(dirname "$0")/../../.."

report=$(mktemp)
trap 'rm -f "$report"' EXIT
results=${1:-$report}
status=0

# One of an earlier run is not counted again.
rm -f "$results"
GUIDE_PROGRAMS="node python3 go" npx vitest run --project system test/interop/guides.test.ts --testNamePattern "the install flow" \
	--reporter=default --reporter=json --outputFile.json="$results" || status=1
node_modules/.bin/node test/interop/print-counts.ts "$results" || status=1
exit "$status"
