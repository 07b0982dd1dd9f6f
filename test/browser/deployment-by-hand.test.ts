import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import * as byHand from "./by-hand.ts";
import { accountMenu, stage } from "./stage.ts";

// A deployment without demonstration data: two companies, three people, one integration and one linked key, all of it made by hand.

const census: byHand.Account = { name: "Census Bureau", slug: "census" };
const harvest: byHand.Account = { name: "Harvest Works", slug: "harvest" };
const ida = { name: "Ida Rhodes", username: "ida", password: "violet lanterns at noon" };
const joan = { name: "Joan Clarke", username: "joan", password: "seven quiet harbours" };
const kay = { name: "Kay McNulty", username: "kay", password: "copper gardens in rain" };

describe.each(byHand.browsers)("a browser, %o", (browser) => {
	const on = stage("alone", byHand.nothingMade);
	const site = byHand.clientsSite();
	const look = byHand.lookIn(browser);

	test(
		"contracts 000 and 003 with people, accounts, an integration and a key of their own",
		{ timeout: 240_000 },
		async () => {
			// Ida sets it up, and runs it: she makes Harvest's account for Joan.
			const { page: idas, violations } = await on.open(browser);
			await byHand.setUp(idas, on.origin, census, ida, look);
			const [bureau, works] = [`${on.origin}/console/census`, `${on.origin}/console/harvest`];
			const { page: joans } = await on.open(browser);
			await byHand.joinAsNew(joans, await byHand.makeAccountForOther(idas, on.origin, harvest, look), joan, look);
			// Whoever runs a deployment is in no account for that.
			expect((await idas.goto(`${works}/keys`))?.status()).toBe(404);

			// Kay comes to both.
			const { page: kays } = await on.open(browser);
			await byHand.joinAsNew(kays, await byHand.invite(idas, bureau, "Administrator", "For Kay", look), kay, look);
			const { page: kaysOther } = await on.open(browser);
			await byHand.joinAsKnown(
				kaysOther,
				await byHand.invite(joans, works, "Member", "Kay, from the Bureau", look),
				kay,
				look,
			);
			await kaysOther.goto(bureau);
			await accountMenu(kaysOther).click();
			await kaysOther.getByRole("link", { name: harvest.name }).click();
			await kaysOther.waitForURL(works);
			await look(kaysOther);

			await integrationOfHarvest(joans, works);
			await keyOfTheBureau(kays, bureau, joans, works);
			expect(violations).toEqual([]);

			/** Contract 000: registered by one company, installed by a person of two, who chooses where. */
			async function integrationOfHarvest(page: Page, base: string): Promise<void> {
				await page.goto(`${base}/integrations/new`);
				await page.getByLabel("Name", { exact: true }).fill("Harvest Charts");
				await page.getByLabel("Description").fill("Charts of what people counted.");
				await page.getByLabel("Redirect URLs").fill(site.redirect());
				await page.getByLabel(/See the environments of the account/).check();
				await page.getByRole("button", { name: "Register" }).click();
				await page.getByRole("heading", { name: "It is registered" }).waitFor();
				const clientId = await page.locator("#client-id").innerText();
				const clientSecret = await page.locator("#client-secret").innerText();

				await kays.goto(await page.locator("#install-url").innerText());
				await look(kays);
				expect(await kays.getByRole("radio").count()).toBe(2);
				await kays.getByRole("radio", { name: census.name }).check();
				await kays.getByRole("button", { name: "Install", exact: true }).click();
				await kays.getByText("Thank you, you can go on").waitFor();
				const code = (await site.arrival()).searchParams.get("code");
				const redirect = site.redirect();
				const asked = { grantType: "authorization_code", clientId, clientSecret, redirect, code };
				const tokens = await on.post<{ accessToken: string }>("/oauth/token", asked);
				const headers = { authorization: `Bearer ${tokens.accessToken}` };
				const answer = await fetch(`${on.origin}/oauth/environments`, { headers });
				expect([answer.status, await answer.json()]).toEqual([200, []]);

				// It stands in the account that was chosen, and in no other.
				for (const [account, rows] of [
					[bureau, 1],
					[works, 0],
				] as const) {
					const installed = account === bureau ? idas : joans;
					await installed.goto(`${account}/installed`);
					expect(await installed.getByRole("row").filter({ hasText: "Harvest Charts" }).count()).toBe(rows);
				}
			}

			/** Contract 003: a key of one company, linked by another, opens both, each by its own policies. */
			async function keyOfTheBureau(owner: Page, base: string, linker: Page, linkers: string): Promise<void> {
				await byHand.makePolicy(owner, base, "Bureau reads", "environments:read", look);
				const { id, secret } = await byHand.makeKey(owner, base, "Counting machine", "Bureau reads", look);
				const status = async (path: string) =>
					(await fetch(on.origin + path, { headers: { "x-api-key": secret } })).status;
				expect(await status("/v1/environments?account=harvest")).toBe(403);

				await byHand.makePolicy(linker, linkers, "Works audits", "audit:read", look);
				await linker.goto(`${linkers}/keys`);
				await linker.getByRole("link", { name: "Link existing API key" }).click();
				await linker.getByLabel("API key ID").fill(id);
				await linker.getByRole("checkbox", { name: "Works audits" }).check();
				await look(linker);
				await linker.getByRole("button", { name: "Link API key" }).click();
				await linker.getByText("The API key was linked.").waitFor();
				await look(linker);
				const asked = [
					"/v1/environments",
					"/v1/audit",
					"/v1/environments?account=harvest",
					"/v1/audit?account=harvest",
				];
				expect(await Promise.all(asked.map(status))).toEqual([200, 403, 403, 200]);
				await owner.goto(`${base}/keys/${id}/links`);
				await owner.getByRole("row").filter({ hasText: harvest.name }).waitFor();
				await look(owner);
			}
		},
	);
});
