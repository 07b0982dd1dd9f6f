// `npm run bench`: what a request costs, beside the goals, and which storage it touches, against the budget of DESIGN §3.9.
// `npm run bench -- --against <worker.js>` measures another build in the same run, round by round beside this one.
import { parseArgs } from "node:util";
import { countStorage } from "./count.ts";
import { measure } from "./measure.ts";
import { demoData } from "./people.ts";
import { report } from "./report.ts";

const { against } = parseArgs({ options: { against: { type: "string" } } }).values;
const demo = await demoData();
const counts = await countStorage(demo);
const measured = await measure("dist/worker.js", against ?? null, demo);
const { text, withinBudget } = report(measured, counts, against ?? null);
console.log(text);
// Times depend on the machine, and are for people to judge; counts do not.
if (!withinBudget) process.exitCode = 1;
