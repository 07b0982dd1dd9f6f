// `dist/serve.js`: the server and everything that it needs of node_modules in one file, and beside it the files that it reads.
import { cpSync } from "node:fs";
import { build } from "esbuild";
import "./prepare-local.ts";

await build({
	entryPoints: ["src/serve.ts"],
	outfile: "dist/serve.js",
	bundle: true,
	platform: "node",
	target: "node22.13",
	format: "esm",
	sourcemap: "linked",
	logLevel: "warning",
});
for (const folder of ["ui/public", "platform/sql/migrations"]) {
	cpSync(`src/${folder}`, `dist/${folder}`, { recursive: true });
}
