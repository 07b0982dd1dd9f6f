import { describe, expect, test } from "vitest";
import { fileNameOf, keyFileJson, writeKeyFile } from "../../../src/dialects/key-file.ts";

const file = { url: "https://mycompany.example", id: "BLU-1", key: "lk_1", token: "QkxV" };

describe("contract 004: key files", () => {
	test("the documented JSON", () => {
		expect(keyFileJson(file)).toEqual({
			api_keys: { "https://mycompany.example": { id: "BLU-1", key: "lk_1", token: "QkxV" } },
		});
		expect(JSON.parse(writeKeyFile(file, "Key", "json").text)).toEqual(keyFileJson(file));
	});

	test("RFC 4180: CSV with its columns", () => {
		const written = writeKeyFile(file, "Key", "csv");
		expect(written.text).toBe('"url","id","key","token"\r\n"https://mycompany.example","BLU-1","lk_1","QkxV"\r\n');
		expect(written.fileName).toBe("key.csv");
	});

	test("a quote in a cell is doubled, and no cell is a formula", () => {
		expect(writeKeyFile({ ...file, key: 'a"b,c' }, "x", "csv").text).toContain('"a""b,c"');
		expect(writeKeyFile({ ...file, key: "=HYPERLINK(1)" }, "x", "csv").text).toContain(`"'=HYPERLINK(1)"`);
	});

	test("a file's name has nothing in it that a header or a path knows", () => {
		expect(fileNameOf('../"x"\r\nSet-Cookie: a=b;é')).toBe("x-set-cookie-a-b-e");
		expect(fileNameOf("鍵")).toBe("api-key");
		expect(fileNameOf("x".repeat(100))).toHaveLength(40);
	});
});
