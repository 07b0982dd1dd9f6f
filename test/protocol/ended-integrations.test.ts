import { describe, expect, test } from "vitest";
import { staleness } from "../../src/operations/lookups.ts";
import { anIntegration, change, end, installBy, read, rotate } from "../support/integrations.ts";
import { codeOf, decide } from "../support/people.ts";
import { ask, refusal, times } from "../support/requests.ts";
import { advance, runCron, setStanding } from "../support/target.ts";
import { basicOf, environments, exchange, installPath, introspect, refresh } from "../support/tokens.ts";

describe("the end of a client", () => {
	test("DESIGN §4.9: within 31 seconds nothing of it counts any more", async () => {
		const integration = await anIntegration({ logo_svg: '<svg xmlns="http://www.w3.org/2000/svg"/>' });
		const { accessToken, refreshToken } = await installBy(integration);
		const waiting = codeOf(await decide(installPath(integration)));
		expect((await introspect(accessToken, integration)).active).toBe(true);

		const ended = await end(integration);
		expect(ended.body).toMatchObject({ state: "ended", install_url: null, logo_url: null });
		expect(ended.body.installs).toEqual({ grants: 2, accounts: 1 });
		await advance(staleness + 1);

		expect((await environments(accessToken)).status).toBe(401);
		const attempts = [
			await refresh(refreshToken, { client: integration }),
			await exchange(waiting, { client: integration }),
			await ask("/oauth/introspect", {
				method: "POST",
				headers: { ...basicOf(integration), "content-type": "application/x-www-form-urlencoded" },
				body: new URLSearchParams({ token: accessToken }).toString(),
			}),
		];
		expect(attempts.map(refusal)).toEqual(times(3, () => "401 invalid_client"));
		expect(refusal(await ask(installPath(integration)))).toBe("404 Unknown integration");
		expect(refusal(await ask(`/integrations/${integration.client.id}/logo.svg`))).toBe("404 Not Found");
	});

	test("it cannot be changed, nor come back; ending it again changes nothing", async () => {
		const integration = await anIntegration();
		const first = await end(integration);
		expect((await end(integration)).body).toEqual(first.body);
		expect(refusal(await change(integration, { description: "x" }))).toBe("409 Conflict");
		expect(refusal(await rotate(integration, 0))).toBe("409 Conflict");
	});

	test("the cron takes its grants out of the ledgers, and tells how many are left", async () => {
		const integration = await anIntegration();
		const grants = await Promise.all(times(3, () => installBy(integration)));
		await end(integration);
		expect((await read(integration)).body.installs).toEqual({ grants: 3, accounts: 1 });
		await runCron();
		expect((await read(integration)).body.installs).toEqual({ grants: 0, accounts: 0 });
		// Even where the register forgot that it ended, the ledgers do not.
		await setStanding({ kind: "client", id: integration.client.id }, { state: "active", notBefore: 0 });
		await advance(staleness + 1);
		for (const { accessToken, refreshToken } of grants) {
			expect(await introspect(accessToken, integration)).toEqual({ active: false });
			expect((await refresh(refreshToken, { client: integration })).body.error).toBe("invalid_grant");
		}
	});

	test("DESIGN §4.5: a month later it is gone from the register", async () => {
		const integration = await anIntegration();
		await end(integration);
		await runCron();
		expect((await read(integration)).status).toBe(200);
		await advance(30 * 86_400 + 2);
		await runCron();
		expect((await read(integration)).status).toBe(404);
	});
});
