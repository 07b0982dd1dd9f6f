import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { bundle } from "../../scripts/bundle.ts";
import { serveWith } from "./server-setup.ts";

/** The server on Node, bundled as dist/serve.js is. */
export default function serveWithNode(project: TestProject): Promise<() => Promise<void>> {
	return serveWith(project, async (folder) => {
		const outfile = join(folder, "staged-server.mjs");
		const alias = { "node:crypto": fileURLToPath(new URL("remembered-crypto.ts", import.meta.url)) };
		await bundle("test/runners/staged-server.ts", outfile, { alias });
		return [process.execPath, outfile];
	});
}
