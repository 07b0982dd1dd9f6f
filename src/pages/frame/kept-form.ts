import { base64url, type Bytes, fromBase64url, fromUtf8, utf8 } from "../../crypto/encoding.ts";
import { withoutBase } from "../../http/base-path.ts";
import type { Params } from "../../http/body.ts";
import { readFormCookie, writeFormCookie } from "../../http/cookies.ts";
import { type FormReader, readForm } from "../../http/own-form.ts";
import { seeOther } from "../../http/reply.ts";
import type { Call } from "../../endpoint/call.ts";
import type { FilledForm } from "../../ui/filled-form.ts";
import { addressOf } from "./address.ts";

// A sign-in may end while somebody fills in a form. What they typed waits in their browser, and nowhere else, until they are back on the
// page that the form stood on.

export interface KeptForm extends Omit<FilledForm, "fields"> {
	/** Null where it was too long to be kept. */
	readonly fields: Params | null;
}

/** Never kept: what is a secret, what a page makes anew, and what is searched for, which may be an access code. */
const notKept = /password|passkey|secret|code|token|csrf|nonce|drawn|^q$/;

/** RFC 6265bis §5.7: a browser keeps no cookie with more than 4096 octets in its name and value. */
const longest = 4000;

/** To the sign-in page, and from there back to where the form stood. */
export async function signInAndBack(call: Call, read?: FormReader): Promise<Response> {
	const { request, url } = call;
	const at = cameFrom(call);
	if (at === null) return toSignIn("/");
	const form = await readForm(request, read);
	if (!form.ok) return toSignIn(at);
	const fields = [...form.params].filter(([name]) => !notKept.test(name));
	// A press of a button alone leaves nothing to fill in.
	if (fields.length === 0) return toSignIn(at);
	const action = url.pathname;
	const whole = written({ at, action, fields });
	return toSignIn(at, whole.length <= longest ? whole : written({ at, action, fields: null }));
}

/** What was kept for this page. */
export function keptFor(request: Request, url: URL): KeptForm | null {
	const bytes = fromBase64url(readFormCookie(request) ?? "");
	if (!bytes) return null;
	const { at, action, fields } = parsed(bytes);
	if (at !== url.pathname + url.search || typeof action !== "string") return null;
	return { action, fields: isFields(fields) ? new Map(fields) : null };
}

/** It is shown once. */
export function shownOnce(kept: KeptForm | null, answer: Response): Response {
	if (kept) answer.headers.append("set-cookie", writeFormCookie("", 0));
	return answer;
}

function toSignIn(continueTo: string, kept: string | null = null): Response {
	const headers = kept === null ? {} : { "set-cookie": writeFormCookie(kept, 900) };
	return seeOther(`/sign-in?continue=${encodeURIComponent(continueTo)}`, headers);
}

/** The page of ours that the form stood on; browsers say so to its own site (`Referrer-Policy: same-origin`). */
function cameFrom({ request, services: { config } }: Call): string | null {
	const referer = request.headers.get("referer") ?? "";
	if (!URL.canParse(referer)) return null;
	const { origin, pathname, search, searchParams } = new URL(referer);
	const path = origin === new URL(config.issuer).origin ? withoutBase(pathname, config.basePath) : null;
	return path === null ? null : addressOf({ pathname: path, search, searchParams });
}

function written(form: { at: string; action: string; fields: readonly (readonly [string, string])[] | null }): string {
	return base64url(utf8(JSON.stringify(form)));
}

function parsed(bytes: Bytes): Partial<Record<"at" | "action" | "fields", unknown>> {
	try {
		return Object(JSON.parse(fromUtf8(bytes))) as object;
	} catch {
		return {};
	}
}

function isFields(fields: unknown): fields is readonly [string, string][] {
	return (
		Array.isArray(fields) &&
		fields.every(
			(field) => Array.isArray(field) && field.length === 2 && field.every((each) => typeof each === "string"),
		)
	);
}
