import { concat } from "../../src/crypto/encoding.ts";
import { anAccount, anEnvironment, aKey, aPolicy } from "./registered.ts";
import { send } from "./target.ts";
import { postJson, times } from "./requests.ts";

// Protobuf as protobuf.dev/programming-guides/encoding has it, so that no other side's library has a say in what is sent.

export type Bytes = Uint8Array<ArrayBuffer>;

export function bytes(...parts: readonly (Uint8Array | readonly number[])[]): Bytes {
	return concat(...parts.map((part) => new Uint8Array(part)));
}

export function varint(value: bigint | number): number[] {
	const rest = BigInt.asUintN(64, BigInt(value));
	return rest < 128n ? [Number(rest)] : [Number(rest & 127n) | 128, ...varint(rest >> 7n)];
}

export function field(number: number, content: Uint8Array | string): Bytes {
	const inside = typeof content === "string" ? new TextEncoder().encode(content) : content;
	return bytes(varint(number * 8 + 2), varint(inside.length), inside);
}

export function whole(number: number, value: bigint | number): Bytes {
	return bytes(varint(number * 8), varint(value));
}

export function fixed64(number: number, value: bigint): Bytes {
	const inside = new DataView(new ArrayBuffer(8));
	inside.setBigUint64(0, value, true);
	return bytes(varint(number * 8 + 1), new Uint8Array(inside.buffer));
}

export function double(number: number, value: number): Bytes {
	const inside = new DataView(new ArrayBuffer(8));
	inside.setFloat64(0, value, true);
	return bytes(varint(number * 8 + 1), new Uint8Array(inside.buffer));
}

export function fixed32(number: number, value: number): Bytes {
	const inside = new DataView(new ArrayBuffer(4));
	inside.setUint32(0, value, true);
	return bytes(varint(number * 8 + 5), new Uint8Array(inside.buffer));
}

/** An attribute, whose value is a text or an AnyValue. */
export function attribute(number: number, key: string, value: string | Bytes): Bytes {
	return field(number, bytes(field(1, key), field(2, typeof value === "string" ? field(1, value) : value)));
}

export function ofHex(hex: string): Bytes {
	return new Uint8Array(times(hex.length / 2, (at) => Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16)));
}

/** An export request of one resource and scope: of log records or of spans, as they are encoded. */
export function exportRequest(records: readonly Uint8Array[], origin: { resource?: Bytes; scope?: Bytes } = {}): Bytes {
	const { resource, scope } = origin;
	const list = bytes(...(scope ? [field(1, scope)] : []), ...records.map((record) => field(2, record)));
	return field(1, bytes(...(resource ? [field(1, resource)] : []), field(2, list)));
}

/** An environment of its own, with its public key, a key that writes and one that reads what it has. */
export async function aSink() {
	const accountId = await anAccount();
	const publicKey = await anEnvironment(accountId);
	const reader = await aKey(accountId, [await aPolicy(accountId, ["events:read"])]);
	const writer = await aKey(accountId, [await aPolicy(accountId, ["events:write"])]);
	const found = async (...filters: readonly object[]) => {
		const answer = await postJson("/api/public/event/search", { filters, limit: 100 }, { "x-api-key": reader.secret });
		return answer.body.events as { id: string; timestamp: string; data: Record<string, unknown> }[];
	};
	return { publicKey, writer: writer.secret, found };
}

export const protobuf = "application/x-protobuf";

export interface ExportAnswer {
	readonly status: number;
	readonly headers: Headers;
	readonly media: string;
	readonly bytes: Bytes;
	/** Of JSON, an empty object else. */
	readonly body: Readonly<Record<string, unknown>>;
}

/** Sent as it is: protobuf, where it is bytes and nothing else is said. */
export async function sendOtlp(
	path: "/v1/logs" | "/v1/traces",
	body: Bytes | object | string,
	headers: Readonly<Record<string, string>>,
	query = "",
): Promise<ExportAnswer> {
	const isBytes = body instanceof Uint8Array;
	const text = typeof body === "string" ? body : JSON.stringify(body);
	const response = await send(path + query, {
		method: "POST",
		body: isBytes ? body : text,
		headers: { "content-type": isBytes ? protobuf : "application/json", ...headers },
	});
	const media = response.headers.get("content-type") ?? "";
	const read = new Uint8Array(await response.arrayBuffer());
	const isJson = media.includes("json");
	const { status, headers: answered } = response;
	return {
		status,
		headers: answered,
		media,
		bytes: read,
		body: isJson ? JSON.parse(new TextDecoder().decode(read)) : {},
	};
}

/** google.rpc.Status, as protobuf. */
export function statusMessage(code: number, message: string): Bytes {
	return bytes(whole(1, code), field(2, message));
}

/** Export…ServiceResponse, of what was taken in part. */
export function partialSuccess(rejected: number, message: string): Bytes {
	return field(1, bytes(whole(1, rejected), field(2, message)));
}

export async function gzipped(content: Uint8Array<ArrayBuffer>): Promise<Bytes> {
	const packed = new Blob([content]).stream().pipeThrough(new CompressionStream("gzip"));
	return new Uint8Array(await new Response(packed).arrayBuffer());
}
