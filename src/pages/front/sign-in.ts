import { browserName } from "../../http/browser-name.ts";
import {
	clearSessionCookie,
	readAskedCookie,
	readBrowserCookie,
	readSessionCookie,
	writeBrowserCookie,
	writeSecondFactorCookie,
	writeSessionCookie,
} from "../../http/cookies.ts";
import { notFromHere, readOwnForm } from "../../http/own-form.ts";
import { rateLimitHeaders } from "../../http/rate-limit.ts";
import { onwardPage, page, seeOther } from "../../http/reply.ts";
import { clientDisplayAt, clientDisplayOf, decisionAt } from "../../operations/clients/client-display.ts";
import { askForPasskey } from "../../endpoint/ask-for-passkey.ts";
import type { Call } from "../../endpoint/call.ts";
import { refusedForm, shellOf } from "../../endpoint/shell.ts";
import { isFormToken } from "../../operations/form-token.ts";
import { currentSignIn, signIn, type SignInOpened, signOut } from "../../operations/people/sign-in.ts";
import { openProvider, providerOfAddress, waysToSignIn } from "../../operations/people/ways-to-sign-in.ts";
import { signInByPasskey } from "../../operations/people/sign-in-by-passkey.ts";
import { tryAgain } from "../../ui/instant.tsx";
import { problemView } from "../../ui/problem.tsx";
import { providerSignInView, type SignInProps, signInView } from "./sign-in.tsx";

/** `GET /sign-in?continue=/path`; with `provider=<id>` for those who are given that one alone. */
export async function signInPage(call: Call): Promise<Response> {
	const { url, services } = call;
	const continueTo = localPath(url.searchParams.get("continue") ?? entrance, services.config.origin);
	const anew = url.searchParams.has("anew");
	const asked = url.searchParams.get("provider");
	const provider = asked === null ? null : await openProvider(asked, services);
	if (provider)
		return onwardPage(200, providerSignInView({ shell: await shellOf(call), provider, continueTo, anew, address: "" }));
	// Whoever is on their way to somewhere may have to sign in once more, and who just came here need not.
	const isOnTheWay = anew || url.searchParams.has("continue");
	if (!isOnTheWay && (await currentSignIn(readSessionCookie(call.request), services))) return seeOther(entrance);
	return showForm(200, { continueTo, username: "", error: null, anew }, call);
}

/** `POST /sign-in` with `username`, `password` and `continue`: a session cookie, and on to where the person was going. */
export async function takeSignInPage(call: Call): Promise<Response> {
	const { request, services, address } = call;
	const { issuer, origin } = services.config;
	// Another site that signs a person in as somebody else would see what they do there (login CSRF).
	const form = await readOwnForm(request, issuer);
	if (!form.ok) return page(form.status, problemView(refusedForm(form, await shellOf(call))));
	// No name has white space, and keyboards put some behind it.
	const username = (form.params.get("username") ?? "").trim();
	const password = form.params.get("password") ?? "";
	const continueTo = localPath(form.params.get("continue") ?? entrance, origin);
	const anew = form.params.has("anew");
	const again = (status: number, error: string, headers: Record<string, string> = {}) =>
		showForm(status, { continueTo, username, error, anew }, call, headers);
	const { words } = await shellOf(call);
	const { signIn: say } = words;
	const provider = password === "" ? await providerOfAddress(username, services) : null;
	if (provider)
		return onwardPage(
			200,
			providerSignInView({
				shell: await shellOf(call, signInAt(continueTo)),
				provider,
				continueTo,
				anew,
				address: username,
			}),
		);
	if (username === "" || password === "") return again(400, say.missing);

	const from = { address, browser: browserName(request), kept: readBrowserCookie(request) };
	const verdict = await signIn({ username, password, cookie: readSessionCookie(request), ...from }, services);
	switch (verdict.kind) {
		case "signed_in":
			return signedInTo(continueTo, verdict);
		case "second_factor":
			return seeOther(`${secondFactorPath}?continue=${encodeURIComponent(continueTo)}`, {
				"set-cookie": writeSecondFactorCookie(verdict.token, verdict.ttl),
			});
		case "wrong":
			services.log("sign_in.refused", {});
			return again(401, say.wrong);
		case "limited":
			return again(429, `${say.tooMany} ${tryAgain(verdict.retryAfter, words)}`, rateLimitHeaders(verdict));
		case "busy":
			return again(503, say.busy, { "retry-after": "1" });
	}
}

