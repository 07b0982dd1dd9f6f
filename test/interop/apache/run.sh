#!/usr/bin/env bash
# What Debian has: latchkey behind Apache as an https reverse proxy, libapache2-mod-auth-openidc as a relying party, and as resource
# servers libapache2-mod-oauth2 and dovecot-imapd. Needs `npm ci`, `npm run build`, and these packages, and for Dovecot to be root. A
# first argument is where the test runner's JSON report goes. Ends with `N passed, N failed`; where a package is missing that is a failure.
set -uo pipefail
cd "$(dirname "$0")/../../.."

for needed in /usr/sbin/apache2 /usr/lib/apache2/modules/mod_{auth_openidc,oauth2}.so /usr/sbin/dovecot; do
	if [ ! -e "$needed" ]; then
		echo "There is no $needed: apt-get install apache2 libapache2-mod-auth-openidc libapache2-mod-oauth2 dovecot-imapd"
		echo "0 passed, 1 failed"
		exit 1
	fi
done

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
results=${1:-$tools/report.json}
status=0

# One of an earlier run is not counted again.
rm -f "$results"
npx vitest run --config test/interop/apache/vitest.config.ts --reporter=default --reporter=json --outputFile.json="$results" || status=1
node_modules/.bin/node test/interop/print-counts.ts "$results" || status=1
exit "$status"
