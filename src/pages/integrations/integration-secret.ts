import { hasSecret } from "../../domain/client-change.ts";
import { page } from "../../http/reply.ts";
import { endPreviousSecret, newFormSeed, rotateSecret } from "../../operations/clients/integrations.ts";
import { clientSecretView } from "./client-secret.tsx";
import { confirmEndSecretView } from "./end-integration.tsx";
import { rotateSecretView } from "./rotate-secret.tsx";
import { doneAt } from "../frame/address.ts";
import { notThere } from "../frame/refusal.ts";
import { activeClient, integrationsUrl } from "./integrations.ts";
import { inConsole } from "../frame/visit.ts";

const day = 86_400;

/** `GET /console/{slug}/integrations/{client_id}/secret` */
export const newSecretPage = inConsole("integrations", "integrations:write", async (visit) => {
	const client = await activeClient(visit);
	if (!client || !hasSecret(client)) return notThere(visit, "integration");
	const { seed } = await newFormSeed(visit.services);
	const url = `${integrationsUrl(visit)}/${client.id}`;
	const { frame } = visit;
	const { name } = client;
	return page(
		200,
		rotateSecretView({ frame, name, action: `${url}/secret`, cancelUrl: url, seed, overlap: "7", error: null }),
	);
});

/** `POST /console/{slug}/integrations/{client_id}/secret` with `seed` and `overlap`, in days. */
export const rotateSecretPage = inConsole("integrations", "integrations:write", async (visit) => {
	const { services, form, actor, frame } = visit;
	const client = await activeClient(visit);
	if (!client) return notThere(visit, "integration");
	const url = `${integrationsUrl(visit)}/${client.id}`;
	const overlap = form.get("overlap") ?? "";
	const again = async (status: number, error: string) => {
		const { seed } = await newFormSeed(services);
		const { name } = client;
		return page(
			status,
			rotateSecretView({ frame, name, action: `${url}/secret`, cancelUrl: url, seed, overlap, error }),
		);
	};
	if (!/^(?:[12]?\d|30)$/.test(overlap)) return again(400, "Choose for how long the older secret stays good.");
	const given = { overlap: Number(overlap) * day, seed: form.get("seed") ?? "" };
	const rotated = await rotateSecret(client.id, given, actor, services);
	switch (rotated.kind) {
		case "changed": {
			const title = "The new secret";
			const shown = { clientId: client.id, secret: rotated.secret, installUrl: null, backUrl: url };
			return page(200, clientSecretView({ frame, title, ...shown }));
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
		case "unknown":
		case "name_taken":
			return notThere(visit, "integration");
	}
});

/** `GET /console/{slug}/integrations/{client_id}/secret/end` */
export const secretEndPage = inConsole("integrations", "integrations:write", async (visit) => {
	const client = await activeClient(visit);
	if (!client) return notThere(visit, "integration");
	const url = `${integrationsUrl(visit)}/${client.id}`;
	const { frame } = visit;
	return page(200, confirmEndSecretView({ frame, name: client.name, action: `${url}/secret/end`, cancelUrl: url }));
});

/** `POST /console/{slug}/integrations/{client_id}/secret/end`; that there is no older one any more is as good. */
export const endSecretPage = inConsole("integrations", "integrations:write", async (visit) => {
	const client = await activeClient(visit);
	if (!client) return notThere(visit, "integration");
	await endPreviousSecret(client.id, visit.actor, visit.services);
	return doneAt(`${integrationsUrl(visit)}/${client.id}`, "secret_ended");
});
