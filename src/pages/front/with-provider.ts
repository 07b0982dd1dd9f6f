import type { Limited } from "../../domain/limit.ts";
import type { Call } from "../../endpoint/call.ts";
import { refusedForm, shellOf } from "../../endpoint/shell.ts";
import { browserName } from "../../http/browser-name.ts";
import {
	clearFlowCookie,
	readBrowserCookie,
	readFlowCookie,
	readSessionCookie,
	writeFlowCookie,
} from "../../http/cookies.ts";
import { readOwnForm } from "../../http/own-form.ts";
import { rateLimitHeaders } from "../../http/rate-limit.ts";
import { type Headers, page, seeOther } from "../../http/reply.ts";
import type { ProviderFailure } from "../../operations/people/ask-provider.ts";
import { currentSignIn } from "../../operations/people/sign-in.ts";
import {
	type Begun,
	beginThroughProvider,
	type CameBack,
	comeBackFromProvider,
	signOutThrough,
} from "../../operations/people/through-provider.ts";
import { openProvider } from "../../operations/people/ways-to-sign-in.ts";
import { doneAt } from "../frame/address.ts";
import { tryAgain } from "../../ui/instant.tsx";
import { problemView } from "../../ui/problem.tsx";
import { entrance, localPath, signedInTo } from "./sign-in.ts";
import { signOutElsewhereView, stillThereView } from "./with-provider.tsx";
import type { Words } from "../../words/en.ts";

// Sign-in through a provider: of an account, or of the deployment. Each has a callback of its own (RFC 9700 §4.4.2.2), so that what
// one of them answers is never taken for another's.

/** `POST /sign-in/with/:provider` with `continue`. */
export async function leaveForProviderPage(call: Call): Promise<Response> {
	const { request, services, address } = call;
	const { issuer, origin } = services.config;
	const form = await readOwnForm(request, issuer);
	if (!form.ok) return page(form.status, problemView(refusedForm(form, await shellOf(call))));
	const continueTo = localPath(form.params.get("continue") ?? entrance, origin);
	const id = call.params.provider ?? "";
	const signedIn = await currentSignIn(readSessionCookie(request), services);
	const given = { continueTo, linkedTo: null, anew: signedIn !== null || form.params.has("anew"), address };
	return leaveForProvider(await beginThroughProvider(id, given, services), continueTo, call);
}

/** The browser on its way, or why it stays. */
export async function leaveForProvider(begun: Begun, continueTo: string, call: Call): Promise<Response> {
	switch (begun.kind) {
		case "at":
			return withCookies(seeOther(begun.url), writeFlowCookie(begun.cookie, begun.ttl));
		case "unknown":
			return noSuchProvider(call);
		case "limited":
			return tooMany(begun, call);
		default:
			return failed(begun, (await shellOf(call)).words.provider.it, continueTo, call);
	}
}

/** `GET /sign-in/with/:provider/callback`, where a provider sends the browser back to. */
export async function backFromProviderPage(call: Call): Promise<Response> {
	const { request, url, services, address, params } = call;
	const browser = { address, browser: browserName(request), kept: readBrowserCookie(request) };
	const given = {
		returned: url.searchParams,
		flow: readFlowCookie(request),
		cookie: readSessionCookie(request),
		browser,
	};
	const back = await comeBackFromProvider(params.provider ?? "", given, services);
	const answer = await answerTo(back, call);
	// What another tab has begun since goes on.
	return back.kind === "unbegun" ? answer : withCookies(answer, clearFlowCookie(request));
}

function withCookies(answer: Response, cookies: readonly string[]): Response {
	for (const cookie of cookies) answer.headers.append("set-cookie", cookie);
	return answer;
}

