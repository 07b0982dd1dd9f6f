import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** A web server that a stranger has, on this machine: what it serves at a path, and what it was asked. */
export interface StrangerServer {
	readonly origin: string;
	/** Serves this from now on; the URL. Without a path of its own it gets a new one. */
	serve(what: Served, path?: string): string;
	/** As JSON. */
	serveJson(body: unknown, headers?: Record<string, string>, path?: string): string;
	/** The requests to a URL so far. */
	askedFor(url: string): readonly IncomingMessage[];
	close(): Promise<void>;
}

type Served = (request: IncomingMessage, response: ServerResponse) => void;

export async function startStrangerServer(): Promise<StrangerServer> {
	const served = new Map<string, Served>();
	const asked: IncomingMessage[] = [];
	const server = createServer((request, response) => {
		asked.push(request);
		const what = served.get(request.url ?? "");
		if (what) return what(request, response);
		response.writeHead(404).end();
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("The server has no port");
	const origin = `http://127.0.0.1:${address.port}`;
	let made = 0;
	function serve(what: Served, path = `/${++made}.json`): string {
		served.set(path, what);
		return origin + path;
	}
	return {
		origin,
		serve,
		serveJson: (body, headers = {}, path) =>
			serve((_, response) => {
				response.writeHead(200, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
			}, path),
		askedFor: (url) => asked.filter((request) => origin + (request.url ?? "") === url),
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
