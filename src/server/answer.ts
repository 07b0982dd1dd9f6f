import type { App } from "../app.ts";
import type { Config } from "../config.ts";
import { problem } from "../http/problem.ts";
import { refuseOutsiders } from "../local-only.ts";
import type { Log } from "../operations/log.ts";
import { type AddressSource, clientAddress } from "./client-address.ts";
import type { StaticFiles } from "./static-files.ts";

export interface Answering {
	readonly app: App;
	readonly config: Config;
	readonly files: StaticFiles;
	readonly addressSource: AddressSource;
	readonly log: Log;
}

/** Static files and the app, and one line in the log for each request. `socket` is the address at its other end. */
export async function answer(request: Request, socket: string | null, context: Answering): Promise<Response> {
	const start = performance.now();
	const { method } = request;
	const url = URL.canParse(request.url) ? new URL(request.url) : null;
	const response = url ? await respond(request, url, socket, context) : noHost();
	const ms = Math.round(performance.now() - start);
	context.log("request", { method, path: url && loggedPath(url), status: response.status, ms });
	return response;
}

async function respond(request: Request, url: URL, socket: string | null, context: Answering): Promise<Response> {
	const { app, config, files } = context;
	const address = clientAddress(context.addressSource, request.headers, socket);
	// https://fetch.spec.whatwg.org/#forbidden-method: no Request can be made with one, and the app makes some.
	if (["TRACE", "TRACK"].includes(request.method)) return notImplemented();
	return refuseOutsiders(url.href, config) ?? files(request, url.pathname) ?? (await app.fetch(request, address));
}

function noHost(): Response {
	return problem(400, "The Host header names no host.", { title: "Bad Request" });
}

function notImplemented(): Response {
	return problem(501, "No address takes this method.", { title: "Not Implemented" });
}

/**
 * Codes and ?apiKey= travel in queries, so that nothing of a query is logged. In a path no credential has its place, but a
 * client may err: what is longer than any id is left out.
 */
function loggedPath({ pathname }: URL): string {
	return pathname.replaceAll(/[\w.~%-]{50,}/g, "…").slice(0, 200);
}
