import { rm } from "node:fs/promises";
import { afterAll } from "vitest";
import { openPlatform } from "../../src/platform/node/platform.ts";
import { temporaryFolder } from "../runners/temporary-folder.ts";
import { nodeStores } from "./node-stores.ts";
import { describeStores } from "./suite.ts";

const folder = await temporaryFolder();
const onDisk = openPlatform(folder);
afterAll(async () => {
	onDisk.close();
	await rm(folder, { recursive: true });
});

describeStores("node, in memory", nodeStores(openPlatform(":memory:")));
describeStores("node, in files", nodeStores(onDisk));
