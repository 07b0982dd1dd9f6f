import { createServer, type Server } from "node:http";

/** The web server of an integrator: where the redirect URLs of the demonstration clients lead. */
export interface CallbackServer {
	/** The URL of the next request, or of the earliest one that nobody has asked for yet. */
	readonly next: () => Promise<URL>;
	/** All that have come so far. */
	readonly seen: readonly URL[];
	/** Answers the next request with a redirect to there. */
	readonly leadOn: (url: string) => void;
	readonly close: () => Promise<void>;
}

/** Registered with the demonstration clients (demo-data.ts), so it is not ours to choose. Those that a test registers have another. */
export const demoPort = 8788;

class PortTakenError extends Error {
	constructor(host: string, port: number) {
		const why = "the demonstration clients have their redirect URLs there";
		super(`Port ${port} of ${host} is taken. Please free it: ${why}.`);
	}
}

export async function startCallbackServer(port = demoPort): Promise<CallbackServer> {
	const seen: URL[] = [];
	let taken = 0;
	let onward: string | null = null;
	const waiting: (() => void)[] = [];
	const listen = (host: string) =>
		new Promise<Server | null>((resolve, reject) => {
			const server = createServer((request, response) => {
				const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
				if (url.pathname.endsWith("/callback")) {
					seen.push(url);
					waiting.shift()?.();
				}
				if (onward !== null && url.pathname.endsWith("/callback")) {
					response.writeHead(303, { location: onward }).end();
					onward = null;
					return;
				}
				response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
				response.end("<!doctype html><html lang=en><title>Integrator</title><h1>Thank you, you can go on</h1>");
			});
			server.once("error", (error: NodeJS.ErrnoException) => {
				if (error.code === "EADDRINUSE") reject(new PortTakenError(host, port));
				// A machine without IPv6.
				else if (host === "::1") resolve(null);
				else reject(error);
			});
			server.listen(port, host, () => resolve(server));
		});
	const first = await listen("127.0.0.1");
	const servers = [first];
	const close = async () => {
		for (const server of servers) {
			server?.closeAllConnections();
			await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
		}
	};
	try {
		servers.push(await listen("::1"));
	} catch (error) {
		await close();
		throw error;
	}

	return {
		async next() {
			const index = taken++;
			if (index >= seen.length) await new Promise<void>((resolve) => waiting.push(resolve));
			const url = seen[index];
			if (!url) throw new Error("The callback server lost a request");
			return url;
		},
		seen,
		leadOn(url) {
			onward = url;
		},
		close,
	};
}
