import { expect, test } from "vitest";
import { developmentSealKey, readConfig } from "../../../src/config.ts";
import { systemRandom } from "../../../src/crypto/random.ts";
import { hashSecret, type TokenReference, unsealToken } from "../../../src/crypto/sealed-token.ts";
import { rotateRefreshToken } from "../../../src/operations/tokens/rotate-refresh-token.ts";
import type { Services } from "../../../src/operations/services.ts";
import { createServices } from "../../../src/operations/upkeep/create-services.ts";
import { openPlatform } from "../../../src/platform/node/platform.ts";

const subject = `usr_any_${"A".repeat(22)}` as const;
const [older, newer] = [`1:${developmentSealKey}`, `2:${"A".repeat(43)}`];

/** One storage, and the deployments that follow each other over it, each with what its operator says. */
async function aFamily() {
	let clock = 1_800_000_000;
	const now = () => clock;
	const { platform } = openPlatform(":memory:", { now });
	const deploy = (variables: Record<string, string> = {}) => {
		const config = readConfig({ ISSUER: "http://localhost:8787", SEAL_KEYS: older, ...variables });
		return createServices(config, platform, { now, random: systemRandom, log: () => {} });
	};
	const secret = systemRandom(32);
	const first: TokenReference = { subject, accountId: "acme", id: "A".repeat(22), generation: 1, secret };
	const terms = { id: first.id, clientId: subject, accountId: "acme", scope: ["read"], rotation: "rotate" } as const;
	const refresh = { hash: await hashSecret(first), idleTtl: 30 * 86_400 };
	await platform.ledgers.of(subject).openPair({ ...terms, code: null }, { lifetime: 90 * 86_400, refresh });
	/** What a client gets for this token; null where it is refused. */
	async function ask(
		services: Services,
		token: string | null,
		isProven: boolean,
		rotation: "keep" | "rotate" = "rotate",
	): Promise<string | null> {
		const reference = token === null ? first : await unsealToken("refresh", token, services.serverKeys);
		if (!reference) return null;
		const family = { reference, clientId: subject, clientName: "x", rotation, scope: null, resource: null };
		const got = await rotateRefreshToken(
			{ ...family, isProven, senderKey: null, notBefore: 0, address: null },
			services,
		);
		return got.ok ? got.refreshToken : null;
	}
	return { deploy, ask, wait: (seconds: number) => (clock += seconds) };
}

test("DESIGN §4.3: a successor that was lost under the older of SEAL_KEYS is the same after a newer one came", async () => {
	const { deploy, ask, wait } = await aFamily();
	const [before, after] = [deploy(), deploy({ SEAL_KEYS: `${newer},${older}` })];
	const lost = await ask(before, null, true);
	wait(86_399);
	expect(await ask(after, null, true)).toBe(lost);
	// Its own successor is of the newer key, and repeats as well; then the first is one too old.
	const next = await ask(after, lost, true);
	expect(next).toMatch(/^lkr_/);
	expect(await ask(after, lost, true)).toBe(next);
	expect(await ask(after, null, true)).toBeNull();
	expect(await ask(after, next, true)).toBeNull();
});

test("of two deployments at once the older repeats what the newer gave, where it knows its key", async () => {
	const { deploy, ask } = await aFamily();
	const [behind, ahead] = [deploy({ SEAL_KEYS: `${older},${newer}` }), deploy({ SEAL_KEYS: `${newer},${older}` })];
	const given = await ask(ahead, null, true);
	expect(given).toMatch(/^lkr_/);
	expect(await ask(behind, null, true)).toBe(given);
});

test("REFRESH_REPEAT_SECONDS is how long a bearer's lost successor is given again", async () => {
	for (const [said, seconds] of [
		[{}, 60],
		[{ REFRESH_REPEAT_SECONDS: "10" }, 10],
		[{ REFRESH_REPEAT_SECONDS: "3600" }, 3600],
	] as const) {
		const { deploy, ask, wait } = await aFamily();
		const services = deploy(said);
		const lost = await ask(services, null, false);
		wait(seconds - 1);
		expect(await ask(services, null, false)).toBe(lost);
		wait(1);
		expect([seconds, await ask(services, null, false), await ask(services, lost, false)]).toEqual([
			seconds,
			null,
			null,
		]);
	}
});

test("of a client that keeps its tokens now, a family that began when it did not goes on rotating, and ends as it did", async () => {
	const { deploy, ask, wait } = await aFamily();
	const services = deploy();
	const second = await ask(services, null, true, "keep");
	expect(second).toMatch(/^lkr_/);
	expect(await ask(services, null, true, "keep")).toBe(second);
	expect(await ask(services, null, true)).toBe(second);
	const third = await ask(services, second, true, "keep");
	expect(third).toMatch(/^lkr_/);
	wait(1);
	// The first is used once more than it may be: nobody has the family any longer.
	expect(await ask(services, null, true, "keep")).toBeNull();
	expect(await ask(services, third, true, "keep")).toBeNull();
});
