import type { Api, Handler } from "./endpoint/call.ts";
import type { Endpoint } from "./endpoint/endpoint.ts";
import { type Method, methods, methodsOf, operationsOf, type PageRoute, type Route } from "./endpoint/route.ts";
import { withBase } from "./http/base-path.ts";
import { anyOrigin, isPreflight, preflight } from "./http/cross-origin.ts";
import { refuseUnknownQuery } from "./http/known-query.ts";
import { problem } from "./http/problem.ts";
import { empty, isWhole } from "./http/reply.ts";
import { traceOf, withRequestId } from "./http/request-id.ts";
import { type AboutCredential, verifyKey, verifyToken } from "./operations/checks/service-binding.ts";
import type { ApiKeyVerdict, TokenVerdict, Unavailable } from "./operations/checks/verdicts.ts";
import type { Seconds } from "./domain/brands.ts";
import { thrown } from "./domain/log-line.ts";
import type { SubjectId } from "./domain/subject.ts";
import { logOfRequest } from "./operations/log.ts";
import type { Services } from "./operations/services.ts";
import { createPlaces, type Found, type Place } from "./places.ts";

export interface App {
	/** `address` is the network address that the platform vouches for. What has to wait for nothing is answered at once. */
	fetch(request: Request, address: string | null): Promise<Response> | Response;
	/** What a Worker asks by a service binding. */
	readonly verify: {
		token(presented: unknown, about: AboutCredential): Promise<TokenVerdict | Unavailable>;
		key(presented: unknown, about: AboutCredential): Promise<ApiKeyVerdict | Unavailable>;
	};
	scheduled(): Promise<void>;
	/** For what a ledger has still to tell (Back-Channel Logout), when it rings. It does not fail. */
	sendDueLogouts(subject: SubjectId): Promise<void>;
	/** Sends an endpoint what is due by now. Answers with when the next is; null where nothing waits. */
	sendDueWebhooks(endpointId: string): Promise<Seconds | null>;
	/** For what a killed request has left: to be called now and then, each minute where no alarm rings. */
	catchUpWebhooks(): Promise<void>;
}

/** A request on its way in. */
interface Arrival {
	readonly id: string;
	readonly request: Request;
	readonly address: string | null;
	/** Their log names the request. */
	readonly services: Services;
}

/**
 * What an entry answers by itself: files, and whoever it serves not at all. Null where the request is the app's. The URL is null
 * where the address is none.
 */
export type Before = (request: Request, url: URL | null) => Promise<Response | null> | Response | null;

