import { publicKeyPrefix } from "../../crypto/public-key.ts";
import type { Environment } from "../../domain/environment.ts";
import type { Call, Handler } from "../../endpoint/call.ts";
import { type Endpoint, endpoint, type Refusing } from "../../endpoint/endpoint.ts";
import { bearerChallenge, placeOf } from "../../http/challenge.ts";
import type { Documentation } from "../../http/documentation.ts";
import { readCredential } from "../../http/presented-credential.ts";
import { problem } from "../../http/problem.ts";
import type { Actor } from "../../operations/actor.ts";
import { checkPublicKey } from "../../operations/checks/check-public-key.ts";
import { environmentByName } from "../../operations/events/ingest-events.ts";
import { accountParameter, mayDo } from "./access.ts";

const needed = "events:write";

type Taking = (call: Call, environment: Environment) => Promise<Response>;

/**
 * For whoever may send events to an environment: with its public key in `x-api-key` or `?apiKey=`, or with a credential that has
 * events:write and `?environment=workspace/name`. The documentation says what the guard takes, and answers.
 */
export function endpointForEnvironment(
	take: Taking,
	doc: Omit<Documentation, "credentials" | "query">,
	refusing?: Refusing,
): Endpoint {
	const answers = {
		400: { description: "What is wrong with the events. None was taken." },
		401: { description: "The credential is missing, wrong or not valid any more." },
		403: { description: "The credential lacks events:write." },
		404: { description: "There is no such environment." },
		429: { description: "The environment is full for this hour; `Retry-After` says when." },
		...doc.answers,
	};
	const described: Documentation = {
		...doc,
		answers,
		credentials: ["public_key", "public_key_query", "bearer", "access_code", "access_code_query", "last9"],
		query: {
			account: accountParameter,
			environment: {
				description: "`workspace/name`; needed, and read, only without a public key.",
				example: "my-workspace/prod",
			},
		},
	};
	return { ...endpoint(mayTake(take), described, needed), ...(refusing && { refusing }) };
}

function mayTake(take: Taking): Handler {
	const withPermission = mayDo(needed, async (call: Call, { accountId }: Actor) => {
		const named = call.url.searchParams.getAll("environment");
		const [name] = named;
		if (name === undefined || named.length > 1) {
			return problem(400, "Say once which environment the events are of: ?environment=workspace/name.");
		}
		const environment = await environmentByName(accountId, name, call.services);
		if (!environment) return problem(404, "The account has no enabled environment of that name.");
		return take(call, environment);
	});
	return async (call) => {
		const { request, url, services } = call;
		const presented = readCredential(request, url);
		const isPublic = presented.kind === "api_key" && presented.value.startsWith(publicKeyPrefix);
		if (presented.kind !== "none" && !isPublic) return withPermission(call);
		const environment = isPublic ? await checkPublicKey(presented.value, services) : null;
		return environment ? take(call, environment) : noPublicKey(call);
	};
}

function noPublicKey(call: Call): Response {
	const detail =
		"Send the public key of an environment as x-api-key. This one is missing, wrong or not valid any more.";
	// RFC 9110 §11.6.1: both ways in. A client that knows of one challenge alone reads the first.
	const { "www-authenticate": bearer } = bearerChallenge(placeOf(call), { scope: needed });
	return problem(401, detail, { headers: { "www-authenticate": `${bearer}, ApiKey realm="latchkey"` } });
}
