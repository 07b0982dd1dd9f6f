import { randomId } from "../../crypto/random.ts";
import { readDescription } from "../../domain/api-key-text.ts";
import { type Headers, page } from "../../http/reply.ts";
import { deleteCode, editCode } from "../../operations/keys/change-code.ts";
import { createCode, listCodes } from "../../operations/keys/create-code.ts";
import { isFormNonce } from "../../operations/form-nonce.ts";
import { inWords } from "../../ui/instant.tsx";
import { doneAt } from "../frame/address.ts";
import { changedAllTheTime, changesOf, drawnFrom, drawnOf, savedMeanwhile, settle } from "../frame/drawn.ts";
import { proofAgain, refusedProof } from "../frame/proof.ts";
import { notThere, refuseVisit, sentAlready } from "../frame/refusal.ts";
import { inConsole, type Visit } from "../frame/visit.ts";
import { editCodeView, keyCodesView, type EditCodeProps } from "./key-codes.tsx";
import { codeDeletionView } from "./key-deletion.tsx";
import { showSecret } from "./key-secret.ts";
import { descriptionRule } from "./key-text.ts";
import { editorOf, idOf, type KeyVisit, ofOwnKey, withOwnKey } from "./key-visit.ts";

/** `GET /console/:slug/keys/:id/codes` */
export const codesPage = ofOwnKey("keys:read", (visit) => {
	return codes(visit, 200, { nonce: randomId(visit.services.random), description: "" });
});

/** `POST /console/:slug/keys/:id/codes`, with a proof where the sign-in is a while old: the answer shows the secret, this once. */
export const createCodePage = inConsole("keys", "keys:write", async (visit) => {
	const { form, actor, services } = visit;
	const nonce = form.get("nonce");
	if (!isFormNonce(nonce)) return sentAlready(visit);
	const given = form.get("description") ?? "";
	const ask = (status: number, said: Pick<CodesForm, "error" | "unproved">, headers?: Headers) =>
		withOwnKey(visit, (shown) => codes(shown, status, { nonce, description: given, ...said }, headers));
	const again = (status: number, error: string) => ask(status, { error });
	const description = readDescription(given);
	if (description === null) return again(400, descriptionRule);
	const refused = await refusedProof(visit);
	if (refused) return ask(refused[0], { unproved: refused[1] }, refused[2]);
	const created = await createCode({ keyId: idOf(visit), description }, nonce, actor, services);
	switch (created.kind) {
		case "created":
			return showSecret(visit, created.key, {
				...created,
				notice: "The access code was created. Save its secret now.",
			});
		case "full":
			return again(409, "This key has two access codes already. Remove one first.");
		case "unknown_key":
			return notThere(visit, "API key");
		case "used":
			return sentAlready(visit);
		case "beyond":
			return again(403, `This key may do more than you: ${created.permission}.`);
	}
});

interface CodesForm {
	readonly nonce: string;
	readonly description: string;
	readonly error?: string;
	/** What is wrong with the proof. */
	readonly unproved?: string;
}

async function codes(visit: KeyVisit, status: number, form: CodesForm, headers?: Headers): Promise<Response> {
	const { nonce, description: typed, error = null, unproved } = form;
	const { frame, shown, key, services, url } = visit;
	const listed = await listCodes(key, services);
	return page(
		status,
		keyCodesView({
			nonce,
			description: typed,
			error,
			proof: await proofAgain(visit, unproved),
			frame,
			key: shown,
			changed: url.searchParams.get("code"),
			codes: listed.map(({ code: { replaced, ...code }, description, visible, isKept }) => ({
				...code,
				description,
				visible,
				lastUsedAt: code.lastUsedAt ?? null,
				isKept,
				...(replaced && {
					replaced: { ...replaced, by: listed.find((each) => each.code.id === replaced.by)?.description ?? null },
				}),
			})),
		}),
		headers,
	);
}

/** `GET /console/:slug/keys/:id/codes/:code` */
export const codePage = ofOwnKey("keys:write", async (visit) => {
	const found = await findCode(visit);
	if (!found) return notThere(visit, "access code");
	const { description } = found;
	return codeForm(visit, 200, { description, fields: await drawnFrom({ description }) });
});

