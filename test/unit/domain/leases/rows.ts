import { type Grant, redeem } from "../../../../src/domain/grant.ts";
import { aGrant, aRedemption, start, stored } from "../builders.ts";

/** A grant after its code was redeemed. */
export function activeGrant(fields: Parameters<typeof aGrant>[0] = {}): Grant {
	return stored(redeem(aGrant(fields), aRedemption(), start));
}
