import { bounds, moreThan } from "../domain/bounds.ts";
import { readJsonText, tooDeep } from "../json-text.ts";
import { readAtMost } from "../read-at-most.ts";
import { repeatedKey } from "./json-keys.ts";

/** A request's body, read once, whole, and within a limit. */
export type Body = { ok: true; media: "form" | "json"; params: Params } | { ok: false; error: BodyError };

/** Once-only parameters: RFC 6749 §3.2 forbids repeats, and an empty value is as if it were not there (§3.1). */
export type Params = ReadonlyMap<string, string>;

/** The parameters of a documented body: one that the schema does not name cannot be read. */
export interface ParamsOf<Schema extends { readonly entries: object }> {
	readonly get: (name: Extract<keyof Schema["entries"], string>) => string | undefined;
}

export interface BodyError {
	readonly status: 400 | 408 | 413 | 415;
	readonly detail: string;
}

/** The largest body of a form or a token request. */
export const maxFormBytes = 16 * 1024;

/**
 * Reads `application/x-www-form-urlencoded` and, where `json` is allowed, a flat JSON object of strings and numbers, also
 * under `applications/json` (contract 000 writes it so).
 */
export async function readBody(request: Request, allowed: { json: boolean }): Promise<Body> {
	const media = mediaType(request);
	const isJson = allowed.json && (media === "application/json" || media === "applications/json");
	if (!isJson && media !== "application/x-www-form-urlencoded") {
		const types = allowed.json
			? "application/x-www-form-urlencoded or application/json"
			: "application/x-www-form-urlencoded";
		return refused(415, `The body must be ${types}`);
	}
	const text = await readText(request, maxFormBytes);
	if (!text.ok) return text;
	return isJson ? readJson(text.text) : readForm(text.text);
}

