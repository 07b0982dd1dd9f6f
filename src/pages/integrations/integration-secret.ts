import { hasSecret, liveSecrets } from "../../domain/client-change.ts";
import type { Client } from "../../domain/client.ts";
import { type Headers, page } from "../../http/reply.ts";
import { endPreviousSecret, newFormSeed, rotateSecret } from "../../operations/clients/integrations.ts";
import { doneAt } from "../frame/address.ts";
import { changedAllTheTime, drawnFrom, isDrawnFrom } from "../frame/drawn.ts";
import { proofAgain, refusedProof } from "../frame/proof.ts";
import { notThere, refuseVisit } from "../frame/refusal.ts";
import { inConsole, type Visit } from "../frame/visit.ts";
import { clientSecretView } from "./client-secret.tsx";
import { confirmEndSecretView } from "./end-integration.tsx";
import { activeClient, integrationsUrl } from "./integrations.ts";
import { rotateSecretView } from "./rotate-secret.tsx";

const day = 86_400;

/** `GET /console/{slug}/integrations/{client_id}/secret` */
export const newSecretPage = inConsole("integrations", "integrations:write", (visit) =>
	ask(visit, 200, { overlap: "7" }),
);

/** `POST /console/{slug}/integrations/{client_id}/secret` with `seed`, `overlap`, in days, and a proof where the sign-in is a while old. */
export const rotateSecretPage = inConsole("integrations", "integrations:write", async (visit) => {
	const { services, form, actor, frame } = visit;
	const overlap = form.get("overlap") ?? "";
	const again = (status: number, error: string) => ask(visit, status, { overlap, error });
	if (!/^(?:[12]?\d|30)$/.test(overlap)) return again(400, "Choose for how long the older secret stays good.");
	const unproven = await refusedProof(visit);
	if (unproven) return ask(visit, unproven[0], { overlap, unproved: unproven[1] }, unproven[2]);
	const given = { overlap: Number(overlap) * day, seed: form.get("seed") ?? "" };
	const rotated = await rotateSecret(idOf(visit), given, actor, services);
	switch (rotated.kind) {
		case "changed": {
			const shown = { clientId: rotated.client.id, secret: rotated.secret, installUrl: null, backUrl: urlOf(visit) };
			return page(200, clientSecretView({ frame, title: "The new secret", ...shown }));
		}
		case "refused":
			if (rotated.reason === "two_secrets") {
				return again(409, "Two secrets are good now. End the older one first, or wait until it expires.");
			}
			return rotated.reason === "beyond"
				? again(403, "It acts for itself with permissions that you do not have.")
				: notThere(visit, "integration");
		case "stale_form":
			return again(400, "This form was out of date. Please send it again.");
		case "overtaken":
			return again(409, changedAllTheTime);
		case "stale":
		case "unknown":
		case "name_taken":
			return notThere(visit, "integration");
	}
});

interface SecretForm {
	readonly overlap: string;
	readonly error?: string;
	/** What is wrong with the proof. */
	readonly unproved?: string;
}

async function ask(visit: Visit, status: number, form: SecretForm, headers?: Headers): Promise<Response> {
	const { overlap, error = null, unproved } = form;
	const client = await activeClient(visit);
	if (!client || !hasSecret(client)) return notThere(visit, "integration");
	const { seed } = await newFormSeed(visit.services);
	const cancelUrl = urlOf(visit);
	const asked = { frame: visit.frame, name: client.name, action: `${cancelUrl}/secret`, cancelUrl };
	const proof = await proofAgain(visit, unproved);
	return page(status, rotateSecretView({ ...asked, seed, overlap, error, proof }), headers);
}

/** `GET /console/{slug}/integrations/{client_id}/secret/end` */
export const secretEndPage = inConsole("integrations", "integrations:write", (visit) => askToEnd(visit, 200, null));

async function askToEnd(visit: Visit, status: number, error: string | null, headers?: Headers): Promise<Response> {
	const client = await activeClient(visit);
	if (!client) return notThere(visit, "integration");
	const cancelUrl = urlOf(visit);
	const asked = { frame: visit.frame, name: client.name, action: `${cancelUrl}/secret/end`, cancelUrl };
	const [fields, proof] = await Promise.all([drawnFrom(secretsOf(client)), proofAgain(visit, error)]);
	return page(status, confirmEndSecretView({ ...asked, fields, proof }), headers);
}

/** `POST /console/{slug}/integrations/{client_id}/secret/end`, with a proof where the sign-in is a while old; that there is no older one any more is as good. */
export const endSecretPage = inConsole("integrations", "integrations:write", async (visit) => {
	const { form, actor, services } = visit;
	const unproven = await refusedProof(visit);
	if (unproven) return askToEnd(visit, ...unproven);
	// The older one by then may be the newer one of when it was asked.
	const edit = async (now: Client) => ((await isDrawnFrom(form, secretsOf(now))) ? {} : "stale");
	const ended = await endPreviousSecret(idOf(visit), edit, actor, services);
	if (ended.kind === "overtaken") return refuseVisit(visit, 409, "Not ended", changedAllTheTime);
	if (ended.kind === "stale" && liveSecrets(ended.client, services.now()).length > 1) {
		const detail = "The secrets were changed since you were asked, so none was ended. Look again which there are.";
		return refuseVisit(visit, 409, "Out of date", detail);
	}
	const isGone = ended.kind === "refused" && ended.reason === "no_previous_secret";
	const isDone = ended.kind === "changed" || ended.kind === "stale" || isGone;
	return isDone ? doneAt(urlOf(visit), "secret_ended") : notThere(visit, "integration");
});

function secretsOf({ secrets }: Client): { readonly secrets: readonly string[] } {
	return { secrets: secrets.map(({ hash }) => hash) };
}

function idOf({ params }: Visit): string {
	return params.client_id ?? "";
}

function urlOf(visit: Visit): string {
	return `${integrationsUrl(visit)}/${idOf(visit)}`;
}
