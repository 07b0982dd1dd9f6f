import type { Client } from "../domain/client.ts";
import type { Params } from "../http/body.ts";
import { readClientCredentials } from "../http/client-credentials.ts";
import { authenticateClient } from "../operations/authenticate-client.ts";
import type { Services } from "../operations/services.ts";
import type { OAuthError } from "./error.ts";

/** RFC 6749 §3.2.1: who calls a token, revocation or introspection endpoint. */
export async function clientOf(
	request: Request,
	params: Params,
	services: Services,
): Promise<{ ok: true; client: Client } | { ok: false; error: OAuthError }> {
	const read = readClientCredentials(request, params);
	const basic = request.headers.has("authorization");
	if (read.kind === "invalid") return { ok: false, error: { code: "invalid_request", detail: read.detail } };
	if (read.kind === "absent") return { ok: false, error: { code: "invalid_client", basic } };
	const client = await authenticateClient(read, services);
	return client ? { ok: true, client } : { ok: false, error: { code: "invalid_client", basic } };
}
