import { page } from "../../http/reply.ts";
import { notFound } from "../refusals.ts";
import { findRegisteredHere } from "../../operations/clients/authenticate-client.ts";
import type { Call } from "../../endpoint/call.ts";
import { endpoint } from "../../endpoint/endpoint.ts";

/**
 * The logo of a client: SVG that strangers wrote. As an <img> it cannot run anything; opened by itself, the policy that
 * it is served with lets it do nothing either.
 */
async function logo({ params, services }: Call): Promise<Response> {
	const client = await findRegisteredHere(params.client_id ?? "", services);
	if (!client?.logoSvg) return notFound("logo");
	return page(200, client.logoSvg, {
		"content-type": "image/svg+xml",
		"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
		"cache-control": "public, max-age=300",
	});
}

export const logoEndpoint = endpoint(logo, {
	tag: "OAuth",
	summary: "The logo of an integration",
	description: "The drawing alone of what was registered, under a policy that lets it do nothing.",
	credentials: [],
	path: { client_id: "The integration's client id." },
	answers: {
		200: { description: "SVG.", media: "image/svg+xml" },
		404: { description: "There is no such integration, or it has no logo." },
	},
});
