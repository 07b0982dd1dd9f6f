#!/usr/bin/env bash
# Keycloak, as it comes at this version, as the provider that people of an account sign in through. Needs `npm ci`, `npm run build`,
# a JDK of 17 or newer and Maven, which has it from Maven Central. A first argument is where the test runner's JSON report goes. Ends with
# `N passed, N failed`; where it cannot be had that is a failure.
set -uo pipefail
cd "$(dirname "$0")/../../.."

version=26.7.3
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
results=${1:-$tools/report.json}
status=0

# One of an earlier run is not counted again.
rm -f "$results"
if mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy "-DoutputDirectory=$tools" \
	"-Dartifact=org.keycloak:keycloak-quarkus-dist:$version:tar.gz" && tar -xzf "$tools/keycloak-quarkus-dist-$version.tar.gz" -C "$tools"; then
	KEYCLOAK="$tools/keycloak-$version" npx vitest run --config test/interop/keycloak/vitest.config.ts \
		--reporter=default --reporter=json --outputFile.json="$results" || status=1
else
	echo "There is no Keycloak: a JDK of 17 or newer and Maven have to be there, and what they ask Maven Central for"
fi
node_modules/.bin/node test/interop/print-counts.ts "$results" || status=1
exit "$status"
