import type { Permission } from "../domain/permission.ts";
import type { Limited } from "../domain/limit.ts";
import { dpopAlgs, type PresentedToken, type Unproven } from "../domain/dpop-proof.ts";
import { type AuthorizationToken, readToken } from "../http/authorization-header.ts";
import { bearerChallenge, bothChallenges, dpopChallenge, placeOf, type TokenError } from "../http/challenge.ts";
import { takesIdempotencyKey } from "../http/idempotency-key.ts";
import { rateLimitHeaders } from "../http/rate-limit.ts";
import { readCredential } from "../http/presented-credential.ts";
import { codeOf, type ProblemCode } from "../http/problem-codes.ts";
import { problem } from "../http/problem.ts";
import { type Headers, json } from "../http/reply.ts";
import { currentNonce } from "../operations/checks/dpop-nonce.ts";
import type { Caller } from "../operations/idempotency.ts";
import type { Call, Handler } from "./call.ts";

/** What a request brings, before anybody has looked whether it is good. */
export type Credential = PresentedToken | { readonly kind: "api_key"; readonly value: string };

/** Why nobody gets in. */
export interface Refused {
	readonly kind: "refused";
	readonly status: 400 | 401 | 403 | 408 | 413 | 429;
	/** RFC 6750 §3.1: left out where nothing was presented, and where no token with more scope would do better. */
	readonly error?: TokenError;
	/** Which kind of problem it is, where the status says not enough. */
	readonly code?: ProblemCode;
	/** For the developer of the client. */
	readonly detail: string;
	/** The one that is missing. */
	readonly permission?: Permission;
	/** RFC 9449 §7.2: it came as a bearer token, and is bound to a key. */
	readonly isBound?: true;
	/** Of 429. */
	readonly limited?: Omit<Limited, "kind">;
}

/**
 * What stands before a handler that a bearer credential opens: where the credential may be, whose it has to be, and how a
 * refusal is written. It asks the ledger once, so that what was revoked is refused at the next request.
 */
export interface Guard<Who, Shown extends Credential = Credential> {
	readonly read: (call: Call) => Shown | Refused | Promise<Shown | Refused>;
	readonly check: (
		credential: Shown,
		call: Call,
	) => Promise<{ readonly kind: "admitted"; readonly who: Who } | Refused>;
	/** The scope values that the challenge asks for. */
	readonly scope?: string;
	readonly form: ErrorForm;
	/** Whose `Idempotency-Key` it is that comes with the request. Left out where none is taken. */
	readonly caller?: (who: Who) => Caller;
}

/** `challenge` writes `WWW-Authenticate` (RFC 6750 §3), with the description where the form has it there too. */
export type ErrorForm = (refused: Refused, challenge: (description?: string) => Headers) => Response;

export function behind<Who, Shown extends Credential = Credential>(
	guard: Guard<Who, Shown>,
	handle: (call: Call, who: Who) => Promise<Response> | Response,
): Handler {
	return async (call) => {
		const presented = await guard.read(call);
		const checked = presented.kind === "refused" ? presented : await guard.check(presented, call);
		const isDpop = presented.kind === "dpop";
		const answer = checked.kind === "admitted" ? await admit(checked.who) : refuse(checked);
		// RFC 9449 §9: what the proof of the next request has to have.
		if (isDpop && call.services.config.dpopNonce) answer.headers.set("dpop-nonce", await currentNonce(call.services));
		return answer;

		async function admit(who: Who): Promise<Response> {
			const caller = hasKey(call) ? guard.caller?.(who) : undefined;
			if (!caller) return handle(call, who);
			const { once } = await import("./once.ts");
			return once(call, caller, (own) => handle(own, who));
		}

		function refuse(refused: Refused): Response {
			const { status, error, isBound } = refused;
			return guard.form(refused, (description) => {
				// Two credentials at once: neither was looked at, and a better one would not help.
				if (status === 400 && error === undefined) return {};
				if (refused.limited) return rateLimitHeaders(refused.limited);
				const write = isDpop ? dpopChallenge : isBound ? bothChallenges : bearerChallenge;
				return write(placeOf(call), { scope: guard.scope, error, ...(error && { description }) }, dpopAlgs);
			});
		}
	};
}

/** Whether it has an `Idempotency-Key`, and takes one. */
function hasKey({ request, url, doc }: Call): boolean {
	return request.headers.has("idempotency-key") && !!doc && takesIdempotencyKey(request.method, url.pathname, doc);
}

/**
 * RFC 6750 §2.1, RFC 9449 §7.1: an access token in `Authorization`, and nowhere else. `none` says what to send. One that is shown
 * elsewhere is not taken, but two that differ are refused here as anywhere.
 */
export function inAuthorization(none: string): (call: Call) => PresentedToken | Refused {
	return (call) => {
		if (readCredential(call.request, call.url).kind === "conflict") return twoCredentials;
		const token = readToken(call.request);
		return token ? presentedIn(call, token) : { kind: "refused", status: 401, detail: none };
	};
}

/** The same for what is bound to no key, whoever issued it. */
export function bearerAlone(none: string): (call: Call) => (PresentedToken & { kind: "bearer" }) | Refused {
	const read = inAuthorization(none);
	return (call) => {
		const presented = read(call);
		return presented.kind === "dpop" ? { kind: "refused", status: 401, detail: none } : presented;
	};
}

/** A token, with what a proof beside it has to be for. */
export function presentedIn({ request, url, services }: Call, token: AuthorizationToken): PresentedToken {
	if (token.kind === "bearer") return token;
	const { value, proof: text } = token;
	return { kind: "dpop", value, proof: { text, method: request.method, uri: services.config.issuer + url.pathname } };
}

/** DESIGN §1: choosing one of them would be a guess. */
export const twoCredentials: Refused = {
	kind: "refused",
	status: 400,
	code: "two_credentials",
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

/** A key that was used as often as it may be just now. */
export function tooManyUses(limited: Omit<Limited, "kind">): Refused {
	const detail = "This API key has been used as often as it may be for now. Try again later.";
	return { kind: "refused", status: 429, detail, limited };
}

const titles = new Map<Refused["status"], string>([
	[401, "Unauthorized"],
	[403, "Forbidden"],
	[429, "Too many uses"],
]);

/** RFC 9457 */
export function asProblem(refused: Refused, challenge: () => Headers): Response {
	const { status, detail, permission } = refused;
	const title = titles.get(status) ?? "Malformed request";
	return problem(status, detail, {
		code: codeOfRefused(refused),
		title,
		...(permission && { more: { permission } }),
		headers: challenge(),
	});
}

function codeOfRefused({ status, code, error, permission }: Refused): ProblemCode {
	if (code) return code;
	if (permission) return "permission_missing";
	return status === 401 && error !== undefined ? "credential_refused" : codeOf(status);
}

/** RFC 6750 §3: the same in the body and in the challenge. */
export function asOAuthError(
	{ status, error, detail }: Refused,
	challenge: (description: string) => Headers,
): Response {
	return json(status, { error: error ?? "invalid_request", error_description: detail }, challenge(detail));
}

/** Of an access token. */
export function refusedToken(why: { readonly kind: "expired" | "invalid" } | Unproven): Refused {
	switch (why.kind) {
		case "expired":
			return invalidToken("The access token has expired");
		case "invalid":
			return invalidToken("The access token is not valid");
		case "unproven":
			return refusedSender(why);
	}
}

/** RFC 9449 §7.1 */
export function refusedSender({ error, detail, isBound }: Unproven): Refused {
	return { kind: "refused", status: 401, error, detail, ...(isBound && { isBound }) };
}
