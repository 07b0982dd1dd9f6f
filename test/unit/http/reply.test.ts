import { expect, test } from "vitest";
import { isWhole, json, openJson, preparedJson } from "../../../src/http/reply.ts";

test("answers that are made of the same headers have each its own id, and everything else", async () => {
	const prepared = preparedJson((of: object) => of, { "cache-control": "public, max-age=1" });
	const same = { a: 1 };
	const answers = [
		openJson({ id: "1" }, same),
		openJson({ id: "2" }, same),
		prepared({ id: "3" }, same),
		prepared({ id: "4" }, same),
	];
	expect(answers.map(({ headers }) => headers.get("request-id"))).toEqual(["1", "2", "3", "4"]);
	for (const answer of answers) {
		expect(isWhole(answer)).toBe(true);
		expect(answer.headers.get("access-control-allow-origin")).toBe("*");
		expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
		expect(await answer.json()).toEqual(same);
	}
	expect(isWhole(json(200, same))).toBe(false);
	expect(json(200, same).headers.has("access-control-allow-origin")).toBe(false);
});
