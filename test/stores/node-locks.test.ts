import { rm } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { openPlatform } from "../../src/platform/node/platform.ts";
import { temporaryFolder } from "../runners/temporary-folder.ts";
import { event, newId } from "./builders.ts";

const all = { conditions: [], from: null, before: null, after: null, limit: 10 };

test("whoever searches waits for nobody who writes, and sees what was committed", async () => {
	const folder = await temporaryFolder();
	const { platform, close } = openPlatform(folder, { patience: 0 });
	const other = new DatabaseSync(join(folder, "events.sqlite"));
	try {
		const accountId = newId();
		const sent = event({ accountId });
		await platform.events.add([sent]);
		other.exec("BEGIN IMMEDIATE; DELETE FROM events");
		const { rows } = await platform.events.search({ ...all, accountId }, null);
		expect(rows.map(({ id }) => id)).toEqual([sent.id]);
		await expect(platform.events.add([event({ accountId })])).rejects.toThrow("locked");
		other.exec("COMMIT");
		expect((await platform.events.search({ ...all, accountId }, null)).rows).toEqual([]);
	} finally {
		other.close();
		close();
		await rm(folder, { recursive: true });
	}
});
