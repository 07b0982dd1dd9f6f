#!/usr/bin/env bash
# latchkey behind Apache as an https reverse proxy, and Debian's libapache2-mod-auth-openidc as a relying party. Needs
# `npm ci`, `npm run build`, and both Debian packages. A first argument is where the test runner's JSON report goes.
# Ends with `N passed, N failed`; where Apache or the module is missing that is a failure.
set -uo pipefail
cd "$(dirname "$0")/../../.."

for needed in /usr/sbin/apache2 /usr/lib/apache2/modules/mod_auth_openidc.so; do
	if [ ! -e "$needed" ]; then
		echo "There is no $needed: apt-get install apache2 libapache2-mod-auth-openidc"
		echo "0 passed, 1 failed"
		exit 1
	fi
done

results=${1:-$(mktemp)}
status=0
npx vitest run --config test/interop/apache/vitest.config.ts --reporter=default --reporter=json --outputFile.json="$results" || status=1
node -e '
	const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
	console.log(`${numPassedTests} passed, ${Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0)} failed`);
' "$results" || status=1
exit "$status"
