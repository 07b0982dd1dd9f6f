import * as v from "valibot";
import { described, titled } from "../http/described.ts";
import { type Client, isSelfRegistered } from "../domain/client.ts";
import { appendToQuery, destinationOf } from "../domain/redirect.ts";
import { isProblem, onceOnly, type Params } from "../http/body.ts";
import { clearSessionCookie, readSessionCookie } from "../http/cookies.ts";
import { readForm, readOwnForm } from "../http/own-form.ts";
import { onwardPage, page, seeOther } from "../http/reply.ts";
import { clientDisplayOf } from "../operations/clients/client-display.ts";
import { findClient } from "../operations/clients/authenticate-client.ts";
import { asNamed } from "../operations/clients/named-client.ts";
import type { Call } from "../endpoint/call.ts";
import { refusedForm, shellOf } from "../endpoint/shell.ts";
import { endpoint } from "../endpoint/endpoint.ts";
import { formToken, isFormToken } from "../operations/form-token.ts";
import { type IdTokenHint, readIdTokenHint } from "../operations/tokens/id-token-hint.ts";
import type { Services } from "../operations/services.ts";
import { type AnySignedIn, currentSignIn, signOut } from "../operations/people/sign-in.ts";
import { logoutView, notLoggedOutView, signedOutView, stillSignedInView } from "../pages/consent/logout.tsx";
import { problemView } from "../ui/problem.tsx";
import type { ProblemWords, Words } from "../words/en.ts";

// OpenID Connect RP-Initiated Logout 1.0. A link of a stranger's never signs anybody out: whoever is signed in is always
// asked (§2 demands it of most requests), and nobody is sent to a URL that the client did not register (§3).

/** A logout request that may be put to a person. */
interface LogoutRequest {
	readonly hint: IdTokenHint | null;
	/** Who asks; null where the request does not say. */
	readonly client: Client | null;
	/** The registered URL to go on to, with `state`. */
	readonly returnTo: string | null;
}

type ReadLogout = { kind: "request"; request: LogoutRequest } | { kind: "refused"; said: Refused };

/** Why, in whichever language. */
type Refused = (words: Words) => ProblemWords;

/** `GET`, `POST /oauth/logout` */
async function logout(call: Call): Promise<Response> {
	if (call.request.method === "POST") return toGet(call);
	const [asked, signedIn] = await Promise.all([readLogout(call), currentSignIn(cookieOf(call), call.services)]);
	if (asked.kind === "refused") return refuse(call, asked, signedIn);
	return signedIn ? ask(call, asked.request, signedIn, 200, null) : leave(call, asked.request);
}

/** `POST /oauth/logout/confirm?<the request's query>`, the answer of the person to {@link logout}. */
export async function answerLogout(call: Call): Promise<Response> {
	const { request, services } = call;
	const form = await readOwnForm(request, services.config.issuer);
	if (!form.ok) return page(form.status, problemView(refusedForm(form, await shellOf(call))));
	const [asked, signedIn] = await Promise.all([readLogout(call), currentSignIn(cookieOf(call), services)]);
	if (asked.kind === "refused") return refuse(call, asked, signedIn);
	if (!signedIn) return leave(call, asked.request);
	if (!(await isFormToken(form.params.get("csrf"), signedIn.id, purposeOf(call), services.serverKeys))) {
		return ask(call, asked.request, signedIn, 403, (await shellOf(call)).words.common.outOfDate);
	}
	switch (form.params.get("decision")) {
		case "sign_out":
			await signOut(signedIn, services);
			// Without anything to return to: the page that says that it is done.
			return seeOther(asked.request.returnTo ?? path, { "set-cookie": clearSessionCookie() });
		case "stay":
			return page(200, stillSignedInView(await shellOf(call)));
		default:
			return ask(call, asked.request, signedIn, 400, (await shellOf(call)).words.common.chooseButton);
	}
}

