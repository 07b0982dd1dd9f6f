// The app on Deno, over HTTP, as many times as there are test files. Run by deno-setup.ts. One port is the control
// channel: it starts deployments and does their backstage work. The app itself knows nothing of it.
import { developmentSealKey } from "../../src/config.ts";
import { type MemoryApp, startMemoryApp } from "./memory-app.ts";
import type { Started } from "./backstage.ts";

const apps = new Map<string, MemoryApp>();
const local = { hostname: "127.0.0.1", port: 0 };

const control = Deno.serve({ ...local, onListen: () => {} }, async (request) => {
	const [, id = "", verb = ""] = new URL(request.url).pathname.split("/");
	try {
		const args: unknown[] = JSON.parse(await request.text());
		const value = id === "start" ? await start() : await run(id, verb, args);
		return Response.json({ value: value ?? null });
	} catch (error) {
		return new Response(String(error), { status: 500 });
	}
});
// The first line of output tells the setup where.
console.log(`http://127.0.0.1:${control.addr.port}`);

async function start(): Promise<Started> {
	const app = await startMemoryApp({
		ISSUER: "http://localhost:8787",
		SEAL_KEYS: `1:${developmentSealKey}`,
		DEMO_DATA: "on",
	});
	const server = Deno.serve({ ...local, onListen: () => {} }, (request) => app.fetch(request));
	const id = String(apps.size);
	apps.set(id, app);
	return { id, origin: `http://127.0.0.1:${server.addr.port}`, now: app.now() };
}

function run(id: string, verb: string, args: readonly unknown[]): unknown {
	const app = apps.get(id);
	const method: unknown = app && Object.hasOwn(app, verb) ? Reflect.get(app, verb) : null;
	if (typeof method !== "function") throw new TypeError(`There is no ${verb} of ${id}`);
	return Reflect.apply(method, app, args);
}
