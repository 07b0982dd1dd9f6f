import * as v from "valibot";
import { writeInstant } from "../../domain/instant.ts";
import type { Session } from "../../domain/session.ts";
import type { Call } from "../../endpoint/call.ts";
import { described, instant, titled } from "../../http/described.ts";
import { pageParameters, readListPage, wrongCursor } from "../../http/list-page.ts";
import { empty, json } from "../../http/reply.ts";
import type { Actor } from "../../operations/actor.ts";
import { findOwnKey } from "../../operations/keys/find-managed-key.ts";
import { endKeySession, listKeySessions } from "../../operations/keys/key-sessions.ts";
import { endpointFor } from "../guard/access.ts";
import { next } from "../list-endpoint.ts";
import { notFound } from "../refusals.ts";

const sessionSchema = titled(
	"KeySession",
	v.object({
		id: described(v.string(), "Its id, by which it is ended."),
		session_id: described(v.string(), "What the login called it; empty where it gave no name."),
		code_id: described(v.string(), "The id of the access code that logged in."),
		account_id: described(v.string(), "The account that it is in: the key's own, or one that has linked it."),
		resource: v.optional(described(v.string(), "The API that its tokens are for; latchkey where it is left out.")),
		scope: v.optional(described(v.string(), "What its tokens permit, of one in the key's own account.")),
		started_at: instant("When it began."),
		issued_at: instant("When its present token was made."),
		expires_at: instant("When that ends."),
	}),
);

/** `GET /v1/keys/{id}/sessions` (keys:read) */
async function list({ params, url, services }: Call, { accountId }: Actor): Promise<Response> {
	const asked = readListPage(url);
	if (!asked.ok) return asked.response;
	const key = await findOwnKey(params.id ?? "", accountId, services);
	if (!key) return notFound("API key");
	const found = await listKeySessions(key, asked.page, services);
	if (!found) return wrongCursor();
	return json(200, { sessions: found.rows.map((session) => shown(session, accountId)), next: found.next });
}

function shown(session: Session, ownerId: string): v.InferOutput<typeof sessionSchema> {
	const { sid, sessionId, credential, accountId, resource, scope, startedAt, issuedAt, expiresAt } = session;
	return {
		id: sid,
		session_id: sessionId,
		code_id: credential,
		account_id: accountId,
		...(resource !== undefined && { resource }),
		// What another account permits it there is for that account to see.
		...(accountId === ownerId && { scope }),
		started_at: writeInstant(startedAt),
		issued_at: writeInstant(issuedAt),
		expires_at: writeInstant(expiresAt),
	};
}

export const listKeySessionsEndpoint = endpointFor("keys:read", list, {
	tag: "API keys",
	summary: "List the live login sessions of an API key",
	description:
		"Of the account's own keys: whichever access code logged in, in this account or in one that has linked the key.",
	query: pageParameters,
	answers: {
		200: {
			description: "By id. `next` is null on the last page.",
			schema: titled(
				"KeySessionList",
				v.object({ sessions: described(v.array(sessionSchema), "A page of them."), next }),
			),
		},
		400: { description: "A limit out of range, or a cursor that is not of this list." },
		404: { description: "The account owns no such key." },
	},
});

/** `DELETE /v1/keys/{id}/sessions/{sessionId}` (keys:delete) */
async function end({ params, services }: Call, actor: Actor): Promise<Response> {
	const place = { keyId: params.id ?? "", sid: params.sessionId ?? "" };
	switch (await endKeySession(place, actor, services)) {
		case "ended":
			return empty(204);
		case "unknown_key":
			return notFound("API key");
		case "unknown":
			return notFound("session");
	}
}

export const endKeySessionEndpoint = endpointFor("keys:delete", end, {
	tag: "API keys",
	summary: "End a login session of an API key, and every token of it",
	description: "Its access codes stay good: disable the code where that is what is in other hands.",
	answers: {
		204: { description: "Its tokens are refused from the next request on." },
		404: { description: "The account owns no such key, or the key has no such session." },
	},
});
