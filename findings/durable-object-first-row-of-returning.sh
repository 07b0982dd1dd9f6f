#!/usr/bin/env bash
# miniflare 5.20261023.2-beta (workerd 1.20261023.1): ctx.storage.sql of a Durable Object.
#
# `const [row] = sql.exec("DELETE ... RETURNING id")` takes the first row from a cursor. Where there is but one, all is
# well, so that tests pass. Where there are two, the cursor stays open on a write, and what the call has done cannot be
# committed: the caller hears "internal error" without a reason (workerd's log has it: SQL statements in progress), and
# the object is reset to its last commit, here to before the table. A transactionSync() in the same call throws the same
# "internal error" wherever it stands; who catches it loses the call all the same. A RETURNING that nobody reads does this
# already with one row. SELECT does no harm, nor does .toArray() before the brackets.
#
#> SELECT, 2 rows, [row]: answered; 3 rows are left
#> DELETE, 1 row, [row]: answered; 2 rows are left
#> DELETE, 2 rows, [row]: internal error; no such table
#> DELETE, 2 rows, [row], caught: internal error; no such table
#> DELETE, 2 rows, toArray: answered; 1 rows are left
#> DELETE, 1 row, unread: internal error; no such table
set -euo pipefail
expected=$(sed -n 's/^#> //p' "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export TMPDIR=$folder
echo '{}' > package.json
npm install --silent --no-audit --no-fund node@26.10.0 miniflare@5.20261023.2-beta

cat > worker.mjs <<'JS'
import { DurableObject } from "cloudflare:workers";

const ways = {
	"SELECT, 2 rows, [row]": ({ sql }) => {
		const [row] = sql.exec("SELECT id FROM t WHERE id <= 2");
		return row;
	},
	"DELETE, 1 row, [row]": ({ sql }) => {
		const [row] = sql.exec("DELETE FROM t WHERE id <= 1 RETURNING id");
		return row;
	},
	"DELETE, 2 rows, [row]": ({ sql }) => {
		const [row] = sql.exec("DELETE FROM t WHERE id <= 2 RETURNING id");
		return row;
	},
	"DELETE, 2 rows, [row], caught": (storage) => {
		const [row] = storage.sql.exec("DELETE FROM t WHERE id <= 2 RETURNING id");
		try {
			storage.transactionSync(() => {});
		} catch {
			return row;
		}
	},
	"DELETE, 2 rows, toArray": ({ sql }) => {
		const [row] = sql.exec("DELETE FROM t WHERE id <= 2 RETURNING id").toArray();
		return row;
	},
	"DELETE, 1 row, unread": ({ sql }) => {
		sql.exec("DELETE FROM t WHERE id <= 1 RETURNING id");
		return { id: 1 };
	},
};

export class Rows extends DurableObject {
	take(way) {
		this.ctx.storage.sql.exec("CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1), (2), (3)");
		return ways[way](this.ctx.storage).id === 1 ? "answered" : "another row";
	}

	left() {
		return `${this.ctx.storage.sql.exec("SELECT count(*) AS n FROM t").one().n} rows are left`;
	}
}

export default {
	async fetch(_request, { ROWS }) {
		const lines = [];
		for (const way of Object.keys(ways)) {
			const rows = () => ROWS.get(ROWS.idFromName(way));
			lines.push(`${way}: ${await rows().take(way).catch(plain)}; ${await rows().left().catch(plain)}`);
		}
		return new Response(lines.join("\n"));
	},
};

function plain(error) {
	return error.message.match(/internal error|no such table/)?.[0] ?? error.message;
}
JS
cat > run.mjs <<'JS'
import { convertV4MiniflareOptions, Miniflare } from "miniflare";

const miniflare = new Miniflare(
	convertV4MiniflareOptions({
		modules: true,
		scriptPath: "worker.mjs",
		compatibilityDate: "2026-10-20",
		cf: false,
		durableObjects: { ROWS: { className: "Rows", useSQLite: true } },
	}),
);
try {
	console.log(await (await miniflare.dispatchFetch("http://localhost/")).text());
} finally {
	await miniflare.dispose();
}
JS
node_modules/.bin/node run.mjs 2> log | tee seen || cat log
diff <(echo "$expected") seen
