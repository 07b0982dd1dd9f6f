import { lookup as lookUp } from "node:dns";
import { type ClientRequestArgs, type IncomingMessage, request as askByHttp } from "node:http";
import { request as askByHttps } from "node:https";
import { Readable } from "node:stream";
import { isLoopback } from "../domain/public-host.ts";
import type { Fetch } from "../operations/clients/outbound.ts";
import { type Address, isOfThisMachine, isPublic } from "./address.ts";

type Lookup = NonNullable<ClientRequestArgs["lookup"]>;

/** As `dns.lookup` does: every address that a name has. A name that has none comes with the error alone. */
type Resolve = (
	hostname: string,
	options: { readonly all: true; readonly hints?: number },
	callback: (error: Error | null, addresses?: readonly Address[]) => void,
) => void;

/**
 * A `fetch` for URLs that strangers chose, on a machine that has a network of its own behind it. The rule on names
 * (domain/public-host.ts) has been asked; this one judges the addresses that a name has, and connects to one of those that it
 * judged: a name that has another address a moment later leads nowhere else. `fetch` itself would look it up once more.
 */
export function publicFetch({ isLocal }: { readonly isLocal: boolean }, resolve: Resolve = lookUp): Fetch {
	return (url, { headers, signal, body }) =>
		new Promise((settle, reject) => {
			const target = new URL(url);
			// On a loopback issuer its neighbours there may be named, and then nothing else answers by that name.
			const isGood = isLocal && isLoopback(target) ? isOfThisMachine : isPublic;
			const lookup: Lookup = (name, { hints, all }, callback) =>
				resolve(name, { all: true, ...(hints !== undefined && { hints }) }, (error, addresses = []) => {
					const [first] = addresses;
					const problem = error ?? (first && addresses.every(isGood) ? null : new Error("of no public host"));
					if (problem || !first) return callback(problem, "");
					return all ? callback(null, [...addresses]) : callback(null, first.address, first.family);
				});
			const ask = target.protocol === "https:" ? askByHttps : askByHttp;
			// `identity`: nothing here unpacks what was packed. No agent: a connection serves the one request that judged it.
			const sent = {
				method: body === undefined ? "GET" : "POST",
				headers: { ...headers, host: target.host, "accept-encoding": "identity" },
				signal,
			};
			const asked = ask(target, { ...sent, lookup, agent: false }, (message) => {
				try {
					settle(toResponse(message));
				} catch (error) {
					message.destroy();
					reject(error instanceof Error ? error : new Error(`no answer of ${target.hostname}`));
				}
			});
			asked.once("error", reject);
			asked.end(body);
		});
}

/** Throws for a status that is none. */
function toResponse(message: IncomingMessage): Response {
	const { statusCode: status = 0 } = message;
	const headers = new Headers();
	for (const [name, values = []] of Object.entries(message.headersDistinct)) {
		for (const value of values) headers.append(name, value);
	}
	const hasNone = status === 204 || status === 205 || status === 304;
	if (hasNone) message.resume();
	return new Response(hasNone ? null : (Readable.toWeb(message) as ReadableStream<Uint8Array>), { status, headers });
}
