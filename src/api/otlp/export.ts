import * as v from "valibot";
import { sha256 } from "../../crypto/digest.ts";
import { atMost, bounds } from "../../domain/bounds.ts";
import type { Environment } from "../../domain/environment.ts";
import type { Call } from "../../endpoint/call.ts";
import { mediaType } from "../../http/body.ts";
import { described, titled } from "../../http/described.ts";
import { ingestEvents } from "../../operations/events/ingest-events.ts";
import { endpointForEnvironment } from "../guard/environment.ts";
import { notIngested } from "../refusals.ts";
import { asMedia, asStatus, exported } from "./answers.ts";
import { eventsOfLogs, eventsOfSpans, type Mapped } from "./events-of.ts";
import { logsRequest, type MessageType, traceRequest } from "./messages.ts";
import { type ReadRequest, readRequest } from "./request-body.ts";

/** A kind of telemetry, and what becomes of it. */
interface Signal {
	readonly request: MessageType;
	readonly rejected: "rejectedLogRecords" | "rejectedSpans";
	readonly eventsOf: (read: ReadRequest) => Promise<Mapped> | Mapped;
}

/** OTLP/HTTP 1: an export request, in protobuf or JSON. 200, also where some of it could not be taken; what could is stored, all or none. */
function exporting({ request: type, rejected, eventsOf }: Signal) {
	return async ({ request, services }: Call, environment: Environment): Promise<Response> => {
		const media = mediaType(request);
		const read = await readRequest(request, media, type);
		if (read instanceof Response) return read;
		const mapped = await eventsOf(read);
		const ingested = await ingestEvents(environment, mapped.events, services);
		if (ingested.kind !== "stored") return notIngested(ingested);
		return exported(asMedia(media) ?? "application/json", mapped, rejected);
	};
}

/** OTLP/HTTP: failures too are of the type of the request; JSON where that is neither of the two. */
function ofItsType(request: Request, refusal: Response): Promise<Response> {
	return asStatus(asMedia(mediaType(request)) ?? "application/json", refusal);
}

const statusSchema = titled(
	"Status",
	v.object({
		code: described(v.number(), "That of google.rpc.Code."),
		message: described(v.string(), "What is wrong, for developers."),
	}),
);

function refused(description: string) {
	return { description, schema: statusSchema, media: "application/json" };
}

function endpointOf(
	signal: Signal,
	{ what, list, schema, example }: { what: string; list: string; schema: v.GenericSchema; example: unknown },
) {
	const partial = titled(
		`Partial${what}`,
		v.object({
			[signal.rejected]: described(v.string(), "How many were not taken. Not to be sent again."),
			errorMessage: described(v.string(), "Why, of the first of them."),
		}),
	);
	return endpointForEnvironment(
		exporting(signal),
		{
			tag: "OpenTelemetry",
			summary: `Send OpenTelemetry ${list} to an environment`,
			description: `OTLP/HTTP 1, as the exporters of OpenTelemetry send it: \`application/x-protobuf\` or \`application/json\`, as it is or by gzip, at most 2 MiB as it is sent and unpacked, and ${atMost(bounds.otlpRecords)}. The answer is of the type of the request, refusals (google.rpc.Status) included. Each becomes an event: the guide *Send OpenTelemetry* has its members. It counts by EVENTS_PER_HOUR as other events do. The credential is the public key of an environment in \`x-api-key\`, or one that has \`events:write\` together with \`?environment=\`.`,
			body: { media: ["application/json"], schema, example },
			answers: {
				200: {
					description: "Taken. `partialSuccess` is there only where some of it was not.",
					schema: titled(
						`Exported${what}`,
						v.object({ partialSuccess: v.optional(described(partial, "What was not taken, and why.")) }),
					),
				},
				400: refused("It cannot be decoded, or more is wrong with the request. Nothing was taken."),
				401: refused("The credential is missing, wrong or not valid any more."),
				403: refused("The credential lacks events:write."),
				404: refused("There is no such environment."),
				413: refused("The body is larger than 2 MiB, as it is sent or unpacked."),
				415: refused("The content type or encoding is none of these."),
				429: refused("The environment is full for this hour; `Retry-After` says when."),
			},
		},
		ofItsType,
	);
}

const resource = { attributes: [{ key: "service.name", value: { stringValue: "checkout" } }] };
const scope = { name: "my.library", version: "1.0.0" };
const trace = { traceId: "5b8efff798038103d269b633813fc60c", spanId: "eee19b7ec3c1b174" };
const list = (says: string) => v.optional(described(v.array(v.record(v.string(), v.unknown())), says));

/** `POST /v1/logs` */
export const postLogsEndpoint = endpointOf(
	{
		request: logsRequest,
		rejected: "rejectedLogRecords",
		eventsOf: async ({ message, bytes }) => eventsOfLogs(message, await sha256(bytes)),
	},
	{
		what: "Logs",
		list: "log records",
		schema: titled("ExportLogsServiceRequest", v.looseObject({ resourceLogs: list("ResourceLogs of OTLP.") })),
		example: {
			resourceLogs: [
				{
					resource,
					scopeLogs: [
						{
							scope,
							logRecords: [
								{
									timeUnixNano: "1768499842000000000",
									severityNumber: 9,
									severityText: "INFO",
									body: { stringValue: "An order was placed" },
									attributes: [{ key: "order.total", value: { doubleValue: 12.5 } }],
									...trace,
								},
							],
						},
					],
				},
			],
		},
	},
);

/** `POST /v1/traces` */
export const postTracesEndpoint = endpointOf(
	{
		request: traceRequest,
		rejected: "rejectedSpans",
		eventsOf: ({ message }) => eventsOfSpans(message),
	},
	{
		what: "Spans",
		list: "spans",
		schema: titled("ExportTraceServiceRequest", v.looseObject({ resourceSpans: list("ResourceSpans of OTLP.") })),
		example: {
			resourceSpans: [
				{
					resource,
					scopeSpans: [
						{
							scope,
							spans: [
								{
									...trace,
									name: "POST /orders",
									kind: 2,
									startTimeUnixNano: "1768499842000000000",
									endTimeUnixNano: "1768499842250000000",
									attributes: [{ key: "http.response.status_code", value: { intValue: "201" } }],
									status: { code: 1 },
								},
							],
						},
					],
				},
			],
		},
	},
);
