import { existsSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";

const ports = readdirSync("src/domain/ports").filter((name) => name.endsWith(".ts") && name !== "platform.ts");

test.each(ports)("the port %s has its file or folder of the store suite", (name) => {
	expect(existsSync(`test/stores/${name}`) || existsSync(`test/stores/${name.replace(/\.ts$/, "")}`)).toBe(true);
});
