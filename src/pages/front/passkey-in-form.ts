import { randomId } from "../../crypto/random.ts";
import { parseSubject } from "../../domain/subject.ts";
import type { Call } from "../../endpoint/call.ts";
import type { Params } from "../../http/body.ts";
import { browserName } from "../../http/browser-name.ts";
import { readAskedCookie, writeAskedCookie } from "../../http/cookies.ts";
import type { WayIn } from "../../operations/people/first-way-in.ts";

// How somebody is to get in, by the fields of a form that lets them choose a password or make a passkey.

/** Whether they want to go on to the page that makes one. */
export function wantsPasskey(form: Params): boolean {
	return form.get("with") === "passkey" && (form.get("new_passkey") ?? "") === "";
}

/** `purpose` is what it was asked for. */
export function wayInOf(form: Params, password: string, purpose: string, { request }: Call): WayIn {
	const person = form.get("person") ?? "";
	if (form.get("with") !== "passkey" || parseSubject(person)?.kind !== "person") return { kind: "password", password };
	const browser = browserOf(readAskedCookie(request) ?? "", purpose);
	return { kind: "passkey", response: form.get("new_passkey") ?? "", person, browser, name: browserName(request) };
}

/** What its answer is bound to: this browser, and what it is for. */
export function askingBrowser(purpose: string, { request, services }: Call) {
	const asked = readAskedCookie(request) ?? randomId(services.random);
	return { browser: browserOf(asked, purpose), cookie: { "set-cookie": writeAskedCookie(asked) } };
}

function browserOf(asked: string, purpose: string): string {
	return `${asked} ${purpose}`;
}
