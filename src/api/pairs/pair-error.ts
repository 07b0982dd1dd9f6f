import * as v from "valibot";
import { described, titled } from "../../http/described.ts";
import type { Permission } from "../../domain/permission.ts";
import { type Endpoint, endpoint } from "../../endpoint/endpoint.ts";
import type { Documentation } from "../../http/documentation.ts";
import { json } from "../../http/reply.ts";
import { type AccessWords, type ActorHandler, guarded, mayDo } from "../guard/access.ts";

/** Every error of contract 002's routes: one member, for people. */
export const pairErrorSchema = titled("PairError", v.object({ error: described(v.string(), "What is wrong.") }));

export function pairError(status: number, error: string, headers: Record<string, string> = {}): Response {
	return json(status, { error }, headers);
}

const words: AccessWords = {
	none: "Authorization token is missing: send X-LAST9-API-TOKEN: Bearer <access token>",
	noBearer: "Authorization token has to follow the word Bearer: X-LAST9-API-TOKEN: Bearer <access token>",
	conflict: "The request has two different credentials: send one",
	// The contract's own words.
	expired: "Authorization token is expired",
	invalid: "Authorization token is not valid",
	elsewhere: "Authorization token is of another organization",
	forbidden(permission) {
		const scope = permission.slice(permission.indexOf(":") + 1);
		return `This needs a ${scope} token: the permission ${permission}`;
	},
};

/** An endpoint of contract 002, for whoever may do this in the organization of its path. */
export function pairEndpoint(
	permission: Permission,
	handle: ActorHandler,
	doc: Omit<Documentation, "credentials">,
): Endpoint {
	const guard = mayDo(permission, handle, words, ({ status, detail }, challenge) =>
		pairError(status, detail, challenge()),
	);
	return endpoint(guard, guarded(doc), permission);
}
