import { readResources } from "../../domain/audience.ts";
import { resourcesOf } from "../../http/body.ts";
import type { TokenRefusal } from "../../operations/tokens/issued-tokens.ts";
import { redeemDeviceCode } from "../../operations/tokens/redeem-device-code.ts";
import { type GrantTypeHandler, invalidTarget, missing } from "./grant-type.ts";

/** RFC 8628 §3.4, RFC 8707 §2.2. */
export const deviceCode: GrantTypeHandler = async (params, client, { address, isProven, sender, services }) => {
	const code = params.get("device_code");
	if (code === undefined) return missing("device_code");
	const named = readResources(resourcesOf(params), services.config.issuer);
	if (!named.ok) return invalidTarget(named.detail);
	const issued = await redeemDeviceCode(
		{ deviceCode: code, resource: named.resource, isProven, sender },
		client,
		address,
		services,
	);
	return issued.ok ? issued : { ...issued, detail: issued.detail ?? detailOf(issued.error) };
};

/** RFC 8628 §3.5 */
function detailOf(error: TokenRefusal["error"]): string {
	switch (error) {
		case "authorization_pending":
			return "Nobody has answered yet: ask again";
		case "slow_down":
			return "Nobody has answered yet: wait five seconds longer from now on";
		case "access_denied":
			return "The person said no";
		case "expired_token":
			return "The device code has expired: ask for another";
		case "invalid_target":
			return "A resource was not granted";
		case "invalid_scope":
			return "Nothing of what was agreed to is permitted any more";
		default:
			return "The device code is not valid for this client, or not any more";
	}
}
