import { describe, expect, test } from "vitest";
import { aKey, aPolicy } from "../support/registered.ts";
import { loggedIn } from "../support/logins.ts";
import { post, refusal } from "../support/requests.ts";
import { alertSearch, eventSearch, eventsFound } from "../support/searches.ts";
import { demo } from "../support/target.ts";

// Contract 004, "Testing and using the API token": its two requests, with curl's own content type, and its rule of time.

async function headers(): Promise<Record<string, string>> {
	const policy = await aPolicy(demo.accounts.acme, ["events:read", "events:write", "alerts:read"]);
	const key = await aKey(demo.accounts.acme, [policy]);
	return { authorization: `Bearer ${await loggedIn({ api_key: key.secret })}` };
}

describe("curl -H 'Authorization: Bearer …' --data '{\"filters\":[]}'", () => {
	test("…/api/public/event/search", async () => {
		const answer = await eventSearch('{"filters":[]}', await headers());
		expect(answer.status).toBe(200);
		expect(answer.headers.get("content-type")).toBe("application/json");
		expect(answer.body).toEqual({ events: expect.any(Array), next: null, next_cursor: null });
	});

	test("…/api/public/alert/search", async () => {
		const answer = await alertSearch('{"filters":[]}', await headers());
		expect(answer.status).toBe(200);
		expect(answer.body).toEqual({ alerts: expect.any(Array), next: null, next_cursor: null });
	});

	test("a bearer that is none of ours is refused", async () => {
		for (const search of [eventSearch, alertSearch]) {
			const wrong = { authorization: "Bearer QkxVLWE0OTIxNDRiOnhkMGRu" };
			expect(refusal(await search('{"filters":[]}', wrong))).toBe("401 Unauthorized");
		}
	});
});

describe("Note: as per ISO 8601, either the Z or the +00:00 has to be supplied at the end", () => {
	test.each([
		["Python's own output", "2021-07-20T23:45:06.342716+00:00", 200],
		["Z", "2021-07-20T23:45:06.342716Z", 200],
		["no zone", "2021-07-20T23:45:06.342716", 400],
		["another zone", "2021-07-20T23:45:06.342716+05:30", 400],
		["another way to write UTC", "2021-07-20T23:45:06.342716-00:00", 400],
	])("%s", async (_, time, status) => {
		const given = await headers();
		const filters = [{ field: "timestamp", operator: "gte", value: time }];
		for (const body of [{ filters }, { filters: [], from: time }, { filters: [], to: time }]) {
			const answer = await eventSearch(body, given);
			expect(answer.status).toBe(status);
			expect(/end in Z or \+00:00/.test(answer.text)).toBe(status === 400);
		}
	});

	test("an event that was sent is found by its time", async () => {
		const given = await headers();
		const sent = '{"timestamp":"2021-07-20T23:45:06.342716+00:00","leak":"AKIA"}';
		expect((await post("/v1/events?environment=my-workspace/prod", sent, given)).status).toBe(202);
		const at = "2021-07-20T23:45:06.342+00:00";
		expect(await eventsFound({ filters: [], from: at, to: "2021-07-20T23:45:06.343Z" }, given)).toEqual([
			{
				id: expect.any(String),
				type: "event",
				environment: "my-workspace/prod",
				timestamp: "2021-07-20T23:45:06.342Z",
				received_at: expect.stringMatching(/Z$/),
				data: { timestamp: "2021-07-20T23:45:06.342716+00:00", leak: "AKIA" },
			},
		]);
	});
});
