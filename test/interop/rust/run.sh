#!/usr/bin/env bash
# Rust's clients and a resource server, as they come, at the versions of Cargo.lock, against the built Worker. Needs `npm ci`,
# `npm run build` and Cargo 1.88 or newer; builds into a folder of its own, or CARGO_TARGET_DIR. A first argument is where the
# report goes. Ends with `N passed, N failed`; where the crates cannot be had that is a failure.
set -uo pipefail
cd "$(dirname "$0")/../../.."

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
export REPORT=${1:-$tools/report.json}
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$tools}
status=0

# Built before the stage stands, which trusts an authority of its own. What is failed by a test is in its report.
echo '{"numPassedTests":0,"numFailedTests":0,"numFailedTestSuites":1,"clients":[]}' > "$REPORT"
if cargo build -q --locked --manifest-path test/interop/rust/Cargo.toml; then
	# The Node that comes with `npm ci`: this one reads TypeScript.
	node_modules/.bin/node test/interop/stage.ts "$CARGO_TARGET_DIR/debug/interop" || status=1
else
	echo "There are no clients: Cargo 1.88 or newer has to be there, and the crates of Cargo.lock"
fi
node_modules/.bin/node -e '
	const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
	console.log(`${numPassedTests} passed, ${Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0)} failed`);
' "$REPORT" || status=1
exit "$status"