/** `POST /console/:slug/keys/:id/codes/:code` */
export const editCodePage = inConsole("keys", "keys:write", async (visit) => {
	const { form, actor, services } = visit;
	const typed = { description: form.get("description") ?? "" };
	const again = (status: number, said: Partial<CodeForm>) =>
		withOwnKey(visit, async (shown) => {
			const found = await findCode(shown);
			if (!found) return notThere(visit, "access code");
			return codeForm(shown, status, { ...typed, fields: drawnOf(form), ...said });
		});
	const description = readDescription(typed.description);
	if (description === null) return again(400, { error: descriptionRule });
	const settled = (now: string) => settle(form, typed, { description: now });
	const edit = async (now: string) => changesOf(await settled(now), { description });
	const edited = await editCode(placeOf(visit), edit, actor, services);
	switch (edited.kind) {
		case "edited":
			return doneAt(`${editorOf(visit)}/codes`, "saved");
		case "stale": {
			const { conflicts } = await settled(edited.description);
			const fields = await drawnFrom({ description: edited.description });
			return again(409, { fields, error: conflicts.description ?? null, problem: savedMeanwhile });
		}
		case "overtaken":
			return again(409, { problem: changedAllTheTime });
		case "unknown":
			return notThere(visit, "access code");
	}
});

type CodeForm = Pick<EditCodeProps, "description" | "fields"> & Partial<Pick<EditCodeProps, "error" | "problem">>;

function codeForm({ frame, shown: key, params }: KeyVisit, status: number, form: CodeForm): Response {
	return page(status, editCodeView({ error: null, problem: null, ...form, frame, key, codeId: params.code ?? "" }));
}

/** `POST /console/:slug/keys/:id/codes/:code/enabled` */
export const switchCodePage = inConsole("keys", "keys:write", async (visit) => {
	const enabled = visit.form.get("enabled") === "on";
	const place = placeOf(visit);
	const edited = await editCode(place, () => ({ enabled }), visit.actor, visit.services);
	if (edited.kind !== "edited") return notThere(visit, "access code");
	return doneAt(`${editorOf(visit)}/codes`, enabled ? "enabled" : "disabled", { code: place.codeId });
});

/** `GET /console/:slug/keys/:id/codes/:code/delete` */
export const codeDeletionPage = ofOwnKey("keys:delete", (visit) => askToDelete(visit, 200, null));

async function askToDelete(visit: KeyVisit, status: number, error: string | null, headers?: Headers) {
	const { frame, shown, services } = visit;
	const found = await findCode(visit);
	if (!found) return notThere(visit, "access code");
	if (found.code.enabled) return stillEnabled(visit);
	const { lastUsedAt } = found.code;
	const cancelUrl = `${editorOf(visit)}/codes`;
	return page(
		status,
		codeDeletionView({
			frame,
			description: found.description,
			name: shown.name,
			lastUsed: lastUsedAt === undefined ? null : inWords(lastUsedAt - services.now()),
			action: `${cancelUrl}/${found.code.id}/delete`,
			cancelUrl,
			proof: await proofAgain(visit, error),
		}),
		headers,
	);
}

/** `POST /console/:slug/keys/:id/codes/:code/delete` (keys:delete), with a proof where the sign-in is a while old */
export const deleteCodePage = inConsole("keys", "keys:delete", async (visit) => {
	const refused = await refusedProof(visit);
	if (refused) return withOwnKey(visit, (shown) => askToDelete(shown, ...refused));
	switch (await deleteCode(placeOf(visit), visit.actor, visit.services)) {
		case "deleted":
			return doneAt(`${editorOf(visit)}/codes`, "deleted");
		case "enabled":
			return stillEnabled(visit);
		case "unknown":
			return notThere(visit, "access code");
	}
});

function placeOf(visit: Visit) {
	return { keyId: idOf(visit), codeId: visit.params.code ?? "" };
}

async function findCode({ key, services, params }: KeyVisit) {
	const listed = await listCodes(key, services);
	return listed.find(({ code }) => code.id === params.code) ?? null;
}

function stillEnabled(visit: Visit): Response {
	return refuseVisit(visit, 409, "Still enabled", "An access code must be disabled before it can be deleted.");
}
