import { describe, expect, test } from "vitest";
import { codeRecord, hash, newId, type Stores } from "./builders.ts";

export function describeCodes({ platform: { codes } }: Stores): void {
	describe("codes", () => {
		test("a record is found by its hash, as it was put", async () => {
			const record = codeRecord();
			const name = hash(newId());
			await codes.put(name, record, 180);
			expect(await codes.get(name)).toEqual(record);
			expect(await codes.get(hash(newId()))).toBeNull();
		});
	});
}
