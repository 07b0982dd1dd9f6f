import { concat, utf8 } from "../../crypto/encoding.ts";
import { binary, json } from "../../http/reply.ts";
import type { Mapped } from "./events-of.ts";

/** OTLP/HTTP: the answer is of the type of the request. */
export const medias = ["application/x-protobuf", "application/json"] as const;
export type Media = (typeof medias)[number];

export function asMedia(text: string): Media | null {
	return medias.find((each) => each === text) ?? null;
}

/** Export…ServiceResponse. `partialSuccess` MUST be unset where all was taken, and the client MUST NOT retry where it is set. */
export function exported(
	media: Media,
	{ rejected, problem }: Pick<Mapped, "rejected" | "problem">,
	name: "rejectedLogRecords" | "rejectedSpans",
): Response {
	if (media === "application/json") {
		// proto3's JSON mapping: 64 bits are a text.
		const partial = { [name]: String(rejected), errorMessage: problem };
		return json(200, problem === null ? {} : { partialSuccess: partial });
	}
	const partial = concat(wholeField(1, rejected), textField(2, problem ?? ""));
	return binary(200, media, problem === null ? new Uint8Array() : bytesField(1, partial));
}

/** OTLP/HTTP: a failure of any kind is a google.rpc.Status. What else stands in the headers stays. */
export async function asStatus(media: Media, refusal: Response): Promise<Response> {
	const { detail } = (await refusal.json()) as { readonly detail: string };
	const code = codes.get(refusal.status) ?? 2;
	const answer =
		media === "application/json"
			? json(refusal.status, { code, message: detail })
			: binary(refusal.status, media, concat(wholeField(1, code), textField(2, detail)));
	for (const [name, value] of refusal.headers) if (name !== "content-type") answer.headers.set(name, value);
	return answer;
}

/** google/rpc/code.proto */
const codes: ReadonlyMap<number, number> = new Map([
	[400, 3],
	[401, 16],
	[403, 7],
	[404, 5],
	[408, 4],
	[413, 3],
	[415, 3],
	[429, 8],
]);

// The few fields that are written: protobuf.dev/programming-guides/encoding.

function wholeField(number: number, value: number): Uint8Array {
	return new Uint8Array(value === 0 ? [] : [number * 8, ...varint(value)]);
}

function textField(number: number, text: string): Uint8Array {
	return bytesField(number, utf8(text));
}

function bytesField(number: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
	return concat(new Uint8Array([number * 8 + 2, ...varint(bytes.length)]), bytes);
}

/** Of a whole number below 2^31, without a sign. */
function varint(value: number): readonly number[] {
	return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}
