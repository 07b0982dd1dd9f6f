// What a start needs and git must not hold: the vendored stylesheet and, for `wrangler dev`, variables and the D1 schemas.
// wrangler runs this as [build], so it also runs on every save: nothing is written unless it differs.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const migrations = { DB: "register", EVENTS: "events" };

keep("src/ui/public/static/pico.min.css", readFileSync("node_modules/@picocss/pico/css/pico.min.css", "utf8"));
if (process.env.WRANGLER_COMMAND === "dev") {
	await prepareVariables();
	applyMigrations(process.env.LATCHKEY_STATE ?? ".wrangler/state");
}

/** Left alone where there are some already: a developer may have made them their own. */
async function prepareVariables(): Promise<void> {
	if (existsSync(".dev.vars")) return;
	const { developmentSealKey } = await import("../src/config.ts");
	const mailFrom = "latchkey@latchkey.example"; // what it sends goes to the terminal, and to /mail
	writeFileSync(
		".dev.vars",
		`SEAL_KEYS=1:${developmentSealKey}\nDEMO_DATA=on\nREGISTRATION=open\nMAIL_FROM=${mailFrom}\n`,
		{
			mode: 0o600,
		},
	);
}

/** `state` is where `wrangler dev --persist-to` keeps its storage; what was applied is noted there, so that both go together. */
function applyMigrations(state: string): void {
	for (const [binding, folder] of Object.entries(migrations)) {
		const files = readdirSync(join("src/platform/sql/migrations", folder)).toSorted();
		const applied = join(state, `applied-${folder}`);
		if (existsSync(applied) && readFileSync(applied, "utf8") === files.join("\n")) continue;
		// Without a terminal to read from wrangler does not ask whether it may. What it says is a page for each file.
		const options = ["--local", "--persist-to", state];
		const done = spawnSync("wrangler", ["d1", "migrations", "apply", binding, ...options], {
			stdio: ["ignore", "pipe", "pipe"],
			encoding: "utf8",
		});
		if (done.status !== 0)
			throw new Error(`The schema of ${folder} could not be applied.\n${done.stdout}${done.stderr}`);
		console.log(`The schema of ${folder} is there: ${files.length} migrations.`);
		keep(applied, files.join("\n"));
	}
}

function keep(path: string, text: string): void {
	if (existsSync(path) && readFileSync(path, "utf8") === text) return;
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, text);
}
