import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { freePort } from "../runners/free-port.ts";
import { temporaryFolder } from "../runners/temporary-folder.ts";

// Where what was started is found: by a variable that it has of whoever started it.
const isLinux = existsSync("/proc/self/environ");

describe.runIf(isLinux)("what is started for development ends with npm, and leaves nobody behind", () => {
	test.for([
		["npm run dev, told to stop", dev, "SIGTERM", ["workerd", "wrangler"]],
		["npm run dev, by Ctrl-C, which all that have the terminal are sent", dev, "SIGINT", ["workerd", "wrangler"]],
		["npm run serve, told to stop", serve, "SIGTERM", ["dist/serve.js"]],
	] as const)("%s", { timeout: 320_000 }, async ([, commandFor, signal, programs]) => {
		const state = await temporaryFolder();
		const port = await freePort();
		const [command = "", ...options] = commandFor(port, await freePort(), state);
		const started = spawn(command, options, {
			detached: true,
			stdio: "ignore",
			env: {
				...process.env,
				LATCHKEY_STATE: state,
				DATA_FOLDER: state,
				PORT: `${port}`,
				CALLBACK_PAGE: "off",
				CI: "1",
			},
		});
		try {
			await until(() => programs.every((program) => ofState(state).some(({ args }) => args.includes(program))));
			await until(
				async () => (await fetch(`http://localhost:${port}/.well-known/jwks.json`).catch(() => null))?.ok === true,
			);
			if (signal === "SIGINT") process.kill(-(started.pid ?? Number.NaN), signal);
			else started.kill(signal);
			await until(() => ofState(state).length === 0);
			expect(ofState(state)).toEqual([]);
			await expect(fetch(`http://localhost:${port}/`)).rejects.toThrow("fetch failed");
		} finally {
			for (const { pid } of ofState(state)) process.kill(pid, "SIGKILL");
			await rm(state, { recursive: true, force: true, maxRetries: 3 });
		}
	});
});

/** As npm does, in a shell; without `npm run serve` itself, which would build what others run. */
function serve(): readonly string[] {
	return ["sh", "-c", "node --import ./scripts/development.ts dist/serve.js; true"];
}

function dev(port: number, inspector: number, state: string): readonly string[] {
	const ports = ["--port", `${port}`, "--inspector-port", `${inspector}`];
	return ["npm", "run", "dev", "--", ...ports, "--persist-to", state];
}

/** Every process that has this folder as its state. */
function ofState(state: string): readonly { readonly pid: number; readonly args: string }[] {
	return readdirSync("/proc")
		.filter((name) => /^\d+$/.test(name))
		.flatMap((name) => {
			try {
				const isOurs = readFileSync(`/proc/${name}/environ`, "utf8").split("\0").includes(`LATCHKEY_STATE=${state}`);
				return isOurs ? [{ pid: Number(name), args: readFileSync(`/proc/${name}/cmdline`, "utf8") }] : [];
			} catch {
				// It has ended, or is another user's.
				return [];
			}
		});
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
	const deadline = Date.now() + 100_000;
	while (!(await isSo())) {
		if (Date.now() > deadline) throw new Error("It did not come to that");
		await pause(200);
	}
}
