import { assertionType } from "../domain/client-assertion.ts";
import type { Client } from "../domain/client.ts";
import type { Call } from "../endpoint/call.ts";
import { type ClientParams, type ReadClient, readClientCredentials } from "../http/client-credentials.ts";
import { readCredential } from "../http/presented-credential.ts";
import { authenticateClient, type FindClient, findRegisteredHere } from "../operations/clients/authenticate-client.ts";
import { authenticateByAssertion, readAssertion } from "../operations/clients/client-assertion.ts";
import { asNamed } from "../operations/clients/named-client.ts";
import type { Services } from "../operations/services.ts";
import { clientLimited, clientRefused, type OAuthError } from "./error.ts";

interface Caller {
	readonly client: Client;
	/** Whether it proved so in this request, by a secret or a key: one that may do either may also have named itself alone. */
	readonly isProven: boolean;
}

interface HowAsked {
	/** Where a client is looked for. */
	readonly find?: FindClient | undefined;
	/** Whether what it shows is in the grant (RFC 7523 §2.1): it may only name itself. */
	readonly isNamedAlone?: boolean;
}

/**
 * RFC 6749 §3.2.1: who calls a token, revocation or introspection endpoint. `shown` is what they show of what we gave out; `find` is
 * for where there are more clients than those that are kept here.
 */
export async function clientOf(
	{ request, url, address, services }: Pick<Call, "request" | "url" | "address" | "services">,
	params: ClientParams,
	shown: readonly (string | undefined)[],
	{ find, isNamedAlone = false }: HowAsked = {},
): Promise<({ ok: true } & Caller) | { ok: false; error: OAuthError }> {
	const read = readClientCredentials(request, readCredential(request, url), params);
	if (read.kind === "invalid") return { ok: false, error: { code: "invalid_request", detail: read.detail } };
	const claim = claimOf(read, services, { find, isNamedAlone });
	if (typeof claim !== "object") return { ok: false, error: clientRefused(request, claim) };
	const found = await asNamed(claim.id, { address, shown }, services, async () => {
		const client = await claim.authenticate();
		return typeof client === "object" ? { kind: "client" as const, client } : client;
	});
	if (typeof found !== "object") return { ok: false, error: clientRefused(request, found) };
	if (found.kind === "limited") return { ok: false, error: clientLimited(found) };
	return { ok: true, client: found.client, isProven: claim.isProof };
}

/** What there is instead where it is not true: what is wrong, in words for whoever said it, or nothing to be told. */
type Failed = string | undefined;

/** Which client somebody says that they are, and how that is found out. */
interface Claim {
	readonly id: string;
	readonly isProof: boolean;
	readonly authenticate: () => Promise<Client | Failed>;
}

/** No claim where it could be true of no client at all. */
function claimOf(
	read: Exclude<ReadClient, { kind: "invalid" }>,
	services: Services,
	{ find, isNamedAlone }: HowAsked,
): Claim | Failed {
	switch (read.kind) {
		case "absent":
			return undefined;
		case "credentials":
			return {
				id: read.id,
				isProof: read.secret !== null,
				authenticate: async () => {
					const isNamed = isNamedAlone && read.secret === null;
					const found = isNamed ? findRegisteredHere(read.id, services) : authenticateClient(read, services, find);
					return (await found) ?? undefined;
				},
			};
		case "assertion": {
			// RFC 7521 §4.2: a JWT is the only kind that there is here.
			if (read.type !== assertionType) return `client_assertion_type has to be ${assertionType}`;
			const assertion = readAssertion(read.assertion, read.id, services);
			if (typeof assertion === "string") return assertion;
			const authenticate = () => authenticateByAssertion(assertion, services, find);
			return { id: assertion.clientId, isProof: true, authenticate };
		}
	}
}
