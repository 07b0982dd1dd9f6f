import * as v from "valibot";
import { writeInstant } from "../../domain/instant.ts";
import { keySetTtl, ringAlgorithms } from "../../domain/signing-key-ring.ts";
import { described, instant, titled } from "../../http/described.ts";
import { empty, json } from "../../http/reply.ts";
import { endpoint } from "../../endpoint/endpoint.ts";
import { behind, type Guard } from "../../endpoint/guard.ts";
import {
	holderOf,
	listRings,
	rotateNow,
	type ShownRing,
	type Withdrawer,
	withdrawSigningKey,
} from "../../operations/signing/operate-keys.ts";
import { unconditionally } from "../guard/access.ts";
import { endpointForOperator, operator } from "../guard/operator.ts";
import { conflict, notFound } from "../refusals.ts";

const tag = "Operation";
const kid = described(v.string(), "The key's id, as the key set has it.");

const ringSchema = titled(
	"SigningKeyRing",
	v.object({
		alg: described(v.picklist(ringAlgorithms), "What its keys sign with."),
		current: described(
			titled("CurrentSigningKey", v.object({ kid, since: instant("Since when it signs.") })),
			"The key that signs now.",
		),
		next: described(
			titled(
				"NextSigningKey",
				v.object({
					kid,
					signs_from: instant("From when on it may sign: until then a copy of the key set may be without it."),
				}),
			),
			"The key that will, and is published already.",
		),
		previous: described(
			v.array(
				titled(
					"PreviousSigningKey",
					v.object({ kid, goes_at: instant("When it goes, since nothing that it signed is good any more.") }),
				),
			),
			"Those that signed before.",
		),
	}),
);

/** `GET /v1/signing-keys` */
export const listSigningKeysEndpoint = endpointForOperator(
	async ({ services }) => json(200, { rings: (await listRings(services)).map(shown) }),
	{
		tag,
		summary: "List the signing keys",
		description: "By an operator's own login token: the keys of each algorithm that is in use, without what signs.",
		answers: {
			200: {
				description: "In the order of the key set.",
				schema: titled(
					"SigningKeyRings",
					v.object({ rings: described(v.array(ringSchema), "One for each algorithm.") }),
				),
			},
		},
	},
);

/** `POST /v1/signing-keys/{alg}/rotate` */
export const rotateSigningKeyEndpoint = endpointForOperator(
	async ({ params, services }, by) => {
		const rotated = await rotateNow(params.alg ?? "", by, services);
		switch (rotated.kind) {
			case "rotated":
				return json(200, { kid: rotated.ring.current.kid });
			case "unknown":
				return notFound("ring of signing keys");
			case "too_early": {
				const at = writeInstant(rotated.at);
				return conflict(
					`A copy of the key set may be without the next key. It can sign from ${at} on: try again then.`,
				);
			}
		}
	},
	{
		tag,
		summary: "Have the next key of an algorithm sign now",
		description:
			"Before its time. Nothing ends: what signed until now stays published, and what it signed is good until its own end. Of a key " +
			"that somebody stole, revoke it.",
		path: { alg: "The algorithm, as `ES256`." },
		answers: {
			200: { description: "The key that signs now.", schema: titled("RotatedSigningKey", v.object({ kid })) },
			404: { description: "There are no keys of that algorithm." },
			409: { description: "Not yet: a copy of the key set that somebody holds may be without the next key." },
		},
	},
);

/** The setup secret, or what opens {@link operator}. */
const withdrawer: Guard<Withdrawer> = {
	...operator,
	async check(credential, call) {
		const holder = await holderOf(credential.value, call.address, call.services);
		return holder ? { kind: "admitted", who: holder } : operator.check(credential, call);
	},
};

/** `DELETE /v1/signing-keys/{kid}`: no account's administrator may end the tokens of others. */
export const withdrawSigningKeyEndpoint = endpoint(
	behind(
		withdrawer,
		unconditionally(async ({ params, services }, by: Withdrawer) => {
			const withdrawn = await withdrawSigningKey(params.kid ?? "", by, services);
			return withdrawn === "withdrawn" ? empty(204) : notFound("signing key");
		}),
	),
	{
		tag,
		summary: "Revoke a signing key",
		description:
			"By an operator's own login token, or with the deployment's `SETUP_SECRET`. The key is gone from the key set at once, and its " +
			"successor signs; tokens that it signed are refused, and a login gives another. What verifies by the published keys alone goes " +
			`on until its copy of the key set ends (${keySetTtl / 60} minutes).`,
		credentials: ["deployment", "bearer"],
		login: "operator",
		path: { kid: "The key's id, as the key set has it." },
		answers: {
			204: { description: "It is revoked." },
			400: { description: "Two credentials that differ." },
			401: { description: "Neither a login token that is valid nor the setup secret." },
			403: { description: "The login token is not an operator's." },
			404: { description: "No key of this deployment has that id, or not any more." },
		},
	},
);

function shown({ algorithm, current, next, previous }: ShownRing) {
	return {
		alg: algorithm,
		current: { kid: current.kid, since: writeInstant(current.since) },
		next: { kid: next.kid, signs_from: writeInstant(next.signsFrom) },
		previous: previous.map((each) => ({ kid: each.kid, goes_at: writeInstant(each.goesAt) })),
	};
}
