import { assertionType } from "../domain/client-assertion.ts";
import type { Client } from "../domain/client.ts";
import type { Call } from "../endpoint/call.ts";
import { type ClientParams, type ReadClient, readClientCredentials } from "../http/client-credentials.ts";
import { authenticateClient } from "../operations/clients/authenticate-client.ts";
import { authenticateByAssertion, claimedClientId } from "../operations/clients/client-assertion.ts";
import { asNamed } from "../operations/clients/named-client.ts";
import type { Services } from "../operations/services.ts";
import type { OAuthError } from "./error.ts";

/** RFC 6749 §3.2.1: who calls a token, revocation or introspection endpoint. `shown` is what they show of what we gave out. */
export async function clientOf(
	{ request, address, services }: Pick<Call, "request" | "address" | "services">,
	params: ClientParams,
	shown: readonly (string | undefined)[],
): Promise<{ ok: true; client: Client } | { ok: false; error: OAuthError }> {
	const read = readClientCredentials(request, params);
	const basic = request.headers.has("authorization");
	if (read.kind === "invalid") return { ok: false, error: { code: "invalid_request", detail: read.detail } };
	const found = await asNamed(idOf(read), { address, shown }, services, async () => {
		const client = await authenticate(read, services);
		return client && { kind: "client" as const, client };
	});
	if (found?.kind === "limited") return { ok: false, error: { code: "temporarily_unavailable", limited: found } };
	return found ? { ok: true, client: found.client } : { ok: false, error: { code: "invalid_client", basic } };
}

type Readable = Exclude<ReadClient, { kind: "invalid" }>;

/** Empty where nobody is named. */
function idOf(read: Readable): string {
	switch (read.kind) {
		case "absent":
			return "";
		case "credentials":
			return read.id;
		case "assertion":
			return read.id ?? claimedClientId(read.assertion) ?? "";
	}
}

async function authenticate(read: Readable, services: Services): Promise<Client | null> {
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
