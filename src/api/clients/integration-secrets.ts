import * as v from "valibot";
import { writeInstant } from "../../domain/instant.ts";
import { described, instant, titled } from "../../http/described.ts";
import { maxOverlap } from "../../domain/client-change.ts";
import { empty, json } from "../../http/reply.ts";
import type { Actor } from "../../operations/actor.ts";
import type { Call } from "../../endpoint/call.ts";
import { type Body, endpointFor, bodyEndpointFor } from "../guard/access.ts";
import { endPreviousSecret, rotateSecret as rotate } from "../../operations/clients/integrations.ts";
import { refuse } from "./integrations.ts";

const day = 86_400;
const most = maxOverlap / day;

const rotateSchema = titled(
	"RotateSecret",
	v.strictObject({
		overlap_days: v.pipe(
			v.number("is a number"),
			v.integer("is whole days"),
			v.minValue(0, "is at least 0"),
			v.maxValue(most, `is at most ${most}`),
			v.description("For how many days the older secret stays good beside the new one."),
		),
	}),
);
const rotatedSchema = titled(
	"RotatedSecret",
	v.object({
		client_id: described(v.string(), "The client's id."),
		client_secret: described(v.string(), "The new secret, this once."),
		previous_expires_at: v.nullable(instant("When the older secret ends; null where it has.")),
	}),
);

/** `POST /v1/integrations/{client_id}/secrets` (integrations:write) */
async function rotateSecret(
	{ params, services }: Call,
	actor: Actor,
	body: Body<typeof rotateSchema>,
): Promise<Response> {
	const id = params.client_id ?? "";
	const rotated = await rotate(id, { overlap: body.overlap_days * day, seed: null }, actor, services);
	if (rotated.kind === "stale_form") throw new Error("There was no form");
	if (rotated.kind !== "changed") return refuse(rotated);
	const previous = rotated.client.secrets[1]?.expiresAt ?? null;
	return json(201, { client_id: id, client_secret: rotated.secret, previous_expires_at: writeInstant(previous) });
}

export const rotateSecretEndpoint = bodyEndpointFor("integrations:write", rotateSecret, {
	tag: "Integrations",
	summary: "Replace the secret of an integration",
	description:
		"The older secret stays good for `overlap_days` (0 to 30), so that your servers can change over one by one; with 0 it " +
		"ends now. Everywhere within 30 seconds. **`client_secret` is shown this once.**",
	body: { schema: rotateSchema, example: { overlap_days: 7 } },
	answers: {
		201: { description: "The new secret.", schema: rotatedSchema },
		400: { description: "An overlap out of range." },
		403: { description: "The client acts for itself, with permissions that you do not have." },
		404: { description: "The account has no such integration." },
		409: {
			description:
				"Two secrets are good already, or the client has none (it is public, or authenticates by its keys), or it has ended, or is changed all the time.",
		},
	},
});

/** `DELETE /v1/integrations/{client_id}/secrets/previous` (integrations:write) */
async function endSecret({ params, services }: Call, actor: Actor): Promise<Response> {
	const changed = await endPreviousSecret(params.client_id ?? "", () => ({}), actor, services);
	return changed.kind === "changed" ? empty(204) : refuse(changed);
}

export const endSecretEndpoint = endpointFor("integrations:write", endSecret, {
	tag: "Integrations",
	summary: "End the older of two secrets now",
	answers: {
		204: { description: "Only the newest secret is good, everywhere within 30 seconds." },
		404: { description: "The account has no such integration, or it has no older secret." },
		409: { description: "The integration has ended, or is changed all the time." },
	},
});
