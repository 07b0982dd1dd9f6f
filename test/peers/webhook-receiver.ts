import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { vi } from "vitest";
import { Webhook } from "standardwebhooks";
import { answering } from "./relying-party.ts";
import type { StrangerServer } from "./stranger-server.ts";

/** The server of whoever is told by webhooks: what it was sent so far. */
export interface WebhookReceiver {
	readonly url: string;
	readonly received: readonly Received[];
	/** The one of that number, counted from 0: waits until it has come. */
	nth(index: number): Promise<Received>;
	/** How it answers from now on. */
	answers(how: (response: ServerResponse, one: Received) => void): void;
}

export interface Received {
	readonly method: string;
	readonly headers: IncomingHttpHeaders;
	readonly body: string;
	readonly id: string;
	/** Parsed, and not verified. */
	readonly event: {
		readonly type: string;
		readonly timestamp: string;
		readonly data: Readonly<Record<string, unknown>>;
	};
}

export function startWebhookReceiver(server: StrangerServer): WebhookReceiver {
	const received: Received[] = [];
	const waiting = new Map<number, (one: Received) => void>();
	let answer: (response: ServerResponse, one: Received) => void = answering(204);
	const url = server.serve((request, response) => {
		let body = "";
		request.on("data", (chunk) => (body += String(chunk)));
		request.on("end", () => {
			const { method = "", headers } = request;
			const one = { method, headers, body, id: String(headers["webhook-id"]), event: JSON.parse(body) };
			const index = received.push(one) - 1;
			answer(response, one);
			waiting.get(index)?.(one);
		});
	});
	return {
		url,
		received,
		nth: async (index) => received[index] ?? new Promise((resolve) => waiting.set(index, resolve)),
		answers: (how) => (answer = how),
	};
}

/** As the library of the specification judges it, at this instant: what it read of the body. Throws where it is refused. */
export function verified({ headers, body }: Pick<Received, "headers" | "body">, secret: string, at: number): unknown {
	vi.useFakeTimers({ toFake: ["Date"], now: at * 1000 });
	try {
		return new Webhook(secret).verify(body, headers as Record<string, string>);
	} finally {
		vi.useRealTimers();
	}
}
