import { onceOnly } from "../http/body.ts";
import { page } from "../http/reply.ts";
import { findClient } from "../operations/authenticate-client.ts";
import type { Call } from "../operations/call.ts";
import { problemPage } from "../views/problem.tsx";
import { consent } from "./consent.ts";

/**
 * `GET /integrations/{client_id}` (contract 000): the page on which a person installs an integration. The answer goes to
 * its registered redirect URL, with `state` where the link had one.
 */
export async function install(call: Call): Promise<Response> {
	const client = await findClient(call.params.client_id ?? "", call.services);
	const params = onceOnly(call.url.searchParams);
	const [redirectUri] = client?.redirectUris ?? [];
	if (client?.kind !== "integration" || redirectUri === undefined) {
		const detail = "There is no integration at this address. It may have been withdrawn by its makers.";
		return page(404, problemPage({ title: "Unknown integration", detail, what: null }));
	}
	if (typeof params === "string") {
		return page(
			400,
			problemPage({ title: "Malformed link", detail: "It gives a parameter more than once.", what: null }),
		);
	}
	return consent(call, {
		client,
		redirectUri,
		// Contract 000 sends the redirect URL with the code, so it is asked for.
		redirectUriNamed: true,
		scope: client.scope,
		state: params.get("state") ?? null,
		codeChallenge: null,
		verb: "install",
	});
}