export function createApp(services: Services, before: Before = () => null): App {
	const { basePath } = services.config;
	const places = createPlaces(basePath);
	const api: Api = {
		operations: async () => (await import("./routes.ts")).routes.flatMap(operationsOf),
		async at(path) {
			const route = await places.routeAt(path);
			return route ? operationsOf(route) : [];
		},
	};

	function answer(
		{ route, isOpen, params }: Found,
		url: URL,
		{ id, request, address, services: own }: Arrival,
	): Promise<Response> | Response {
		const asked = request.method;
		if (asked === "OPTIONS") return empty(204, { allow: allowedBy(route), ...(isOpen && preflight(request)) });
		// RFC 9110 §9.3.2: HEAD is GET without the content.
		const method = asked === "HEAD" ? "GET" : asked;
		const named = methods.find((each) => each === method && each in route);
		const endpoint = named && (route as AnyRoute)[named];
		// RFC 9110 §15.5.6: with what it takes.
		if (!endpoint) {
			const allow = allowedBy(route);
			return wrongAddress({ request, services: own }, 405, `This address takes ${allow}.`, { allow });
		}
		const handle = typeof endpoint === "function" ? endpoint : endpoint.handle;
		const doc = "doc" in endpoint ? endpoint.doc : undefined;
		const call = { id, request, url, params, address, services: own, api, ...(doc && { doc }) };
		const unknown = isStrict(route) && doc ? refuseUnknownQuery(url, doc.query) : null;
		const refusing = "refusing" in endpoint ? endpoint.refusing : undefined;
		const answered = after(unknown ?? handle(call), (response) =>
			refusing && response.status >= 400 ? refusing(request, response) : response,
		);
		return asked === "HEAD" ? after(answered, (response) => new Response(null, response)) : answered;
	}

	function respond(place: Place | null, arrival: Arrival): Promise<Response> | Response {
		const { request } = arrival;
		return after(before(request, place?.url ?? null), (first) => {
			// What was fetched has headers that nobody may set.
			if (first) return new Response(first.body, first);
			return place?.found && place.within ? answer(place.found, place.within, arrival) : nothingHere(arrival);
		});
	}

	/** With what every answer has, of what was thrown too: a page of another origin has to see that it may try again. */
	function whole(response: Response, place: Place | null, id: string): Promise<Response> | Response {
		// It leads nowhere, so that the issuer's path has no say in it.
		if (isWhole(response)) return response;
		if (place?.found?.isOpen) for (const [name, value] of anyOriginHeaders) response.headers.set(name, value);
		return after(withBase(response, basePath), (based) => withRequestId(based, id, services.config.issuer));
	}

	return {
		fetch(request, address) {
			const start = performance.now();
			const id = crypto.randomUUID();
			const webhookBell = services.webhookBell.held();
			const own = { ...services, log: logOfRequest(id, services.log), webhookBell };
			let place: Place | null = null;
			const finish = (answered: Response) =>
				after(whole(answered, place, id), (response) => {
					// The route and not the path: whatever a caller wrote, in whichever place, stands in no line.
					const method = knownMethods.has(request.method) ? request.method : null;
					const route = place?.found?.route.path ?? null;
					const trace = traceOf(request.headers);
					const ms = Math.round(performance.now() - start);
					webhookBell.release();
					own.log("request", { method, route, status: response.status, ms, ...(trace !== null && { trace }) });
					return response;
				});
			const fail = (error: unknown) => finish(fault(error, own));
			try {
				const answered = after(places.at(request.url), (leadingTo) => {
					place = leadingTo;
					return respond(place, { id, request, address, services: own });
				});
				// One step for all that comes after, since each costs every request.
				return answered instanceof Promise ? answered.then(finish, fail) : finish(answered);
			} catch (error) {
				return fail(error);
			}
		},
		verify: {
			token: (presented, about) => orUnavailable(verifyToken(presented, about, services)),
			key: (presented, about) => orUnavailable(verifyKey(presented, about, services)),
		},
		scheduled: async () => (await import("./operations/upkeep/sweep.ts")).sweep(services),
		sendDueLogouts: async (subject) =>
			(await import("./operations/tokens/send-logouts.ts")).sendDueLogouts(subject, services),
		sendDueWebhooks: async (endpointId) =>
			(await import("./operations/webhooks/send-webhooks.ts")).sendDueWebhooks(endpointId, services),
		catchUpWebhooks: async () => (await import("./operations/webhooks/queue-events.ts")).catchUpWebhooks(services),
	};

	async function orUnavailable<Verdict>(verdict: Promise<Verdict>): Promise<Verdict | Unavailable> {
		try {
			return await verdict;
		} catch (error) {
			fault(error, services);
			return { valid: false, reason: "unavailable" };
		}
	}
}

/** Of this API. The standards have unknown parameters ignored (RFC 6749 §3.1), and the contracts know of none. */
function isStrict({ path }: Route | PageRoute): boolean {
	return path.startsWith("/v1/") || path.startsWith("/auth/sessions");
}

/** Said without a look at anybody. Whoever looks for metadata where there is none has to see the 404, and so needs a preflight. */
function nothingHere(arrival: Arrival): Promise<Response> | Response {
	const { request } = arrival;
	if (isPreflight(request)) return empty(204, preflight(request));
	return wrongAddress(arrival, 404, "There is nothing at this address.", anyOrigin);
}

/** Drawn for people, so not evaluated before it is needed. */
async function wrongAddress(...refused: Parameters<typeof import("./pages/frame/wrong-address.ts").wrongAddress>) {
	return (await import("./pages/frame/wrong-address.ts")).wrongAddress(...refused);
}

/** Goes on at once where nothing has to be waited for. */
function after<Value, Next>(
	value: Promise<Value> | Value,
	goOn: (value: Value) => Promise<Next> | Next,
): Promise<Next> | Next {
	return value instanceof Promise ? value.then(goOn) : goOn(value);
}

/** The last resort: whatever was thrown is for the log. Nothing was acknowledged; the client may try again. */
function fault(error: unknown, services: Services): Response {
	services.log("request.failed", thrown(error));
	const detail = "Something failed on our side. Try again.";
	return problem(503, detail, { headers: { "retry-after": "1" } });
}

const anyOriginHeaders = Object.entries(anyOrigin);

const knownMethods: ReadonlySet<string> = new Set([...methods, "HEAD", "OPTIONS"]);

type AnyRoute = Readonly<Partial<Record<Method, Endpoint | Handler>>>;

/** RFC 9110 §10.2.1 */
function allowedBy(route: Route | PageRoute): string {
	return [...methodsOf(route), ...("GET" in route ? ["HEAD"] : []), "OPTIONS"].join(", ");
}
