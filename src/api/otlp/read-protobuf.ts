import { bounds, moreThan } from "../../domain/bounds.ts";
import type { Decoded, Field, MessageType, Scalar } from "./messages.ts";

/** How a field stands on the wire: protobuf.dev/programming-guides/encoding. 3 and 4 are groups, which proto3 has not. */
const varint = 0;
const eightBytes = 1;
const counted = 2;
const fourBytes = 5;

const wireOf: Readonly<Record<Scalar, number>> = {
	text: counted,
	bytes: counted,
	id: counted,
	boolean: varint,
	double: eightBytes,
	int64: varint,
	fixed64: eightBytes,
	fixed32: fourBytes,
	uint32: varint,
	enum: varint,
};

/** Nothing is read past the end of the message that it is in, and nothing is held but what a table names. */
export function readProtobuf(bytes: Uint8Array<ArrayBuffer>, type: MessageType): Decoded {
	const reader = new Reader(bytes);
	const message = reader.message(type, bytes.length, 1, {});
	return reader.problem === null ? { ok: true, message } : { ok: false, problem: reader.problem };
}

// Without `ignoreBOM` a byte order mark would vanish.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

class Reader {
	readonly #bytes: Uint8Array<ArrayBuffer>;
	readonly #view: DataView;
	#at = 0;
	#messages = 0;
	/** The first thing that is wrong. Whatever is returned after it means nothing. */
	problem: string | null = null;

	constructor(bytes: Uint8Array<ArrayBuffer>) {
		this.#bytes = bytes;
		this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	}

	/** What stands before `end`, put to what `into` has: a message that is sent in two parts is one. */
	message(type: MessageType, end: number, level: number, into: Record<string, unknown>): Record<string, unknown> {
		if (level > bounds.protobufLevels.most) this.#fail(`has ${moreThan(bounds.protobufLevels)}`);
		if (++this.#messages > bounds.otlpMessages.most) this.#fail(`has ${moreThan(bounds.otlpMessages)}`);
		while (this.problem === null && this.#at < end) {
			const tag = Number(this.#varint(end));
			const field = type.byNumber.get(Math.floor(tag / 8));
			const wire = tag % 8;
			if (tag < 8 || tag > 0xff_ff_ff_ff) this.#fail("has a field of a number that there is not");
			else if (!field) this.#skip(wire, end);
			else this.#field(field, type, wire, { end, level, into });
		}
		return into;
	}

	#field(
		{ name, is, isList }: Field,
		{ isOneOf }: MessageType,
		wire: number,
		{ end, level, into }: { end: number; level: number; into: Record<string, unknown> },
	): void {
		if (wire !== (typeof is === "string" ? wireOf[is] : counted)) {
			return this.#fail(`has a ${name} that is encoded as another type`);
		}
		const before = into[name];
		if (isOneOf && before === undefined) for (const other of Object.keys(into)) delete into[other];
		if (typeof is === "string") {
			into[name] = this.#scalar(is, end);
			return;
		}
		const within = this.#counted(end);
		if (within === null) return;
		if (!isList) into[name] = this.message(is(), within, level + 1, (before as Record<string, unknown>) ?? {});
		else ((into[name] ??= []) as unknown[]).push(this.message(is(), within, level + 1, {}));
	}

	#scalar(is: Scalar, end: number): unknown {
		switch (is) {
			case "text":
				return this.#text(this.#slice(end));
			case "bytes":
				return this.#slice(end).toBase64();
			case "id":
				return this.#slice(end).toHex();
			case "boolean":
				return Number(this.#varint(end)) !== 0;
			case "int64":
				return BigInt.asIntN(64, BigInt(this.#varint(end)));
			case "uint32":
				return Number(BigInt.asUintN(32, BigInt(this.#varint(end))));
			case "enum":
				return Number(BigInt.asIntN(32, BigInt(this.#varint(end))));
			case "double":
				return this.#fixed(8, end, (at) => this.#view.getFloat64(at, true), 0);
			case "fixed64":
				return this.#fixed(8, end, (at) => this.#view.getBigUint64(at, true), 0n);
			case "fixed32":
				return this.#fixed(4, end, (at) => this.#view.getUint32(at, true), 0);
		}
	}

	/** At most ten bytes, of seven bits each; a number where few are enough, since others cost far more. */
	#varint(end: number): number | bigint {
		let low = 0;
		for (let shift = 0; shift < 28; shift += 7) {
			const byte = this.#byte(end);
			low |= (byte & 0x7f) << shift;
			if (byte < 0x80) return low;
		}
		let value = BigInt(low);
		for (let shift = 28n; shift < 70n; shift += 7n) {
			const byte = this.#byte(end);
			value |= BigInt(byte & 0x7f) << shift;
			if (byte < 0x80) return BigInt.asUintN(64, value);
		}
		this.#fail("has a number of more than ten bytes");
		return 0;
	}

	#byte(end: number): number {
		if (this.#at < end) return this.#bytes[this.#at++] ?? 0;
		this.#fail("ends too early");
		return 0;
	}

	#fixed<Value>(length: number, end: number, read: (at: number) => Value, none: Value): Value {
		const at = this.#at;
		return this.#move(length, end) ? read(at) : none;
	}

	/** Where what is counted ends; null where that would be past the end of what it is in. */
	#counted(end: number): number | null {
		const length = Number(this.#varint(end));
		const within = this.#at + length;
		if (this.problem === null && within > end) this.#fail("has a length that leads past its end");
		return this.problem === null ? within : null;
	}

	#slice(end: number): Uint8Array<ArrayBuffer> {
		const within = this.#counted(end);
		if (within === null) return new Uint8Array();
		const from = this.#at;
		this.#at = within;
		return this.#bytes.subarray(from, within);
	}

	#text(bytes: Uint8Array): string {
		try {
			return decoder.decode(bytes);
		} catch {
			this.#fail("has a text that is not UTF-8");
			return "";
		}
	}

	/** What is of a later version. */
	#skip(wire: number, end: number): void {
		if (wire === varint) this.#varint(end);
		else if (wire === eightBytes) this.#move(8, end);
		else if (wire === fourBytes) this.#move(4, end);
		else if (wire === counted) this.#slice(end);
		else this.#fail("has a group, or what is of no type");
	}

	#move(length: number, end: number): boolean {
		if (this.#at + length > end) this.#fail("ends too early");
		else this.#at += length;
		return this.problem === null;
	}

	#fail(problem: string): void {
		this.problem ??= problem;
	}
}
