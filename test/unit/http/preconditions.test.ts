import { describe, expect, test } from "vitest";
import { etag, ifMatch, preconditionFailed } from "../../../src/http/preconditions.ts";

function matches(field: string | null, tag: string): boolean {
	const headers: HeadersInit = field === null ? {} : { "if-match": field };
	return ifMatch(new Request("https://auth.example/", { headers }))(tag);
}

test("RFC 9110 §8.8.3: a tag is a quoted version, or several", () => {
	expect([etag(3), etag(3, 0), etag("a_b-c")]).toEqual(['"3"', '"3.0"', '"a_b-c"']);
});

describe("RFC 9110 §13.1.1: If-Match", () => {
	test.each([null, "*", " * ", '"3"', ' "3" ', '"1","3"', '"1", "3" , W/"2"'])("%j is for it", (field) => {
		expect(matches(field, '"3"')).toBe(true);
	});

	test.each(['W/"3"', "3", '"33"', '"3', '"*"', "*,", '"1", W/"3"', "x"])("%j is not", (field) => {
		expect(matches(field, '"3"')).toBe(false);
	});

	test("what has no tag is meant by `*`, or where nothing is said", () => {
		expect([matches(null, ""), matches("*", ""), matches('""', ""), matches('"3"', "")]).toEqual([
			true,
			true,
			false,
			false,
		]);
	});

	test("RFC 9110 §15.5.13: what is not for it is 412, and says what to do", async () => {
		const answer = preconditionFailed();
		expect(answer.status).toBe(412);
		expect(await answer.json()).toMatchObject({ status: 412, detail: expect.stringContaining("Read it again") });
	});
});
