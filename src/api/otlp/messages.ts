/**
 * The messages of OTLP 1 that an event is made of, as far as they are read: opentelemetry/proto/{common,resource,logs,trace}/v1. One
 * table for both encodings: the name is that of JSON, the number that of protobuf. A field that is in no table is not there (OTLP/HTTP:
 * unknown fields MUST be ignored).
 */
export type Scalar =
	| "text"
	/** Base64, of either alphabet, in JSON; here always of the first. */
	| "bytes"
	/** A trace's or a span's: hexadecimal in JSON; here of lower case, of whatever length. */
	| "id"
	| "boolean"
	| "double"
	| "int64"
	| "fixed64"
	| "fixed32"
	| "uint32"
	/** OTLP/HTTP: a number in JSON too. */
	| "enum";

export interface Field {
	readonly number: number;
	readonly name: string;
	/** A message is named by a function, since some contain themselves. */
	readonly is: Scalar | (() => MessageType);
	readonly isList: boolean;
}

export interface MessageType {
	readonly fields: readonly Field[];
	readonly byNumber: ReadonlyMap<number, Field>;
	/** Of its fields the last that is sent counts. */
	readonly isOneOf: boolean;
}

/** What is read of a message: a member for each field that was sent. */
export type Message = Readonly<Record<string, unknown>>;

type Fields = Readonly<Record<string, readonly [number: number, is: Field["is"], list?: "list"]>>;

function message(of: Fields, isOneOf = false): MessageType {
	const fields = Object.entries(of).map(([name, [number, is, list]]) => ({
		name,
		number,
		is,
		isList: list === "list",
	}));
	return { fields, byNumber: new Map(fields.map((field) => [field.number, field])), isOneOf };
}

const anyValue = message(
	{
		stringValue: [1, "text"],
		boolValue: [2, "boolean"],
		intValue: [3, "int64"],
		doubleValue: [4, "double"],
		arrayValue: [5, () => arrayValue],
		kvlistValue: [6, () => keyValueList],
		bytesValue: [7, "bytes"],
	},
	true,
);

/** The kinds are those of {@link anyValue}; empty where nothing was set. */
export interface AnyValue {
	readonly stringValue?: string;
	readonly boolValue?: boolean;
	readonly intValue?: bigint;
	readonly doubleValue?: number;
	readonly arrayValue?: { readonly values?: readonly AnyValue[] };
	readonly kvlistValue?: { readonly values?: readonly KeyValue[] };
	readonly bytesValue?: string;
}

const arrayValue = message({ values: [1, () => anyValue, "list"] });
const keyValue = message({ key: [1, "text"], value: [2, () => anyValue] });
const keyValueList = message({ values: [1, () => keyValue, "list"] });
const attributes = [() => keyValue, "list"] as const;

export interface KeyValue {
	readonly key?: string;
	readonly value?: AnyValue;
}

const resource = message({ attributes: [1, ...attributes] });

export interface Resource {
	readonly attributes?: readonly KeyValue[];
}

const scope = message({ name: [1, "text"], version: [2, "text"], attributes: [3, ...attributes] });

export interface Scope extends Resource {
	readonly name?: string;
	readonly version?: string;
}

const logRecord = message({
	timeUnixNano: [1, "fixed64"],
	severityNumber: [2, "enum"],
	severityText: [3, "text"],
	body: [5, () => anyValue],
	attributes: [6, ...attributes],
	droppedAttributesCount: [7, "uint32"],
	flags: [8, "fixed32"],
	traceId: [9, "id"],
	spanId: [10, "id"],
	observedTimeUnixNano: [11, "fixed64"],
	eventName: [12, "text"],
});

export interface LogRecord {
	readonly timeUnixNano?: bigint;
	readonly severityNumber?: number;
	readonly severityText?: string;
	readonly body?: AnyValue;
	readonly attributes?: readonly KeyValue[];
	readonly droppedAttributesCount?: number;
	readonly flags?: number;
	readonly traceId?: string;
	readonly spanId?: string;
	readonly observedTimeUnixNano?: bigint;
	readonly eventName?: string;
}

