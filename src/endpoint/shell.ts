import { acceptedLanguages, lookUpLanguage } from "../domain/language.ts";
import { readLanguageCookie, readLocalesCookie } from "../http/cookies.ts";
import type { FormRefusal } from "../http/own-form.ts";
import { type Language, languages } from "../words/languages.ts";
import type { Shell } from "../words/shell.ts";
import { wordsIn } from "../words/words-in.ts";
import type { Call } from "./call.ts";

type Asking = Pick<Call, "request" | "services"> & Partial<Pick<Call, "url" | "uiLocales">>;

/** What stands around a page that answers this request. `here` is where the page is, left out for one that is shown by GET. */
export async function shellOf(call: Asking, here: string | null = addressOf(call)): Promise<Shell> {
	return { brand: call.services.config.brand, words: await wordsIn(languageOf(call)), here };
}

/**
 * What somebody chose here themselves; else what the application asks for that sends them (OIDC Core §3.1.2.1, RP-Initiated Logout 1.0
 * §2: `ui_locales`), now or when they came; else what their browser says. In each it is RFC 4647's lookup that decides.
 */
function languageOf({ request, url, uiLocales }: Asking): Language {
	const chosen = readLanguageCookie(request);
	const asked = uiLocales ?? url?.searchParams.get("ui_locales") ?? readLocalesCookie(request) ?? "";
	const accepted = acceptedLanguages(request.headers.get("accept-language") ?? "");
	const ranges = [...(chosen === null ? [] : [chosen]), ...asked.split(" ").slice(0, 10), ...accepted];
	return lookUpLanguage(ranges, languages) ?? languages[0];
}

function addressOf({ request, url }: Asking): string | null {
	return url && (request.method === "GET" || request.method === "HEAD") ? url.pathname + url.search : null;
}

/** A form that was not taken, for a page to say. */
export function refusedForm({ kind, detail }: FormRefusal, shell: Shell) {
	const { notFromHere, malformedForm } = shell.words.problems;
	return { shell, ...(kind === "foreign" ? notFromHere : { ...malformedForm, detail: malformedForm.detail(detail) }) };
}
