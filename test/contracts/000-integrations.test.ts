import { describe, expect, test } from "vitest";
import { anIntegration, create, installBy } from "../support/integrations.ts";
import { codeOf, decide, grace } from "../support/people.ts";
import { ask, locationOf } from "../support/requests.ts";
import { demo } from "../support/target.ts";
import { environments, exchange, installPath } from "../support/tokens.ts";

// Contract 000, "Getting Started": what its table asks for, and what one is given for it.

const svg =
	'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4" fill="#0b6e4f"/></svg>';

/** The four rows of the table. */
const details = {
	name: "Deploy Radar",
	description: "Draws your deployments beside your errors.",
	logo_svg: svg,
	redirect_urls: ["https://radar.example/installed?from=latchkey"],
};

describe("Getting Started", () => {
	test("name, description, .svg logo and redirect URL give a unique client ID and a client secret", async () => {
		const first = await create(details);
		const second = await create({ ...details, name: "Another Radar" });
		expect([first.status, second.status]).toEqual([201, 201]);
		expect(first.body).toMatchObject({
			client_id: expect.stringMatching(/^lkid_[\w-]+$/),
			client_secret: expect.stringMatching(/^lkcs_[\w-]+$/),
			name: details.name,
			description: details.description,
			redirect_urls: details.redirect_urls,
			kind: "integration",
			rotation: "keep",
			access_token_ttl: 86_400,
		});
		expect(second.body.client_id).not.toBe(first.body.client_id);
		expect(second.body.client_secret).not.toBe(first.body.client_secret);
		expect(first.headers.get("cache-control")).toBe("no-store");
	});

	test("it is available at /integrations/<client-id>, with its name, description and logo", async () => {
		const integration = await anIntegration({ ...details, name: "Radar with a page" });
		const page = await ask(installPath(integration));
		expect(page.status).toBe(200);
		expect(page.text).toContain("Radar with a page");
		expect(page.text).toContain(details.description);
		const logo = await ask(`/integrations/${integration.client.id}/logo.svg`);
		expect([logo.status, logo.headers.get("content-type"), logo.text]).toEqual([200, "image/svg+xml", svg]);
	});

	test("the secret that was shown authenticates the integration, from the code to the environments", async () => {
		const integration = await anIntegration({ ...details, name: "Radar with a server" });
		const answer = await decide(installPath(integration), { who: grace, account: demo.accounts.acme });
		// "appended to the query string parameters of the URL", which has some already.
		expect(locationOf(answer).href.startsWith(`${details.redirect_urls[0]}&code=`)).toBe(true);
		const exchanged = await exchange(codeOf(answer), { client: integration, dialect: "camel" });
		expect(exchanged.body).toEqual({
			accessToken: expect.any(String),
			refreshToken: expect.any(String),
			expiresIn: 86_400,
			tokenType: "Bearer",
		});
		const listed = await environments(String(exchanged.body.accessToken));
		expect(JSON.parse(listed.text)).toHaveLength(2);
	});

	test("a wrong secret does not", async () => {
		const integration = await anIntegration({ ...details, name: "Radar without its secret" });
		const other = await anIntegration({ ...details, name: "Radar with another secret" });
		await expect(installBy({ ...integration, secret: other.secret })).rejects.toThrow("401");
	});
});
