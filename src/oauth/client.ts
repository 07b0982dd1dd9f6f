import { assertionType } from "../domain/client-assertion.ts";
import type { Client } from "../domain/client.ts";
import { type ClientParams, type ReadClient, readClientCredentials } from "../http/client-credentials.ts";
import { authenticateClient } from "../operations/clients/authenticate-client.ts";
import { authenticateByAssertion } from "../operations/clients/client-assertion.ts";
import type { Services } from "../operations/services.ts";
import type { OAuthError } from "./error.ts";

/** RFC 6749 §3.2.1: who calls a token, revocation or introspection endpoint. */
export async function clientOf(
	request: Request,
	params: ClientParams,
	services: Services,
): Promise<{ ok: true; client: Client } | { ok: false; error: OAuthError }> {
	const read = readClientCredentials(request, params);
	const basic = request.headers.has("authorization");
	if (read.kind === "invalid") return { ok: false, error: { code: "invalid_request", detail: read.detail } };
	const client = await authenticate(read, services);
	return client ? { ok: true, client } : { ok: false, error: { code: "invalid_client", basic } };
}

async function authenticate(
	read: Exclude<ReadClient, { kind: "invalid" }>,
	services: Services,
): Promise<Client | null> {
	switch (read.kind) {
		case "absent":
			return null;
		case "credentials":
			return authenticateClient(read, services);
		case "assertion":
			// RFC 7521 §4.2: a JWT is the only kind that there is here.
			return read.type === assertionType ? authenticateByAssertion(read.assertion, read.id, services) : null;
	}
}