/** `POST /sign-in/passkey` with `passkey`, what the browser made of the page's options, and `continue`. */
export async function takePasskeyPage(call: Call): Promise<Response> {
	const { request, services, address } = call;
	const { issuer, origin } = services.config;
	const form = await readOwnForm(request, issuer);
	if (!form.ok) return page(form.status, problemView(refusedForm(form, await shellOf(call))));
	const continueTo = localPath(form.params.get("continue") ?? entrance, origin);
	const anew = form.params.has("anew");
	const again = (status: number, error: string, headers: Record<string, string> = {}) =>
		showForm(status, { continueTo, username: "", error, anew }, call, headers);
	const { words } = await shellOf(call);
	const { signIn: say } = words;
	const response = form.params.get("passkey") ?? "";
	if (response === "") return again(400, say.noPasskey);
	const from = { address, browser: browserName(request), kept: readBrowserCookie(request) };
	const given = { response, asked: readAskedCookie(request), cookie: readSessionCookie(request), ...from };
	const verdict = await signInByPasskey(given, services);
	switch (verdict.kind) {
		case "signed_in":
			return signedInTo(continueTo, verdict);
		case "late":
			return again(401, say.late);
		case "limited":
			return again(429, `${say.tooMany} ${tryAgain(verdict.retryAfter, words)}`, rateLimitHeaders(verdict));
		case "wrong":
			return again(401, say.wrongPasskey);
	}
}

export function signedInTo(continueTo: string, { cookie, ttl, browserKeeps }: SignInOpened): Response {
	const response = seeOther(continueTo, { "set-cookie": writeSessionCookie(cookie, ttl) });
	if (browserKeeps) response.headers.append("set-cookie", writeBrowserCookie(browserKeeps));
	return response;
}

/** Who asked is told after a wrong password too; and the way on may lead to them at once (see onwardPage()). */
async function showForm(
	status: number,
	form: Pick<SignInProps, "continueTo" | "username" | "error" | "anew">,
	call: Call,
	headers: Record<string, string> = {},
): Promise<Response> {
	const [found, ways] = await Promise.all([clientDisplayAt(form.continueTo, call), waysToSignIn(call.services)]);
	const { continueTo } = form;
	const asking = found && { ...clientDisplayOf(found.client, found.redirectUri), cancel: decisionAt(continueTo) };
	const { options, cookie } = await askForPasskey(call);
	const html = signInView({
		shell: await shellOf(call, call.request.method === "POST" ? signInAt(form.continueTo) : undefined),
		...form,
		action: "/sign-in",
		passkey: options,
		notice: null,
		ways,
		asking,
	});
	const all = { ...headers, "set-cookie": cookie };
	// A provider's page is reached by a form too.
	return found || ways.providers.length > 0 ? onwardPage(status, html, all) : page(status, html, all);
}

/** `POST /sign-out`, with the token of the form that it came from. */
export async function signOutPage(call: Call): Promise<Response> {
	const { request, services } = call;
	const { issuer, origin } = services.config;
	const form = await readOwnForm(request, issuer);
	if (!form.ok) return page(form.status, problemView(refusedForm(form, await shellOf(call))));
	const signedIn = await currentSignIn(readSessionCookie(request), services);
	if (signedIn) {
		const isOurs = await isFormToken(form.params.get("csrf"), signedIn.id, "sign-out", services.serverKeys);
		if (!isOurs) return page(notFromHere.status, problemView(refusedForm(notFromHere, await shellOf(call))));
		await signOut(signedIn, services);
	}
	const continueTo = localPath(form.params.get("continue") ?? null, origin);
	const through = signedIn?.through ?? null;
	const isOver = through !== null && continueTo === "/";
	return seeOther(isOver ? `/sign-in/with/${through}/signed-out` : continueTo, { "set-cookie": clearSessionCookie() });
}

function signInAt(continueTo: string): string {
	return `/sign-in?continue=${encodeURIComponent(continueTo)}`;
}

const secondFactorPath = "/sign-in/second-factor";

/** Where a sign-in leads that was not on its way to anywhere. */
export const entrance = "/console";

/** A path of ours, or the start page: a sign-in never sends anybody to another site. */
export function localPath(given: string | null, origin: string): string {
	if (given === null || !/^\/(?![/\\])[\x21-\x7e]*$/.test(given) || !URL.canParse(given, origin)) return "/";
	const url = new URL(given, origin);
	const path = url.pathname + url.search;
	// `/.//evil.example` resolves to a path that a browser takes for another host.
	return url.origin === origin && !path.startsWith("//") ? path : "/";
}
