import * as v from "valibot";
import { resourceProblem } from "../domain/audience.ts";
import { described, titled } from "../http/described.ts";
import { bounds } from "../domain/bounds.ts";
import { camelLogin, loginCamelNames, standardLogin } from "../dialects/login.ts";
import { toStandardNames } from "../dialects/names.ts";
import { type ParamsOf, readBody } from "../http/body.ts";
import { type ReadClient, readClientCredentials } from "../http/client-credentials.ts";
import { bearerChallenge } from "../http/challenge.ts";
import { staleAsked } from "../endpoint/max-staleness.ts";
import { hasOther, readCredential } from "../http/presented-credential.ts";
import { problem } from "../http/problem.ts";
import { rateLimitHeaders } from "../http/rate-limit.ts";
import { openJson } from "../http/reply.ts";
import type { Call } from "../endpoint/call.ts";
import { endpoint } from "../endpoint/endpoint.ts";
import { type LoginCredential, login as logIn } from "../operations/tokens/login.ts";

const maxSessionIdLength = 256;
/** At least half of a token's life has to be reusable, or there would be no session (DESIGN §3.4). */
const maxMinTtl = 3600;

/** What a ledger keeps of a subject, for as long as each lasts. */
const liveSessions = { name: "live-sessions", attempts: bounds.sessions.most, window: 7200 };

/**
 * `POST /auth/login` (contract 001). One credential: `api_key`, or `username` and `password`, or `client_id` and
 * `client_secret` (also as HTTP Basic); optional `session_id`, `min_ttl` (seconds) and `account` (a slug).
 * Answers `access_token`, `expires_in` (what remains) and `token_type`; errors are RFC 9457 problems.
 */
async function login(call: Call): Promise<Response> {
	const { request, url, address, services } = call;
	const body = await readBody(request, { json: true });
	if (!body.ok) return problem(body.error.status, body.error.detail, { title: "Malformed request" });
	const stale = staleAsked(body.params);
	if (stale !== null) return problem(400, stale);
	const named =
		body.media === "json" ? toStandardNames(body.params, loginCamelNames) : { camel: false, params: body.params };
	if ("twice" in named) return problem(400, `${named.twice} is given more than once`);
	const { camel } = named;
	const params: LoginRequest = named.params;

	const presented = readCredential(request, url);
	const credential = credentialOf(readClientCredentials(request, presented, named.params), params);
	if (typeof credential === "string") return problem(400, credential);
	if (hasOther(presented, credential.kind === "api_key" ? credential.secret : null))
		return problem(400, twoCredentials, { code: "two_credentials" });
	const sessionId = params.get("session_id") ?? "";
	// oxlint-disable-next-line no-control-regex -- they are what is refused
	if (sessionId.length > maxSessionIdLength || /[\u0000-\u001f\u007f]/.test(sessionId)) {
		return problem(400, `session_id must be at most ${maxSessionIdLength} printable characters`);
	}
	const minTtl = Number(params.get("min_ttl") ?? 0);
	if (!Number.isInteger(minTtl) || minTtl < 0 || minTtl > maxMinTtl) {
		return problem(400, `min_ttl must be whole seconds from 0 to ${maxMinTtl}`);
	}

	const account = params.get("account") ?? null;
	const resource = params.get("resource") ?? null;
	const problemOfResource = resource === null ? null : resourceProblem(resource);
	if (problemOfResource !== null) return problem(400, problemOfResource);
	const verdict = await logIn({ credential, account, resource, sessionId, minTtl, address }, services);
	switch (verdict.kind) {
		case "logged_in":
			return openJson(call, camel ? camelLogin(verdict) : standardLogin(verdict));
		case "refused":
			services.log("login.refused", { credential: credential.kind, reason: verdict.reason });
			// One answer for unknown, wrong, expired, disabled and deleted.
			return problem(401, "The credentials are not valid.", { code: "login_refused", headers: bearerChallenge(null) });
		case "second_factor":
			services.log("login.refused", { credential: credential.kind, reason: "second_factor" });
			return problem(401, "A one-time code is needed beside this password: send the present one, once, as otp.", {
				code: "one_time_code_needed",
				headers: bearerChallenge(null),
			});
		case "no_access":
			return problem(403, "These credentials do not open that account.", { code: "other_account" });
		case "too_weak":
			services.log("login.refused", { credential: credential.kind, reason: verdict.kind });
			return problem(
				403,
				"That account asks for a second factor: turn one-time codes on in the console, or log in with an API key.",
				{ code: "second_factor_needed" },
			);
		case "only_through":
			services.log("login.refused", { credential: credential.kind, reason: verdict.kind });
			return problem(403, "That account lets people in through its own provider alone: log in with an API key.", {
				code: "provider_needed",
			});
		case "account_needed":
			return problem(400, "You belong to several accounts: name one by its slug, as account");
		case "no_such_api":
			return problem(400, "resource is no API that is registered here for that account");
		case "too_many_sessions":
			return problem(
				429,
				`There are ${bounds.sessions.most} live sessions already. Reuse a session_id, or end some of them.`,
				{
					code: "too_many_sessions",
					title: "Too many sessions",
					headers: rateLimitHeaders({ limit: liveSessions, retryAfter: 600 }),
				},
			);
		case "rate_limited":
			return problem(429, "This API key has been used as often as it may be for now. Try again later.", {
				title: "Too many uses",
				headers: rateLimitHeaders(verdict),
			});
		case "limited":
			return problem(429, "Too many failed attempts. Try again later.", {
				title: "Too many attempts",
				headers: rateLimitHeaders(verdict),
			});
		case "busy":
			return problem(503, "Too many passwords are being checked just now. Try again.", {
				code: "busy",
				title: "Busy",
				headers: { "retry-after": "1" },
			});
	}
}

