import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCertificates } from "./certificates.ts";

/** A client's web server behind https that hands what comes back to it on by a redirect of its own, as hosted ones do. */
export interface OnwardServer {
	readonly origin: string;
	/** The callback that hands on to this destination. */
	callback(to: string): string;
	/** What its callbacks got so far: method and URL. */
	readonly seen: readonly string[];
	close(): Promise<void>;
}

export async function startOnwardServer(destinations: Readonly<Record<string, string>>): Promise<OnwardServer> {
	const folder = await mkdtemp(join(tmpdir(), "onward-"));
	const { cert, key } = await makeCertificates(folder);
	const seen: string[] = [];
	const server = createServer({ cert, key }, (request, response) => {
		const url = new URL(request.url ?? "/", "https://localhost");
		const to = destinations[decodeURIComponent(url.pathname.replace("/callback/", ""))];
		if (to === undefined) {
			response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
			// What signinPopup() of oidc-client-ts and its like do: the page that opened the window is told.
			response.end(
				"<!doctype html><title>Client</title><script>opener?.postMessage(location.href)</script><h1>Here</h1>",
			);
			return;
		}
		seen.push(`${request.method} ${url.href}`);
		response.writeHead(307, { location: to }).end();
	});
	await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("The server has no port");
	const origin = `https://localhost:${address.port}`;
	return {
		origin,
		callback: (to) => `${origin}/callback/${encodeURIComponent(to)}`,
		seen,
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
			await rm(folder, { recursive: true, force: true });
		},
	};
}
