import { rm } from "node:fs/promises";
import { afterAll } from "vitest";
import { openPlatform } from "../../src/platform/node/platform.ts";
import { temporaryFolder } from "../runners/temporary-folder.ts";
import { describeDatabase } from "./database.ts";
import { nodeStores } from "./node-stores.ts";
import { describeStores } from "./suite.ts";

// npm run test:deno runs vitest itself on Deno.
const runtime = "Deno" in globalThis ? "deno" : "node";

const folder = await temporaryFolder();
const onDisk = openPlatform(folder);
afterAll(async () => {
	onDisk.close();
	await rm(folder, { recursive: true });
});

const inMemory = openPlatform(":memory:");

describeStores(`${runtime}, in memory`, nodeStores(inMemory));
describeDatabase(`${runtime}, in memory`, inMemory.files.register);
describeStores(`${runtime}, in files`, nodeStores(onDisk));
describeDatabase(`${runtime}, in files`, onDisk.files.register);