export function mediaType(request: Request): string {
	return (request.headers.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

// Without `ignoreBOM` a byte order mark would vanish, and two different bodies would be one.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The body as text, or a refusal once it grows past `limit`: nothing longer is ever held. */
export async function readText(
	request: Request,
	limit: number,
): Promise<{ ok: true; text: string } | { ok: false; error: BodyError }> {
	const read = await readBytes(request, limit);
	if (read === "too_large") return refused(413, `The body is larger than ${limit} bytes`);
	if (!(read instanceof Uint8Array)) return { ok: false, error: unreadBody[read] };
	try {
		return { ok: true, text: decoder.decode(read) };
	} catch {
		return refused(400, "The body is not UTF-8");
	}
}

/** In milliseconds, for the whole of a body: a MiB takes that at 170 kbit/s. */
export const bodyPatience = 50_000;

/** Of a body that does not arrive. RFC 9110 §15.5.9 */
export const unreadBody = {
	broken_off: { status: 400, detail: "The body broke off before its end" },
	too_slow: { status: 408, detail: `The body took longer than ${bodyPatience / 1000} seconds` },
} as const;

/**
 * A body that is larger than the limit, or says so, is too large. One that its client broke off is nobody's fault here, though
 * whoever reads it is told so by an exception. One that drips is left: not every runtime would end it.
 */
export async function readBytes(
	request: Request,
	limit: number,
): Promise<Uint8Array<ArrayBuffer> | "too_large" | keyof typeof unreadBody> {
	if (request.bodyUsed) throw new Error("The body is read twice");
	const declared = request.headers.get("content-length");
	if (declared !== null && !(Number(declared) <= limit)) return "too_large";
	let timer: ReturnType<typeof setTimeout> | undefined;
	const late = new Promise<"too_slow">((resolve) => (timer = setTimeout(resolve, bodyPatience, "too_slow")));
	try {
		// RFC 9112 §6.3: a body is as long as it is declared. Reading it at once is far cheaper than by pieces.
		const whole = declared === null ? readAtMost(request, limit) : request.arrayBuffer();
		const read = await Promise.race([whole, late]);
		if (read === "too_slow") return read;
		return read === null || read.byteLength > limit ? "too_large" : new Uint8Array(read);
	} catch {
		return "broken_off";
	} finally {
		clearTimeout(timer);
	}
}

/** RFC 8707 §2, RFC 8693 §2.1: what may be given more than once. Its values are joined by spaces, which no URI has. */
type Repeatable = "resource" | "audience";

function isRepeatable(name: string): name is Repeatable {
	return name === "resource" || name === "audience";
}

/** Why parameters are not read. */
export interface ParamsProblem {
	/** One that stands there twice; null where there are too many. */
	readonly repeated: string | null;
	/** A sentence about the request, which repeats nothing of it. */
	readonly detail: string;
}

const tooManyParams: ParamsProblem = { repeated: null, detail: `It has ${moreThan(bounds.parameters)}.` };

export function isProblem(params: Params | ParamsProblem): params is ParamsProblem {
	return "detail" in params;
}

/** The parameters of a query or a form, each once. */
export function onceOnly(search: URLSearchParams): Params | ParamsProblem {
	return search.size > bounds.parameters.most ? tooManyParams : eachOnce(search);
}

function eachOnce(pairs: Iterable<readonly [name: string, value: string]>): Params | ParamsProblem {
	const params = new Map<string, string>();
	const seen = new Set<string>();
	for (const [name, value] of pairs) {
		if (isRepeatable(name) && value !== "") {
			const earlier = params.get(name);
			params.set(name, earlier === undefined ? value : `${earlier} ${value}`);
			continue;
		}
		if (seen.has(name)) return { repeated: name, detail: "It gives a parameter more than once." };
		seen.add(name);
		if (value !== "") params.set(name, value);
	}
	return params;
}

interface RepeatableParams<Name> {
	readonly get: (name: Name) => string | undefined;
}

/** RFC 8707: every `resource`; null where there is none. */
export function resourcesOf(params: RepeatableParams<"resource">): readonly string[] | null {
	return eachOf(params, "resource");
}

/** All that one of them was given as. */
export function eachOf<Name extends Repeatable>(params: RepeatableParams<Name>, name: Name): readonly string[] | null {
	const joined = params.get(name);
	return joined === undefined ? null : [...new Set(joined.split(" "))];
}

function readForm(text: string): Body {
	const params = paramsOfForm(text);
	return isProblem(params) ? unread(params) : { ok: true, media: "form", params };
}

/** Where nothing is encoded, as in most requests for a token, each pair is as it is written. */
function paramsOfForm(text: string): Params | ParamsProblem {
	if (/^\?|[%+]/.test(text)) return onceOnly(new URLSearchParams(text));
	const pairs = text.split("&").filter((pair) => pair !== "");
	if (pairs.length > bounds.parameters.most) return tooManyParams;
	return eachOnce(
		pairs.map((pair) => {
			const sign = pair.indexOf("=");
			return sign === -1 ? [pair, ""] : [pair.slice(0, sign), pair.slice(sign + 1)];
		}),
	);
}

function readJson(text: string): Body {
	const read = readJsonText(text);
	if (!read.ok) return refused(400, read.reason === "too_deep" ? `The body ${tooDeep}` : "The body is not valid JSON");
	const { value } = read;
	if (typeof value !== "object" || value === null || Array.isArray(value)) {
		return refused(400, "The body must be a JSON object");
	}
	// JSON.parse lets the last of two win; another parser in front of us might let the first.
	const twice = repeatedKey(text);
	if (twice !== null) return refused(400, repetition(twice));
	if (Object.keys(value).length > bounds.parameters.most) return unread(tooManyParams);
	const params = new Map<string, string>();
	for (const [name, member] of Object.entries(value)) {
		if (member === null || member === "") continue;
		if (isRepeatable(name) && Array.isArray(member) && member.every((each) => typeof each === "string")) {
			if (member.length > 0) params.set(name, member.join(" "));
			continue;
		}
		if (typeof member !== "string" && (typeof member !== "number" || isText(name))) {
			return refused(400, `${shown(name)} must be a string`);
		}
		params.set(name, String(member));
	}
	return { ok: true, media: "json", params };
}

/** What a client is known by: nobody ever had one that is a number. */
function isText(name: string): boolean {
	return /^client_?(id|secret|assertion)/i.test(name);
}

function unread({ repeated, detail }: ParamsProblem): Body {
	return refused(400, repeated === null ? detail.replace(/\.$/, "") : repetition(repeated));
}

function repetition(name: string): string {
	return `${shown(name)} is given more than once`;
}

/** A name that a stranger chose is repeated only as far as it is harmless (RFC 6749 §5.2 allows no `"` nor `\`). */
function shown(name: string): string {
	return /^[A-Za-z0-9_.-]{1,64}$/.test(name) ? name : "A parameter";
}

function refused(status: BodyError["status"], detail: string): { ok: false; error: BodyError } {
	return { ok: false, error: { status, detail } };
}
