import { type ReadDocument, readDocument } from "../../domain/client-document.ts";
import type { Client } from "../../domain/client.ts";
import type { Outbound } from "../../domain/outbound.ts";
import type { Own } from "../../domain/public-host.ts";
import type { Seconds } from "../../domain/brands.ts";
import { readJsonText, tooDeep } from "../../json-text.ts";
import { type HttpCache, createHttpCache, type Loaded } from "./http-cache.ts";

/** The clients that documents describe, by URL. */
export type ClientDocuments = HttpCache<Client>;

/** Client ID Metadata Document §8.7 says 5 kB; keys take more. */
const limits = { maxBytes: 16 * 1024, timeoutMs: 5000 };

/** §5.2: as its headers say, within bounds. Errors and what is no good document are not kept at all. */
export function createClientDocuments(from: { outbound: Outbound; now: () => Seconds; own: Own }): ClientDocuments {
	const { outbound, now, own } = from;
	const bounds = { least: 60, longest: 86_400, failedFor: 0, most: 500, now };
	return createHttpCache((url) => load(url, outbound, own), bounds);
}

async function load(url: string, outbound: Outbound, own: Own): Promise<Loaded<Client>> {
	const fetched = await outbound.get(url, limits);
	if (fetched.kind === "failed") return fetched;
	const read = parse(url, fetched.text, own);
	return read.ok ? { kind: "ok", value: read.client, maxAge: fetched.maxAge } : { kind: "failed", reason: read.detail };
}

function parse(url: string, text: string, own: Own): ReadDocument {
	const read = readJsonText(text);
	if (read.ok) return readDocument(url, read.value, own);
	return { ok: false, detail: read.reason === "too_deep" ? `The document ${tooDeep}` : "The document is not JSON" };
}
