import { expect, test } from "vitest";
import { countStorage } from "../bench/count.ts";
import { demoData } from "../bench/people.ts";

// What `npm run bench` counts, without what it times.

test(
	"DESIGN §3.9: a request in a warm isolate touches the storage that its budget names, and none beside it",
	{ timeout: 240_000 },
	async () => {
		const counted = [...(await countStorage(await demoData()))];
		expect(counted.length).toBeGreaterThanOrEqual(12);
		const called = counted.map(([name, each]) => [name, each.called]);
		expect(called).toEqual(counted.map(([name, each]) => [name, each.allowed]));
	},
);
