import * as v from "valibot";
import type { Call } from "../endpoint/call.ts";
import { described, titled } from "../http/described.ts";
import { fieldProblem, problem } from "../http/problem.ts";
import { rateLimitHeaders } from "../http/rate-limit.ts";
import type { Proof, Unproved } from "../operations/checks/prove-person.ts";

// What a person shows once more in the body of a request, as in a form of the console (pages/frame/proof.ts).

const text = v.string("is a string");
const password = v.pipe(
	text,
	v.minLength(1, "is missing"),
	v.description("The password of the person whose login token is sent."),
);
const passkeyResponse = titled(
	"PasskeyResponse",
	v.looseObject({
		clientDataJSON: described(text, "What the browser made of the challenge, in base64url."),
		authenticatorData: described(text, "What the device adds, in base64url."),
		signature: described(text, "Of both, in base64url."),
		userHandle: v.optional(described(v.nullable(text), "Whose it is, as the device has it.")),
	}),
);
/** WebAuthn §5.1, `AuthenticationResponseJSON`. What it has besides, browsers send and nobody reads. */
const passkey = described(
	titled(
		"PasskeyAssertion",
		v.looseObject({
			id: described(text, "The credential's id, in base64url."),
			type: described(v.literal("public-key", "is public-key"), "What kind of credential it is."),
			response: described(passkeyResponse, "What the device made."),
		}),
	),
	"What a passkey of theirs made of the answer to `POST /v1/profile/passkey_challenges`.",
);

/** Of these, a body has one. */
export const strongProof = { password: v.optional(password), passkey: v.optional(passkey) };
export const anyProof = {
	...strongProof,
	otp: v.optional(described(text, "A one-time code of theirs, each once. Whoever has none on shows another of these.")),
};

/** Where nothing else is asked. */
export const proofSchema = titled("ProveOneself", v.strictObject(anyProof));

export interface ProofGiven {
	readonly password?: string | undefined;
	readonly passkey?: object | undefined;
	readonly otp?: string | undefined;
}

/** Of the body of this very request: a challenge is for one operation (operations/checks/passkey-challenge.ts). */
export function readProof(
	{ password: given, passkey: made, otp }: ProofGiven,
	{ request, url }: Pick<Call, "request" | "url">,
): { readonly ok: true; readonly proof: Proof } | { readonly ok: false; readonly response: Response } {
	const proofs: Proof[] = [
		...(given === undefined ? [] : [{ kind: "password" as const, password: given }]),
		...(made === undefined ? [] : [passkeyProof(made, operationOf(request, url))]),
		...(otp === undefined ? [] : [{ kind: "code" as const, code: otp }]),
	];
	const [proof, ...others] = proofs;
	if (proof && others.length === 0) return { ok: true, proof };
	const detail = proof ? "Send one proof, not several." : "Send your password, or another proof in its place.";
	return { ok: false, response: fieldProblem("wrong_members", "password", detail) };
}

function passkeyProof(made: object, operation: string): Proof {
	return { kind: "passkey", response: JSON.stringify(made), purpose: "prove_by_api", browser: operation };
}

/** As the challenge for it has it. */
function operationOf({ method }: Pick<Request, "method">, { pathname }: Pick<URL, "pathname">): string {
	return `${method} ${pathname}`;
}

export function refuseProof(refused: Unproved, { kind }: Pick<Proof, "kind">): Response {
	switch (refused.kind) {
		case "wrong":
			return notTaken(kind);
		case "limited": {
			const detail = `This was tried too often. Try again in ${refused.retryAfter} seconds.`;
			return problem(429, detail, { headers: rateLimitHeaders(refused) });
		}
		case "busy":
			return problem(503, "Many passwords are being checked just now. Try again.", {
				code: "busy",
				headers: { "retry-after": "1" },
			});
	}
}

function notTaken(kind: Proof["kind"]): Response {
	switch (kind) {
		case "code":
			return fieldProblem("one_time_code_wrong", "otp", wrongCode);
		case "passkey":
			return fieldProblem(
				"passkey_wrong",
				"passkey",
				"The passkey was not taken: ask for a challenge for this request.",
			);
		default:
			return fieldProblem("password_wrong", "password", "The password is wrong.");
	}
}

export const wrongCode = "This is not the code that the app should show now, or it was used.";
