import * as v from "valibot";
import { writeInstant } from "../../domain/instant.ts";
import { described, titled } from "../../http/described.ts";
import { keyFileFormats } from "../../dialects/key-file.ts";
import { problem } from "../../http/problem.ts";
import { json } from "../../http/reply.ts";
import type { Actor } from "../../operations/actor.ts";
import type { Call } from "../../endpoint/call.ts";
import { type Body, bodyEndpointFor } from "../guard/access.ts";
import { type Revealed, revealCode as reveal } from "../../operations/keys/reveal-code.ts";
import type { Proof } from "../../operations/checks/prove-person.ts";
import { anyProof, readProof, refuseProof } from "../proof.ts";
import { keyFileReply } from "./key-file-reply.ts";
import { revealedSchema } from "./shapes.ts";
import { beyond, conflict, notFound } from "../refusals.ts";

const revealSchema = titled("RevealAccessCode", v.strictObject(anyProof));

const answers = {
	400: { description: "No proof, or several." },
	403: { description: "Not a person, or the proof is wrong." },
	404: { description: "The key has no such code." },
	409: { description: "The account does not keep secrets, or did not when the code was made." },
	429: { description: "Too many wrong proofs; `Retry-After` says when to try again." },
};

/** `POST /v1/keys/{id}/codes/{codeId}/reveal` (keys:write), for people. */
async function revealCode(call: Call, actor: Actor, body: Body<typeof revealSchema>): Promise<Response> {
	const { params, services } = call;
	const read = readProof(body, call);
	if (!read.ok) return read.response;
	const { proof } = read;
	const place = { keyId: params.id ?? "", codeId: params.codeId ?? "" };
	const revealed = await reveal({ ...place, proof }, actor, services);
	if (revealed.kind !== "revealed") return refuse(revealed, proof);
	const { code, secret } = revealed;
	return json(200, { id: code.id, secret, expires_at: writeInstant(code.expiresAt) });
}

export const revealCodeEndpoint = bodyEndpointFor("keys:write", revealCode, {
	tag: "Access codes",
	changesNothing: true,
	summary: "Show the secret of an access code again",
	description: "For people only: the password, or another proof, is asked for again. The audit log notes it.",
	body: { schema: revealSchema, example: { password: "correct horse battery staple" } },
	answers: { 200: { description: "The secret.", schema: revealedSchema }, ...answers },
});

const fileSchema = titled(
	"DownloadKeyFile",
	v.strictObject({
		...anyProof,
		format: v.optional(described(v.picklist(keyFileFormats, "is json or csv"), "What to write the file as."), "json"),
	}),
);

/** `POST /v1/keys/{id}/codes/{codeId}/key-file` (keys:write), for people. */
async function downloadKeyFile(
	call: Call,
	actor: Actor,
	{ format, ...given }: Body<typeof fileSchema>,
): Promise<Response> {
	const { params, services } = call;
	const read = readProof(given, call);
	if (!read.ok) return read.response;
	const { proof } = read;
	const place = { keyId: params.id ?? "", codeId: params.codeId ?? "" };
	const revealed = await reveal({ ...place, proof, forFile: true }, actor, services);
	if (revealed.kind !== "revealed") return refuse(revealed, proof);
	return keyFileReply(200, revealed.key.row, revealed.secret, format, services);
}

export const downloadKeyFileEndpoint = bodyEndpointFor("keys:write", downloadKeyFile, {
	tag: "Access codes",
	changesNothing: true,
	summary: "Download the key file of an access code again",
	description: "Of keys of type integration. For people only, after a proof, as revealing is.",
	body: { schema: fileSchema, example: { password: "correct horse battery staple", format: "csv" } },
	answers: { 200: { description: "The file, as JSON or CSV, as a download." }, ...answers },
});

function refuse(refusal: Exclude<Revealed, { kind: "revealed" }>, proof: Proof): Response {
	switch (refusal.kind) {
		case "not_a_person":
			return problem(403, "Secrets are shown again to people only, who show once more who they are.", {
				code: "person_needed",
			});
		case "unknown":
			return notFound("access code");
		case "no_file":
			return conflict("Only a key of type integration has a key file: make one of that type.");
		case "not_kept":
			return conflict("The secret of this access code is not kept. Create a new access code, and delete this one.");
		case "beyond":
			return beyond(refusal.permission);
		default:
			return refuseProof(refusal, proof);
	}
}
