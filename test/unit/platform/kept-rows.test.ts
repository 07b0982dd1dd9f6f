import { describe, expect, test } from "vitest";
import { KeptRows } from "../../../src/platform/cloudflare/kept-rows.ts";
import { aSession } from "../domain/builders.ts";

function aRow(payload: string) {
	const body = aSession({ payload });
	return { id: "sid-1", lookup: "by", body, length: JSON.stringify(body).length, purgeAt: 100 };
}

describe("rows that an object keeps in memory", () => {
	test("a long one is read each time, since an isolate has many objects", () => {
		const kept = new KeptRows();
		kept.keep("session", "sid-1", aRow("x".repeat(3000)));
		expect(kept.get("session", "sid-1")).toEqual(aRow("x".repeat(3000)));
		kept.keep("session", "sid-2", aRow("x".repeat(4000)));
		expect(kept.get("session", "sid-2")).toBeUndefined();
	});

	test("and what it was before it became long is not kept either, nor that there was none", () => {
		for (const before of [aRow("x"), null]) {
			const kept = new KeptRows();
			kept.keep("session", "sid-1", before);
			kept.keep("session", "sid-1", aRow("x".repeat(4000)));
			expect(kept.get("session", "sid-1")).toBeUndefined();
		}
	});
});
