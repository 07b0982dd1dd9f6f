import { exports } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { refusal } from "../support/requests.ts";
import { demo, send } from "../support/target.ts";

describe("the Worker", () => {
	test.each(["https://latchkey.example.workers.dev", "http://192.0.2.1", "https://localhost.evil.example"])(
		"with a local ISSUER, and so perhaps with published keys, it serves nobody at %s",
		async (origin) => {
			for (const path of ["/", "/oauth/token", "/.well-known/jwks.json", "/nothing"]) {
				const { status, headers, text, body } = await answerOf(await exports.default.fetch(origin + path));
				expect(refusal({ status, headers, text, body })).toBe("503 Service Unavailable");
			}
		},
	);

	test.each(["http://localhost:8787", "http://127.0.0.1:1234", "http://[::1]"])("it serves %s", async (origin) => {
		expect((await exports.default.fetch(origin)).status).toBe(200);
	});

	test("the demonstration data is seeded once, however many ask first", async () => {
		const path = `/integrations/${demo.integration.client.id}`;
		const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await send(path, {})).status));
		expect(new Set(statuses)).toEqual(new Set([200]));
	});
});

async function answerOf(response: Response) {
	const { status, headers } = response;
	const text = await response.text();
	const body: Record<string, unknown> = JSON.parse(text);
	return { status, headers, text, body };
}
