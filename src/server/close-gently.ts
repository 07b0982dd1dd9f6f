import { once } from "node:events";
import { Server as NetServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { Server } from "srvx";

/** In milliseconds: whoever is busy on a connection hears in it that it ends, and only those that said nothing are cut off. */
const goodbye = 1000;

/**
 * Accepts nothing more, and resolves when every connection has ended. Node's own `close()` would cut off those that are idle
 * at that instant, though their next request may be on its way: a client under load would lose it, and not know its fate.
 */
export async function closeGently(server: Server): Promise<void> {
	const listener = server.node?.server;
	// Deno answers what its connections have sent, and then ends them.
	if (!(listener instanceof NetServer) || !("closeIdleConnections" in listener)) return server.close();
	const closed = once(listener, "close");
	NetServer.prototype.close.call(listener);
	await Promise.race([closed, pause(goodbye)]);
	listener.close(); // the idle ones now
	await closed;
}
