#!/usr/bin/env bash
# miniflare 5.20261023.2-beta (workerd 1.20261023.1), node 26.10.0 and 22.23.2, deno 2.9.5: what one JavaScript value
# becomes when it is bound to the ? of `SELECT typeof(?1), quote(?1)`.
#
# Where a driver does not know a type it does not refuse it, but stores something else:
# - a boolean is 1 on D1 and on Node 26, an error on Node 22 and on Deno, and on a Durable Object the text 'true' or
#   'false', both of which SQLite takes for false where it is asked for a truth;
# - a Float32Array or Float64Array is copied by D1 number by number into bytes, so that an embedding comes back as zeros
#   and ones; a DataView is empty there. Elsewhere they are the bytes that they hold;
# - an ArrayBuffer or a Date that is the first value counts as an object of named parameters on Node 22 and Deno (a Date
#   on Node 26 as well), has none of the names, and every ? is null, without an error. As a second value it is refused;
# - a Date or a plain object is on a Durable Object what String() makes of it: "[object Object]";
# - a bigint is refused by both of Cloudflare's.
#
#> true: d1 1.0, object 'true', node26 1, node22 TypeError, deno TypeError
#> false: d1 0.0, object 'false', node26 0, node22 TypeError, deno TypeError
#> Float32Array [0.25, 1.5]: d1 X'0001', object X'0000803E0000C03F', node26 X'0000803E0000C03F', node22 X'0000803E0000C03F', deno X'0000803E0000C03F'
#> DataView of 2 bytes: d1 X'', object X'0708', node26 X'0708', node22 X'0708', deno X'0708'
#> ArrayBuffer of 2 bytes: d1 X'0708', object X'0708', node26 X'0708', node22 NULL, deno NULL
#> Date: d1 Error, object 'Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)', node26 NULL, node22 NULL, deno NULL
#> array [7, 8]: d1 X'0708', object '7,8', node26 Error, node22 Error, deno Error
#> bigint 5n: d1 Error, object TypeError, node26 5, node22 5, deno 5
set -euo pipefail
expected=$(sed -n 's/^#> //p' "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export TMPDIR=$folder TZ=UTC
mkdir older
echo '{}' | tee package.json > older/package.json
npm install --silent --no-audit --no-fund node@26.10.0 deno@2.9.5 miniflare@5.20261023.2-beta
(cd older && npm install --silent --no-audit --no-fund node@22.23.2)

cat > values.mjs <<'JS'
const bytes = new Uint8Array([7, 8]).buffer;
const values = {
	true: true,
	false: false,
	"Float32Array [0.25, 1.5]": new Float32Array([0.25, 1.5]),
	"DataView of 2 bytes": new DataView(bytes),
	"ArrayBuffer of 2 bytes": bytes,
	Date: new Date(0),
	"array [7, 8]": [7, 8],
	"bigint 5n": 5n,
};

/** `quote` asks the database for `query`'s q with a value bound. */
export async function bound(quote) {
	const seen = {};
	for (const [name, value] of Object.entries(values)) {
		seen[name] = await quote("SELECT quote(?1) AS q", value).catch((error) => error.constructor.name);
	}
	return seen;
}
JS
cat > worker.mjs <<'JS'
import { DurableObject } from "cloudflare:workers";
import { bound } from "./values.mjs";

export class Values extends DurableObject {
	take() {
		return bound(async (query, value) => this.ctx.storage.sql.exec(query, value).one().q);
	}
}

export default {
	async fetch(_request, { DB, VALUES }) {
		const d1 = await bound(async (query, value) => DB.prepare(query).bind(value).first("q"));
		return Response.json({ d1, object: await VALUES.get(VALUES.idFromName("it")).take() });
	},
};
JS
cat > file.mjs <<'JS'
import { DatabaseSync } from "node:sqlite";
import { bound } from "./values.mjs";

const db = new DatabaseSync(":memory:");
console.log(JSON.stringify(await bound(async (query, value) => db.prepare(query).get(value).q)));
JS
cat > run.mjs <<'JS'
import { execFileSync } from "node:child_process";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";

const miniflare = new Miniflare(
	convertV4MiniflareOptions({
		modules: ["worker.mjs", "values.mjs"].map((path) => ({ type: "ESModule", path })),
		compatibilityDate: "2026-10-20",
		cf: false,
		d1Databases: ["DB"],
		durableObjects: { VALUES: { className: "Values", useSQLite: true } },
	}),
);
const fileOn = (runtime, ...options) => JSON.parse(execFileSync(runtime, [...options, "file.mjs"], { stdio: "pipe" }));
try {
	const seen = {
		...(await (await miniflare.dispatchFetch("http://localhost/")).json()),
		node26: fileOn("node_modules/.bin/node"),
		node22: fileOn("older/node_modules/.bin/node"),
		deno: fileOn("node_modules/.bin/deno", "run", "--allow-all"),
	};
	for (const what of Object.keys(seen.d1)) {
		console.log(`${what}: ${Object.entries(seen).map(([where, each]) => `${where} ${each[what]}`).join(", ")}`);
	}
} finally {
	await miniflare.dispose();
}
JS
node_modules/.bin/node run.mjs 2> log | tee seen || cat log
diff <(echo "$expected") seen
