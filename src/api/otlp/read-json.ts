import { bounds, moreThan } from "../../domain/bounds.ts";
import { repeatedKey } from "../../http/json-keys.ts";
import { readJsonText, tooDeep } from "../../json-text.ts";
import type { Decoded, Field, Message, MessageType, Scalar } from "./messages.ts";

/** OTLP/HTTP, JSON Protobuf Encoding: proto3's own mapping, but for ids in hexadecimal and enums that are numbers. */
export function readJson(text: string, type: MessageType): Decoded {
	const read = readJsonText(text);
	if (!read.ok) return { ok: false, problem: read.reason === "too_deep" ? tooDeep : "is not valid JSON" };
	if (repeatedKey(text) !== null) return { ok: false, problem: "has a member twice" };
	const reader = new Reader();
	const message = reader.message(read.value, type);
	return reader.problem === null ? { ok: true, message } : { ok: false, problem: reader.problem };
}

const most = {
	int64: 2n ** 63n - 1n,
	fixed64: 2n ** 64n - 1n,
	fixed32: 2n ** 32n - 1n,
	uint32: 2n ** 32n - 1n,
	enum: 2n ** 31n - 1n,
};
const least = { int64: -(2n ** 63n), fixed64: 0n, fixed32: 0n, uint32: 0n, enum: -(2n ** 31n) };

const said: Readonly<Record<Scalar, string>> = {
	text: "a text",
	bytes: "base64",
	id: "a text of hexadecimal digits",
	boolean: "true or false",
	double: "a number",
	int64: "a whole number of 64 bits",
	fixed64: "a whole number of 64 bits without a sign",
	fixed32: "a whole number of 32 bits without a sign",
	uint32: "a whole number of 32 bits without a sign",
	enum: "a whole number: no names are taken",
};

class Reader {
	#messages = 0;
	/** The first thing that is wrong. Whatever is returned after it means nothing. */
	problem: string | null = null;

	message(value: unknown, type: MessageType, name = ""): Message {
		if (typeof value !== "object" || value === null || Array.isArray(value)) {
			this.#fail(name === "" ? "must be a JSON object" : `has a ${name} that is not an object`);
			return {};
		}
		if (++this.#messages > bounds.otlpMessages.most) this.#fail(`has ${moreThan(bounds.otlpMessages)}`);
		const into: Record<string, unknown> = {};
		for (const field of type.fields) {
			if (this.problem !== null) break;
			const sent = Object.hasOwn(value, field.name) ? (value as Message)[field.name] : null;
			// Null is the default value, which is as good as none.
			if (sent === null) continue;
			if (type.isOneOf && Object.keys(into).length > 0) this.#fail(`has a ${field.name} beside another value`);
			into[field.name] = this.#field(sent, field);
		}
		return into;
	}

	#field(sent: unknown, { name, is, isList }: Field): unknown {
		if (typeof is === "string") {
			const value = scalar(sent, is);
			if (value === undefined) this.#fail(`has a ${name} that is not ${said[is]}`);
			return value;
		}
		if (!isList) return this.message(sent, is(), name);
		if (Array.isArray(sent)) return sent.map((each) => (this.problem === null ? this.message(each, is(), name) : {}));
		this.#fail(`has a ${name} that is not an array`);
		return [];
	}

	#fail(problem: string): void {
		this.problem ??= problem;
	}
}

/** Undefined where it is no such value. */
function scalar(sent: unknown, is: Scalar): unknown {
	switch (is) {
		case "text":
			return typeof sent === "string" ? sent : undefined;
		case "boolean":
			return typeof sent === "boolean" ? sent : undefined;
		case "id":
			return typeof sent === "string" && /^(?:[\da-f]{2})*$/i.test(sent) ? sent.toLowerCase() : undefined;
		case "bytes":
			return typeof sent === "string" ? standardBase64(sent) : undefined;
		case "double":
			return double(sent);
		case "int64":
		case "fixed64":
			return whole(sent, is);
		case "fixed32":
		case "uint32": {
			const value = whole(sent, is);
			return value === undefined ? undefined : Number(value);
		}
		case "enum":
			return typeof sent === "number" && whole(sent, is) !== undefined ? sent : undefined;
	}
}

function whole(sent: unknown, is: keyof typeof most): bigint | undefined {
	const isWhole =
		typeof sent === "number" ? Number.isInteger(sent) : typeof sent === "string" && /^-?\d{1,20}$/.test(sent);
	if (!isWhole) return undefined;
	const value = BigInt(sent as number | string);
	return value >= least[is] && value <= most[is] ? value : undefined;
}

function double(sent: unknown): number | undefined {
	if (typeof sent === "number") return sent;
	if (sent === "NaN" || sent === "Infinity" || sent === "-Infinity") return Number(sent);
	const isNumber = typeof sent === "string" && /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(sent) && sent.length <= 400;
	return isNumber ? Number(sent) : undefined;
}

/** proto3's mapping takes either alphabet, with or without padding. */
function standardBase64(text: string): string | undefined {
	try {
		return Uint8Array.fromBase64(text.replaceAll("-", "+").replaceAll("_", "/")).toBase64();
	} catch {
		return undefined;
	}
}
