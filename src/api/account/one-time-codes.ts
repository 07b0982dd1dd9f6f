import * as v from "valibot";
import { writeInstant } from "../../domain/instant.ts";
import { randomId } from "../../crypto/random.ts";
import type { Person } from "../../domain/person.ts";
import type { Call } from "../../endpoint/call.ts";
import { endpoint } from "../../endpoint/endpoint.ts";
import { described, instant, titled } from "../../http/described.ts";
import { fieldProblem } from "../../http/problem.ts";
import { json } from "../../http/reply.ts";
import type { Proof } from "../../operations/checks/prove-person.ts";
import { isFormNonce } from "../../operations/form-nonce.ts";
import {
	changeOneTimeCodes,
	type NotTurned,
	offerOneTimeCodes,
	turnOffOneTimeCodes,
	turnOnOneTimeCodes,
} from "../../operations/people/one-time-codes.ts";
import type { Body } from "../guard/access.ts";
import { type ProofGiven, refuseProof, strongProof, wrongCode } from "../proof.ts";
import { conflict } from "../refusals.ts";
import { forPerson, forProvenWayIn } from "./for-person.ts";

/** `GET /v1/profile/one_time_codes` */
function readCodes(_: Call, { oneTimeCodes }: Person): Response {
	return json(200, { enabled: oneTimeCodes !== undefined, since: writeInstant(oneTimeCodes?.since ?? null) });
}

/** `POST /v1/profile/one_time_codes` */
async function offerCodes({ services }: Call, person: Person): Promise<Response> {
	const enrolment = randomId(services.random);
	return json(200, { enrolment, ...(await offerOneTimeCodes(person, enrolment, services)) });
}

const sixDigits = described(v.string("is a string"), "The six digits that the app shows now.");

const turnOnSchema = titled(
	"TurnOnOneTimeCodes",
	v.strictObject({
		enrolment: v.pipe(
			v.string("is a string"),
			v.check((text) => isFormNonce(text), "is that of an answer to POST"),
			v.description("As it was answered with the secret."),
		),
		otp: sixDigits,
		...strongProof,
	}),
);

/** `PUT /v1/profile/one_time_codes` */
async function turnOn(
	{ address, services }: Call,
	person: Person,
	{ enrolment: nonce, otp }: Body<typeof turnOnSchema>,
	proof: Proof,
): Promise<Response> {
	const outcome = await turnOnOneTimeCodes(
		{ person, knownAs: person.id },
		{ nonce, code: otp, proof, makeCodes: false, address },
		services,
	);
	if (outcome.kind === "on") return json(200, { enabled: true });
	return outcome.kind === "overtaken" ? alreadyOn() : refuse(outcome, proof);
}

/** `POST /v1/profile/one_time_codes/change` */
async function change(
	{ address, services }: Call,
	person: Person,
	{ enrolment: nonce, otp }: Body<typeof turnOnSchema>,
	proof: Proof,
): Promise<Response> {
	const given = { nonce, code: otp, proof, address };
	const outcome = await changeOneTimeCodes({ person, knownAs: person.id }, given, services);
	switch (outcome.kind) {
		case "changed":
			return json(200, { enabled: true });
		case "overtaken":
			return conflict(
				"One-time codes are disabled, or the app was changed meanwhile. Read which by GET /v1/profile/one_time_codes: PUT enables them; to change the app, ask for another secret.",
			);
		default:
			return refuse(outcome, proof);
	}
}

const turnOffSchema = titled("TurnOffOneTimeCodes", v.strictObject({ otp: v.optional(sixDigits), ...strongProof }));

/** `POST /v1/profile/one_time_codes/turn_off` */
async function turnOff(
	{ address, services }: Call,
	person: Person,
	{ otp }: Body<typeof turnOffSchema>,
	proof: Proof,
): Promise<Response> {
	const code = otp ?? null;
	// A passkey has shown more than both.
	if (code === null && proof.kind !== "passkey") return fieldProblem("wrong_members", "otp", "is missing");
	const outcome = await turnOffOneTimeCodes({ person, knownAs: person.id }, { proof, code, address }, services);
	return outcome.kind === "off" ? json(200, { enabled: false }) : refuse(outcome, proof);
}

/** The code is of the app, and no proof. */
function proofIn({ password, passkey }: ProofGiven): ProofGiven {
	return { password, passkey };
}

function refuse(outcome: NotTurned, proof: Proof): Response {
	return outcome.kind === "wrong_code"
		? fieldProblem("one_time_code_wrong", "otp", wrongCode)
		: refuseProof(outcome, proof);
}

