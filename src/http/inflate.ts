/**
 * What is packed as gzip (RFC 1952); `too_large` once it grows past the limit, and `malformed` where it is no gzip, ends early or
 * goes on after its end. It is handed over in pieces, each when nothing more comes of the one before: workerd unpacks all that it is
 * given before anybody has read of it (findings/decompression-stream-runs-ahead.sh). A piece is at most a thousand times as long.
 */
export async function gunzipAtMost(
	packed: Uint8Array<ArrayBuffer>,
	maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | "too_large" | "malformed"> {
	const { readable, writable } = new DecompressionStream("gzip");
	const reader = readable.getReader();
	const writer = writable.getWriter();
	const overflow = Promise.withResolvers<"too_large">();
	const chunks: Uint8Array<ArrayBuffer>[] = [];
	let length = 0;

	async function read(): Promise<void> {
		for (let next = await reader.read(); !next.done; next = await reader.read()) {
			length += next.value.length;
			if (length > maxBytes) {
				overflow.resolve("too_large");
				return reader.cancel();
			}
			chunks.push(new Uint8Array(next.value));
		}
	}

	async function write(): Promise<void> {
		for (let at = 0; at < packed.length; at += piece) {
			await writer.write(packed.subarray(at, at + piece));
			for (let before = -1; before !== length; await turn()) before = length;
			if (length > maxBytes) return;
		}
		await writer.close();
	}

	const both = Promise.all([read(), write()]).then(
		() => "whole" as const,
		() => "malformed" as const,
	);
	// Not every runtime lets go of what is being written when nobody reads it any more.
	const outcome = await Promise.race([overflow.promise, both]);
	return outcome === "whole" ? new Uint8Array(await new Blob(chunks).arrayBuffer()) : outcome;
}

const piece = 16 * 1024;

/** Until whatever is ready has been handed over. */
function turn(): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve));
}
