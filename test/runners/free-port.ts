import { createServer } from "node:net";

// Below the ports that the system gives to outgoing connections, one of which might take it before the server does; and
// every process counts through a range of its own, for the others ask at the same time.
let next = 10_000 + ((process.pid * 32) % 20_000);

/** A port of this machine that nobody listens on, and that nobody else is told of. */
export async function freePort(): Promise<number> {
	for (;;) {
		const port = next++;
		if (await isFree(port)) return port;
	}
}

function isFree(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const server = createServer();
		server.once("error", () => resolve(false));
		server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
	});
}
