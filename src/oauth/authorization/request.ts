import type { AskedContexts } from "../../domain/authentication.ts";
import type { Client } from "../../domain/client.ts";
import { agreeable } from "../../domain/effective-scope.ts";
import { type ClaimsRequest, noClaims } from "../../domain/identity.ts";
import type { Scope } from "../../domain/scope.ts";
import type { Targets } from "../../domain/targets.ts";
import type { Seconds } from "../../domain/brands.ts";
import type { PushedRequest } from "../../domain/pushed-request.ts";
import { isProblem, onceOnly, type Params } from "../../http/body.ts";
import type { Call } from "../../endpoint/call.ts";
import type { Services } from "../../operations/services.ts";
import { type ClientAndRedirect, findClientAndRedirect, type Unanswerable } from "./client-and-redirect.ts";
import { readClaims } from "./claims.ts";
import { readFlow, refuseObjects, type ResponseMode, responseModeOf } from "./flow.ts";
import { readHint } from "./hint.ts";
import { readSenderKey } from "./dpop-jkt.ts";
import { readCodeChallenge } from "./pkce.ts";
import { isSilent, type Prompt, readPrompting } from "./prompt.ts";
import { readSaid, refuseSource, type Said } from "./pushed.ts";
import { checked, type Checked, type Refusal, refused } from "./refusal.ts";
import { readResource, readScope } from "./scope.ts";

/** Where the answer goes, and how. */
export interface AnswerAddress extends ClientAndRedirect {
	readonly responseMode: ResponseMode;
	readonly state: string | null;
}

/** An authorization request that may be put to a person. */
export interface AuthorizationRequest extends AnswerAddress {
	readonly codeChallenge: string | null;
	/** RFC 9449 §10: the thumbprint of the key that the code is bound to; null for none. */
	readonly senderKey: string | null;
	/** What of it somebody might allow; what one person can, in one account, offers.ts says. */
	readonly scope: Scope;
	/** RFC 8707; null where neither the request nor its client names one. */
	readonly resource: readonly string[] | null;
	readonly targets: Targets;
	/** OIDC Core §3.1.2.1 */
	readonly nonce: string | null;
	readonly prompt: ReadonlySet<Prompt>;
	readonly maxAge: Seconds | null;
	/** OIDC Core §5.5.1.1; null where any will do. */
	readonly contexts: AskedContexts | null;
	/** Whether what is less than a wish is good as it is. */
	readonly isAnyGood: boolean;
	readonly claims: ClaimsRequest;
	/** Whom an id_token hints at; null for whoever is there. */
	readonly hinted: string | null;
	/** Of whom one has to be there; null for whoever is. */
	readonly subjects: readonly string[] | null;
	/** What to begin the user name with. */
	readonly loginHint: string;
	/** The languages that the person is said to prefer, separated by spaces; null where nothing is said. */
	readonly uiLocales: string | null;
	/** RFC 9126; null where it came through the browser. */
	readonly pushed: PushedRequest | null;
	/** The word for it: an integration is installed, an application is authorized. */
	readonly verb: "install" | "authorize";
}

export type ReadAuthorization =
	| { kind: "request"; request: AuthorizationRequest }
	/** RFC 6749 §4.1.2.1: with a bad client or redirect URI nothing goes back to it; the person is told. */
	| Unanswerable
	/** For the client to know. `silent`: nobody is to be asked anything. */
	| { kind: "refused"; to: AnswerAddress; refusal: Refusal; silent: boolean };

/** The request in the query of this URL, or the one that was pushed before (RFC 9126 §4). */
export async function readAuthorizationRequest(call: Call): Promise<ReadAuthorization> {
	const query = onceOnly(call.url.searchParams);
	// RFC 6749 §3.1: not more than once. Which of two redirect URIs was meant is not to be guessed, so none is used.
	if (isProblem(query)) return malformed(query.detail);
	const said = await readSaid(query, call.services);
	return said ? readRequest(said, call) : unknownRequest;
}

/**
 * The checks, in the order in which their answers become possible. What is not read here is ignored (RFC 6749 §3.1),
 * `display` and `claims_locales` with it: they are wishes.
 */
