#!/usr/bin/env bash
# Java's clients and resource servers, as they come, at the versions of pom.xml and its parent, against the built Worker. Needs
# `npm ci`, `npm run build`, a JDK of 17 or newer and Maven. A first argument is where the report goes, others go to Maven
# (`-Dtest=NimbusTest`). Ends with `N passed, N failed`; where the packages cannot be had that is a failure.
set -uo pipefail
cd "$(dirname "$0")/../../.."

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
export REPORT=${1:-$tools/report.json}
export TRUST=$tools/trust.jks
status=0

# One of an earlier run is not counted again.
rm -f "$REPORT"
# The Node that comes with `npm ci`: this one reads TypeScript. Java has no variable for whom it trusts.
node_modules/.bin/node test/interop/stage.ts bash -c '
	keytool -importcert -noprompt -alias latchkey -file "$LATCHKEY_CA" -keystore "$TRUST" -storetype JKS -storepass changeit 2> /dev/null &&
		mvn -B -q -f test/interop/java/pom.xml "$@" "-Dbuild=$(dirname "$TRUST")" "-Dtrust=$TRUST" test
' - "${@:2}" || status=1
node_modules/.bin/node test/interop/print-counts.ts "$REPORT" || status=1
exit "$status"
