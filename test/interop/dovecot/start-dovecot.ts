import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { killGroup } from "../../runners/kill-group.ts";

export interface Dovecot {
	stop(): Promise<void>;
}

/**
 * Debian's Dovecot, in the foreground, for IMAP by access tokens alone. How it has them checked is what its
 * dovecot-oauth2.conf.ext says. Its files go into the folder, and it wants to be started by root.
 */
export async function startDovecot(folder: string, port: number, oauth2: readonly string[]): Promise<Dovecot> {
	await mkdir(join(folder, "mail"), { recursive: true });
	await chmod(join(folder, "mail"), 0o777);
	const [file, log] = [join(folder, "dovecot.conf"), join(folder, "dovecot.log")];
	await writeFile(join(folder, "dovecot-oauth2.conf.ext"), oauth2.join("\n"));
	await writeFile(file, configuration(folder, port, log));
	const child = spawn("/usr/sbin/dovecot", ["-F", "-c", file], {
		detached: true, // a process group, so that its workers end with it
		stdio: ["ignore", "ignore", "pipe"],
	});
	let complaints = "";
	child.stderr.on("data", (chunk) => (complaints += String(chunk)));
	const output = () => complaints + (existsSync(log) ? readFileSync(log, "utf8") : "");
	const ended = new Promise<"ended">((resolve) => child.once("close", () => resolve("ended")));
	const isUp = async () => {
		while (!output().includes("starting up for imap")) await pause(20);
		return "up";
	};
	if ((await Promise.race([ended, isUp(), pause(20_000)])) !== "up") {
		killGroup(child, "SIGKILL");
		throw new Error(`Dovecot did not start:\n${output()}`);
	}
	return {
		async stop() {
			killGroup(child, "SIGTERM");
			await ended;
		},
	};
}

function configuration(folder: string, port: number, log: string): string {
	return `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${log}
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
service imap-login {
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
auth_failure_delay = 0
auth_mechanisms = oauthbearer xoauth2
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = ${folder}/dovecot-oauth2.conf.ext
}
userdb {
  driver = static
  args = uid=mail gid=mail home=${folder}/mail/%u
}
first_valid_uid = 1
mail_location = maildir:~/Maildir
`;
}
