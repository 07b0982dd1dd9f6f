// `npm run bench`: what a request costs, beside the goals, and which storage it touches, against the budget of DESIGN §3.9.
//   --against <worker.js>  measures another build in the same rounds: the worker.js in the `dist` of its checkout
//   --only <words>         only the operations that have one of these words, between commas, in their name
//   --peer                 Cloudflare's own library in the same rounds, beside the table
//   --rounds <number>      for a first look; 20 unless told, in as many processes as --starts says
import { parseArgs } from "node:util";
import { countStorage } from "./count.ts";
import { measure } from "./measure.ts";
import { demoData } from "./people.ts";
import { buildPeer } from "./peer.ts";
import { report, reportNode } from "./report.ts";
import { startNode } from "./start-node.ts";
import { start } from "./start.ts";

const { against, only, peer, rounds, starts } = parseArgs({
	options: {
		against: { type: "string" },
		only: { type: "string" },
		peer: { type: "boolean", default: false },
		rounds: { type: "string", default: "20" },
		starts: { type: "string", default: "5" },
	},
}).values;
const words = only?.toLowerCase().split(",");
const asked = (name: string) => words === undefined || words.some((word) => name.toLowerCase().includes(word));
const demo = await demoData();
const scripts = ["dist/worker.js", ...(against === undefined ? [] : [against])];
const plan = { starts: Number(starts), rounds: Math.ceil(Number(rounds) / Number(starts)), asked };
const options = { peer: peer ? await buildPeer() : null };
const measured = await measure((isReversed) => start(isReversed ? scripts.toReversed() : scripts, options), demo, plan);
const { text, withinBudget } = report(measured, await countStorage(demo, asked), against ?? null);
console.log(`\n${text}\n`);
// A comparison is of two Workers.
if (against === undefined) console.log(reportNode(await measure(startNode, demo, { starts: 1, rounds: 3, asked })));
// Times depend on the machine, and are for people to judge; counts do not.
if (!withinBudget) process.exitCode = 1;
