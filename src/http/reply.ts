/** Replies. Whatever a security service answers is not to be cached, unless it says otherwise. */
export type Headers = Readonly<Record<string, string>>;

const always: Headers = {
	"cache-control": "no-store",
	"x-content-type-options": "nosniff",
	"referrer-policy": "no-referrer",
	"strict-transport-security": "max-age=31536000; includeSubDomains",
};

export function json(status: number, body: unknown, headers: Headers = {}): Response {
	return new Response(JSON.stringify(body), {
		status,
		headers: { ...always, "content-type": "application/json", ...headers },
	});
}

export function empty(status: number, headers: Headers = {}): Response {
	return new Response(null, { status, headers: { ...always, ...headers } });
}

/**
 * RFC 9700 §4.12: 303, so that a form's fields (a password among them) are never posted on to where the answer goes.
 */
export function seeOther(location: string, headers: Headers = {}): Response {
	return new Response(null, { status: 303, headers: { ...always, location, ...headers } });
}

/**
 * A page of ours. `formActions`: where its forms may lead beyond this origin, since `form-action` also holds for the
 * redirect that answers a form.
 */
export function page(
	status: number,
	html: string,
	formActions: readonly string[] = [],
	headers: Headers = {},
): Response {
	const policy = [
		"default-src 'none'",
		"style-src 'self'",
		"script-src 'self'",
		"img-src 'self' data:",
		`form-action ${["'self'", ...formActions].join(" ")}`,
		"base-uri 'none'",
		"frame-ancestors 'none'",
	].join("; ");
	return new Response(html, {
		status,
		headers: {
			...always,
			"content-type": "text/html; charset=utf-8",
			// Not `no-referrer`: browsers would then send `Origin: null` with our own forms.
			"referrer-policy": "same-origin",
			"content-security-policy": policy,
			"x-frame-options": "DENY",
			"cross-origin-opener-policy": "same-origin",
			"permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
			...headers,
		},
	});
}

/** A file to be saved, never shown. Its name is ASCII of ours. */
export function download(
	status: number,
	{ media, text, fileName }: { readonly media: string; readonly text: string; readonly fileName: string },
): Response {
	const { headers } = empty(status, {
		"content-type": media,
		"content-disposition": `attachment; filename="${fileName}"`,
	});
	return new Response(text, { status, headers });
}
