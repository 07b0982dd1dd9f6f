import { createServer } from "node:https";
import type { Certificates } from "./certificates.ts";
import { freePort } from "../runners/free-port.ts";

/** The web server of those whose client id is the URL of a Client ID Metadata Document. */
export interface ClientDocuments {
	readonly origin: string;
	/** The URL of the new document. */
	publish(changes: object): string;
	close(): Promise<void>;
}

export async function serveClientDocuments({ key, cert }: Certificates): Promise<ClientDocuments> {
	const published = new Map<string, object>();
	const server = createServer({ key, cert }, (request, response) => {
		const document = published.get(request.url ?? "");
		response.writeHead(document ? 200 : 404, { "content-type": "application/json" });
		response.end(JSON.stringify(document ?? {}));
	});
	const port = await freePort();
	await new Promise<void>((resolve) => server.listen(port, "localhost", resolve));
	const origin = `https://localhost:${port}`;
	return {
		origin,
		publish(changes) {
			const path = `/clients/${published.size}.json`;
			const about = { client_id: `${origin}${path}`, client_name: "MCP interop", token_endpoint_auth_method: "none" };
			published.set(path, { ...about, grant_types: ["authorization_code", "refresh_token"], ...changes });
			return `${origin}${path}`;
		},
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
