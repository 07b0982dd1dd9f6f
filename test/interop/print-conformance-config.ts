import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { conformanceConfig, type Provisioned } from "../peers/conformance-config.ts";

// What `npm run provision` prints goes in, and what the suite is to be given comes out.

const { person } = JSON.parse(readFileSync(new URL("conformance-suite.json", import.meta.url), "utf8"));
const provisioned = JSON.parse(await text(process.stdin)) as Provisioned;
console.log(JSON.stringify(conformanceConfig(provisioned, person), null, "\t"));
