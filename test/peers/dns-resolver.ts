import { createServer } from "node:http";
import { decode, encode } from "dns-packet";

/** A resolver of DNS over HTTPS (RFC 8484) on this machine, that says what a test has it say. */
export interface DnsResolver {
	readonly url: string;
	/** The TXT records of each name that there is. */
	readonly texts: Map<string, readonly string[]>;
	/** What it answers to anything, in the place of what it would. */
	instead: { readonly status: number; readonly body: Uint8Array } | "nothing" | null;
	/** What it was asked for. */
	readonly asked: string[];
	close(): Promise<void>;
}

export async function startDnsResolver(): Promise<DnsResolver> {
	const server = createServer((request, response) => {
		const url = new URL(request.url ?? "/", "http://localhost");
		const { questions: [question] = [] } = decode(Buffer.from(url.searchParams.get("dns") ?? "", "base64url"));
		const name = question?.name ?? "";
		resolver.asked.push(`${request.method} ${request.headers.accept} ${question?.type} ${name}`);
		const { instead } = resolver;
		if (instead === "nothing") return;
		const texts = resolver.texts.get(name);
		const answers = (texts ?? []).map((data) => ({ type: "TXT", class: "IN", name, ttl: 60, data }) as const);
		// RFC 1035 §4.1.1: 3 for a name that does not exist.
		const message = encode({
			type: "response",
			id: 0,
			flags: texts ? 0 : 3,
			questions: question ? [question] : [],
			answers,
		});
		response.writeHead(instead?.status ?? 200, { "content-type": "application/dns-message" });
		response.end(instead?.body ?? message);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("The server has no port");
	const resolver: DnsResolver = {
		url: `http://127.0.0.1:${address.port}/dns-query`,
		texts: new Map(),
		instead: null,
		asked: [],
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
	return resolver;
}
