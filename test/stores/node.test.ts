import { rm } from "node:fs/promises";
import { afterAll } from "vitest";
import { openPlatform } from "../../src/platform/node/platform.ts";
import { temporaryFolder } from "../runners/temporary-folder.ts";
import { describeDatabase } from "./database.ts";
import { nodeStores } from "./node-stores.ts";
import { describeStores } from "./suite.ts";

const folder = await temporaryFolder();
const onDisk = openPlatform(folder);
afterAll(async () => {
	onDisk.close();
	await rm(folder, { recursive: true });
});

const inMemory = openPlatform(":memory:");

describeStores("node, in memory", nodeStores(inMemory));
describeDatabase("node, in memory", inMemory.files.register);
describeStores("node, in files", nodeStores(onDisk));
describeDatabase("node, in files", onDisk.files.register);
