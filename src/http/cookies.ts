/**
 * RFC 6265bis §4.1.3: `__Host-` ties a cookie to this host, to https and to the whole site; browsers take it on
 * http://localhost as well, which they count as secure.
 */
const sessionCookie = "__Host-latchkey";

/** Null where there is none, or more than one: which of two was ours, nobody can tell. */
export function readSessionCookie(request: Request): string | null {
	const values = (request.headers.get("cookie") ?? "")
		.split(";")
		.map((pair) => pair.trim())
		.filter((pair) => pair.startsWith(`${sessionCookie}=`))
		.map((pair) => pair.slice(sessionCookie.length + 1));
	return values.length === 1 ? (values[0] ?? null) : null;
}

/** Lax: a person who comes from an integration's site is signed in; a form posted from there is not. */
export function writeSessionCookie(value: string, maxAge: number): string {
	return `${sessionCookie}=${value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${maxAge}`;
}

export function clearSessionCookie(): string {
	return writeSessionCookie("", 0);
}
