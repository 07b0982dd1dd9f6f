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

# One of an earlier run is not counted again.
rm -f "$REPORT"
# Built before the stage stands, which trusts an authority of its own.
if cargo build -q --locked --manifest-path test/interop/rust/Cargo.toml; then
	# The Node that comes with `npm ci`: this one reads TypeScript.
	node_modules/.bin/node test/interop/stage.ts "$CARGO_TARGET_DIR/debug/interop" || status=1
else
	echo "There are no clients: Cargo 1.88 or newer has to be there, and the crates of Cargo.lock"
fi
node_modules/.bin/node test/interop/print-counts.ts "$REPORT" || status=1
exit "$status"
