import * as v from "valibot";
import type { Call } from "../../endpoint/call.ts";
import { endpoint } from "../../endpoint/endpoint.ts";
import { described, titled } from "../../http/described.ts";
import { json } from "../../http/reply.ts";
import { version } from "../../version.ts";

/**
 * For what restarts, or calls somebody. It asks the register, as most requests do, at most twice a minute in an isolate, whoever asks
 * however often; where that fails it is answered 503 as any other (app.ts).
 */
async function showHealth({ services }: Call): Promise<Response> {
	await services.lookups.accountBySlug("healthz");
	return json(200, { status: "pass", version });
}

const schema = titled(
	"Health",
	v.object({
		status: described(v.literal("pass"), "There is no other where it is answered 200."),
		version: described(v.string(), "Which version runs here, as CHANGELOG.md has it."),
	}),
);

export const healthzEndpoint = endpoint(showHealth, {
	tag: "Discovery",
	summary: "Whether this deployment works",
	description:
		"200 where it answers and its register does; 503, as anywhere, where something fails. It needs no credential and tells nothing else. " +
		"Each isolate asks its register at most twice a minute.",
	credentials: [],
	answers: { 200: { description: "It works.", schema } },
});
