// One of several processes on one data folder. It opens it, waits for the word, does its share and prints what came of it.
// Run by node-processes.test.ts.
import { once } from "node:events";
import process from "node:process";
import { openPlatform } from "../../src/platform/node/platform.ts";
import { type Race, races } from "./races.ts";

const [folder = "", race = "", about = ""] = process.argv.slice(2);
const { platform, close } = openPlatform(folder);
console.log("ready");
await once(process.stdin, "data");
const outcomes = await races[race as Race](platform, JSON.parse(about));
close();
console.log(JSON.stringify(outcomes));
process.stdin.destroy();
