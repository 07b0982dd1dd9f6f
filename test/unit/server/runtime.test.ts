import { expect, test } from "vitest";
import { checkRuntime } from "../../../src/server/runtime.ts";

test.each(["22.13.0", "22.19.9", "23.11.0", "24.7.0", "20.20.2"])("Node %s is told that it is too old", (node) => {
	expect(() => checkRuntime({ node })).toThrow(`Node ${node} is too old`);
});

test.each(["22.20.0", "24.8.0", "25.0.0", "26.10.0"])("Node %s is good", (node) => {
	expect(() => checkRuntime({ node })).not.toThrow();
});

test("Deno is good, whichever Node it says that it is", () => {
	expect(() => checkRuntime({ node: "20.0.0", deno: "2.9.5" })).not.toThrow();
	expect(() => checkRuntime(process.versions)).not.toThrow();
});
