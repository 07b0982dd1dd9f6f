import type { Permission } from "../domain/permission.ts";
import { readBearer } from "../http/authorization-header.ts";
import { type BearerError, bearerChallenge, placeOf } from "../http/challenge.ts";
import { readCredential } from "../http/presented-credential.ts";
import { problem } from "../http/problem.ts";
import { type Headers, json } from "../http/reply.ts";
import type { Call, Handler } from "./call.ts";

/** What a request brings, before anybody has looked whether it is good. */
export interface Credential {
	readonly kind: "bearer" | "api_key";
	readonly value: string;
}

/** Why nobody gets in. */
export interface Refused {
	readonly kind: "refused";
	readonly status: 400 | 401 | 403 | 408 | 413;
	/** RFC 6750 §3.1: left out where nothing was presented, and where no token with more scope would do better. */
	readonly error?: BearerError;
	/** For the developer of the client. */
	readonly detail: string;
	/** The one that is missing. */
	readonly permission?: Permission;
}

/**
 * What stands before a handler that a bearer credential opens: where the credential may be, whose it has to be, and how a
 * refusal is written. It asks the ledger once, so that what was revoked is refused at the next request.
 */
export interface Guard<Who> {
	readonly read: (call: Call) => Credential | Refused | Promise<Credential | Refused>;
	readonly check: (
		credential: Credential,
		call: Call,
	) => Promise<{ readonly kind: "admitted"; readonly who: Who } | Refused>;
	/** The scope values that the challenge asks for. */
	readonly scope?: string;
	readonly form: ErrorForm;
}

/** `challenge` writes `WWW-Authenticate` (RFC 6750 §3), with the description where the form has it there too. */
export type ErrorForm = (refused: Refused, challenge: (description?: string) => Headers) => Response;

export function behind<Who>(
	guard: Guard<Who>,
	handle: (call: Call, who: Who) => Promise<Response> | Response,
): Handler {
	return async (call) => {
		const presented = await guard.read(call);
		const checked = presented.kind === "refused" ? presented : await guard.check(presented, call);
		if (checked.kind === "admitted") return handle(call, checked.who);
		const { status, error } = checked;
		return guard.form(checked, (description) => {
			// Two credentials at once: neither was looked at, and a better one would not help.
			if (status === 400 && error === undefined) return {};
			return bearerChallenge(placeOf(call), { scope: guard.scope, error, ...(error && { description }) });
		});
	};
}

/**
 * RFC 6750 §2.1: in `Authorization`, and nowhere else. `none` says what to send. One that is shown elsewhere is not taken, but
 * two that differ are refused here as anywhere.
 */
export function inAuthorization(none: string): Guard<never>["read"] {
	return ({ request, url }) => {
		if (readCredential(request, url).kind === "conflict") return twoCredentials;
		const value = readBearer(request);
		return value === null ? { kind: "refused", status: 401, detail: none } : { kind: "bearer", value };
	};
}

/** DESIGN §1: choosing one of them would be a guess. */
export const twoCredentials: Refused = {
	kind: "refused",
	status: 400,
	detail: "Two different credentials in one request: send one.",
};

/** RFC 6750 §3.1 */
export function invalidToken(detail: string): Refused {
	return { kind: "refused", status: 401, error: "invalid_token", detail };
}

/** RFC 6750 §3.1: another scope would open it. */
export function insufficientScope(detail: string): Refused {
	return { kind: "refused", status: 403, error: "insufficient_scope", detail };
}

/** RFC 9457 */
export function asProblem({ status, detail, permission }: Refused, challenge: () => Headers): Response {
	const title = status === 401 ? "Unauthorized" : status === 403 ? "Forbidden" : "Malformed request";
	return problem(status, detail, { title, ...(permission && { more: { permission } }), headers: challenge() });
}

/** RFC 6750 §3: the same in the body and in the challenge. */
export function asOAuthError(
	{ status, error, detail }: Refused,
	challenge: (description: string) => Headers,
): Response {
	return json(status, { error: error ?? "invalid_request", error_description: detail }, challenge(detail));
}

/** Of an access token. */
export function refusedToken(kind: "expired" | "invalid"): Refused {
	return invalidToken(kind === "expired" ? "The access token has expired" : "The access token is not valid");
}
