// `npm run bench:memory`: what an isolate remembers of many subjects, by a million requests of a hundred thousand.
//   --requests <number> --subjects <number>  for a first look
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bundle } from "../../scripts/bundle.ts";
import { temporaryFolder } from "../runners/temporary-folder.ts";

const { requests, subjects } = parseArgs({
	options: { requests: { type: "string", default: "1000000" }, subjects: { type: "string", default: "100000" } },
}).values;
const folder = await temporaryFolder();
const script = join(folder, "memory-load.mjs");
await bundle("test/bench/memory-load.ts", script);
const child = spawn(process.execPath, ["--expose-gc", script, requests, subjects], { stdio: "inherit" });
[process.exitCode] = await once(child, "exit");
await rm(folder, { recursive: true });
