import { readBytes, unreadBody } from "../../http/body.ts";
import { gunzipAtMost } from "../../http/inflate.ts";
import { problem } from "../../http/problem.ts";
import { asMedia, medias } from "./answers.ts";
import type { Message, MessageType } from "./messages.ts";
import { readJson } from "./read-json.ts";
import { readProtobuf } from "./read-protobuf.ts";

/** A request may carry this much, as it is sent and unpacked. */
const most = 2 * 1024 * 1024;

export interface ReadRequest {
	readonly message: Message;
	/** As it is unpacked. */
	readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What was sent, or the refusal to answer with. */
export async function readRequest(request: Request, media: string, type: MessageType): Promise<ReadRequest | Response> {
	const known = asMedia(media);
	// RFC 9110 §15.5.16: what would be taken.
	if (!known) return unsupported(`The body must be ${medias.join(" or ")}.`, { accept: medias.join(", ") });
	const encoding = request.headers.get("content-encoding")?.trim().toLowerCase() ?? "identity";
	const isPacked = encoding === "gzip";
	if (!isPacked && encoding !== "identity" && encoding !== "") {
		return unsupported("The Content-Encoding must be gzip or identity.", { "accept-encoding": "gzip, identity" });
	}
	const sent = await readBytes(request, most);
	const read = isPacked && sent instanceof Uint8Array ? await gunzipAtMost(sent, most) : sent;
	if (read === "too_large") return problem(413, `The body is larger than ${most} bytes, as it is sent or unpacked.`);
	if (read === "malformed") return problem(400, "The body is not whole gzip.");
	if (!(read instanceof Uint8Array)) return problem(unreadBody[read].status, `${unreadBody[read].detail}.`);
	const decoded = known === "application/json" ? readText(read, type) : readProtobuf(read, type);
	return decoded.ok ? { message: decoded.message, bytes: read } : problem(400, `The body ${decoded.problem}.`);
}

// Without `ignoreBOM` a byte order mark would vanish.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function readText(bytes: Uint8Array, type: MessageType): ReturnType<typeof readJson> {
	try {
		return readJson(decoder.decode(bytes), type);
	} catch {
		return { ok: false, problem: "is not UTF-8" };
	}
}

function unsupported(detail: string, headers: Readonly<Record<string, string>>): Response {
	return problem(415, detail, { headers });
}
