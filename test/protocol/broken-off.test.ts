import { expect, test } from "vitest";
import { bearer, times } from "../support/requests.ts";
import { loggedIn } from "../support/logins.ts";
import { ada } from "../support/people.ts";
import { demo, logged, send } from "../support/target.ts";
import { setTimeout as pause } from "node:timers/promises";

const token = await loggedIn({ username: ada.username, password: ada.password });
const json = { "content-type": "application/json" };
const form = { "content-type": "application/x-www-form-urlencoded" };

/** A body whose client goes away in the middle of it. */
function breakingOff(): ReadableStream<Uint8Array> {
	let sent = 0;
	return new ReadableStream({
		async pull(controller) {
			if (sent++ === 0) return controller.enqueue(new TextEncoder().encode('{"a":"'));
			await pause(50);
			controller.error(new Error("gone"));
		},
	});
}

test.each([
	["/auth/login", "POST", json],
	["/oauth/token", "POST", form],
	["/oauth/token", "POST", json],
	["/oauth/authorize", "POST", form],
	["/oauth/register", "POST", json],
	["/v1/policies", "POST", { ...json, ...bearer(token) }],
	["/v1/events?environment=my-workspace/prod", "POST", { ...json, ...bearer(token) }],
	["/api/v4/organizations/acme/change_events", "PUT", { ...json, ...bearer(token) }],
	["/api/public/event/search", "POST", { ...json, "x-api-key": demo.apiKey.accessCode }],
	["/sign-in", "POST", form],
])(
	"%s: %s with a body that breaks off is refused as the caller's, and logged as such",
	async (path, method, headers) => {
		const before = (await logged()).length;
		const init = { method, headers, body: breakingOff(), duplex: "half" } as RequestInit;
		const status = await send(path, init).then(
			(answer) => answer.status,
			() => null,
		);
		// Over HTTP nobody is there any more for the answer.
		expect([400, 403, null]).toContain(status);
		await until(async () => (await linesSince(before)).length > 0);
		const lines = await linesSince(before);
		expect(lines.filter((line) => /"status":5|request\.failed/.test(line))).toEqual([]);
	},
);

async function linesSince(before: number): Promise<readonly string[]> {
	return (await logged()).slice(before).filter((line) => line.includes('"event":"request'));
}

/** A server that a client left before it began may have nothing to say of it. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
	for (const _ of times(20, () => null)) {
		if (await isSo()) return;
		await pause(50);
	}
}
