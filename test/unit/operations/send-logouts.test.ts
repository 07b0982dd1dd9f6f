import { expect, test, vi } from "vitest";
import { developmentSealKey, readConfig } from "../../../src/config.ts";
import { makeClientId } from "../../../src/crypto/client-secret.ts";
import { systemRandom } from "../../../src/crypto/random.ts";
import type { Outbound, Posted } from "../../../src/domain/outbound.ts";
import { sendLogouts } from "../../../src/operations/tokens/send-logouts.ts";
import { createServices } from "../../../src/operations/upkeep/create-services.ts";
import { openPlatform } from "../../../src/platform/node/platform.ts";
import { hash, newId, newSubject, now, times } from "../../stores/builders.ts";
import { codeOf, givenIn } from "../../stores/ledgers/logouts.ts";
import { account, registerRows } from "../../stores/register-builders.ts";

const config = readConfig({ ISSUER: "http://localhost", SEAL_KEYS: `1:${developmentSealKey}` });

// A Worker has six connections that wait for an answer; one more would wait within its own five seconds.
test("six applications are told at once, so that those that never answer take nobody else's time", async () => {
	const { platform } = openPlatform(":memory:", { now });
	const asked: string[] = [];
	let most = 0;
	const hanging: ((posted: Posted) => void)[] = [];
	const outbound: Outbound = {
		get: async () => ({ kind: "failed", reason: "Nobody asks" }),
		ask: async () => ({ kind: "failed", reason: "Nobody asks" }),
		deliver: async () => ({ status: null, reason: "Nobody asks" }),
		post: (uri) => {
			asked.push(uri);
			return new Promise((answer) => {
				most = Math.max(most, hanging.push(answer));
			});
		},
	};
	const services = createServices(config, platform, { now, random: systemRandom, log: () => {}, outbound });
	const owner = account();
	const ledger = platform.ledgers.of(newSubject());
	const sid = newId();
	await ledger.openSignIn({ id: sid, hash: hash(sid) });
	const ids = await Promise.all(times(8, () => makeClientId(services.serverKeys, systemRandom)));
	const clients = ids.map((id, index) => {
		const options = { backchannelLogoutUri: `https://rp${index}.example/out` };
		return { ...registerRows().clients[0], id, accountId: owner.id, name: `RP ${index}`, scope: ["openid"], options };
	});
	await platform.register.add({ accounts: [owner], clients });
	for (const id of ids) await givenIn(ledger, codeOf(sid, { clientId: id, accountId: owner.id }));
	const { logouts } = await ledger.endSignIn(sid);
	expect(logouts).toHaveLength(8);
	const sent = sendLogouts(newSubject(), logouts, services);
	await vi.waitFor(() => expect(hanging).toHaveLength(6), 20_000);
	for (const answer of hanging.splice(0)) answer({ kind: "failed", reason: "It took too long" });
	await vi.waitFor(() => expect(asked).toHaveLength(8), 20_000);
	for (const answer of hanging) answer({ kind: "taken", reason: "It was answered with 200" });
	await sent;
	expect([new Set(asked).size, most]).toEqual([8, 6]);
});
