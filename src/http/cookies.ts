/**
 * RFC 6265bis §4.1.3: `__Host-` ties a cookie to this host, to https and to the whole site; browsers take it on
 * http://localhost as well, which they count as secure.
 */
const sessionCookie = "__Host-latchkey";
/** What it left for, when it left for a provider. */
const flowCookie = "__Host-latchkey-provider";
/** Who signed in in this browser before. It signs nobody in. */
const browserCookie = "__Host-latchkey-browser";
const secondFactorCookie = "__Host-latchkey-second-factor";

/** What a passkey's answer is bound to, for as long as it is waited for. It signs nobody in. */
const askedCookie = "__Host-latchkey-asked";

/** What was filled in while a sign-in ended (pages/frame/kept-form.ts). */
const formCookie = "__Host-latchkey-form";

export function readFormCookie(request: Request): string | null {
	return readCookie(request, formCookie);
}

/** Lax: whoever signs in by a provider comes back by its link. */
export function writeFormCookie(value: string, maxAge: number): string {
	return `${formCookie}=${value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${maxAge}`;
}

/** The address that a form led to, which says what was done. */
const doneCookie = "__Host-latchkey-done";

export function readDoneCookie(request: Request): string | null {
	const value = readCookie(request, doneCookie);
	try {
		return value === null ? null : decodeURIComponent(value);
	} catch {
		return null;
	}
}

/** For a minute, in which the page is read, and read once more. */
export function writeDoneCookie(location: string): string {
	return `${doneCookie}=${encodeURIComponent(location)}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=60`;
}

/** The language that somebody chose here (RFC 5646); and those that an application asked for that sent them. */
const languageCookie = "__Host-latchkey-language";
const localesCookie = "__Host-latchkey-locales";

export function readSessionCookie(request: Request): string | null {
	return readCookie(request, sessionCookie);
}

/** What {@link writeBrowserCookie} wrote; none where it is not there. */
export function readBrowserCookie(request: Request): readonly string[] {
	return readCookie(request, browserCookie)?.split(".") ?? [];
}

/** Whose password was right, while they are asked for a second factor. It lives here alone: another browser has nothing to go on with. */
export function readSecondFactorCookie(request: Request): string | null {
	return readCookie(request, secondFactorCookie);
}

export function writeSecondFactorCookie(value: string, maxAge: number): string {
	return `${secondFactorCookie}=${value}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=${maxAge}`;
}

/** RFC 6265bis §5.5: browsers keep none for longer than 400 days. Strict: our own sign-in page alone sends it. */
export function writeBrowserCookie(values: readonly string[]): string {
	return `${browserCookie}=${values.join(".")}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=${400 * 86_400}`;
}

/**
 * A sign-in at a provider that this browser has begun. Lax: the provider's site sends the browser back by a link. RFC 6265bis §5.7: a
 * browser keeps no cookie with more than 4096 octets in its name and value, and what an application asks may be longer. The first part
 * says how many there are.
 */
export function writeFlowCookie(value: string, maxAge: number): readonly string[] {
	const parts = value.match(/.{1,4000}/g) ?? [];
	return parts.map((part, at) => flowCookieOf(at, at === 0 ? `${parts.length}.${part}` : part, maxAge));
}

export function readFlowCookie(request: Request): string | null {
	const [, count, first = ""] = /^([1-4])\.(.*)$/.exec(readCookie(request, flowCookie) ?? "") ?? [];
	if (count === undefined) return null;
	const others = Array.from({ length: Number(count) - 1 }, (_, at) => readCookie(request, flowPart(at + 1)) ?? "");
	return first + others.join("");
}

export function clearFlowCookie(request: Request): readonly string[] {
	return [0, 1, 2, 3].filter((at) => readCookie(request, flowPart(at)) !== null).map((at) => flowCookieOf(at, "", 0));
}

function flowCookieOf(at: number, value: string, maxAge: number): string {
	return `${flowPart(at)}=${value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${maxAge}`;
}

function flowPart(at: number): string {
	return at === 0 ? flowCookie : `${flowCookie}-${at}`;
}

/** As {@link writeAskedCookie} wrote it; null for any other text. */
export function readAskedCookie(request: Request): string | null {
	const value = readCookie(request, askedCookie);
	return value !== null && /^[\w-]{22}$/.test(value) ? value : null;
}

/** Lax: whoever comes from an application's site goes on with the one that their other pages have. */
export function writeAskedCookie(value: string): string {
	return `${askedCookie}=${value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600`;
}

/** Null where there is none, or more than one: which of two was ours, nobody can tell. */
function readCookie(request: Request, name: string): string | null {
	const values = (request.headers.get("cookie") ?? "")
		.split(";")
		.map((pair) => pair.trim())
		.filter((pair) => pair.startsWith(`${name}=`))
		.map((pair) => pair.slice(name.length + 1));
	return values.length === 1 ? (values[0] ?? null) : null;
}

/** Lax: a person who comes from an integration's site is signed in; a form posted from there is not. */
export function writeSessionCookie(value: string, maxAge: number): string {
	return `${sessionCookie}=${value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${maxAge}`;
}

export function clearSessionCookie(): string {
	return writeSessionCookie("", 0);
}

export function readLanguageCookie(request: Request): string | null {
	return readCookie(request, languageCookie);
}

export function writeLanguageCookie(tag: string): string {
	return `${languageCookie}=${tag}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${400 * 86_400}`;
}

/** Separated by spaces, as `ui_locales` is. */
export function readLocalesCookie(request: Request): string | null {
	return readCookie(request, localesCookie)?.replaceAll("_", " ") ?? null;
}

/** For as long as the browser is open. What cannot stand in a tag is left out. */
export function writeLocalesCookie(locales: string): string {
	const tags = locales.split(" ").filter((tag) => /^[a-zA-Z\d-]{1,35}$/.test(tag));
	return `${localesCookie}=${tags.slice(0, 10).join("_")}; Path=/; Secure; HttpOnly; SameSite=Lax`;
}
