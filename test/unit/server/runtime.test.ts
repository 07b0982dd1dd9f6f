import { expect, test } from "vitest";
import { checkRuntime } from "../../../src/server/runtime.ts";

test.each(["20.20.2", "22.12.9", "23.3.0"])("Node %s is told that it is too old", (node) => {
	expect(() => checkRuntime({ node })).toThrow(`Node ${node} is too old`);
});

test.each(["22.13.0", "23.4.0", "24.4.0", "26.10.0"])("Node %s is good", (node) => {
	expect(() => checkRuntime({ node })).not.toThrow();
});

test("Deno is good, whichever Node it says that it is", () => {
	expect(() => checkRuntime({ node: "20.0.0", deno: "2.9.5" })).not.toThrow();
	expect(() => checkRuntime(process.versions)).not.toThrow();
});
