import { describe, expect, test } from "vitest";
import { atConsole, wordsOf } from "../support/console.ts";
import { anIntegration, installBy, installsOf } from "../support/integrations.ts";
import { ada } from "../support/people.ts";
import { aPerson } from "../support/registered.ts";
import { locationOf, refusal } from "../support/requests.ts";
import { addRows, demo } from "../support/target.ts";
import { introspect } from "../support/tokens.ts";

describe("what is installed, in the console", () => {
	const installed = "/console/acme/installed";

	test("is listed with what it may do, and revoked after a question", async () => {
		const integration = await anIntegration();
		const { accessToken } = await installBy(integration);
		const grant = (await installsOf()).find((each) => each.client_id === integration.client.id)?.grant_id ?? "";
		const { open, send } = await atConsole(ada);
		const list = wordsOf(await open(installed));
		expect(list).toContain(integration.name);
		expect(list).toContain("See the environments of the account and their public keys");
		const path = `${installed}/${grant}/revoke`;
		expect(wordsOf(await open(path))).toContain("its tokens are refused everywhere, at once");
		expect((await introspect(accessToken, integration)).active).toBe(true);
		expect(locationOf(await send(path, path)).pathname).toBe(installed);
		expect(await introspect(accessToken, integration)).toEqual({ active: false });
		expect(refusal(await open(path))).toBe("404 Not there");
	});

	test("a member ends what they installed themselves, and nobody else's", async () => {
		const member = await aPerson({ [demo.accounts.acme]: "member" });
		const integration = await anIntegration();
		const [ofAda, ofMember] = [await installBy(integration), await installBy(integration, member)];
		const installs = (await installsOf()).filter((each) => each.client_id === integration.client.id);
		const own = installs.find((each) => each.installed_by.id === member.id)?.grant_id ?? "";
		const other = installs.find((each) => each.installed_by.id !== member.id)?.grant_id ?? "";
		const { open, post, send } = await atConsole(member);
		const path = (grant: string) => `${installed}/${grant}/revoke`;
		const list = await open(installed);
		expect([list.text.includes(path(own)), list.text.includes(path(other))]).toEqual([true, false]);
		expect(refusal(await open(path(other)))).toBe("403 Not for your role");
		expect(refusal(await post(path(other)))).toBe("403 Not for your role");
		await send(path(own), path(own));
		expect((await introspect(ofAda.accessToken, integration)).active).toBe(true);
		expect((await introspect(ofMember.accessToken, integration)).active).toBe(false);
	});

	test("an account where nothing is installed says what would stand there", async () => {
		const slug = `empty-${Date.now()}`;
		await addRows({ accounts: [{ id: `${slug}-id`, slug, name: "Empty", state: "active", notBefore: 0 }] });
		const admin = await aPerson({ [`${slug}-id`]: "admin" });
		const { open } = await atConsole(admin);
		expect(wordsOf(await open(`/console/${slug}/installed`))).toContain("Nothing is installed");
		expect(wordsOf(await open(`/console/${slug}/integrations`))).toContain("No integrations yet");
		expect(refusal(await open(`/console/${slug}/integrations?cursor=x`))).toBe("404 Not there");
	});
});
