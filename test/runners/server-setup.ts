import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import type { TestProject } from "vitest/node";
import { fastFolder } from "./temporary-folder.ts";

/** Runs staged-server.ts for the length of the run: `command` gets the folder for the data as its last argument. */
export async function serveWith(
	project: TestProject,
	command: (folder: string) => Promise<readonly [string, ...string[]]>,
): Promise<() => Promise<void>> {
	const folder = await fastFolder();
	const [program, ...options] = await command(folder);
	const server = spawn(program, [...options, folder], { stdio: ["ignore", "pipe", "inherit"] });
	const exited = once(server, "exit");
	const firstLine = once(createInterface(server.stdout), "line");
	const died = exited.then(() => {
		throw new Error("The server ended before it listened");
	});
	const [origin] = await Promise.race([firstLine, died]);
	died.catch(() => {});
	project.provide("control", String(origin));
	return async () => {
		const scanned = await fetch(`${String(origin)}/scanned`, { method: "POST", body: "[]" });
		const { value }: { value: string } = JSON.parse(await scanned.text());
		console.log(`${project.name}: ${value}`);
		server.kill();
		await exited;
		await rm(folder, { recursive: true, force: true });
	};
}
