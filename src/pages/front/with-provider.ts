import type { Limited } from "../../domain/limit.ts";
import type { Call } from "../../endpoint/call.ts";
import { shellOf } from "../../endpoint/shell.ts";
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
import { page, seeOther } from "../../http/reply.ts";
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
import { problemView, type Problem } from "../../ui/problem.tsx";
import { entrance, localPath, signedInTo } from "./sign-in.ts";
import { stillThereView } from "./with-provider.tsx";

// Sign-in through a provider: of an account, or of the deployment. Each has a callback of its own (RFC 9700 §4.4.2.2), so that what
// one of them answers is never taken for another's.

/** `POST /sign-in/with/:provider` with `continue`. */
export async function leaveForProviderPage(call: Call): Promise<Response> {
	const { request, services, address } = call;
	const { issuer, origin } = services.config;
	const form = await readOwnForm(request, issuer);
	if (!form.ok) return page(form.status, problemView({ shell: await shellOf(call), ...form }));
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
			return failed(begun, "the provider", continueTo, call);
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
	switch (back.kind) {
		case "unknown":
			return noSuchProvider(call);
		case "unbegun":
			services.log("provider.refused", { reason: back.kind });
			return page(
				400,
				problemView({ shell: await shellOf(call), ...unbegun, way: { href: "/sign-in", label: "Sign in" } }),
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
			const { status, ...problem } = refusals[back.kind];
			return page(status, problemView({ shell: await shellOf(call), ...problem, way: toSignIn(back.continueTo) }));
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
	if (there.url !== null) return seeOther(there.url);
	const what = `Sign out where you signed in, at ${there.name}.`;
	return page(
		404,
		problemView({
			shell: await shellOf(call),
			title: "Not from here",
			detail: "This provider has no page for it.",
			what,
		}),
	);
}

async function tooMany(limited: Limited, call: Call): Promise<Response> {
	const detail = `Too many people began to sign in from your network. ${tryAgain(limited.retryAfter)}`;
	return page(
		429,
		problemView({ shell: await shellOf(call), title: "Too many sign-ins", detail }),
		rateLimitHeaders(limited),
	);
}

/** Its own way in is closed, and no other. */
async function failed(failure: ProviderFailure, name: string, continueTo: string, call: Call): Promise<Response> {
	const { services } = call;
	services.log("provider.failed", { kind: failure.kind, reason: failure.reason });
	const way = toSignIn(continueTo);
	switch (failure.kind) {
		case "unreachable": {
			const detail = `${name} could not be reached, or took too long. Every other way to sign in works as before.`;
			const what = "Try again in a moment, or sign in another way.";
			return page(503, problemView({ shell: await shellOf(call), title: "No answer", detail, what, way }), {
				"retry-after": "10",
			});
		}
		case "refused": {
			const detail = `What ${name} answered does not hold, so nobody was signed in.`;
			const what = "Try again. If it stays so, tell an administrator of your account.";
			return page(502, problemView({ shell: await shellOf(call), title: "Not signed in", detail, what, way }));
		}
		case "denied": {
			const detail = `There was no sign-in at ${name}.`;
			return page(
				403,
				problemView({
					shell: await shellOf(call),
					title: "Not signed in",
					detail,
					what: "Try again, or another way.",
					way,
				}),
			);
		}
	}
}

function toSignIn(continueTo: string) {
	return { href: `/sign-in?continue=${encodeURIComponent(continueTo)}`, label: "Sign in another way" };
}

async function noSuchProvider(call: Call): Promise<Response> {
	const detail = "Nobody signs in through this provider here, or not now.";
	return page(
		404,
		problemView({
			shell: await shellOf(call),
			title: "No such provider",
			detail,
			way: { href: "/sign-in", label: "Sign in" },
		}),
	);
}

const unbegun = {
	title: "Begin again",
	detail: "This sign-in was not begun in this browser, took longer than ten minutes, or was finished already.",
	what: "Begin again here. If you did not begin it at all, somebody may have wanted you to sign in as them.",
};

const askThem = "Ask an administrator of your account.";

const refusals = {
	stranger: {
		status: 403,
		title: "Not known here",
		detail: "The provider says who you are, and nobody here is linked to that.",
		what: "If you have a name here, sign in by it and link the provider under Sign-in and security; else ask an administrator of your account.",
	},
	left: {
		status: 403,
		title: "Not a member",
		detail: "You do not belong to this account any more.",
		what: askThem,
	},
	no_role: {
		status: 403,
		title: "Not for your groups",
		detail: "None of the groups that the provider has you in may come in here.",
		what: askThem,
	},
	full: { status: 403, title: "No room", detail: "This account has no room for more people.", what: askThem },
	taken: {
		status: 409,
		title: "Linked to somebody else",
		detail: "Somebody else here is linked to who you are at this provider.",
		what: "Sign in through it to see who that is, and unlink it there.",
	},
	not_theirs: {
		status: 403,
		title: "Not linked",
		detail: "You signed out or in as somebody else meanwhile, or do not belong to the account of this provider.",
		what: "Sign in as yourself, and link it again.",
	},
} as const satisfies Readonly<
	Record<Exclude<CameBack["kind"], "signed_in" | "linked" | ProviderFailure["kind"]>, Problem & { status: number }>
>;
