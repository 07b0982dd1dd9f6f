import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { TestProject } from "vitest/node";
import { answerVerb } from "./answer-verb.ts";
import { createDeployments } from "./staged-deployments.ts";

/** Serves the Worker for the length of the run: a deployment for each test file, in a workerd of its own. */
export default async function serveWithWorkerd(project: TestProject): Promise<() => Promise<void>> {
	const deployments = await createDeployments();
	const server = createServer((request, response) => void answer(request, response));
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("The system gave no port");
	project.provide("control", `http://127.0.0.1:${address.port}`);
	return async () => {
		server.closeAllConnections();
		server.close();
		await deployments.stopAll();
	};

	async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const asked = new Request(`http://localhost${request.url}`, { method: "POST", body: await text(request) });
		const answered = await answerVerb(asked, () => deployments);
		response.writeHead(answered.status).end(await answered.text());
	}
}
