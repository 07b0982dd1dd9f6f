import { bounds, moreThan } from "../domain/bounds.ts";
import { type BodyError, mediaType, type Params, readBody, readBytes, unreadBody } from "./body.ts";

/** The largest form that carries a file. Its fields and files have narrower limits, which are told beside them. */
const maxMultipartBytes = 1024 * 1024;

/**
 * A form of fields and text files (RFC 7578), each name once; a file is a parameter like any other, with its text, and is
 * left out where none was chosen. Bytes that are not UTF-8 become U+FFFD, so that whoever reads the field can say which
 * file it was. The same form without `enctype` is read as well.
 */
export async function readMultipart(
	request: Request,
): Promise<{ ok: true; params: Params } | { ok: false; error: BodyError }> {
	if (mediaType(request) !== "multipart/form-data") return readBody(request, { json: false });
	const bytes = await readBytes(request, maxMultipartBytes);
	if (bytes === "too_large") {
		await passOver(request);
		return refused(413, `The form is larger than ${maxMultipartBytes / 1024} KiB`);
	}
	if (!(bytes instanceof Uint8Array)) return { ok: false, error: unreadBody[bytes] };
	const headers = { "content-type": request.headers.get("content-type") ?? "" };
	let form: FormData;
	try {
		form = await new Response(bytes, { headers }).formData();
	} catch {
		return refused(400, "The form is malformed");
	}
	const fields = [...(form as Iterable<[string, string | Blob]>)];
	if (fields.length > bounds.parameters.most) return refused(400, `The form has ${moreThan(bounds.parameters)}`);
	const params = new Map<string, string>();
	const seen = new Set<string>();
	for (const [name, value] of fields) {
		if (seen.has(name)) return refused(400, "A field of the form is given more than once");
		seen.add(name);
		const text = typeof value === "string" ? value : await value.text();
		if (text !== "") params.set(name, text);
	}
	// Some parsers take what has no part in it for an empty form. Ours have a field at least.
	return seen.size === 0 ? refused(400, "The form is malformed") : { ok: true, params };
}

/**
 * What is left of a form that nobody reads. A browser whose connection ends while it is still sending shows that, and not what it
 * was told: so a file that was the wrong one may arrive. Nothing of it is kept, and what is larger yet, or late, is cut off.
 */
async function passOver(request: Request): Promise<void> {
	if (request.bodyUsed) return;
	let left = 8 * maxMultipartBytes;
	const nowhere = new WritableStream<Uint8Array>({
		write({ length }) {
			left -= length;
			if (left < 0) throw new RangeError("The rest of the form is not waited for");
		},
	});
	await request.body?.pipeTo(nowhere, { signal: AbortSignal.timeout(5000) }).catch(() => {});
}

function refused(status: BodyError["status"], detail: string): { ok: false; error: BodyError } {
	return { ok: false, error: { status, detail } };
}
