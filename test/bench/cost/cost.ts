// `npm run cost -- --write`: counts what a request is billed for, and writes docs/cost.md of that and of the prices. Without
// `--write` the page is printed, of what was counted now.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { countBilled } from "./count-billed.ts";
import { page } from "./page.ts";

const { write } = parseArgs({ options: { write: { type: "boolean", default: false } } }).values;
const counts = await countBilled();
if (write) {
	writeFileSync("test/bench/cost/counts.json", `${JSON.stringify(counts, null, "\t")}\n`);
	writeFileSync("docs/cost.md", page(counts));
} else console.log(page(counts));
