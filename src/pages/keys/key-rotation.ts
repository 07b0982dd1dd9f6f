import { randomId } from "../../crypto/random.ts";
import { readDescription } from "../../domain/api-key-text.ts";
import { type Headers, page } from "../../http/reply.ts";
import { listCodes, rotateCode } from "../../operations/keys/create-code.ts";
import { isFormNonce } from "../../operations/form-nonce.ts";
import { proofAgain, refusedProof } from "../frame/proof.ts";
import { notThere, sentAlready } from "../frame/refusal.ts";
import { inConsole } from "../frame/visit.ts";
import { daysOffered, keyRotationView, type KeyRotationProps } from "./key-rotation.tsx";
import { showSecret } from "./key-secret.ts";
import { descriptionRule } from "./key-text.ts";
import { idOf, type KeyVisit, ofOwnKey, withOwnKey } from "./key-visit.ts";

interface RotationForm {
	readonly nonce: string;
	/** Null: as they stand there. */
	readonly values: KeyRotationProps["values"] | null;
	readonly errors?: KeyRotationProps["errors"];
	readonly problem?: string;
	/** What is wrong with the proof. */
	readonly unproved?: string;
}

/** `GET /console/:slug/keys/:id/codes/:code/rotate` */
export const rotationPage = ofOwnKey("keys:write", (visit) =>
	rotation(visit, 200, { nonce: randomId(visit.services.random), values: null }),
);

/** `POST /console/:slug/keys/:id/codes/:code/rotate`, with a proof where the sign-in is a while old: the answer shows the secret. */
export const rotateCodePage = inConsole("keys", "keys:write", async (visit) => {
	const { form, actor, services, params } = visit;
	const nonce = form.get("nonce");
	if (!isFormNonce(nonce)) return sentAlready(visit);
	const values = { description: form.get("description") ?? "", days: form.get("days") ?? "" };
	const ask = (status: number, said: Partial<RotationForm>, headers?: Headers) =>
		withOwnKey(visit, (shown) => rotation(shown, status, { nonce, values, ...said }, headers));
	const description = readDescription(values.description);
	const days = daysOffered.find((each) => each === values.days);
	if (description === null) return ask(400, { errors: { description: descriptionRule } });
	if (days === undefined) return ask(400, { errors: { days: "Choose when it ends." } });
	const refused = await refusedProof(visit);
	if (refused) return ask(refused[0], { unproved: refused[1] }, refused[2]);
	const keepFor = Number(days) * 86_400;
	const other = form.get("other") ?? "";
	// What the page said would go: where it was another by then, nothing goes.
	const remove = keepFor === 0 || other === "" ? null : other;
	const place = { keyId: idOf(visit), of: params.code ?? "" };
	const rotated = await rotateCode({ ...place, keepFor, remove, description }, nonce, actor, services);
	switch (rotated.kind) {
		case "created":
			return showSecret(visit, rotated.key, { ...rotated, notice: noticeOf(days) });
		case "full":
			return ask(409, { problem: "This key has got another access code meanwhile. Look which one is to go." });
		case "unknown_key":
		case "unknown_code":
			return notThere(visit, "access code");
		case "used":
			return sentAlready(visit);
		case "beyond":
			return ask(403, { problem: `This key may do more than you: ${rotated.permission}.` });
	}
});

function noticeOf(days: (typeof daysOffered)[number]): string {
	const ends = days === "0" ? "has ended" : days === "1" ? "ends in a day" : `ends in ${days} days`;
	return `The access code was rotated. Save the new secret now: the old access code ${ends}.`;
}

async function rotation(visit: KeyVisit, status: number, form: RotationForm, headers?: Headers): Promise<Response> {
	const { frame, shown, key, services, params } = visit;
	const listed = await listCodes(key, services);
	const found = listed.find(({ code }) => code.id === params.code);
	if (!found) return notThere(visit, "access code");
	const other = listed.find((each) => each !== found && services.now() < each.code.expiresAt) ?? null;
	const { nonce, values, errors = {}, problem = null, unproved } = form;
	const { description } = found;
	return page(
		status,
		keyRotationView({
			frame,
			key: shown,
			nonce,
			code: { id: found.code.id, description, lastUsedAt: found.code.lastUsedAt ?? null },
			other: other && { id: other.code.id, description: other.description },
			values: values ?? { description, days: other ? "0" : "7" },
			errors,
			problem,
			proof: await proofAgain(visit, unproved),
		}),
		headers,
	);
}
