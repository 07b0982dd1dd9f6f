import type { StatedOptions } from "./client-options.ts";
import { type Client, deviceCodeGrant } from "./client.ts";

/** What people say of the ways in which a client asks, beside its redirect URIs. */
interface Asking extends Pick<Client, "redirectUris"> {
	readonly actsForItself: boolean;
	readonly options: StatedOptions;
}

export function actsAlone({ grantTypes }: Pick<Client, "grantTypes">): boolean {
	return grantTypes.includes("client_credentials");
}

/**
 * RFC 6749 §4.4 and RFC 8628 are added or taken away. What people allow goes with the last way to ask them and comes with the first;
 * which of those grants a client has otherwise is not for whoever edits it.
 */
export function grantTypesAfter(
	before: Pick<Client, "grantTypes" | "redirectUris">,
	{ redirectUris, actsForItself, options }: Asking,
): Client["grantTypes"] {
	const onDevices = options.deviceAuthorization === true;
	const others = before.grantTypes.filter((each) => each !== "client_credentials" && each !== deviceCodeGrant);
	const byRedirect = before.redirectUris.length > 0 ? others : (["authorization_code", "refresh_token"] as const);
	const byPeople = redirectUris.length > 0 ? byRedirect : onDevices ? (["refresh_token"] as const) : [];
	const alone = actsForItself ? (["client_credentials"] as const) : [];
	return [...byPeople, ...alone, ...(onDevices ? ([deviceCodeGrant] as const) : [])];
}
