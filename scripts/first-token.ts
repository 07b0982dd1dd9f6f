// `npm run first-token`: the README, literally, on a clean clone: what it says to run, and then its first request. It fails where the first
// token is not there a minute after `npm ci`.
//   --port <port>  where another listens at 8787: the README says how
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";

const { port } = parseArgs({ options: { port: { type: "string", default: "8787" } } }).values;
const most = 60;
const clone = mkdtempSync(join(tmpdir(), "latchkey-first-token-"));
if (spawnSync("git", ["clone", "-q", ".", clone], { stdio: "inherit" }).status !== 0)
	throw new Error("It cannot be cloned");
const readme = readFileSync(join(clone, "README.md"), "utf8");
const [install = "", start = ""] = firstLine(blockAfter("## Run it, test it")).split("&&");
const request = blockAfter("## The first request").replaceAll("localhost:8787", `localhost:${port}`);

const begun = Date.now();
say(install);
if (spawnSync("sh", ["-c", install], { cwd: clone, stdio: "inherit" }).status !== 0) throw new Error("It failed");
const installed = Date.now();
say(start);
const options = port === "8787" ? "" : ` -- --port ${port}`;
const running = spawn("sh", ["-c", start + options], {
	cwd: clone,
	detached: true,
	stdio: ["ignore", "pipe", "inherit"],
});
let output = "";
running.stdout.on("data", (part: Buffer) => (output += String(part)));
try {
	// As a person waits: until it says that it runs.
	while (!output.includes("latchkey is running") && Date.now() - installed < 10 * most * 1000) await wait(50);
	say(request);
	const answer = spawnSync("sh", ["-c", request], { encoding: "utf8" }).stdout;
	const took = (Date.now() - installed) / 1000;
	const { token_type: type } = JSON.parse(answer) as { token_type?: string };
	if (type !== "Bearer") throw new Error(`There is no token in ${answer}`);
	console.log(
		`\nnpm ci: ${((installed - begun) / 1000).toFixed(1)} s. From then to the first token: ${took.toFixed(1)} s.`,
	);
	if (took > most) throw new Error(`That is more than ${most} s`);
} finally {
	if (running.pid !== undefined) process.kill(-running.pid, "SIGTERM");
	await new Promise((ended) => running.once("close", ended));
	rmSync(clone, { recursive: true, force: true });
}

function blockAfter(heading: string): string {
	const [, after = ""] = readme.split(`${heading}\n`);
	return /^```sh\n([^]*?)^```$/m.exec(after)?.[1] ?? "";
}

/** Without what is said of it. */
function firstLine(block: string): string {
	return (block.split("\n")[0] ?? "").replace(/ +#.*$/, "");
}

function say(command: string): void {
	console.log(`$ ${command.trim()}`);
}
