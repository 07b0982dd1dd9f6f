/**
 * RFC 9457 §3.1.1: what kind of problem it is, for programs; with the status that it always has. A code is for good: what a client
 * compares must not change under it. `/docs/errors/{code}` says what each means and what to do (pages/docs/error-words.ts).
 */
export const problemCodes = {
	malformed: 400,
	wrong_members: 400,
	wrong_query: 400,
	wrong_cursor: 400,
	two_credentials: 400,
	wrong_idempotency_key: 400,
	credential_missing: 401,
	credential_refused: 401,
	login_refused: 401,
	one_time_code_needed: 401,
	forbidden: 403,
	permission_missing: 403,
	other_account: 403,
	person_needed: 403,
	administrator_needed: 403,
	operator_needed: 403,
	password_wrong: 403,
	one_time_code_wrong: 403,
	passkey_wrong: 403,
	second_factor_needed: 403,
	provider_needed: 403,
	not_found: 404,
	method_not_allowed: 405,
	request_timeout: 408,
	conflict: 409,
	taken: 409,
	limit_reached: 409,
	in_use: 409,
	overtaken: 409,
	idempotency_key_in_use: 409,
	idempotency_unfinished: 409,
	changed_since: 412,
	no_etag: 412,
	too_large: 413,
	unsupported_media_type: 415,
	idempotency_key_reused: 422,
	too_many_requests: 429,
	too_many_sessions: 429,
	unavailable: 503,
	busy: 503,
} as const;

export type ProblemCode = keyof typeof problemCodes;

/** The first of each status is for what is said of it in general. */
const general: ReadonlyMap<number, ProblemCode> = new Map(
	(Object.entries(problemCodes) as [ProblemCode, number][]).toReversed().map(([code, status]) => [status, code]),
);

export function codeOf(status: number): ProblemCode {
	return general.get(status) ?? (status < 500 ? "malformed" : "unavailable");
}
