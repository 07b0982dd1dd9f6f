// `npm run bench`: what a request costs, beside the goals, and which storage it touches, against the budget of DESIGN §3.9.
// `npm run bench -- --against <worker.js>` measures another build in the same run, round by round beside this one.
import { parseArgs } from "node:util";
import { countStorage } from "./count.ts";
import { measure } from "./measure.ts";
import { demoData } from "./people.ts";
import { report, reportNode } from "./report.ts";
import { startNode } from "./start-node.ts";
import { start } from "./start.ts";

const { against } = parseArgs({ options: { against: { type: "string" } } }).values;
const demo = await demoData();
const counts = await countStorage(demo);
const other = against === undefined ? null : () => start(against);
const measured = await measure(() => start("dist/worker.js"), other, demo);
const { text, withinBudget } = report(measured, counts, against ?? null);
console.log(`${text}\n`);
console.log(reportNode(await measure(startNode, null, demo)));
// Times depend on the machine, and are for people to judge; counts do not.
if (!withinBudget) process.exitCode = 1;