const twoCredentials = "Two different credentials in one request: send one";

/** The one credential of the request; a string says what is wrong with it. */
function credentialOf(client: ReadClient, params: LoginRequest): LoginCredential | string {
	const apiKey = params.get("api_key");
	const username = params.get("username");
	const password = params.get("password");
	if (client.kind === "invalid") return client.detail;
	// Contract 001 has methods of its own.
	if (client.kind === "assertion") return "client_assertion is not taken here";
	const given = [apiKey !== undefined, username !== undefined || password !== undefined, client.kind !== "absent"];
	if (given.filter(Boolean).length > 1) return twoCredentials;
	if (apiKey !== undefined) return { kind: "api_key", secret: apiKey };
	if (client.kind === "credentials") {
		return client.secret === null ? "client_secret is missing" : { kind: "client", credentials: client };
	}
	if (username === undefined && password === undefined) {
		return "Send api_key, or username and password, or client_id and client_secret";
	}
	if (username === undefined) return "username is missing";
	if (password === undefined) return "password is missing";
	// No name has white space, and what people paste may.
	return { kind: "password", username: username.trim(), password, otp: params.get("otp") ?? null };
}

// Parameters, as http/body.ts reads them. What is not here is neither documented nor read.
const bodySchema = titled(
	"Login",
	v.object({
		api_key: v.optional(described(v.string(), "An access code.")),
		username: v.optional(described(v.string(), "A person's user name, with `password`.")),
		password: v.optional(described(v.string(), "Their password.")),
		otp: v.optional(
			described(v.string(), "A code of their authenticator app, where they have one-time codes on. Good once."),
		),
		client_id: v.optional(described(v.string(), "A client's id, with `client_secret`.")),
		client_secret: v.optional(described(v.string(), "Its secret.")),
		session_id: v.optional(
			v.pipe(
				v.string(),
				v.maxLength(maxSessionIdLength),
				v.description("Which session: another one has another token."),
			),
		),
		min_ttl: v.optional(
			v.pipe(
				v.number(),
				v.integer(),
				v.minValue(0),
				v.maxValue(maxMinTtl),
				v.description("How many seconds have to remain of the token."),
			),
		),
		account: v.optional(described(v.string(), "The account's slug, where the credential opens several.")),
		resource: v.optional(
			described(
				v.string(),
				"The identifier of a registered API, which the token is to be for; latchkey where it is left out.",
			),
		),
	}),
);
type LoginRequest = ParamsOf<typeof bodySchema>;

export const loginEndpoint = endpoint(login, {
	tag: "Login",
	summary: "Get a login token for an access code, a password or a client secret",
	description:
		"One credential: `api_key`, or `username` and `password` (and `otp`, of who has one-time codes on), or `client_id` and " +
		"`client_secret` (also by HTTP Basic). The token " +
		"is good for 7200 seconds, and the same one is answered everywhere while it is valid; a new `session_id` makes another. " +
		"`min_ttl` (seconds) asks for a new token where less than that remains. `account` names the account by its slug. `resource` " +
		"asks for a token for a registered API: with the permissions of that alone, its algorithm and its lifetime, in a session of its " +
		"own, and good for nothing at latchkey. JSON in " +
		"camelCase is answered in camelCase; a form is taken too.",
	credentials: ["body", "client"],
	body: {
		media: ["application/json"],
		schema: bodySchema,
		example: { api_key: "lk_…", session_id: "nightly-report" },
	},
	answers: {
		200: {
			description: "The token, and what remains of its life in seconds.",
			schema: titled(
				"LoginToken",
				v.object({
					access_token: described(v.string(), "The token."),
					expires_in: described(v.number(), "How many seconds remain of it."),
					token_type: described(v.literal("Bearer"), "How it is sent (RFC 6750)."),
				}),
			),
		},
		400: { description: "No credential, or two, or a parameter that is malformed." },
		401: {
			description:
				"The credentials are not valid: unknown, wrong, expired, disabled or deleted; or the password asks for `otp` beside it, which is missing, wrong or used.",
		},
		403: {
			description: "They do not open that account, or are of a client whose tokens are always bound to a key (DPoP).",
		},
		413: { description: "The body is larger than 16 KiB." },
		415: { description: "Neither a form nor JSON." },
		429: {
			description:
				"Too many failed attempts, 10,000 live sessions, or an API key that was used as often as it may be for now.",
		},
		503: { description: "Too many passwords are being checked: try again." },
	},
});
