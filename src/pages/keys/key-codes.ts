import { randomId } from "../../crypto/random.ts";
import { readDescription } from "../../domain/api-key-text.ts";
import { page } from "../../http/reply.ts";
import { deleteCode, editCode } from "../../operations/keys/change-code.ts";
import { createCode, listCodes } from "../../operations/keys/create-code.ts";
import { isFormNonce } from "../../operations/form-nonce.ts";
import { inWords } from "../../ui/instant.tsx";
import { editCodeView, keyCodesView } from "./key-codes.tsx";
import { codeDeletionView } from "./key-deletion.tsx";
import { showSecret } from "./key-secret.ts";
import { doneAt, type KeyVisit, missing, noticeOf, ofOwnKey, refusedPage, undoOf } from "./key-visit.ts";
import { outOfDate } from "./keys.ts";

const sentences = {
	disabled: "The access code was disabled. Services that use it have stopped.",
	enabled: "The access code was enabled.",
	saved: "Saved.",
	deleted: "The access code was deleted.",
};

/** `GET /console/:slug/keys/:id/codes` */
export const showCodes = ofOwnKey("keys:read", (visit) => {
	return codes(visit, 200, { nonce: randomId(visit.call.services.random), description: "", error: null });
});

/** `POST /console/:slug/keys/:id/codes`: the answer shows the secret, this once. */
export const takeCode = ofOwnKey("keys:write", async (visit) => {
	const { form, actor, call, key } = visit;
	const nonce = form.get("nonce");
	if (!isFormNonce(nonce)) return outOfDate();
	const given = form.get("description") ?? "";
	const again = (status: number, error: string) => codes(visit, status, { nonce, description: given, error });
	const description = readDescription(given);
	if (description === null) return again(400, "Describe it in 1 to 200 printable characters.");
	const created = await createCode({ keyId: key.row.id, description }, nonce, actor, call.services);
	switch (created.kind) {
		case "created": {
			const notice = "The access code was created. Save its secret now.";
			return showSecret(visit, { ...key, verdict: created.verdict }, { ...created, notice });
		}
		case "full":
			return again(409, "This key has two access codes already. Remove one first.");
		case "unknown_key":
			return missing("API key");
		case "used":
			return outOfDate();
		case "beyond":
			return again(403, `This key may do more than you: ${created.permission}.`);
	}
});

async function codes(
	visit: KeyVisit,
	status: number,
	form: { readonly nonce: string; readonly description: string; readonly error: string | null },
): Promise<Response> {
	const { frame, shown, key, call, base } = visit;
	const listed = await listCodes(key, call.services);
	const changed = call.url.searchParams.get("code") ?? "";
	const isThere = listed.some(({ code }) => code.id === changed) && frame.permissions.includes("keys:write");
	return page(
		status,
		keyCodesView({
			...form,
			frame,
			key: shown,
			notice: noticeOf(visit, sentences),
			undo: isThere ? undoOf(visit, `${base}/codes/${changed}/enabled`) : null,
			codes: listed.map(({ code, description, isKept }) => ({
				id: code.id,
				description,
				enabled: code.enabled,
				createdAt: code.createdAt,
				expiresAt: code.expiresAt,
				lastUsedAt: code.lastUsedAt ?? null,
				isKept,
			})),
			now: call.services.now(),
		}),
	);
}

/** `GET /console/:slug/keys/:id/codes/:code` */
export const showCode = ofOwnKey("keys:write", async (visit) => {
	const found = await findCode(visit);
	return found ? codeForm(visit, 200, found.description, null) : missing("access code");
});

/** `POST /console/:slug/keys/:id/codes/:code` */
export const takeCodeEdit = ofOwnKey("keys:write", async (visit) => {
	const { form, actor, call, base } = visit;
	const given = form.get("description") ?? "";
	const description = readDescription(given);
	if (description === null) return codeForm(visit, 400, given, "Describe it in 1 to 200 printable characters.");
	const edited = await editCode(placeOf(visit), { description }, actor, call.services);
	return edited === "edited" ? doneAt(`${base}/codes`, "saved") : missing("access code");
});

async function codeForm({ frame, shown, call }: KeyVisit, status: number, description: string, error: string | null) {
	return page(status, editCodeView({ frame, key: shown, codeId: call.params.code ?? "", description, error }));
}

/** `POST /console/:slug/keys/:id/codes/:code/enabled` */
export const takeCodeEnabled = ofOwnKey("keys:write", async (visit) => {
	const { form, actor, call, base } = visit;
	const enabled = form.get("enabled") === "on";
	const edited = await editCode(placeOf(visit), { enabled }, actor, call.services);
	if (edited === "unknown") return missing("access code");
	return doneAt(`${base}/codes`, enabled ? "enabled" : "disabled", { code: placeOf(visit).codeId });
});

/** `GET /console/:slug/keys/:id/codes/:code/delete` */
export const showCodeDeletion = ofOwnKey("keys:delete", async (visit) => {
	const { frame, shown, call, base } = visit;
	const found = await findCode(visit);
	if (!found) return missing("access code");
	if (found.code.enabled) return stillEnabled();
	const { lastUsedAt } = found.code;
	return page(
		200,
		codeDeletionView({
			frame,
			description: found.description,
			name: shown.name,
			lastUsed: lastUsedAt === undefined ? null : inWords(lastUsedAt - call.services.now()),
			action: `${base}/codes/${found.code.id}/delete`,
			cancelUrl: `${base}/codes`,
		}),
	);
});

/** `POST /console/:slug/keys/:id/codes/:code/delete` (keys:delete) */
export const takeCodeDeletion = ofOwnKey("keys:delete", async (visit) => {
	switch (await deleteCode(placeOf(visit), visit.actor, visit.call.services)) {
		case "deleted":
			return doneAt(`${visit.base}/codes`, "deleted");
		case "enabled":
			return stillEnabled();
		case "unknown":
			return missing("access code");
	}
});

function placeOf({ key, call }: KeyVisit) {
	return { keyId: key.row.id, codeId: call.params.code ?? "" };
}

async function findCode({ key, call }: KeyVisit) {
	const listed = await listCodes(key, call.services);
	return listed.find(({ code }) => code.id === call.params.code) ?? null;
}

function stillEnabled(): Response {
	return refusedPage(409, "Still enabled", "An access code must be disabled before it can be deleted.");
}
