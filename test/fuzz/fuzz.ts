// Run by run.sh: schemathesis against both servers, and what it found.
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunningServer } from "../runners/running-server.ts";
import { startOnNode } from "../runners/start-serve.ts";
import { startWorker } from "../runners/start-worker.ts";

const [, , schemathesis = "schemathesis", results = ""] = process.argv;
const { FUZZ_SEED: seed = "1", FUZZ_EXAMPLES: examples = "10" } = process.env;
/** In seconds, for one server. */
const patience = 240;
const checks = [
	"not_a_server_error",
	"status_code_conformance",
	"content_type_conformance",
	"response_headers_conformance",
	"response_schema_conformance",
];

const servers: readonly (readonly [name: string, start: () => Promise<RunningServer>])[] = [
	["Node", () => startOnNode()],
	["workerd", () => startWorker()],
];
let [passed, failed] = [0, 0];
for (const [name, start] of servers) {
	const server = await start();
	try {
		const complaints = [...(await fuzz(server.origin)), ...faultsIn(server.output())];
		for (const complaint of complaints) console.error(`${name}: ${complaint}`);
		failed += complaints.length;
		passed += 1;
	} finally {
		await server.stop();
	}
}
if (passed < servers.length) failed += 1;
const report = { numPassedTests: passed, numFailedTests: failed, numFailedTestSuites: 0 };
if (results !== "") await writeFile(results, JSON.stringify(report));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** Everything is asked as Ada, who administers Acme, but for what ends her login. */
async function fuzz(origin: string): Promise<readonly string[]> {
	const folder = await mkdtemp(join(tmpdir(), "latchkey-fuzz-"));
	try {
		const login = { username: "ada", password: "ada-demo-password", account: "acme" };
		const headers = { "content-type": "application/json" };
		const answer = await fetch(`${origin}/auth/login`, { method: "POST", headers, body: JSON.stringify(login) });
		const { access_token: token } = (await answer.json()) as { access_token: string };
		const options = [
			["--header", `Authorization: Bearer ${token}`],
			["--seed", seed, "--max-examples", examples, "--phases", "examples,coverage,fuzzing"],
			["--checks", checks.join(","), "--continue-on-failure", "--request-timeout", "10", "--no-shrink"],
			[
				"--suppress-health-check",
				"all",
				"--warnings",
				"off",
				"--no-color",
				"--exclude-operation-id",
				"delete_auth_sessions_id",
			],
		];
		const child = spawn(schemathesis, ["run", `${origin}/openapi.json`, ...options.flat()], {
			stdio: "inherit",
			cwd: folder,
			timeout: patience * 1000,
		});
		const code = await new Promise<number | null>((done) => child.once("close", done));
		return code === 0 ? [] : [`schemathesis ended with ${code ?? "a time-out"}`];
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** What the log says of our side. */
function faultsIn(output: string): readonly string[] {
	return output.split("\n").filter((line) => line.includes('"request.failed"') || /"status":5\d\d/.test(line));
}
