import { expect, test } from "vitest";
import { developmentSealKey, readConfig } from "../../../src/config.ts";
import { systemRandom } from "../../../src/crypto/random.ts";
import type { Client } from "../../../src/domain/client.ts";
import type { ClientRegister } from "../../../src/domain/ports/clients.ts";
import type { Platform } from "../../../src/domain/ports/platform.ts";
import { latchkeyAlone } from "../../../src/domain/targets.ts";
import { listInstalls } from "../../../src/operations/clients/installs.ts";
import { exchangeCode } from "../../../src/operations/tokens/exchange-code.ts";
import { issueCode } from "../../../src/operations/tokens/issue-code.ts";
import { createServices } from "../../../src/operations/upkeep/create-services.ts";
import { openPlatform } from "../../../src/platform/node/platform.ts";
import { addAccount, addMember, registerRows } from "../../stores/register-builders.ts";

const now = () => 1_800_000_000;

/** A deployment, and somebody who allows a client one permission after the other. */
async function deployment(broken: Partial<ClientRegister> = {}) {
	const { platform } = openPlatform(":memory:", { now });
	const logged: string[] = [];
	const config = readConfig({ ISSUER: "http://localhost:8787", SEAL_KEYS: `1:${developmentSealKey}` });
	const over = (clients: Platform["clients"]) =>
		createServices(config, { ...platform, clients }, { now, random: systemRandom, log: (event) => logged.push(event) });
	const services = over({ ...platform.clients, ...broken });
	const { id: accountId } = await addAccount(platform.register);
	const { id: subject } = await addMember(platform.register, accountId, "admin");
	const [made] = registerRows().clients;
	if (!made) throw new Error("There is no client");
	const client: Client = {
		...made,
		accountId,
		kind: "application",
		scope: ["alerts:read", "events:read", "keys:read"],
		grantTypes: ["authorization_code", "refresh_token"],
	};
	await platform.register.add({ clients: [client] });
	const redirectUri = client.redirectUris[0] ?? "";
	const agree = (...scope: readonly string[]) =>
		issueCode(
			{
				client,
				subject,
				accountId,
				agreed: { scope, unchecked: [] },
				resource: null,
				targets: latchkeyAlone,
				addsUp: true,
				identity: null,
				redirectUri,
				redirectUriNamed: true,
				codeChallenge: null,
				senderKey: null,
				address: null,
				remember: null,
			},
			services,
		);
	const redeem = (code: string) =>
		exchangeCode(
			{ code, redirectUri, codeVerifier: null, resource: null, isProven: true, sender: null },
			client,
			null,
			services,
		);
	const states = async () => {
		const grants = await platform.ledgers.of(subject).listGrants({ after: "", limit: 100 });
		return grants.map(({ scope }) => scope.join(" "));
	};
	const all = { q: null, filters: { state: null, mine: null }, sort: null, cursor: null, limit: 10 };
	const installs = () => listInstalls({ accountId, subject }, all, over(platform.clients));
	return { agree, redeem, states, installs, logged };
}

test("the register fails when a step up has been redeemed: the tokens are given, and the list has one row with all of it", async () => {
	const { agree, redeem, states, installs, logged } = await deployment({
		async endInstallsOf() {
			throw new Error("D1 is away");
		},
	});
	await redeem(await agree("events:read"));
	const answer = await redeem(await agree("alerts:read"));
	expect(answer).toMatchObject({ ok: true, scope: ["alerts:read", "events:read"] });
	expect(await states()).toEqual(["alerts:read events:read"]);
	expect(logged).toContain("install.end_failed");
	expect((await installs())?.rows).toMatchObject([{ permitted: ["alerts:read", "events:read"] }]);
});

test("a crash between consent and redemption leaves what was there, and the next step has both", async () => {
	const { agree, redeem, states } = await deployment();
	await redeem(await agree("events:read"));
	await agree("alerts:read");
	expect(await states()).toEqual(["events:read"]);
	expect(await redeem(await agree("keys:read"))).toMatchObject({ ok: true, scope: ["events:read", "keys:read"] });
	expect(await states()).toEqual(["events:read keys:read"]);
});
