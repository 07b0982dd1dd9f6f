/**
 * A request's id: a UUID of ours, never the caller's, who could give two requests one. It stands in each line of the log, in
 * the `Request-Id` header of the answer, in a problem (RFC 9457 §3.1.5: `instance`), and on a page that says what went wrong.
 */

/** In src/ui/document.tsx. No text of a page looks like it, since every bracket in one is escaped. */
const place = '<code id="request-id"></code>';

export function withRequestId(response: Response, id: string, issuer: string): Promise<Response> | Response {
	response.headers.set("request-id", id);
	return response.status < 400 || response.body === null ? response : withIdInBody(response, id, issuer);
}

async function withIdInBody(response: Response, id: string, issuer: string): Promise<Response> {
	const type = response.headers.get("content-type") ?? "";
	if (type.startsWith("application/problem+json")) {
		const members: { readonly type: string } = JSON.parse(await response.text());
		// RFC 9457 §3.1.1: an absolute URI, since a relative one would lead elsewhere from each path.
		return new Response(
			JSON.stringify({ ...members, type: issuer + members.type, instance: `urn:uuid:${id}` }),
			response,
		);
	}
	if (!type.startsWith("text/html")) return response;
	const html = await response.text();
	return new Response(html.replace(place, place.replace("><", `>${id}<`)), response);
}

/** https://www.w3.org/TR/trace-context/#traceparent-header: the trace that the caller counts this request to, or null. */
export function traceOf(headers: Headers): string | null {
	const header = headers.get("traceparent");
	if (header === null) return null;
	const [, version, trace, parent] = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}(?:-.*)?$/.exec(header) ?? [];
	if (trace === undefined || parent === undefined) return null;
	return version === "ff" || /^0+$/.test(trace) || /^0+$/.test(parent) ? null : trace;
}
