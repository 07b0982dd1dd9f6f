import { expect, test } from "vitest";
import { documents } from "../../scripts/documents.ts";
import { problemCodes } from "../../src/http/problem-codes.ts";
import type { Documents } from "../../src/pages/docs/documents.ts";

const { errors }: Documents = JSON.parse(documents());

// Written anew by `npx vitest run --project portable unit/documents -u`.
test("what /docs shows is what stands in docs/", async () => {
	await expect(documents()).toMatchFileSnapshot("../../src/ui/public/static/documents.json");
});

test("each code of a problem is explained, once, and says what to do; and no code that is not there", () => {
	const codes = errors.map(({ code }) => code);
	expect(new Set(codes).size).toBe(codes.length);
	const explained = errors.filter(({ kind }) => kind === "problem").map(({ code }) => code);
	expect(explained.toSorted()).toEqual(Object.keys(problemCodes).toSorted());
	for (const { html } of errors)
		expect(html).toMatch(/^<p>[A-Z“"<][\s\S]+<\/p>\n<p><strong>What to do:<\/strong> [\s\S]+<\/p>\n$/);
});
