import { isProblem, onceOnly } from "../http/body.ts";
import { page } from "../http/reply.ts";
import { findRegisteredHere } from "../operations/clients/authenticate-client.ts";
import type { Call } from "../endpoint/call.ts";
import { shellOf } from "../endpoint/shell.ts";
import { endpoint } from "../endpoint/endpoint.ts";
import { problemView } from "../ui/problem.tsx";
import { takeDecision } from "./authorization/decision.ts";
import { ask } from "./authorization/interaction.ts";
import { installRequest } from "./authorization/request.ts";

/**
 * `GET /integrations/{client_id}` (contract 000): the page on which a person installs an integration. The answer goes to
 * its registered redirect URL, with `state` where the link had one.
 */
async function install(call: Call): Promise<Response> {
	const client = await findRegisteredHere(call.params.client_id ?? "", call.services);
	const params = onceOnly(call.url.searchParams);
	const [redirectUri] = client?.redirectUris ?? [];
	if (client?.kind !== "integration" || redirectUri === undefined) {
		const shell = await shellOf(call);
		return page(404, problemView({ shell, ...shell.words.problems.unknownIntegration }));
	}
	if (isProblem(params)) {
		const shell = await shellOf(call);
		const { malformedLink: said } = shell.words.problems;
		return page(400, problemView({ shell, ...said, detail: said.detail(params.detail) }));
	}
	const here = call.url.pathname + call.url.search;
	const state = params.get("state") ?? null;
	const read = await installRequest(client, { redirectUri, state }, call.services);
	if (!read.ok) {
		const shell = await shellOf(call);
		return page(400, problemView({ shell, ...shell.words.problems.notInstallable }));
	}
	const question = { request: read.value, page: here, form: here };
	return call.request.method === "POST" ? takeDecision(call, question) : ask(call, question);
}

const path = { client_id: "The integration's client id." };
const query = { state: { description: "Comes back with the answer, as it is.", example: "af0ifjsldkj" } };

export const installEndpoint = endpoint(install, {
	tag: "OAuth",
	summary: "The page on which a person installs an integration",
	description:
		"Link to it. Once the person has agreed, the browser goes to the integration's redirect URL with `code`, which is good for 3 " +
		"minutes, `iss`, and `state` where the link had one. It is asked for all that the integration is registered for at its " +
		"`default_resource`, else at latchkey.",
	credentials: [],
	path,
	query,
	answers: {
		200: { description: "A page: sign-in, then who asks for what.", media: "text/html" },
		400: {
			description:
				"A page: the link gives a parameter twice, or the integration's `default_resource` is no API's name.",
			media: "text/html",
		},
		404: { description: "A page: there is no such integration.", media: "text/html" },
	},
});

export const answerInstallEndpoint = endpoint(install, {
	tag: "OAuth",
	summary: "What the person answers, from the form of that page",
	credentials: ["session"],
	path,
	query,
	answers: {
		200: { description: "A page: sign-in.", media: "text/html" },
		303: { description: "To the redirect URL, with `code` and `iss`, or with `error=access_denied`." },
		400: { description: "A page: something was not chosen.", media: "text/html" },
		403: { description: "A page: the form is out of date, or came from elsewhere.", media: "text/html" },
		404: { description: "A page: there is no such integration.", media: "text/html" },
		413: { description: "A page: the form is larger than 16 KiB.", media: "text/html" },
		415: { description: "A page: it is no form.", media: "text/html" },
	},
});
