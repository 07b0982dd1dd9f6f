#!/usr/bin/env bash
# oxlint 1.89.0 beside eslint 10.0.0: `no-restricted-imports` with a `regex` that has a lookaround.
#
# Both take the same options, and both report an import that a plain pattern names. A pattern with a lookahead or a
# lookbehind, which is how "anything but these" is written, oxlint drops: no report, no warning, exit status 0. eslint
# reports the import. A wall between folders that was moved from one to the other stands in the file and nowhere else.
# Name what is forbidden one by one, and have a test refuse `(?=`, `(?!` and `(?<` in the configuration.
#
#> oxlint, ^\.\./(?:storage|http)/: 1 reported, exit 1
#> eslint, ^\.\./(?:storage|http)/: 1 reported, exit 1
#> oxlint, ^\.\./(?!domain/): 0 reported, exit 0
#> eslint, ^\.\./(?!domain/): 1 reported, exit 1
#> oxlint, ^\.\./(?=storage/): 0 reported, exit 0
#> eslint, ^\.\./(?=storage/): 1 reported, exit 1
#> oxlint, (?<=\.\./)storage: 0 reported, exit 0
#> eslint, (?<=\.\./)storage: 1 reported, exit 1
set -euo pipefail
expected=$(sed -n 's/^#> //p' "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' > package.json
npm install --silent --no-audit --no-fund oxlint@1.89.0 eslint@10.0.0

mkdir views
echo 'import { load } from "../storage/load.js"; load();' > views/page.js

# The rule as both read it.
rule() {
	node -p 'JSON.stringify({ "no-restricted-imports": ["error", { patterns: [{ regex: process.argv[1], message: "Not from here." }] }] })' "$1"
}

report() {
	local status=0
	"$@" views > out 2>&1 || status=$?
	echo "$(grep -c 'Not from here' out || true) reported, exit $status"
}

for regex in '^\.\./(?:storage|http)/' '^\.\./(?!domain/)' '^\.\./(?=storage/)' '(?<=\.\./)storage'; do
	echo "{ \"categories\": { \"correctness\": \"off\" }, \"rules\": $(rule "$regex") }" > .oxlintrc.json
	echo "export default [{ files: [\"views/*.js\"], rules: $(rule "$regex") }];" > eslint.config.mjs
	echo "oxlint, $regex: $(report node_modules/.bin/oxlint)"
	echo "eslint, $regex: $(report node_modules/.bin/eslint)"
done | tee seen
diff <(echo "$expected") seen