async function answerTo(back: Awaited<ReturnType<typeof comeBackFromProvider>>, call: Call): Promise<Response> {
	const { services } = call;
	const shell = await shellOf(call);
	const { provider: say } = shell.words;
	switch (back.kind) {
		case "unknown":
			return noSuchProvider(call);
		case "unbegun":
			services.log("provider.refused", { reason: back.kind });
			return page(
				400,
				problemView({ shell, ...say.unbegun, way: { href: "/sign-in", label: shell.words.common.signIn } }),
			);
		case "signed_in":
			return signedInTo(back.continueTo, back.opened);
		case "linked":
			return doneAt(back.continueTo, "provider_linked");
		case "unreachable":
		case "refused":
		case "denied":
			return failed(back, back.provider.name, back.continueTo, call);
		default: {
			services.log("provider.refused", { reason: back.kind });
			const { status, said } = refusals[back.kind];
			return page(status, problemView({ shell, ...say[said], way: toSignIn(back.continueTo, shell.words) }));
		}
	}
}

/** `GET /sign-in/with/:provider/signed-out`: for who came in through it, and is still signed in there. */
export async function signedOutOfHerePage(call: Call): Promise<Response> {
	const { params, services } = call;
	const shell = await shellOf(call);
	const provider = await openProvider(params.provider ?? "", services);
	if (!provider) return noSuchProvider(call);
	return page(200, stillThereView({ shell, name: provider.name, signOutUrl: `/sign-in/with/${provider.id}/sign-out` }));
}

/** `GET /sign-in/with/:provider/sign-out`: on to where the provider signs people out, if it has such a place. */
export async function signOutAtProviderPage(call: Call): Promise<Response> {
	const { params, address, services } = call;
	const given = { returnTo: `${services.config.issuer}/`, address };
	const there = await signOutThrough(params.provider ?? "", given, services);
	if (there.kind === "limited") return tooMany(there, call);
	if (there.kind === "unknown") return noSuchProvider(call);
	const { url, name, elsewhere: host } = there;
	const shell = await shellOf(call);
	// RFC 9700 §4.11: what a provider says of itself leads nobody at once to a place that is not its own.
	if (url !== null && host !== null) return page(200, signOutElsewhereView({ shell, name, host, url }));
	if (url !== null) return seeOther(url);
	const { noSignOut } = shell.words.provider;
	return page(404, problemView({ shell, ...noSignOut, what: noSignOut.what(name) }));
}

async function tooMany(limited: Limited, call: Call): Promise<Response> {
	const shell = await shellOf(call);
	const { title, detail } = shell.words.provider.tooMany;
	const why = `${detail} ${tryAgain(limited.retryAfter, shell.words)}`;
	return page(429, problemView({ shell, title, detail: why }), rateLimitHeaders(limited));
}

/** Its own way in is closed, and no other. */
async function failed(
	{ kind, reason }: ProviderFailure,
	name: string,
	continueTo: string,
	call: Call,
): Promise<Response> {
	call.services.log("provider.failed", { kind, reason });
	const shell = await shellOf(call);
	const said = shell.words.provider[kind];
	const way = toSignIn(continueTo, shell.words);
	const { status, headers } = failures[kind];
	return page(status, problemView({ shell, ...said, detail: said.detail(name), way }), headers);
}

const failures: Readonly<Record<ProviderFailure["kind"], { readonly status: number; readonly headers?: Headers }>> = {
	unreachable: { status: 503, headers: { "retry-after": "10" } },
	refused: { status: 502 },
	denied: { status: 403 },
};

function toSignIn(continueTo: string, words: Words) {
	return { href: `/sign-in?continue=${encodeURIComponent(continueTo)}`, label: words.common.otherWay };
}

async function noSuchProvider(call: Call): Promise<Response> {
	const shell = await shellOf(call);
	const { provider, common } = shell.words;
	return page(404, problemView({ shell, ...provider.unknown, way: { href: "/sign-in", label: common.signIn } }));
}

type Refused = Exclude<CameBack["kind"], "signed_in" | "linked" | ProviderFailure["kind"]>;

const refusals = {
	stranger: { status: 403, said: "stranger" },
	left: { status: 403, said: "left" },
	no_role: { status: 403, said: "noRole" },
	full: { status: 403, said: "full" },
	taken: { status: 409, said: "taken" },
	not_theirs: { status: 403, said: "notTheirs" },
} as const satisfies Readonly<Record<Refused, { readonly status: number; readonly said: keyof Words["provider"] }>>;