const path = "/oauth/logout";

/** What of a request means anything here. `logout_hint` is a hint that changes nothing. */
const parameters = ["id_token_hint", "client_id", "post_logout_redirect_uri", "state", "logout_hint", "ui_locales"];

/** §2 asks for POST too. From another site it comes without cookies that are `Lax`; the GET that follows has them. */
async function toGet(call: Call): Promise<Response> {
	const form = await readForm(call.request);
	if (!form.ok) return page(form.status, problemView(refusedForm(form, await shellOf(call))));
	const query = new URLSearchParams([...form.params].filter(([name]) => parameters.includes(name)));
	return seeOther(query.size === 0 ? path : `${path}?${query.toString()}`);
}

/** §4: what does not hold is not used, and nobody is redirected by it. */
async function readLogout({ url, address, services }: Call): Promise<ReadLogout> {
	const params = onceOnly(url.searchParams);
	if (isProblem(params)) return refused(malformed(params.detail));
	const who = await whoAsks(params, address, services);
	if (!who.ok) return refused(who.said);
	const { hint, client } = who;
	const uri = params.get("post_logout_redirect_uri");
	if (uri === undefined) return { kind: "request", request: { hint, client, returnTo: null } };
	if (!client) {
		return refused((words) => words.logout.whose);
	}
	// §3: exactly one of those registered; what a parser would forgive was refused when they were.
	if (!client.options.postLogoutRedirectUris?.includes(uri)) {
		return refused((words) => words.logout.wrongReturn);
	}
	const state = params.get("state");
	const returnTo = state === undefined ? uri : appendToQuery(uri, { state });
	return { kind: "request", request: { hint, client, returnTo } };
}

type WhoAsks = { ok: true; hint: IdTokenHint | null; client: Client | null } | { ok: false; said: Refused };

async function whoAsks(params: Params, address: string | null, services: Services): Promise<WhoAsks> {
	const token = params.get("id_token_hint");
	const named = params.get("client_id");
	const hint = token === undefined ? null : await readIdTokenHint(token, services);
	if (token !== undefined && !hint) {
		return { ok: false, said: (words) => words.logout.otherServer };
	}
	// §2: both MUST name the same client.
	if (hint && named !== undefined && named !== hint.clientId) {
		return { ok: false, said: (words) => words.logout.twoApplications };
	}
	const id = hint?.clientId ?? named;
	const look = async () => (id === undefined ? null : findClient(id, services));
	// A hint is signed by us: then it names a client of ours, or one that was.
	const client = hint ? await look() : await asNamed(id ?? "", { address, shown: [] }, services, look);
	if (client && "retryAfter" in client) {
		return { ok: false, said: (words) => words.logout.tooMany };
	}
	if (id !== undefined && !client) {
		return { ok: false, said: (words) => words.logout.unknown };
	}
	return { ok: true, hint, client };
}

async function ask(
	call: Call,
	{ client, hint, returnTo }: LogoutRequest,
	signedIn: AnySignedIn,
	status: number,
	error: string | null,
): Promise<Response> {
	const html = logoutView({
		shell: await shellOf(call),
		action: `${path}/confirm${call.url.search}`,
		csrf: await formToken(signedIn.id, purposeOf(call), call.services.serverKeys),
		person: signedIn.person,
		client: client && clientDisplayOf(client, returnTo ?? client.redirectUris[0] ?? "about:blank"),
		returnHost: returnTo === null ? null : destinationOf(returnTo),
		isForAnother: hint !== null && hint.subject !== signedIn.person.id,
		error,
	});
	return returnTo === null ? page(status, html) : onwardPage(status, html);
}

