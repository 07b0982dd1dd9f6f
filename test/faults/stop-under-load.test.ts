import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { startOnNode } from "../runners/start-serve.ts";
import { demo } from "../support/demo-world.ts";

/** What became of each request of a client, in the order in which it asked. */
type Fate = "answered" | "told to close" | "refused" | "cut off";

const clients = 50;

test("a stop under load cuts off no request that was begun: busy connections are told that they end", async () => {
	const server = await startOnNode();
	const fates: Fate[][] = Array.from({ length: clients }, () => []);
	const asking = fates.map((mine) => askOnAndOn(server.port, mine));
	// Every one of them has a connection that it has used before.
	await expect.poll(() => fates.every((mine) => mine.length > 2), { timeout: 30_000 }).toBe(true);
	await server.stop();
	await Promise.all(asking);
	expect(fates.flat().filter((fate) => fate === "cut off")).toEqual([]);
	const last = fates.map((mine) => mine.slice(-2));
	expect(last).toEqual(Array.from({ length: clients }, () => ["told to close", "refused"]));
});

/** One request after the other in one connection, until nobody listens any more. */
async function askOnAndOn(port: number, fates: Fate[]): Promise<void> {
	const agent = new Agent({ keepAlive: true, maxSockets: 1 });
	while (fates.at(-1) !== "refused" && fates.at(-1) !== "cut off") {
		fates.push(await ask(port, agent));
		await pause(Math.random() * 20);
	}
	agent.destroy();
}

async function ask(port: number, agent: Agent): Promise<Fate> {
	const body = JSON.stringify({ api_key: demo.accessCode });
	const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
	try {
		const asked = request({ agent, host: "127.0.0.1", port, method: "POST", path: "/auth/login", headers });
		asked.end(body);
		const [answer] = (await once(asked, "response")) as [IncomingMessage];
		const { access_token }: { access_token?: string } = JSON.parse(await text(answer));
		if (answer.statusCode !== 200 || access_token === undefined) throw new Error(`It answered ${answer.statusCode}`);
		return answer.headers.connection === "close" ? "told to close" : "answered";
	} catch (error) {
		if (Reflect.get(error as Error, "code") === "ECONNREFUSED") return "refused";
		if (Reflect.get(error as Error, "code") === "ECONNRESET") return "cut off";
		throw error;
	}
}
