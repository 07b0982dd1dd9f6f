import type { Permission } from "../../domain/permission.ts";
import { bearerChallenge, type BearerError, placeOf } from "../../http/challenge.ts";
import { readCredential } from "../../http/presented-credential.ts";
import { problem } from "../../http/problem.ts";
import { type Actor } from "../../operations/actor.ts";
import { findActor } from "../../operations/checks/find-actor.ts";
import type { Call, Endpoint } from "../../operations/call.ts";

/** Why a credential does not open a route. */
export type AccessRefusal =
	| { kind: "none" | "no_bearer" | "conflict" | "expired" | "invalid" | "elsewhere" }
	| { kind: "forbidden"; permission: Permission };

export type ActorEndpoint = (call: Call, actor: Actor) => Promise<Response> | Response;

/** The challenge of the route that refuses: RFC 6750 §3 with the scope that it needs, RFC 9728 §5.1 with its metadata. */
export type Challenge = (error?: BearerError) => { "www-authenticate": string };

export interface Protected {
	readonly handle: Endpoint;
	readonly needs: Permission;
}

/**
 * A route for whoever may do this in the account: that of the path's `{org}`, of `?account=` (both slugs), or the
 * credential's own. One ledger call, so that what was revoked is refused at the next request.
 */
export function requires(
	permission: Permission,
	endpoint: ActorEndpoint,
	refuseWith: (refusal: AccessRefusal, challenge: Challenge) => Response = refuseAsProblem,
): Protected {
	return {
		needs: permission,
		async handle(call) {
			const { request, url, services, address } = call;
			const refuse = (refusal: AccessRefusal) =>
				refuseWith(refusal, (error) => bearerChallenge(placeOf(call), { error, scope: permission }));
			const presented = readCredential(request, url);
			if (presented.kind !== "bearer" && presented.kind !== "api_key") return refuse(presented);
			const slug = call.params.org ?? url.searchParams.get("account");
			const account = slug === null ? null : await services.lookups.accountBySlug(slug);
			const found = await findActor(presented, account?.id ?? null, { path: url.pathname, address }, services);
			if (found.kind !== "actor") return refuse(found);
			// After the credential: strangers shall not find out which accounts there are.
			if (slug !== null && !account) return refuse({ kind: "elsewhere" });
			if (!found.actor.permissions.includes(permission)) return refuse({ kind: "forbidden", permission });
			return endpoint(call, found.actor);
		},
	};
}

/** RFC 6750 §3.1 for the challenge, RFC 9457 for the body. */
function refuseAsProblem(refusal: AccessRefusal, challenge: Challenge): Response {
	switch (refusal.kind) {
		case "none": {
			const detail = "Send an access token as Authorization: Bearer, or an access code as x-api-key.";
			return problem({ status: 401, title: "Unauthorized", detail }, challenge());
		}
		case "no_bearer": {
			const detail = "X-LAST9-API-TOKEN has to be `Bearer <access token>`.";
			return problem({ status: 401, title: "Unauthorized", detail }, challenge("invalid_request"));
		}
		case "conflict":
			return problem({
				status: 400,
				title: "Malformed request",
				detail: "Two different credentials in one request: send one.",
			});
		case "expired":
		case "invalid": {
			const detail = refusal.kind === "expired" ? "The credential has expired." : "The credential is not valid.";
			return problem({ status: 401, title: "Unauthorized", detail }, challenge("invalid_token"));
		}
		case "elsewhere":
			// Not `insufficient_scope`: no other scope of the same grant would open it.
			return problem(
				{ status: 403, title: "Forbidden", detail: "The credential does not open that account." },
				challenge(),
			);
		case "forbidden": {
			const { permission } = refusal;
			const detail = `This needs the permission ${permission}.`;
			return problem(
				{ status: 403, title: "Forbidden", detail, more: { permission } },
				challenge("insufficient_scope"),
			);
		}
	}
}
