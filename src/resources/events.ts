import { readText } from "../http/body.ts";
import { type Problem, problem } from "../http/problem.ts";
import { json } from "../http/reply.ts";
import type { Call } from "../operations/call.ts";
import { checkPublicKey } from "../operations/check-public-key.ts";
import { ingestEvents } from "../operations/ingest-events.ts";
import { readEvents } from "./event-body.ts";

/** A request may carry this much, and this many events. */
export const maxEventsBytes = 256 * 1024;
export const maxEvents = 100;

/**
 * `POST /v1/events`: one event, or an array of at most 100, as JSON under any content type, with the public key of an
 * environment in `x-api-key` or `?apiKey=`. 202 with the number taken; all or none.
 */
export async function postEvents({ request, url, services }: Call): Promise<Response> {
	const header = request.headers.get("x-api-key");
	const query = url.searchParams.getAll("apiKey");
	const presented = [...(header === null ? [] : [header]), ...query];
	const [key] = presented;
	if (new Set(presented).size > 1) return refused(400, "Two different credentials in one request: send one.");
	const environment = key === undefined ? null : await checkPublicKey(key, services);
	if (!environment) {
		const detail =
			"Send the public key of an environment as x-api-key. This one is missing, wrong or not valid any more.";
		return refused(401, detail, { "www-authenticate": 'ApiKey realm="latchkey"' });
	}
	const body = await readText(request, maxEventsBytes);
	if (!body.ok) return refused(body.error.status, `${body.error.detail}.`);
	const events = readEvents(body.text, maxEvents);
	if (typeof events === "string") return refused(400, events);
	await ingestEvents(environment, events, services);
	return json(202, { accepted: events.length });
}

function refused(status: Problem["status"], detail: string, headers: Record<string, string> = {}): Response {
	const title = { 400: "Malformed request", 401: "Unauthorized", 413: "Content Too Large" }[status] ?? "Refused";
	return problem({ status, title, detail }, headers);
}
