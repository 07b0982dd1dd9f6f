import { describe, expect, test } from "vitest";
import { writeInstant } from "../../src/domain/instant.ts";
import { staleness } from "../../src/operations/lookups.ts";
import { anIntegration, call, end, installBy, pathOf, read, rotate } from "../support/integrations.ts";
import { type Answer, refusal, times } from "../support/requests.ts";
import { advance, logged, now } from "../support/target.ts";
import { refresh, type Registered } from "../support/tokens.ts";

const day = 86_400;

/** Which of these secrets the token endpoint takes. */
async function good(of: Registered, refreshToken: string, secrets: readonly (string | null)[]): Promise<boolean[]> {
	const answers: Answer[] = [];
	for (const secret of secrets) answers.push(await refresh(refreshToken, { client: { ...of, secret } }));
	return answers.map((answer) => {
		if (answer.status !== 200 && refusal(answer) !== "401 invalid_client") throw new Error(answer.text);
		return answer.status === 200;
	});
}

async function secretOf(answer: Promise<Answer>): Promise<string> {
	const { status, body, text } = await answer;
	if (status !== 201) throw new Error(`No secret: ${status} ${text}`);
	return String(body.client_secret);
}

describe("replacing a secret", () => {
	test("both are good for as long as was chosen, then the older one is not", async () => {
		const integration = await anIntegration();
		const { refreshToken } = await installBy(integration);
		const answer = await rotate(integration, 7);
		expect([answer.status, answer.headers.get("cache-control")]).toEqual([201, "no-store"]);
		expect(answer.body).toEqual({
			client_id: integration.client.id,
			client_secret: expect.stringMatching(/^lkcs_/),
			previous_expires_at: writeInstant(now() + 7 * day),
		});
		const fresh = String(answer.body.client_secret);
		const both = [integration.secret, fresh];
		await advance(staleness + 1);
		expect(await good(integration, refreshToken, both)).toEqual([true, true]);
		await advance(7 * day - staleness - 2);
		expect(await good(integration, refreshToken, both)).toEqual([true, true]);
		await advance(1);
		expect(await good(integration, refreshToken, both)).toEqual([false, true]);
		expect((await read(integration)).body.secrets).toEqual([{ expires_at: null }]);
	});

	test("without an overlap the older one is good no more", async () => {
		const integration = await anIntegration();
		const { refreshToken } = await installBy(integration);
		const fresh = await secretOf(rotate(integration, 0));
		await advance(staleness + 1);
		expect(await good(integration, refreshToken, [integration.secret, fresh])).toEqual([false, true]);
	});

	test("the older one can be ended before its time, once", async () => {
		const integration = await anIntegration();
		const { refreshToken } = await installBy(integration);
		const path = `${pathOf(integration)}/secrets/previous`;
		expect(refusal(await call("DELETE", path))).toBe("404 Not Found");
		const fresh = await secretOf(rotate(integration, 30));
		expect((await call("DELETE", path)).status).toBe(204);
		await advance(staleness + 1);
		expect(await good(integration, refreshToken, [integration.secret, fresh])).toEqual([false, true]);
		expect(refusal(await call("DELETE", path))).toBe("404 Not Found");
	});

	test("a third is refused, and says which to end; both stay good", async () => {
		const integration = await anIntegration();
		const { refreshToken } = await installBy(integration);
		const fresh = await secretOf(rotate(integration, 1));
		const third = await rotate(integration, 1);
		expect(refusal(third)).toBe("409 Conflict");
		expect(String(third.body.detail)).toContain("End the older one first");
		await advance(staleness + 1);
		expect(await good(integration, refreshToken, [integration.secret, fresh])).toEqual([true, true]);
		await advance(day);
		expect((await rotate(integration, 1)).status).toBe(201);
	});

	test("of ten at once one gets a secret, and it is good", async () => {
		const integration = await anIntegration();
		const { refreshToken } = await installBy(integration);
		const answers = await Promise.all(times(10, () => rotate(integration, 1)));
		const made = answers.filter(({ status }) => status === 201).map(({ body }) => String(body.client_secret));
		expect(made).toHaveLength(1);
		const refused = answers.filter(({ status }) => status !== 201);
		expect(refused.map(refusal)).toEqual(times(9, () => "409 Conflict"));
		await advance(staleness + 1);
		expect(await good(integration, refreshToken, [integration.secret, ...made])).toEqual([true, true]);
	});

	test.each([-1, 31, 1.5, "7", null, undefined])(
		"an overlap of %j days is refused, and nothing changes",
		async (days) => {
			const integration = await anIntegration();
			const answer = await call("POST", `${pathOf(integration)}/secrets`, undefined, { overlap_days: days });
			expect(refusal(answer)).toBe("400 Malformed request");
			expect((await read(integration)).body.secrets).toEqual([{ expires_at: null }]);
		},
	);

	test("a public client has none, and one that has ended gets none", async () => {
		const application = await anIntegration({ kind: "application", client_type: "public" });
		expect(refusal(await rotate(application, 0))).toBe("409 Conflict");
		expect((await read(application)).body.secrets).toEqual([]);
		const integration = await anIntegration();
		await end(integration);
		expect(refusal(await rotate(integration, 0))).toBe("409 Conflict");
	});

	test("the secret of one client is none of another's", async () => {
		const [one, other] = [await anIntegration(), await anIntegration()];
		const { refreshToken } = await installBy(one);
		expect(await good(one, refreshToken, [other.secret, await secretOf(rotate(other, 1))])).toEqual([false, false]);
	});

	test("DESIGN §4.6: no secret is in a later answer, nor in a line for the operator", async () => {
		const integration = await anIntegration();
		const fresh = await secretOf(rotate(integration, 1));
		const texts = [(await read(integration)).text, (await call("GET", "/v1/integrations")).text, ...(await logged())];
		for (const text of texts) for (const secret of [fresh, integration.secret]) expect(text).not.toContain(secret);
	});
});
