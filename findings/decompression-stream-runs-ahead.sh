#!/usr/bin/env bash
# workerd 1.20261023.1 beside node 26.10.0 and deno 2.9.5: DecompressionStream.
#
# A stream that is piped through takes of its source what somebody reads of its other end, and a little more. On workerd what is
# written to a DecompressionStream is unpacked at once and kept, whoever reads: the source is asked for piece after piece, all of
# it, while its reader has looked at one chunk and waits. A text of 256 MiB that a limit of 1 MiB was meant to stop, by counting
# what is read, is all in memory by then. Node and Deno wait for the reader. Write a piece, read until nothing more comes, and
# only then write the next.
#
#> workerd: one chunk was read, and all of the source is taken
#> node: one chunk was read, and at most half of the source is taken
#> deno: one chunk was read, and at most half of the source is taken
set -euo pipefail
expected=$(sed -n 's/^#> //p' "$0")
folder=$(mktemp -d)
trap '[ -z "${server:-}" ] || kill "$server" 2> /dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' > package.json
npm install --silent --no-audit --no-fund workerd@1.20261023.1 node@26.10.0 deno@2.9.5

cat > ahead.mjs <<'JS'
export async function ahead(runtime) {
	const mebibytes = Array.from({ length: 256 }, () => new Uint8Array(1024 * 1024));
	const packed = ReadableStream.from(mebibytes).pipeThrough(new CompressionStream("gzip"));
	const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
	const piece = 512;
	let taken = 0;
	const source = new ReadableStream(
		{
			pull(controller) {
				if (taken >= bytes.length) return controller.close();
				controller.enqueue(bytes.slice(taken, taken + piece));
				taken += piece;
			},
		},
		{ highWaterMark: 0 },
	);
	const reader = source.pipeThrough(new DecompressionStream("gzip")).getReader();
	await reader.read();
	await new Promise((resolve) => setTimeout(resolve, 1000));
	const share = taken >= bytes.length ? "all" : taken <= bytes.length / 2 + piece ? "at most half" : "most";
	return `${runtime}: one chunk was read, and ${share} of the source is taken`;
}
JS
cat > worker.mjs <<'JS'
import { ahead } from "./ahead.mjs";
export default { fetch: async () => new Response(`${await ahead("workerd")}\n`) };
JS
cat > main.mjs <<'JS'
import { ahead } from "./ahead.mjs";
const runtime = globalThis.Deno ? "deno" : "node";
console.log(await ahead(runtime));
(globalThis.Deno ?? process).exit(0);
JS
cat > config.capnp <<'CAPNP'
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
	services = [(name = "main", worker = (
		modules = [(name = "worker.mjs", esModule = embed "worker.mjs"), (name = "ahead.mjs", esModule = embed "ahead.mjs")],
		compatibilityDate = "2026-10-20",
	))],
	sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
CAPNP

# It says on which free port it listens.
touch control
node_modules/.bin/workerd serve config.capnp --control-fd=3 3>> control &
server=$!
until port=$(sed -n 's/.*"port":\([0-9]*\).*/\1/p' control) && [ -n "$port" ]; do sleep 0.1; done
{ curl -s "http://127.0.0.1:$port/" && node_modules/.bin/node main.mjs && node_modules/.bin/deno run --quiet main.mjs; } | tee seen
diff <(echo "$expected") seen
