// What a start needs and git must not hold: the vendored stylesheet and, for `wrangler dev`, variables and the D1 schemas.
// wrangler runs this as [build], so it also runs on every save: nothing is written unless it differs.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

keep("src/ui/public/static/pico.min.css", readFileSync("node_modules/@picocss/pico/css/pico.min.css", "utf8"));
if (process.env.WRANGLER_COMMAND === "dev") {
	await prepareVariables();
	await prepareSchemas(process.env.LATCHKEY_STATE ?? ".wrangler/state");
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
async function prepareSchemas(state: string): Promise<void> {
	const files = ["register", "events"].flatMap((name) =>
		readdirSync(join("src/platform/sql/migrations", name)).toSorted(),
	);
	const applied = join(state, "applied-migrations");
	if (existsSync(applied) && readFileSync(applied, "utf8") === files.join("\n")) return;
	const { applyMigrations } = await import("./local-schemas.ts");
	await applyMigrations(state);
	keep(applied, files.join("\n"));
}

function keep(path: string, text: string): void {
	if (existsSync(path) && readFileSync(path, "utf8") === text) return;
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, text);
}
