/**
 * What a message carries, of a request or of an answer to one of ours; null once it grows past the limit: what comes after is
 * not read, so that nothing longer is ever held.
 */
export async function readAtMost(
	{ body }: Pick<Request | Response, "body">,
	maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
	const chunks: Uint8Array<ArrayBuffer>[] = [];
	let length = 0;
	const reader = (body as ReadableStream<Uint8Array<ArrayBuffer>> | null)?.getReader();
	for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
		length += next.value.length;
		if (length > maxBytes) {
			await reader?.cancel();
			return null;
		}
		chunks.push(next.value);
	}
	return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
