import { longestIdempotencyKey, readIdempotencyKey } from "../http/idempotency-key.ts";
import { readBytes, unreadBody } from "../http/body.ts";
import { problem } from "../http/problem.ts";
import { empty } from "../http/reply.ts";
import { rateLimitHeaders } from "../http/rate-limit.ts";
import { beginOnce, type Caller, type KeptAnswer, type Turn } from "../operations/idempotency.ts";
import type { Call, Handler } from "./call.ts";

/** What no body of such a request is longer than (http/read-json.ts). */
const longestBody = 64 * 1024;

/** Runs the request of an `Idempotency-Key`, or answers as it was answered. */
export async function once(call: Call, caller: Caller, handle: Handler): Promise<Response> {
	const { request, url, services, doc } = call;
	const key = readIdempotencyKey(request.headers.get("idempotency-key") ?? "");
	if (key === null) {
		const detail = `Idempotency-Key is one string in quotes, or one token, of 1 to ${longestIdempotencyKey} visible characters.`;
		return problem(400, detail, { code: "wrong_idempotency_key" });
	}
	const body = await readBytes(request, longestBody);
	if (body === "too_large") return problem(413, `The body is larger than ${longestBody} bytes.`);
	if (!(body instanceof Uint8Array)) return problem(unreadBody[body].status, `${unreadBody[body].detail}.`);
	const asked = { caller, key, target: targetOf(url), body, isResumable: doc?.repeatable === true };
	const begun = await beginOnce(asked, services);
	switch (begun.kind) {
		case "begun":
			break;
		case "answered":
			return replayed(begun.answer);
		case "limited":
			return problem(
				429,
				"As many idempotency keys were sent as may be in an hour. Send it later, with the same key.",
				{
					headers: rateLimitHeaders(begun),
				},
			);
		case "other_request":
			return problem(422, "This Idempotency-Key was sent with another request before. Send each its own.", {
				code: "idempotency_key_reused",
			});
		case "running":
			return problem(409, "The first request with this Idempotency-Key is still running. Send it again in a moment.", {
				code: "idempotency_key_in_use",
				headers: { "retry-after": "1" },
			});
		case "unfinished":
			return problem(
				409,
				"The first request with this Idempotency-Key was broken off, and nobody knows what it did. Look whether what you want is there; if not, send it with another key.",
				{ code: "idempotency_unfinished" },
			);
	}
	const { method, headers } = request;
	const answer = await run(begun, handle, {
		...call,
		request: new Request(request.url, { method, headers, body }),
		nonce: begun.nonce,
	});
	if (answer.status >= 400) {
		await begun.release();
		return answer;
	}
	const kept = { status: answer.status, headers: keptOf(answer.headers), body: await answer.text() };
	await begun.keep(kept);
	return new Response(contentOf(kept), answer);
}

async function run(turn: Turn, handle: Handler, own: Call): Promise<Response> {
	try {
		return await handle(own);
	} catch (error) {
		await turn.breakOff();
		throw error;
	}
}

/** Without the credential, which may be another one the second time. */
function targetOf(url: URL): string {
	const query = new URLSearchParams(url.searchParams);
	query.delete("apiKey");
	return `POST ${url.pathname}?${query.toString()}`;
}

/** What an answer has of its own. */
const own = ["content-type", "content-disposition", "location", "etag", "cache-control"] as const;

function keptOf(headers: Headers): Record<string, string> {
	return Object.fromEntries(own.flatMap((name) => (headers.has(name) ? [[name, headers.get(name) ?? ""]] : [])));
}

function replayed(kept: KeptAnswer): Response {
	const { headers } = empty(kept.status, { ...kept.headers, "idempotent-replayed": "true" });
	return new Response(contentOf(kept), { status: kept.status, headers });
}

/** RFC 9110 §15.3.5: 204 has none. */
function contentOf({ status, body }: KeptAnswer): string | null {
	return status === 204 ? null : body;
}
