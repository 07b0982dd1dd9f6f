import { expect, test } from "vitest";
import { csvCell, csvLine } from "../../../src/domain/csv.ts";

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1", "|calc", "%0A", "＝1+1", "＠SUM(A1)"])(
	"%j is no formula in a spreadsheet",
	(text) => {
		expect(csvCell(text)).toBe(`"'${text}"`);
	},
);

test("RFC 4180 §2: cells are quoted, a quote in one is doubled, and a line ends in CRLF", () => {
	expect(csvLine(['a"b,c', "two\r\nlines", ""])).toBe('"a""b,c","two\r\nlines",""\r\n');
	expect(csvCell("1=1")).toBe('"1=1"');
});