const spanEvent = message({
	timeUnixNano: [1, "fixed64"],
	name: [2, "text"],
	attributes: [3, ...attributes],
	droppedAttributesCount: [4, "uint32"],
});

interface SpanEvent {
	readonly timeUnixNano?: bigint;
	readonly name?: string;
	readonly attributes?: readonly KeyValue[];
	readonly droppedAttributesCount?: number;
}

const spanLink = message({
	traceId: [1, "id"],
	spanId: [2, "id"],
	traceState: [3, "text"],
	attributes: [4, ...attributes],
	droppedAttributesCount: [5, "uint32"],
	flags: [6, "fixed32"],
});

interface SpanLink {
	readonly traceId?: string;
	readonly spanId?: string;
	readonly traceState?: string;
	readonly attributes?: readonly KeyValue[];
	readonly droppedAttributesCount?: number;
	readonly flags?: number;
}

const spanStatus = message({ message: [2, "text"], code: [3, "enum"] });

const span = message({
	traceId: [1, "id"],
	spanId: [2, "id"],
	traceState: [3, "text"],
	parentSpanId: [4, "id"],
	name: [5, "text"],
	kind: [6, "enum"],
	startTimeUnixNano: [7, "fixed64"],
	endTimeUnixNano: [8, "fixed64"],
	attributes: [9, ...attributes],
	droppedAttributesCount: [10, "uint32"],
	events: [11, () => spanEvent, "list"],
	droppedEventsCount: [12, "uint32"],
	links: [13, () => spanLink, "list"],
	droppedLinksCount: [14, "uint32"],
	status: [15, () => spanStatus],
	flags: [16, "fixed32"],
});

export interface Span {
	readonly traceId?: string;
	readonly spanId?: string;
	readonly traceState?: string;
	readonly parentSpanId?: string;
	readonly name?: string;
	readonly kind?: number;
	readonly startTimeUnixNano?: bigint;
	readonly endTimeUnixNano?: bigint;
	readonly attributes?: readonly KeyValue[];
	readonly droppedAttributesCount?: number;
	readonly events?: readonly SpanEvent[];
	readonly droppedEventsCount?: number;
	readonly links?: readonly SpanLink[];
	readonly droppedLinksCount?: number;
	readonly status?: { readonly message?: string; readonly code?: number };
	readonly flags?: number;
}

const scopeLogs = message({ scope: [1, () => scope], logRecords: [2, () => logRecord, "list"] });
const resourceLogs = message({ resource: [1, () => resource], scopeLogs: [2, () => scopeLogs, "list"] });
/** ExportLogsServiceRequest */
export const logsRequest = message({ resourceLogs: [1, () => resourceLogs, "list"] });

export interface LogsRequest {
	readonly resourceLogs?: readonly {
		readonly resource?: Resource;
		readonly scopeLogs?: readonly { readonly scope?: Scope; readonly logRecords?: readonly LogRecord[] }[];
	}[];
}

const scopeSpans = message({ scope: [1, () => scope], spans: [2, () => span, "list"] });
const resourceSpans = message({ resource: [1, () => resource], scopeSpans: [2, () => scopeSpans, "list"] });
/** ExportTraceServiceRequest */
export const traceRequest = message({ resourceSpans: [1, () => resourceSpans, "list"] });

export interface TraceRequest {
	readonly resourceSpans?: readonly {
		readonly resource?: Resource;
		readonly scopeSpans?: readonly { readonly scope?: Scope; readonly spans?: readonly Span[] }[];
	}[];
}

/** What is read, or why it cannot be: the rest of a sentence that begins with `The body`. */
export type Decoded =
	| { readonly ok: true; readonly message: Message }
	| { readonly ok: false; readonly problem: string };
