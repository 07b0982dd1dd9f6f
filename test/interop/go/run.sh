#!/usr/bin/env bash
# Go's clients and resource servers, as they come, at the versions of each go.mod, against the built Worker. Needs `npm ci`,
# `npm run build` and Go 1.26 or newer. A first argument is where the report goes, others go to the tests (`-test.run MCP`). Ends with
# `N passed, N failed`; where the modules cannot be had that is a failure.
set -uo pipefail
cd "$(dirname "$0")/../../.."

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
export REPORT=${1:-$tools/report.json}
export OAUTH2_PROXY=$tools/oauth2-proxy ZITADEL_DEVICE=$tools/zitadel-device
status=0

# One of an earlier run is not counted again.
rm -f "$REPORT"
# Built before the stage stands, which trusts an authority of its own.
if go build -C test/interop/go/oauth2-proxy -o "$OAUTH2_PROXY" github.com/oauth2-proxy/oauth2-proxy/v7 &&
	go build -C test/interop/go/zitadel -o "$ZITADEL_DEVICE" github.com/zitadel/oidc/v3/example/client/device &&
	go test -C test/interop/go -c -o "$tools/interop.test"; then
	# The Node that comes with `npm ci`: this one reads TypeScript.
	node_modules/.bin/node test/interop/stage.ts bash -c 'cd test/interop/go && exec "$@"' - "$tools/interop.test" "${@:2}" || status=1
else
	echo "There are no clients: Go 1.26 or newer has to be there, and the modules of go.sum"
fi
node_modules/.bin/node test/interop/print-counts.ts "$REPORT" || status=1
exit "$status"
