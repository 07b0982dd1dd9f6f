import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "../../runners/free-port.ts";
import { killGroup } from "../../runners/kill-group.ts";

export interface Keycloak {
	readonly origin: string;
	stop(): Promise<void>;
}

/** Keycloak as its distribution comes, unpacked into this folder, with these realms and nothing that outlives it. */
export async function startKeycloak(folder: string, realms: readonly { readonly realm: string }[]): Promise<Keycloak> {
	const imported = join(folder, "data", "import");
	await mkdir(imported, { recursive: true });
	for (const realm of realms) await writeFile(join(imported, `${realm.realm}.json`), JSON.stringify(realm));
	const port = await freePort();
	const options = [`--http-port=${port}`, "--http-host=127.0.0.1", "--import-realm", "--cache=local", "--db=dev-mem"];
	const child = spawn(join(folder, "bin", "kc.sh"), ["start-dev", ...options], {
		detached: true, // a process group: the script starts Java
		stdio: ["ignore", "pipe", "pipe"],
		// It starts, answers a dozen requests and ends: what Java compiles for the long run would not pay.
		env: { ...process.env, JAVA_OPTS_KC_HEAP: "-Xms64m -Xmx512m", JAVA_OPTS_APPEND: "-XX:TieredStopAtLevel=1" },
	});
	let output = "";
	for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
	const ended = new Promise<"ended">((resolve) => child.once("close", () => resolve("ended")));
	const isUp = async () => {
		while (!output.includes("Listening on:")) await pause(100);
		return "up";
	};
	if ((await Promise.race([ended, isUp(), pause(270_000)])) !== "up") {
		killGroup(child, "SIGKILL");
		throw new Error(`Keycloak did not start:\n${output}`);
	}
	return {
		origin: `http://localhost:${port}`,
		async stop() {
			killGroup(child, "SIGKILL");
			await ended;
		},
	};
}
