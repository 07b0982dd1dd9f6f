import * as v from "valibot";
import { described, epochSeconds, titled } from "../http/described.ts";
import type { Client, ClientOptions } from "../domain/client.ts";
import { type RegistrableOption, registrableOptions } from "../domain/client-option-values.ts";
import { describedOption, memberWords, optionMembers } from "../domain/registration.ts";
import { scopeMember } from "../domain/scope.ts";
import type { Clear } from "../domain/brands.ts";
import { parseJson } from "../http/read-json.ts";
import { mediaType, readText } from "../http/body.ts";
import { json } from "../http/reply.ts";

// What RFC 7591 and 7592 say of a client, in and out. What may be sent is in domain/registration.ts.

/** RFC 7591 §3.2.1, RFC 7592 §3 */
export const informationSchema = titled(
	"ClientInformation",
	v.looseObject({
		client_id: described(v.string(), "Its id."),
		client_secret: v.optional(described(v.string(), "Its secret, this once.")),
		client_secret_expires_at: v.optional(described(v.literal(0), "The secret does not expire.")),
		client_id_issued_at: epochSeconds("When it was registered."),
		registration_access_token: v.optional(described(v.string(), "What it changes its registration by, this once.")),
		registration_client_uri: described(v.string(), "Where it does (RFC 7592)."),
		client_name: described(v.string(), memberWords.client_name),
		redirect_uris: described(v.array(v.string()), memberWords.redirect_uris),
		token_endpoint_auth_method: described(v.string(), memberWords.token_endpoint_auth_method),
		grant_types: described(v.array(v.string()), memberWords.grant_types),
		response_types: described(v.array(v.string()), memberWords.response_types),
		scope: v.optional(described(v.string(), memberWords.scope)),
		subject_type: described(v.literal("public"), memberWords.subject_type),
		...v.partial(v.object(optionMembers(describedOption))).entries,
	}),
);

/** What is shown once: only hashes of it are kept. */
interface Shown {
	readonly secret: Clear | null;
	readonly token: Clear | null;
}

/** RFC 7591 §3.2.1: all that is registered, which may be other than what was asked for. */
export function clientInformation(client: Client, { secret, token }: Shown, issuer: string): object {
	const { id, options, grantTypes } = client;
	return {
		client_id: id,
		client_id_issued_at: options.registeredAt ?? 0,
		...(secret !== null && { client_secret: secret, client_secret_expires_at: 0 }),
		...(token !== null && { registration_access_token: token }),
		registration_client_uri: `${issuer}/oauth/register/${id}`,
		client_name: client.name,
		redirect_uris: client.redirectUris,
		token_endpoint_auth_method: client.authMethods[0],
		grant_types: grantTypes,
		response_types: grantTypes.includes("authorization_code") ? ["code"] : [],
		...scopeMember(options.statesNoScope ? [] : client.scope),
		subject_type: "public",
		...Object.fromEntries(registrableOptions.map((option) => [option.metadata, answered(option, options)])),
	};
}

/** What is left out, and means no value, is left out of the JSON too. */
function answered({ key, preset }: RegistrableOption, options: ClientOptions): unknown {
	return options[key] ?? (typeof preset === "string" ? preset : undefined);
}

/** The largest that a client may say of itself: it is stored. */
const maxMetadataBytes = 16 * 1024;

export type ReadMetadata =
	| { readonly ok: true; readonly sent: Readonly<Record<string, unknown>> }
	| { readonly ok: false; readonly response: Response };

export async function readMetadata(request: Request): Promise<ReadMetadata> {
	// RFC 7591 §3.1; and no page of another origin can send this type without asking first.
	if (mediaType(request) !== "application/json") return refused(415, "The body must be application/json");
	const body = await readText(request, maxMetadataBytes);
	if (!body.ok) return refused(body.error.status, body.error.detail);
	const parsed = parseJson(body.text, v.looseObject({}));
	return parsed.ok ? { ok: true, sent: parsed.value } : refused(400, parsed.detail);
}

/** RFC 7591 §3.2.2 */
export function refuseMetadata(code: string, detail: string, status = 400): Response {
	return json(status, { error: code, error_description: detail });
}

function refused(status: number, detail: string): ReadMetadata {
	return { ok: false, response: refuseMetadata("invalid_client_metadata", detail, status) };
}
