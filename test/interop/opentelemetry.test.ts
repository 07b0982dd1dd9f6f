import { context, SeverityNumber, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { OTLPLogExporter as JsonLogs } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPLogExporter as ProtobufLogs } from "@opentelemetry/exporter-logs-otlp-proto";
import { OTLPTraceExporter as JsonSpans } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufSpans } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type RunningWorker, startWorker } from "../runners/start-worker.ts";
import { demo } from "../support/demo-world.ts";
import type { FoundEvent } from "../support/searches.ts";

// OpenTelemetry's own SDK, with nothing but the endpoint and the header that OTEL_EXPORTER_OTLP_HEADERS would have.

let worker: RunningWorker;
let login: string;
let headers: Record<string, string>;

beforeAll(async () => {
	worker = await startWorker();
	({ access_token: login } = await call("/auth/login", demo.ada));
	const environments = await fetch(`${worker.origin}/oauth/environments`, {
		headers: { authorization: `Bearer ${login}` },
	});
	const [first] = (await environments.json()) as { apiKey: string }[];
	headers = { "x-api-key": first?.apiKey ?? "" };
});
afterAll(() => worker?.stop());

const providers: { shutdown(): Promise<void> }[] = [];
afterEach(() => Promise.all(providers.splice(0).map((each) => each.shutdown())));

const resource = resourceFromAttributes({ "service.name": "shop", "service.version": "1.2.3" });

async function call(path: string, body: object): Promise<{ access_token: string; events: readonly FoundEvent[] }> {
	const sent = { "content-type": "application/json", ...(login !== undefined && { authorization: `Bearer ${login}` }) };
	const response = await fetch(worker.origin + path, { method: "POST", headers: sent, body: JSON.stringify(body) });
	return response.json();
}

async function eventsOf(mark: string): Promise<readonly FoundEvent[]> {
	const filters = [
		{ field: "data.resource.service\\.name", operator: "eq", value: "shop" },
		{ field: "data.attributes.mark", operator: "eq", value: mark },
	];
	return (await call("/api/public/event/search", { filters })).events;
}

describe.each([
	["JSON, its default", { logs: JsonLogs, spans: JsonSpans, options: {} }],
	["JSON by gzip", { logs: JsonLogs, spans: JsonSpans, options: { compression: "gzip" } }],
	["protobuf", { logs: ProtobufLogs, spans: ProtobufSpans, options: {} }],
	["protobuf by gzip", { logs: ProtobufLogs, spans: ProtobufSpans, options: { compression: "gzip" } }],
])("the OpenTelemetry SDK of JavaScript, by %s", (_, { logs: Logs, spans: Spans, options }) => {
	// What `compression` may be is an enum of a package that nobody installs by itself.
	const configured = (path: string): object => ({ url: worker.origin + path, headers, ...options });

	test("a log record is found by its attributes and its resource", async () => {
		const mark = crypto.randomUUID();
		const provider = new LoggerProvider({
			resource,
			processors: [new BatchLogRecordProcessor({ exporter: new Logs(configured("/v1/logs")) })],
		});
		providers.push(provider);
		provider.getLogger("shop.orders", "2.0.0").emit({
			eventName: "order.placed",
			severityNumber: SeverityNumber.WARN,
			severityText: "WARN",
			body: { order: 7, items: ["tea", "cake"], total: 12.5, gift: false, note: null },
			attributes: { mark, "order.large": 2 ** 53 - 1 },
			timestamp: new Date("2026-01-15T17:57:22.125Z"),
		});
		await provider.forceFlush();
		const [event, ...others] = await eventsOf(mark);
		expect(others).toEqual([]);
		expect(event).toMatchObject({ type: "event", timestamp: "2026-01-15T17:57:22.125Z" });
		expect(event?.data).toMatchObject({
			signal: "log",
			event_name: "order.placed",
			severity_number: 13,
			severity_text: "WARN",
			body: { order: 7, items: ["tea", "cake"], total: 12.5, gift: false, note: null },
			attributes: { mark, "order.large": 2 ** 53 - 1 },
			resource: { "service.name": "shop", "service.version": "1.2.3" },
			scope: { name: "shop.orders", version: "2.0.0" },
		});
	});

	test("spans of a trace are found, each under its parent, also where one failed", async () => {
		const mark = crypto.randomUUID();
		const provider = new TracerProvider({
			resource,
			spanProcessors: [new BatchSpanProcessor({ exporter: new Spans(configured("/v1/traces")) })],
		});
		providers.push(provider);
		const tracer = provider.getTracer("shop.http");
		const attributes = { mark, "http.response.status_code": 500 };
		const parent = tracer.startSpan("POST /orders", { kind: SpanKind.SERVER, attributes });
		const within = trace.setSpan(context.active(), parent);
		const child = tracer.startSpan("charge", { kind: SpanKind.CLIENT, attributes: { mark } }, within);
		child.recordException(new Error("declined"));
		child.setStatus({ code: SpanStatusCode.ERROR, message: "declined" });
		child.end();
		parent.end();
		await provider.forceFlush();
		const found = await eventsOf(mark);
		const { traceId, spanId } = parent.spanContext();
		expect(found.find(({ data }) => data.event_name === "POST /orders")?.data).toMatchObject({
			signal: "span",
			kind: "server",
			trace_id: traceId,
			span_id: spanId,
			attributes,
			duration_ms: expect.any(Number),
		});
		expect(found.find(({ data }) => data.event_name === "charge")?.data).toMatchObject({
			kind: "client",
			trace_id: traceId,
			parent_span_id: spanId,
			status: "error",
			status_message: "declined",
			events: [{ name: "exception", attributes: { "exception.message": "declined" } }],
		});
		expect(found).toHaveLength(2);
	});
});
