import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { killGroup } from "../../runners/kill-group.ts";

export interface Apache {
	/** What it and its modules had to say. */
	output(): string;
	stop(): Promise<void>;
}

const modules = ["mpm_event", "authn_core", "authz_core", "authz_user", "dir", "env", "headers", "include", "mime"];
const network = ["proxy", "proxy_http", "ssl", "auth_openidc"];

/** Debian's Apache, in the foreground, with nothing configured but these sites. Its files go into the folder. */
export async function startApache(folder: string, sites: string): Promise<Apache> {
	await mkdir(folder, { recursive: true });
	const file = join(folder, "apache.conf");
	await writeFile(file, `${common(folder)}\n${sites}\n`);
	const child = spawn("/usr/sbin/apache2", ["-f", file, "-DFOREGROUND"], {
		detached: true, // a process group, so that its workers end with it
		stdio: ["ignore", "ignore", "pipe"],
	});
	let complaints = "";
	child.stderr.on("data", (chunk) => (complaints += String(chunk)));
	// It cannot open a socket as a file, which is what a pipe of Node's is.
	const log = join(folder, "error.log");
	const output = () => complaints + (existsSync(log) ? readFileSync(log, "utf8") : "");
	const ended = new Promise<"ended">((resolve) => child.once("close", () => resolve("ended")));
	const isUp = async () => {
		// AH00094 is what it says of its command line, when it serves.
		while (!output().includes("AH00094")) await pause(20);
		return "up";
	};
	if ((await Promise.race([ended, isUp(), pause(20_000)])) !== "up") {
		killGroup(child, "SIGKILL");
		throw new Error(`Apache did not start:\n${output()}`);
	}
	return {
		output,
		async stop() {
			killGroup(child, "SIGTERM");
			await ended;
		},
	};
}

function common(folder: string): string {
	return `
${[...modules, ...network].map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join("\n")}
ServerRoot "${folder}"
ServerName localhost
PidFile "${folder}/apache.pid"
Mutex file:${folder}
ErrorLog "${folder}/error.log"
LogLevel info
# Where it is root to begin with.
User www-data
Group www-data
TypesConfig /etc/mime.types
AddType text/html .shtml
AddOutputFilter INCLUDES .shtml
DirectoryIndex index.html index.shtml
`;
}
