import { page } from "../../http/reply.ts";
import { listCodes } from "../../operations/keys/create-code.ts";
import { endKeySession, listKeySessions } from "../../operations/keys/key-sessions.ts";
import { accountName } from "../../operations/keys/manage-key.ts";
import { doneAt, nextUrl } from "../frame/address.ts";
import { notThere } from "../frame/refusal.ts";
import { inConsole } from "../frame/visit.ts";
import { keySessionsView } from "./key-sessions.tsx";
import { editorOf, idOf, ofOwnKey } from "./key-visit.ts";

/** `GET /console/:slug/keys/:id/sessions` */
export const keySessionsPage = ofOwnKey("keys:read", async (visit) => {
	const { frame, shown, key, url, services } = visit;
	const cursor = url.searchParams.get("cursor");
	const found = await listKeySessions(key, { cursor, limit: 20 }, services);
	if (!found) return notThere(visit);
	const codes = await listCodes(key, services);
	const others = [...new Set(found.rows.map(({ accountId }) => accountId))].filter((id) => id !== key.accountId);
	const accounts = await Promise.all(others.map((id) => accountName(id, services)));
	return page(
		200,
		keySessionsView({
			frame,
			key: shown,
			isFirstPage: cursor === null,
			nextUrl: nextUrl(visit, found.next),
			sessions: found.rows.map(({ sid, sessionId, credential, accountId, resource, startedAt, expiresAt }) => ({
				id: sid,
				name: sessionId,
				code: codes.find(({ code }) => code.id === credential)?.description ?? null,
				account: accounts.find(({ id }) => id === accountId)?.name ?? null,
				resource: resource ?? null,
				startedAt,
				expiresAt,
			})),
		}),
	);
});

/** `POST /console/:slug/keys/:id/sessions/:session/end` (keys:delete) */
export const endKeySessionPage = inConsole("keys", "keys:delete", async (visit) => {
	const place = { keyId: idOf(visit), sid: visit.params.session ?? "" };
	const ended = await endKeySession(place, visit.actor, visit.services);
	if (ended !== "ended") return notThere(visit, ended === "unknown" ? "session" : "API key");
	return doneAt(`${editorOf(visit)}/sessions`, "ended");
});