export async function readRequest(
	{ params, source }: Said,
	call: Pick<Call, "services" | "address">,
): Promise<ReadAuthorization> {
	const found = await findClientAndRedirect(params, call);
	if (found.kind === "unanswerable") return found;
	const { addressee } = found;
	const state = params.get("state") ?? null;
	// RFC 6749 §4.1.2: it comes back as it was, or not at all. Decoding (U+FFFD) and HTML forms (line breaks) change these.
	if (state !== null && /[\p{Cc}\ufffd]/u.test(state))
		return malformed("Its state has characters that cannot be sent.");

	const to = { ...addressee, state, responseMode: responseModeOf(params, addressee.redirectUri) };
	const unsourced = refuseSource(source, addressee.client, call.services);
	const read = unsourced ?? (await readQuestion(params, addressee, call.services));
	if (!read.ok) return { kind: "refused", to, refusal: read, silent: isSilent(params) };
	const pushed = source.kind === "reference" ? source.pushed : null;
	return { kind: "request", request: { ...to, ...read.value, pushed, verb: "authorize" } };
}

type Question = Omit<AuthorizationRequest, keyof AnswerAddress | "pushed" | "verb">;

/** What is wrong from here on, the client is told. */
async function readQuestion(
	params: Params,
	{ client, redirectUri }: ClientAndRedirect,
	services: Services,
): Promise<Checked<Question>> {
	const objects = refuseObjects(params);
	if (objects) return objects;
	const flow = readFlow(params, client, redirectUri);
	if (!flow.ok) return flow;
	const named = await readResource(params, client, services);
	if (!named.ok) return named;
	const { resource, targets } = named.value;
	const scope = readScope(params, client, targets);
	if (!scope.ok) return scope;
	const challenge = readCodeChallenge(params, client, scope.value);
	if (!challenge.ok) return challenge;
	const senderKey = readSenderKey(params);
	if (!senderKey.ok) return senderKey;
	const prompting = readPrompting(params, client);
	if (!prompting.ok) return prompting;
	const claims = readClaims(params);
	if (!claims.ok) return claims;
	const nonce = readNonce(params);
	if (!nonce.ok) return nonce;
	const hinted = await readHint(params, client, services);
	if (!hinted.ok) return hinted;
	const isOpenid = scope.value.includes("openid");
	return checked({
		codeChallenge: challenge.value,
		senderKey: senderKey.value,
		scope: scope.value,
		resource,
		targets,
		nonce: nonce.value,
		...prompting.value,
		// What is asked for as a claim is more than a wish.
		contexts: claims.value.contexts ?? prompting.value.contexts,
		// OIDC Core §3.1.2.1: without `openid` it is no request of OpenID Connect, and nobody's claims are told.
		claims: isOpenid ? claims.value.claims : noClaims,
		hinted: hinted.value,
		subjects: claims.value.subjects,
		loginHint: params.get("login_hint")?.slice(0, 256) ?? "",
		uiLocales: params.get("ui_locales")?.slice(0, 256) ?? null,
	});
}

/** What an install link asks for (contract 000): all that the integration is registered for, where its tokens are for. */
export async function installRequest(
	client: Client,
	{ redirectUri, state }: { readonly redirectUri: string; readonly state: string | null },
	services: Services,
): Promise<Checked<AuthorizationRequest>> {
	const named = await readResource(new Map(), client, services);
	if (!named.ok) return named;
	const { resource, targets } = named.value;
	const all = agreeable(client.scope, targets, { client, accountId: null, role: null }, targets.apis);
	return checked({
		client,
		redirectUri,
		// Contract 000 sends the redirect URL with the code, so it is asked for.
		redirectUriNamed: true,
		responseMode: "query",
		state,
		codeChallenge: null,
		senderKey: null,
		scope: all?.scope ?? [],
		resource,
		targets,
		nonce: null,
		prompt: new Set(),
		maxAge: null,
		contexts: null,
		isAnyGood: false,
		claims: noClaims,
		hinted: null,
		subjects: null,
		loginHint: "",
		uiLocales: null,
		pushed: null,
		verb: "install",
	});
}

/** It is kept with the grant, so it has a bound. */
const longestNonce = 512;

function readNonce(params: Params): Checked<string | null> {
	const nonce = params.get("nonce") ?? null;
	return nonce !== null && nonce.length > longestNonce
		? refused("invalid_request", `nonce is longer than ${longestNonce} characters`)
		: checked(nonce);
}

const unknownRequest: ReadAuthorization = {
	kind: "unanswerable",
	said: (problems) => problems.unknownRequest,
};

function malformed(detail: string): ReadAuthorization {
	return { kind: "unanswerable", said: ({ malformedLink: said }) => ({ ...said, detail: said.detail(detail) }) };
}