/** Nobody is signed in (any more). §3: a hint shows that the client has had to do with us; else the person decides. */
async function leave(call: Call, { client, hint, returnTo }: LogoutRequest): Promise<Response> {
	// RFC 9700 §4.11.2: whoever may register a client must not get a redirect of ours to send people anywhere.
	if (returnTo !== null && hint && client && !isSelfRegistered(client)) return seeOther(returnTo);
	const onward = returnTo === null ? null : { url: returnTo, host: destinationOf(returnTo) };
	return page(200, signedOutView(await shellOf(call), onward));
}

async function refuse(
	call: Call,
	{ said }: { readonly said: Refused },
	signedIn: AnySignedIn | null,
): Promise<Response> {
	const shell = await shellOf(call);
	const { title, detail } = said(shell.words);
	if (!signedIn) return page(400, problemView({ shell, title, detail }));
	const action = `${path}/confirm`;
	const csrf = await formToken(signedIn.id, `logout ${action}`, call.services.serverKeys);
	return page(400, notLoggedOutView({ shell, title, detail, action, csrf, person: signedIn.person }));
}

/** What the form's token stands for: this answer, to every parameter of this very request. */
function purposeOf({ url }: Call): string {
	return `logout ${path}/confirm${url.search}`;
}

function cookieOf({ request }: Call): string | null {
	return readSessionCookie(request);
}

function refused(said: Refused): ReadLogout {
	return { kind: "refused", said };
}

function malformed(why: string): Refused {
	return ({ problems: { malformedLink } }) => ({ ...malformedLink, detail: malformedLink.detail(why) });
}

const query = {
	id_token_hint: {
		description: "An id_token that was issued to the client; its time may be over. It says who asks, and for whom.",
	},
	client_id: { description: "The client; with a hint it has to be the hint's." },
	post_logout_redirect_uri: {
		description: "Where to go on to: one of the client's registered URLs, exactly.",
		example: "https://radar.example/signed-out",
	},
	state: { description: "Comes back with the redirect, as it is.", example: "af0ifjsldkj" },
	logout_hint: { description: "Taken, and not used: the person is shown who is signed in." },
	ui_locales: { description: "Taken, and not used: the pages are in English." },
} as const;

export const logoutEndpoint = endpoint(logout, {
	tag: "OpenID Connect",
	summary: "The page on which a person signs out, sent there by an application",
	description:
		"OpenID Connect RP-Initiated Logout 1.0 (`end_session_endpoint`). Send the person's browser here. Whoever is signed in is asked " +
		"first, and stays signed in unless they agree. Then the browser goes on to `post_logout_redirect_uri` with `state`. Where nobody " +
		"is signed in it goes on at once if there is a good `id_token_hint`, unless the client registered itself. A URL that is not " +
		"registered, or a hint that is not ours, is told to the person and never redirected to.",
	credentials: [],
	query,
	answers: {
		200: { description: "A page: whether to sign out, or that nobody is signed in.", media: "text/html" },
		303: { description: "To the registered URL, with `state`: nobody was signed in." },
		400: { description: "A page: the hint, the client or the URL is wrong.", media: "text/html" },
	},
});

export const postLogoutEndpoint = endpoint(logout, {
	tag: "OpenID Connect",
	summary: "The same, by a form",
	description: "Answers with a redirect to the same request as GET.",
	credentials: [],
	body: {
		media: ["application/x-www-form-urlencoded"],
		// As the query of the same request.
		schema: titled(
			"LogoutRequest",
			v.object(
				Object.fromEntries(
					Object.entries(query).map(([name, { description }]) => [
						name,
						v.optional(described(v.string(), description)),
					]),
				),
			),
		),
		example: {
			client_id: "lkid_…",
			post_logout_redirect_uri: "https://radar.example/signed-out",
			state: "af0ifjsldkj",
		},
	},
	answers: {
		303: { description: "To the same request by GET." },
		400: { description: "A page: a parameter is there twice.", media: "text/html" },
		413: { description: "A page: the form is too large.", media: "text/html" },
		415: { description: "A page: it is no form.", media: "text/html" },
	},
});
