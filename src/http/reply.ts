import { anyOrigin } from "./cross-origin.ts";

/** Replies. Whatever a security service answers is not to be cached, unless it says otherwise. */
export type Headers = Readonly<Record<string, string>>;

const always: Headers = {
	"cache-control": "no-store",
	"x-content-type-options": "nosniff",
	"referrer-policy": "no-referrer",
	"strict-transport-security": "max-age=31536000; includeSubDomains",
};

const ofJson = { ...always, "content-type": "application/json" };
/** Made once: to make it for each answer costs twice as much. */
const plainJson = new globalThis.Headers(ofJson);

export function json(status: number, body: unknown, headers?: Headers): Response {
	return new Response(JSON.stringify(body), { status, headers: headers ? { ...ofJson, ...headers } : plainJson });
}

/** What is answered: its id stands in the headers. */
interface Asked {
	readonly id: string;
}

/**
 * JSON of an endpoint that a page of any origin may call, made with all that the app else puts on: to reach for the headers of an
 * answer that is there costs a twentieth of a request.
 */
export function openJson(asked: Asked, body: unknown): Response {
	return whole(asked, JSON.stringify(body), openHeaders);
}

/** The same that is the same for everybody, written once for as long as what it describes is the same object. */
export function preparedJson<Of extends object>(
	describe: (of: Of) => unknown,
	headers: Headers,
): (asked: Asked, of: Of) => Response {
	const ready = new globalThis.Headers({ ...ofJson, ...anyOrigin, ...headers });
	const written = new WeakMap<Of, string>();
	return (asked, of) => {
		const text = written.get(of) ?? JSON.stringify(describe(of));
		written.set(of, text);
		return whole(asked, text, ready);
	};
}

const openHeaders = new globalThis.Headers({ ...ofJson, ...anyOrigin });
const wholes = new WeakSet<Response>();

function whole({ id }: Asked, text: string, ready: globalThis.Headers): Response {
	// They are copied in the same step.
	ready.set("request-id", id);
	const response = new Response(text, { headers: ready });
	wholes.add(response);
	return response;
}

/** Whether nothing is to be put on it any more. */
export function isWhole(response: Response): boolean {
	return wholes.has(response);
}

/** What is neither text nor for people. */
export function binary(status: number, media: string, bytes: Uint8Array<ArrayBuffer>): Response {
	return new Response(bytes, { status, headers: { ...always, "content-type": media } });
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

/** A page of ours, whose forms lead nowhere but here. */
export function page(status: number, html: string, headers: Headers = {}): Response {
	return new Response(html, {
		status,
		headers: {
			...always,
			"content-type": "text/html; charset=utf-8",
			// Not `no-referrer`: browsers would then send `Origin: null` with our own forms.
			"referrer-policy": "same-origin",
			"content-security-policy": `${policy}; form-action 'self'`,
			"x-frame-options": "DENY",
			"cross-origin-opener-policy": "same-origin",
			"permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
			...headers,
		},
	});
}

const policy = [
	"default-src 'none'",
	"style-src 'self'",
	"script-src 'self'",
	"img-src 'self' data:",
	"base-uri 'none'",
	"frame-ancestors 'none'",
].join("; ");

/**
 * A page whose form is answered at a client, for the client to lead on from there as it likes. Browsers hold each redirect that
 * follows a form to `form-action` of the page that it stood on, and no list of sources stands for every private-use scheme.
 */
export function onwardPage(status: number, html: string, headers: Headers = {}): Response {
	return page(status, html, {
		"content-security-policy": policy,
		// The client may have opened a window for it, and its callback has to find who did.
		"cross-origin-opener-policy": "unsafe-none",
		...headers,
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

/** The same, sent as it is made. A file that breaks off ends the connection. */
export function streamedDownload(
	{ media, fileName }: { readonly media: string; readonly fileName: string },
	text: AsyncIterable<string>,
): Response {
	const parts = text[Symbol.asyncIterator]();
	const encoder = new TextEncoder();
	const body = new ReadableStream<Uint8Array>({
		async pull(controller) {
			const { done, value } = await parts.next();
			if (done) controller.close();
			else controller.enqueue(encoder.encode(value));
		},
		async cancel() {
			await parts.return?.();
		},
	});
	const { headers } = empty(200, {
		"content-type": media,
		"content-disposition": `attachment; filename="${fileName}"`,
	});
	return new Response(body, { status: 200, headers });
}
