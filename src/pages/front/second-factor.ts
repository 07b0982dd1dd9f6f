import { byPasskey } from "../../domain/authentication.ts";
import { askForPasskey } from "../../endpoint/ask-for-passkey.ts";
import type { Call } from "../../endpoint/call.ts";
import { refusedForm, shellOf } from "../../endpoint/shell.ts";
import { browserName } from "../../http/browser-name.ts";
import {
	readBrowserCookie,
	readSecondFactorCookie,
	readSessionCookie,
	writeSecondFactorCookie,
} from "../../http/cookies.ts";
import { readOwnForm } from "../../http/own-form.ts";
import { rateLimitHeaders } from "../../http/rate-limit.ts";
import { type Headers, onwardPage, page, seeOther } from "../../http/reply.ts";
import { clientDisplayAt } from "../../operations/clients/client-display.ts";
import { type SecondFactor, signInBySecondFactor } from "../../operations/people/second-factor.ts";
import { askedForSecondFactor } from "../../operations/people/second-factor-asked.ts";
import { waysOf } from "../../operations/people/ways-in.ts";
import { tryAgain } from "../../ui/instant.tsx";
import { problemView } from "../../ui/problem.tsx";
import { secondFactorView } from "./second-factor.tsx";
import { entrance, localPath, signedInTo } from "./sign-in.ts";

/** `GET /sign-in/second-factor?continue=/path&by=code|recovery`: for whoever has given the right password in this browser. */
export function secondFactorPage(call: Call): Promise<Response> {
	const { url, services } = call;
	const continueTo = localPath(url.searchParams.get("continue") ?? entrance, services.config.origin);
	return show(call, 200, { continueTo, by: wayOf(url.searchParams.get("by")), error: null });
}

/** `POST /sign-in/second-factor` with `by`, `code` and `continue`. */
export async function takeSecondFactorPage(call: Call): Promise<Response> {
	const { request, services, address } = call;
	const form = await readOwnForm(request, services.config.issuer);
	if (!form.ok) return page(form.status, problemView(refusedForm(form, await shellOf(call))));
	const continueTo = localPath(form.params.get("continue") ?? entrance, services.config.origin);
	const by = wayOf(form.params.get("by") ?? null);
	const code = form.params.get("code") ?? "";
	const again = (status: number, error: string, headers?: Headers) =>
		show(call, status, { continueTo, by, error }, headers);
	const { words } = await shellOf(call);
	const { secondFactor: say } = words;
	if (code === "") return again(400, by === "code" ? say.missingCode : say.missingRecovery);
	const given = { token: readSecondFactorCookie(request), by, code, cookie: readSessionCookie(request) };
	const from = { address, browser: browserName(request), kept: readBrowserCookie(request) };
	const verdict = await signInBySecondFactor({ ...given, ...from }, services);
	switch (verdict.kind) {
		case "signed_in": {
			const response = signedInTo(continueTo, verdict);
			response.headers.append("set-cookie", writeSecondFactorCookie("", 0));
			return response;
		}
		case "over":
			return startAgain(continueTo);
		case "wrong":
			services.log("second_factor.refused", { by });
			return again(401, by === "code" ? say.wrongCode : say.wrongRecovery);
		case "limited":
			return again(429, `${say.tooMany} ${tryAgain(verdict.retryAfter, words)}`, rateLimitHeaders(verdict));
	}
}

/** Nobody is asked (any more): it begins with the password. */
function startAgain(continueTo: string): Response {
	return seeOther(`/sign-in?continue=${encodeURIComponent(continueTo)}`);
}

function wayOf(text: string | null): SecondFactor {
	return text === "recovery" ? "recovery" : "code";
}

/** Nobody is asked who has not given their password, or too long ago. The way on may lead to a client at once (see onwardPage()). */
async function show(
	call: Call,
	status: number,
	form: { readonly continueTo: string; readonly by: SecondFactor; readonly error: string | null },
	headers: Headers = {},
): Promise<Response> {
	const { request, services } = call;
	const person = await askedForSecondFactor(readSecondFactorCookie(request), services);
	if (!person) return startAgain(form.continueTo);
	const [ways, client, { options, cookie }] = await Promise.all([
		waysOf(person.id, services),
		clientDisplayAt(form.continueTo, call),
		askForPasskey(call),
	]);
	const here = `/sign-in/second-factor?continue=${encodeURIComponent(form.continueTo)}`;
	const shell = await shellOf(call, form.by === "code" ? here : `${here}&by=recovery`);
	const html = secondFactorView({
		shell,
		...form,
		passkey: ways.includes(byPasskey) ? options : null,
	});
	const all = { ...headers, "set-cookie": cookie };
	return client ? onwardPage(status, html, all) : page(status, html, all);
}
