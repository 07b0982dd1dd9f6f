import type { Call } from "../../endpoint/call.ts";
import { refusedForm, shellOf } from "../../endpoint/shell.ts";
import { writeLanguageCookie } from "../../http/cookies.ts";
import { readOwnForm } from "../../http/own-form.ts";
import { page, seeOther } from "../../http/reply.ts";
import { problemView } from "../../ui/problem.tsx";
import { isLanguage } from "../../words/languages.ts";
import { localPath } from "./sign-in.ts";

/** `POST /language` with `language` and `continue`: what is said in this browser from now on is said in it. */
export async function chooseLanguagePage(call: Call): Promise<Response> {
	const { issuer, origin } = call.services.config;
	const form = await readOwnForm(call.request, issuer);
	if (!form.ok) return page(form.status, problemView(refusedForm(form, await shellOf(call))));
	const continueTo = localPath(form.params.get("continue") ?? null, origin);
	const language = form.params.get("language") ?? "";
	return seeOther(continueTo, isLanguage(language) ? { "set-cookie": writeLanguageCookie(language) } : {});
}
