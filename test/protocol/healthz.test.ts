import { expect, test } from "vitest";
import { ask } from "../support/requests.ts";

test("GET /healthz says to everybody that it works, and which version it is, and is never cached", async () => {
	const { status, headers, body } = await ask("/healthz");
	expect([status, body]).toEqual([
		200,
		{ status: "pass", version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string },
	]);
	expect(headers.get("cache-control")).toBe("no-store");
	expect((await ask("/healthz?verbose=1")).body).toEqual(body);
});
