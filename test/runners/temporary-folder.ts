import { existsSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export function temporaryFolder(parent = tmpdir()): Promise<string> {
	return mkdtemp(join(parent, "latchkey-"));
}

/** On a file system in memory where there is one: nothing waits for a disk whose failure is not tested. */
export function fastFolder(): Promise<string> {
	return temporaryFolder(existsSync("/dev/shm") ? "/dev/shm" : undefined);
}
