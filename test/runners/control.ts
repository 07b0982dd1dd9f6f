import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { answerVerb } from "./answer-verb.ts";

export interface Control {
	readonly origin: string;
	close(): void;
}

/** The channel over which target-http.ts starts deployments, stops them, and does their backstage work. */
export async function openControl(methodsOf: (path: string) => object): Promise<Control> {
	const server = createServer((request, response) => void answer(request, response));
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("The system gave no port");
	return {
		origin: `http://127.0.0.1:${address.port}`,
		close() {
			server.closeAllConnections();
			server.close();
		},
	};

	async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const asked = new Request(`http://localhost${request.url}`, { method: "POST", body: await text(request) });
		const answered = await answerVerb(asked, methodsOf);
		response.writeHead(answered.status).end(await answered.text());
	}
}
