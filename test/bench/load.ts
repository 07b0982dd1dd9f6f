import { Agent, request as httpRequest } from "node:http";

export interface Request {
	readonly method: "GET" | "POST";
	readonly path: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: string;
}

export interface Answer {
	readonly status: number;
	readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
	readonly body: string;
}

/** Sends to one origin over at most {@link lanes} connections, which stay open. */
export type Send = (request: Request) => Promise<Answer>;

/** Requests under way at the same time. */
export const lanes = 16;

export function sender(origin: URL): { send: Send; close: () => void } {
	const agent = new Agent({ keepAlive: true, maxSockets: lanes });
	const send: Send = (request) =>
		new Promise((resolve, reject) => {
			const { method, path, headers = {}, body } = request;
			const { hostname, port } = origin;
			const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
			const sent = httpRequest(
				{ agent, hostname, port, method, path, headers: { ...headers, ...length } },
				(response) => {
					let text = "";
					response.setEncoding("utf8");
					response.on("data", (chunk: string) => (text += chunk));
					response.on("end", () =>
						resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
					);
					response.on("error", reject);
				},
			);
			sent.on("error", (error) => {
				// A connection that had been idle while other builds had their turn, and that the server closed just then.
				if (sent.reusedSocket && "code" in error && error.code === "ECONNRESET") resolve(send(request));
				else reject(new Error(`${method} ${path}: ${error.message}`, { cause: error }));
			});
			sent.end(body);
		});
	return { send, close: () => agent.destroy() };
}

/** What a load is made of. A lane has one request under way at a time, so that one may build on the answer before it. */
export interface Source {
	/** What it is answered with, where that is not 200. */
	readonly status?: number;
	/** Null where the supply is used up. */
	next(lane: number): Request | null;
	answered?(lane: number, answer: Answer): void;
}

export interface Load {
	readonly seconds: number;
	/** Milliseconds, one for each request. */
	readonly latencies: readonly number[];
}

/** Keeps every lane busy until so many requests are answered. Any other answer stops the benchmark. */
export async function load(send: Send, source: Source, requests: number): Promise<Load> {
	const latencies: number[] = [];
	const start = performance.now();
	let left = requests;
	const runLane = async (lane: number) => {
		while (left-- > 0) {
			const request = source.next(lane);
			if (!request) throw new Error("There is nothing left to ask");
			const sent = performance.now();
			const answer = await send(request);
			latencies.push(performance.now() - sent);
			if (answer.status !== (source.status ?? 200))
				throw new Error(`${request.path} answered ${answer.status}: ${answer.body}`);
			source.answered?.(lane, answer);
		}
	};
	await Promise.all(Array.from({ length: lanes }, (_, lane) => runLane(lane)));
	return { seconds: (performance.now() - start) / 1000, latencies };
}
