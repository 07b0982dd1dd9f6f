import * as v from "valibot";
import { described, titled } from "../../http/described.ts";
import { keyFileFormats } from "../../dialects/key-file.ts";
import { fieldProblem, problem } from "../../http/problem.ts";
import { json } from "../../http/reply.ts";
import { rateLimitHeaders } from "../../http/rate-limit.ts";
import type { Actor } from "../../operations/actor.ts";
import type { Call } from "../../endpoint/call.ts";
import { type Body, bodyEndpointFor } from "../guard/access.ts";
import { type Revealed, revealCode as reveal } from "../../operations/keys/reveal-code.ts";
import * as fields from "./fields.ts";
import { keyFileReply } from "./key-file-reply.ts";
import { revealedSchema } from "./shapes.ts";
import { beyond, conflict, notFound } from "../refusals.ts";

const revealSchema = titled("RevealAccessCode", v.strictObject({ password: fields.password }));

const answers = {
	400: { description: "The password is missing." },
	403: { description: "Not a person, or the password is wrong." },
	404: { description: "The key has no such code." },
	409: { description: "The account does not keep secrets, or did not when the code was made." },
	429: { description: "Too many wrong passwords; `Retry-After` says when to try again." },
};

/** `POST /v1/keys/{id}/codes/{codeId}/reveal` (keys:write), for people. */
async function revealCode(
	{ params, services }: Call,
	actor: Actor,
	body: Body<typeof revealSchema>,
): Promise<Response> {
	const place = { keyId: params.id ?? "", codeId: params.codeId ?? "" };
	const revealed = await reveal({ ...place, proof: { kind: "password", ...body } }, actor, services);
	if (revealed.kind !== "revealed") return refuse(revealed);
	return json(200, { id: revealed.code.id, secret: revealed.secret, expires_at: revealed.code.expiresAt });
}

export const revealCodeEndpoint = bodyEndpointFor("keys:write", revealCode, {
	tag: "Access codes",
	summary: "Show the secret of an access code again",
	description: "For people only: the password is asked for again. The audit log notes it.",
	body: { schema: revealSchema, example: { password: "correct horse battery staple" } },
	answers: { 200: { description: "The secret.", schema: revealedSchema }, ...answers },
});

const fileSchema = titled(
	"DownloadKeyFile",
	v.strictObject({
		password: fields.password,
		format: v.optional(described(v.picklist(keyFileFormats, "is json or csv"), "What to write the file as."), "json"),
	}),
);

/** `POST /v1/keys/{id}/codes/{codeId}/key-file` (keys:write), for people. */
async function downloadKeyFile(
	{ params, services }: Call,
	actor: Actor,
	body: Body<typeof fileSchema>,
): Promise<Response> {
	const { password, format } = body;
	const place = { keyId: params.id ?? "", codeId: params.codeId ?? "" };
	const revealed = await reveal({ ...place, proof: { kind: "password", password }, forFile: true }, actor, services);
	if (revealed.kind !== "revealed") return refuse(revealed);
	return keyFileReply(200, revealed.key.row, revealed.secret, format, services);
}

export const downloadKeyFileEndpoint = bodyEndpointFor("keys:write", downloadKeyFile, {
	tag: "Access codes",
	summary: "Download the key file of an access code again",
	description: "Of keys of type integration. For people only, after the password, as revealing is.",
	body: { schema: fileSchema, example: { password: "correct horse battery staple", format: "csv" } },
	answers: { 200: { description: "The file, as JSON or CSV, as a download." }, ...answers },
});

function refuse(refusal: Exclude<Revealed, { kind: "revealed" }>): Response {
	switch (refusal.kind) {
		case "not_a_person":
			return problem(403, "Secrets are shown again to people only, who give their password once more.", {
				code: "person_needed",
			});
		case "unknown":
			return notFound("access code");
		case "no_file":
			return conflict("Only a key of type integration has a key file: make one of that type.");
		case "not_kept":
			return conflict("The secret of this access code is not kept. Make a new code, and remove this one.");
		case "beyond":
			return beyond(refusal.permission);
		case "wrong":
			return fieldProblem("password_wrong", "password", "The password is wrong.");
		case "limited": {
			const detail = `Too many wrong passwords. Try again in ${refusal.retryAfter} seconds.`;
			return problem(429, detail, { headers: rateLimitHeaders(refusal) });
		}
		case "busy":
			return problem(503, "Many passwords are being checked just now. Try again.", {
				code: "busy",
				headers: { "retry-after": "1" },
			});
	}
}
