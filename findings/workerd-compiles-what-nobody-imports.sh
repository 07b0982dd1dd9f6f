#!/usr/bin/env bash
# miniflare 5.20261023.2-beta (workerd 1.20261023.1): modules of a Worker that are uploaded beside its main module.
#
# `await import("./later.mjs")` in a handler defers the evaluation of a module, and not its compilation: before the Worker takes its
# first request, workerd has compiled every module that it was given, ES modules and CommonJS, whether anything imports them or not. So
# a bundle that is split for a quick start is still paid for whole, and of a module that does not parse neither the `try` around its
# import nor its never being imported keeps the Worker from failing to start. What only a link or an evaluation finds out (an import
# of what is not there, an exception) waits for the import, as everywhere else. A module of type Text costs nothing. With the
# compatibility flag `new_module_registry` a module is compiled when it is imported.
#
#> never imported, does not parse, ESModule: the Worker does not start; new_module_registry: answered
#> never imported, does not parse, CommonJS: the Worker does not start; new_module_registry: answered
#> never imported, does not parse, Text: answered; new_module_registry: answered
#> never imported, imports what is not there, ESModule: answered; new_module_registry: answered
#> never imported, throws, ESModule: answered; new_module_registry: answered
#> imported in a try, does not parse, ESModule: the Worker does not start; new_module_registry: caught SyntaxError
#> imported in a try, throws, ESModule: caught RangeError; new_module_registry: caught RangeError
set -euo pipefail
expected=$(sed -n 's/^#> //p' "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export TMPDIR=$folder
echo '{}' > package.json
npm install --silent --no-audit --no-fund node@26.10.0 miniflare@5.20261023.2-beta

cat > run.mjs <<'JS'
import { convertV4MiniflareOptions, Miniflare } from "miniflare";

const uses = {
	"never imported": `export default { fetch: () => new Response("answered") };`,
	"imported in a try": `export default {
		async fetch() {
			try {
				await import("./later.mjs");
				return new Response("answered");
			} catch (error) {
				return new Response("caught " + error.name);
			}
		},
	};`,
};
const texts = {
	"does not parse": "const answer = ;",
	"imports what is not there": `import "./nowhere.mjs";`,
	throws: `throw new RangeError("evaluated");`,
};
const tried = [
	["never imported", "does not parse", "ESModule"],
	["never imported", "does not parse", "CommonJS"],
	["never imported", "does not parse", "Text"],
	["never imported", "imports what is not there", "ESModule"],
	["never imported", "throws", "ESModule"],
	["imported in a try", "does not parse", "ESModule"],
	["imported in a try", "throws", "ESModule"],
];

async function outcome(use, text, type, compatibilityFlags) {
	const miniflare = new Miniflare(
		convertV4MiniflareOptions({
			modules: [
				{ type: "ESModule", path: "main.mjs", contents: uses[use] },
				{ type, path: "later.mjs", contents: texts[text] },
			],
			compatibilityDate: "2026-10-20",
			compatibilityFlags,
			cf: false,
		}),
	);
	try {
		return await (await miniflare.dispatchFetch("http://localhost/")).text();
	} catch (error) {
		return /failed to start/.test(error.message) ? "the Worker does not start" : error.message;
	} finally {
		await miniflare.dispose().catch(() => undefined);
	}
}

for (const [use, text, type] of tried) {
	const before = await outcome(use, text, type, []);
	const after = await outcome(use, text, type, ["new_module_registry"]);
	console.log(`${use}, ${text}, ${type}: ${before}; new_module_registry: ${after}`);
}
JS
node_modules/.bin/node run.mjs 2> log | tee seen || cat log
diff <(echo "$expected") seen
