// `dist/serve.js`, with everything that it needs of node_modules, and beside it the files that it reads.
import { cpSync, rmSync } from "node:fs";
import { bundle } from "./bundle.ts";
import "./prepare-local.ts";

await bundle("src/serve.ts", "dist/serve.js");
for (const folder of ["ui/public", "platform/sql/migrations"]) {
	// A file that has another name by now is not left there.
	rmSync(`dist/${folder}`, { recursive: true, force: true });
	cpSync(`src/${folder}`, `dist/${folder}`, { recursive: true });
}
