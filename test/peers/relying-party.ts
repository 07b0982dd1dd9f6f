import type { ServerResponse } from "node:http";
import type { StrangerServer } from "./stranger-server.ts";

/** The server of an application that is told of logouts (OpenID Connect Back-Channel Logout 1.0): what it was told so far. */
export interface RelyingParty {
	readonly uri: string;
	readonly told: readonly Told[];
	/** The one of that number, counted from 0: waits until it has come. */
	nth(index: number): Promise<Told>;
}

export interface Told {
	readonly method: string;
	readonly contentType: string | undefined;
	readonly authorization: string | undefined;
	readonly cookie: string | undefined;
	readonly form: Readonly<Record<string, string>>;
	readonly token: string;
}

/** It answers as the last of `answers` from then on. */
export function startRelyingParty(
	server: StrangerServer,
	...answers: readonly ((response: ServerResponse) => void)[]
): RelyingParty {
	const told: Told[] = [];
	const waiting = new Map<number, (told: Told) => void>();
	const uri = server.serve((request, response) => {
		let body = "";
		request.on("data", (chunk) => (body += String(chunk)));
		request.on("end", () => {
			const { method = "", headers } = request;
			const form = Object.fromEntries(new URLSearchParams(body));
			const { "content-type": contentType, authorization, cookie } = headers;
			const index = told.length;
			const one = { method, contentType, authorization, cookie, form, token: form.logout_token ?? "" };
			told.push(one);
			const answer = answers[Math.min(index, answers.length - 1)] ?? answering(200);
			answer(response);
			waiting.get(index)?.(one);
		});
	});
	return {
		uri,
		told,
		nth: async (index) => told[index] ?? new Promise((resolve) => waiting.set(index, resolve)),
	};
}

export function answering(status: number, headers: Record<string, string> = {}, body = "") {
	return (response: ServerResponse) => void response.writeHead(status, headers).end(body);
}