function alreadyOn(): Response {
	return conflict(
		"One-time codes are enabled already. Another app takes the place of it by POST /v1/profile/one_time_codes/change.",
	);
}

const asked = {
	400: { description: "A member is missing or malformed, or two credentials differ." },
	401: { description: "No login token, or one that is not valid any more." },
	403: { description: "The login token of a key, or the proof or the code is wrong." },
	413: { description: "The body is larger than 64 KiB." },
	429: { description: "Too many wrong proofs or codes; `Retry-After` says when to try again." },
};
const enabled = described(v.boolean(), "Whether a code is asked for beside the password.");
const common = { tag: "Profile", credentials: ["bearer"], login: "own" } as const;
const stateSchema = titled("OneTimeCodesState", v.object({ enabled }));

export const readOneTimeCodesEndpoint = endpoint(forPerson(readCodes), {
	...common,
	summary: "See whether one-time codes are on",
	description: "By a person's own login token.",
	answers: {
		200: {
			description: "Whether they are, and since when.",
			schema: titled(
				"OneTimeCodes",
				v.object({ enabled, since: v.nullable(instant("Since when; null where they are off.")) }),
			),
		},
		400: { description: "Two credentials that differ." },
		401: asked[401],
		403: { description: "The login token of a key, not of a person." },
	},
});

export const offerOneTimeCodesEndpoint = endpoint(forPerson(offerCodes), {
	...common,
	changesNothing: true,
	summary: "Get a secret for an authenticator app",
	description:
		"By a person's own login token. Nothing is changed by it: with `enrolment`, and a code that the app makes of the secret, " +
		"`PUT` turns one-time codes on, or changes the app where they are (`/change`; RFC 6238: SHA-1, six digits, thirty seconds).",
	answers: {
		200: {
			description: "The secret, this once.",
			schema: titled(
				"OneTimeCodesOffer",
				v.object({
					enrolment: described(v.string(), "What `PUT` takes; it says nothing of the secret."),
					secret: described(v.string(), "In base32 (RFC 4648), for an app that cannot scan."),
					uri: described(v.string(), "`otpauth://…`, for a QR code."),
				}),
			),
		},
		400: { description: "Two credentials that differ." },
		401: asked[401],
		403: { description: "The login token of a key, not of a person." },
	},
});

export const changeOneTimeCodesEndpoint = endpoint(forProvenWayIn(turnOnSchema, change, proofIn), {
	...common,
	summary: "Change the authenticator app",
	description:
		"By a person's own login token, their password or a passkey once more, and a code of the new app, which has the secret of " +
		"`POST /v1/profile/one_time_codes`. Until then the old one counts, from then on it does not. Recovery codes stay; every browser is " +
		"signed out, and each login session of the password has ended, that of this token too.",
	body: {
		media: ["application/json"],
		schema: turnOnSchema,
		example: { enrolment: "aGbS6Xh6Q0yTnRf2Yc1xWw", otp: "492039", password: "correct horse battery staple" },
	},
	answers: {
		200: { description: "The new app makes the codes.", schema: stateSchema },
		...asked,
		409: { description: "They are off, or the app was changed meanwhile." },
	},
});

export const turnOnOneTimeCodesEndpoint = endpoint(forProvenWayIn(turnOnSchema, turnOn, proofIn), {
	...common,
	summary: "Enable one-time codes",
	description:
		"By a person's own login token, their password or a passkey once more, and a code of the app. From then on the password alone signs nobody in: " +
		"every browser is signed out, and each login session of the password has ended, that of this token too. Create recovery codes first: " +
		"without the app they are the way in.",
	body: {
		media: ["application/json"],
		schema: turnOnSchema,
		example: { enrolment: "aGbS6Xh6Q0yTnRf2Yc1xWw", otp: "492039", password: "correct horse battery staple" },
	},
	answers: {
		200: { description: "They are on.", schema: stateSchema },
		...asked,
		409: { description: "They are on already, by another secret." },
	},
});

export const turnOffOneTimeCodesEndpoint = endpoint(forProvenWayIn(turnOffSchema, turnOff, proofIn), {
	...common,
	summary: "Disable one-time codes",
	description:
		"By a person's own login token, their password once more, and a code of the app; or a passkey in the place of both. Off already, they stay so.",
	body: {
		media: ["application/json"],
		schema: turnOffSchema,
		example: { otp: "492039", password: "correct horse battery staple" },
	},
	answers: { 200: { description: "They are off.", schema: stateSchema }, ...asked },
});
