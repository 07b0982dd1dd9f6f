import * as v from "valibot";
import { writeInstant } from "../domain/instant.ts";
import { described, instant, titled } from "../http/described.ts";
import type { Session } from "../domain/session.ts";
import { problem } from "../http/problem.ts";
import { empty, json } from "../http/reply.ts";
import type { Call } from "../endpoint/call.ts";
import { endpoint } from "../endpoint/endpoint.ts";
import { behind } from "../endpoint/guard.ts";
import { loginToken } from "../endpoint/login-token.ts";
import { listSessions, type LoginToken, revokeSession } from "../operations/tokens/sessions.ts";

const pageSize = 100;

/**
 * `GET /auth/sessions`: the live sessions of the login token's own credential and account, 100 a page. `?after=` takes
 * the `next` of the page before.
 */
async function list({ url, services }: Call, token: LoginToken): Promise<Response> {
	const after = url.searchParams.get("after") ?? "";
	const found = await listSessions(token, { after, limit: pageSize + 1 }, services);
	const sessions = found.slice(0, pageSize);
	const next = found.length > pageSize ? (sessions.at(-1)?.sid ?? null) : null;
	return json(200, { sessions: sessions.map((session) => shown(session, token.session.sid)), next });
}

/** `DELETE /auth/sessions/{id}`: ends one session and every token of it. 204; 404 for a session that is not there. */
async function revoke({ params, address, services }: Call, token: LoginToken): Promise<Response> {
	const outcome = await revokeSession(token, params.id ?? "", address, services);
	if (outcome === "revoked") return empty(204);
	return problem(404, "There is no such session.");
}

function shown(session: Session, current: string) {
	return {
		id: session.sid,
		session_id: session.sessionId,
		...(session.resource !== undefined && { resource: session.resource }),
		scope: session.scope,
		started_at: writeInstant(session.startedAt),
		issued_at: writeInstant(session.issuedAt),
		expires_at: writeInstant(session.expiresAt),
		current: session.sid === current,
	};
}

export const listSessionsEndpoint = endpoint(behind(loginToken, list), {
	tag: "Login",
	summary: "List the live sessions of a login token's own credential and account",
	credentials: ["bearer"],
	login: "own",
	query: { after: { description: "The `next` of the page before." } },
	answers: {
		200: {
			description: "A hundred a page; `next` is null on the last.",
			schema: titled(
				"SessionList",
				v.object({
					sessions: described(
						v.array(
							titled(
								"Session",
								v.object({
									id: described(v.string(), "Its id, by which it is ended."),
									session_id: described(v.string(), "What the login called it."),
									resource: v.optional(
										described(v.string(), "The API that its tokens are for; latchkey where it is left out."),
									),
									scope: described(v.string(), "What its tokens permit."),
									started_at: instant("When it began."),
									issued_at: instant("When its present token was made."),
									expires_at: instant("When that ends."),
									current: described(v.boolean(), "Whether it is that of the token that was sent."),
								}),
							),
						),
						"A hundred of them at most.",
					),
					next: v.nullable(described(v.string(), "The `after` of the next page; null on the last.")),
				}),
			),
		},
		400: { description: "Two credentials that differ." },
		401: { description: "No login token, or one that is not valid any more." },
	},
});

export const revokeSessionEndpoint = endpoint(behind(loginToken, revoke), {
	tag: "Login",
	summary: "End a session, and every token of it",
	credentials: ["bearer"],
	login: "own",
	path: { id: "The `id` of a listed session." },
	answers: {
		204: { description: "Its tokens are refused from the next request on." },
		400: { description: "Two credentials that differ." },
		401: { description: "No login token, or one that is not valid any more." },
		404: { description: "There is no such session." },
	},
});
