import { sha256 } from "../../crypto/digest.ts";
import { base64url } from "../../crypto/encoding.ts";
import { unsealToken } from "../../crypto/sealed-token.ts";
import type { Hash } from "../../domain/brands.ts";
import type { Client } from "../../domain/client.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";
import { type CodeExchange, redeemGrant } from "./exchange-code.ts";
import type { IssuedTokens, TokenRefusal } from "./issued-tokens.ts";
import { useProof } from "./use-proof.ts";

export interface DeviceExchange extends Pick<CodeExchange, "resource" | "isProven" | "sender"> {
	readonly deviceCode: string;
}

/**
 * RFC 8628 §3.4: what somebody answered, as often as the device asks. Garbage is known by its seal and reaches no storage. The
 * grant is redeemed as that of an authorization code is, once.
 */
export async function redeemDeviceCode(
	{ deviceCode, resource, isProven, sender }: DeviceExchange,
	client: Client,
	address: string | null,
	services: Services,
): Promise<IssuedTokens | TokenRefusal> {
	const sealed = await unsealToken("device", deviceCode, services.serverKeys);
	if (!sealed) return { ok: false, error: "invalid_grant", reason: "device_code_unknown" };
	const codeHash = await sha256(deviceCode);
	const userCode = base64url(sealed.secret) as Hash;
	// A request that a network repeats is not to slow the device down.
	const used = await useProof(sender);
	if (used) return used;
	const polled = await portsOf(services).deviceRequests.poll(userCode, { codeHash, clientId: client.id });
	switch (polled.kind) {
		case "pending":
			return { ok: false, error: "authorization_pending", reason: "device_pending" };
		case "slow_down":
			return { ok: false, error: "slow_down", reason: "device_slow_down" };
		case "denied":
			return { ok: false, error: "access_denied", reason: "device_denied" };
		case "expired":
			return { ok: false, error: "expired_token", reason: "device_expired" };
		case "mismatch":
			return { ok: false, error: "invalid_grant", reason: "device_mismatch_client" };
		case "allowed": {
			const { subject, accountId, grantId } = polled;
			const reference = { subject, accountId, id: grantId, generation: 0 };
			const proof = { codeHash, redirectUri: null, codeChallenge: null, isProven, sender };
			const redemption = { reference, ...proof, resource };
			return redeemGrant(redemption, client, address, services);
		}
	}
}
