import { camelTokens, standardTokens, tokenCamelNames } from "../dialects/token.ts";
import { toStandardNames } from "../dialects/names.ts";
import { readBody } from "../http/body.ts";
import { json } from "../http/reply.ts";
import type { Call } from "../operations/call.ts";
import { clientOf } from "./client.ts";
import { refuse } from "./error.ts";
import { authorizationCode } from "./grants/authorization-code.ts";
import type { GrantTypeHandler } from "./grants/grant-type.ts";
import { refreshToken } from "./grants/refresh-token.ts";

// A Map: `constructor` is no grant type.
const grantTypes: ReadonlyMap<string, GrantTypeHandler> = new Map(
	[authorizationCode, refreshToken].map((handler) => [handler.name, handler]),
);

/**
 * RFC 6749 §3.2 and contract 000. A form, or JSON in either dialect; answers in the dialect that it was asked in.
 * 400, 401, 413 and 415 with the error of RFC 6749 §5.2.
 */
export async function token({ request, address, services }: Call): Promise<Response> {
	const body = await readBody(request, { json: true });
	if (!body.ok) return refuse({ code: "invalid_request", ...body.error });
	const named = toStandardNames(body.params, body.media === "json" ? tokenCamelNames : {});
	if ("twice" in named) return refuse({ code: "invalid_request", detail: `${named.twice} is given more than once` });
	const { params, camel } = named;

	const authenticated = await clientOf(request, params, services);
	if (!authenticated.ok) return refuse(authenticated.error);
	const { client } = authenticated;

	const name = params.get("grant_type");
	if (name === undefined) return refuse({ code: "invalid_request", detail: "grant_type is missing" });
	const grantType = grantTypes.get(name);
	if (!grantType) return refuse({ code: "unsupported_grant_type", detail: "There is no such grant type" });
	// RFC 6749 §5.2: a client may use only the grants that it registered.
	if (!client.grantTypes.includes(grantType.name)) {
		return refuse({ code: "unauthorized_client", detail: "The client is not registered for this grant type" });
	}

	const issued = await grantType.handle(params, client, { address, services });
	if (!issued.ok) {
		services.log("token.refused", { client: client.id, grant_type: name, reason: issued.reason });
		return refuse({ code: issued.error, detail: issued.detail });
	}
	return json(200, camel ? camelTokens(issued) : standardTokens(issued));
}
