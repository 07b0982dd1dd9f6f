import type { Fetched, Outbound, Posted } from "../../domain/outbound.ts";
import { freshnessOf } from "../../domain/outbound.ts";
import { fetchProblem, type Own } from "../../domain/public-host.ts";
import { readAtMost } from "../../read-at-most.ts";

/** RFC 6839 §3.1: JSON, under its own name or that of something made of it. */
const json = /^application\/(?:[\w.+-]+\+)?json$/;

/** What of `fetch` is needed: GET, or POST of a text, without credentials, following no redirect. */
export type Fetch = (url: string, init: FetchInit) => Promise<Response>;

interface FetchInit {
	readonly headers: Readonly<Record<string, string>>;
	readonly signal: AbortSignal;
	/** Left out: it is a GET. */
	readonly body?: string;
}

/**
 * {@link Outbound} by `fetch`, which every runtime has, or by one that knows more of its network. The rule of
 * domain/public-host.ts stands before each call.
 */
export function createOutbound(own: Own, by: Fetch = byFetch): Outbound {
	return {
		async get(url, { maxBytes, timeoutMs }) {
			const problem = fetchProblem(url, own);
			if (problem !== null) return failed(`The URL ${problem}`);
			const signal = AbortSignal.timeout(timeoutMs);
			const headers = { accept: "application/json", "user-agent": "latchkey" };
			try {
				return await readJson(await by(url, { headers, signal }), maxBytes);
			} catch {
				// What the runtime says might tell of the inside: of addresses, or of ports that are open.
				return failed(whyNot(signal));
			}
		},
		async ask(url, { headers, body }, { maxBytes, signal }) {
			const problem = fetchProblem(url, own);
			if (problem !== null) return failed(`The URL ${problem}`);
			const sent = { headers: { ...headers, "user-agent": "latchkey" }, signal, ...(body !== null && { body }) };
			try {
				const { status, headers: answered, body: stream } = await by(url, sent);
				const bytes = await readAtMost({ body: stream }, maxBytes);
				if (bytes === null) return failed(tooLarge(maxBytes));
				const hasNone = status === 204 || status === 205 || status === 304;
				return { kind: "answered", response: new Response(hasNone ? null : bytes, { status, headers: answered }) };
			} catch {
				return failed(whyNot(signal));
			}
		},
		async deliver(url, { headers, body }, { maxBytes, timeoutMs }) {
			const problem = fetchProblem(url, own);
			if (problem !== null) return { status: null, reason: `The URL ${problem}` };
			const signal = AbortSignal.timeout(timeoutMs);
			const sent = { ...headers, "content-type": "application/json", "user-agent": "latchkey" };
			try {
				const response = await by(url, { headers: sent, signal, body });
				const beginning = await readBeginning(response, maxBytes);
				return { status: response.status, retryAfter: response.headers.get("retry-after"), beginning };
			} catch {
				return { status: null, reason: whyNot(signal) };
			}
		},
		async post(url, form, { timeoutMs }) {
			const problem = fetchProblem(url, own);
			if (problem !== null) return { kind: "refused", reason: `The URL ${problem}` };
			const signal = AbortSignal.timeout(timeoutMs);
			const headers = { "content-type": "application/x-www-form-urlencoded", "user-agent": "latchkey" };
			try {
				const response = await by(url, { headers, signal, body: new URLSearchParams(form).toString() });
				// Not waited for: it may never come.
				response.body?.cancel().catch(() => {});
				return posted(response.status);
			} catch {
				return { kind: "failed", reason: whyNot(signal) };
			}
		},
	};
}

/** What came of the body before it was too long, broke off or took too long: the status has been said by then. */
async function readBeginning({ body }: Response, maxBytes: number): Promise<string> {
	const reader = body?.getReader();
	const decoder = new TextDecoder();
	let [text, length] = ["", 0];
	try {
		for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
			text += decoder.decode(next.value.subarray(0, maxBytes - length), { stream: true });
			length += next.value.length;
			if (length >= maxBytes) break;
		}
	} catch {
		// What came so far is all that there is.
	}
	// Not waited for: it may never come.
	reader?.cancel().catch(() => {});
	return text;
}

function whyNot(signal: AbortSignal): string {
	return signal.aborted ? "It took too long" : "It could not be reached";
}

/** RFC 9110 §15.5.9, §15.5.21, RFC 6585 §4, RFC 8470 §5.2: what may be otherwise in a while, as all that is wrong on its side may. */
const passing = new Set([408, 425, 429]);

function posted(status: number): Posted {
	const reason = `It was answered with ${status}`;
	if (status === 200 || status === 204) return { kind: "taken", reason };
	return { kind: status >= 500 || passing.has(status) ? "failed" : "refused", reason };
}

function byFetch(url: string, init: FetchInit): Promise<Response> {
	// A redirect would lead past the rule. Not `error`, which workerd does not know: its status is refused below.
	const method = init.body === undefined ? "GET" : "POST";
	return fetch(url, { ...init, method, redirect: "manual", cache: "no-store" });
}

async function readJson(response: Response, maxBytes: number): Promise<Fetched> {
	const refuse = async (reason: string): Promise<Fetched> => {
		await response.body?.cancel();
		return failed(reason);
	};
	// Client ID Metadata Document §5: every status but 200 is an error.
	if (response.status !== 200) return refuse(`It was answered with ${response.status}, and not with 200`);
	const [type = ""] = (response.headers.get("content-type") ?? "").split(";", 1);
	if (!json.test(type.trim().toLowerCase())) return refuse("It is not of a JSON type");
	if (Number(response.headers.get("content-length") ?? 0) > maxBytes) return refuse(tooLarge(maxBytes));
	const bytes = await readAtMost(response, maxBytes);
	if (bytes === null) return failed(tooLarge(maxBytes));
	const text = decode(bytes);
	if (text === null) return failed("It is not UTF-8");
	return { kind: "ok", text, maxAge: freshnessOf(response.headers.get("cache-control"), response.headers.get("age")) };
}

function decode(bytes: Uint8Array): string | null {
	try {
		return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		return null;
	}
}

function tooLarge(maxBytes: number): string {
	return `It is larger than ${maxBytes} bytes`;
}

function failed(reason: string): { readonly kind: "failed"; readonly reason: string } {
	return { kind: "failed", reason };
}
