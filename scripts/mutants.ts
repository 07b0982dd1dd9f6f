// Do the tests bite? Changes one operator of `src` at a time and looks whether a test fails: `npm run mutants -- --help`.
import { parseArgs } from "node:util";
import { drawn, type Mutant, named } from "./mutants/sample.ts";
import { openTests } from "./mutants/tests.ts";
import { compiler } from "./mutants/compiles.ts";

const usage = `npm run mutants -- [--count 300] [--seed 1] [--projects portable,memory,inside]
npm run mutants -- --at src/domain/svg.ts:45 [--at …]     all mutants of these lines, or of a file

--tests svg [--tests …]     only test files with this in their path

Each mutant is run against the test files that reach it, until one fails. A line for each; what survives is repeated at the end.`;

const { values } = parseArgs({
	options: {
		count: { type: "string", default: "300" },
		seed: { type: "string", default: "1" },
		projects: { type: "string", default: "portable,memory,inside" },
		tests: { type: "string", multiple: true, default: [] },
		at: { type: "string", multiple: true, default: [] },
		help: { type: "boolean", default: false },
	},
});

if (values.help) {
	console.log(usage);
	process.exit();
}

const mutants = values.at.length > 0 ? named(values.at) : drawn(Number(values.count), Number(values.seed));
const tests = await openTests(mutants, { projects: values.projects.split(","), files: values.tests });
const compiles = compiler();
const verdicts = new Map<Mutant, string>();
function judge(mutant: Mutant, verdict: string): void {
	verdicts.set(mutant, verdict);
	console.log(`${verdicts.size}/${mutants.length} ${line(mutant)}`);
}

// What is quick for all first, so that a run that is stopped has looked at all.
for (const mutant of mutants) {
	const killer = await tests.killer(mutant, "few");
	if (killer !== null) judge(mutant, `killed by ${killer}`);
}
for (const mutant of mutants.filter((each) => !verdicts.has(each))) {
	if (!(await compiles(mutant))) judge(mutant, "the compiler refuses it");
	else if (!tests.isReached(mutant)) judge(mutant, "SURVIVED, since no test reaches it");
}
for (const mutant of mutants.filter((each) => !verdicts.has(each))) {
	const killer = await tests.killer(mutant, "others");
	judge(mutant, killer === null ? "SURVIVED" : `killed by ${killer}`);
}
await tests.close();

const counts = Map.groupBy(verdicts.values(), (verdict) => verdict.replace(/^killed by (\w+).*/, "killed by $1"));
console.log("");
for (const [verdict, { length }] of counts) console.log(`${String(length).padStart(4)}  ${verdict}`);
console.log("");
for (const [mutant, verdict] of verdicts) if (verdict.startsWith("SURVIVED")) console.log(line(mutant));

function line(mutant: Mutant): string {
	const { path, line: at, column, operator, was, text } = mutant;
	return `${verdicts.get(mutant)}: ${path}:${at}:${column} ${operator}: ${oneLine(was)} → ${text === "{}" ? "nothing" : oneLine(text)}`;
}

function oneLine(text: string): string {
	const short = text.replaceAll(/\s+/g, " ");
	return short.length > 100 ? `${short.slice(0, 99)}…` : short;
}
