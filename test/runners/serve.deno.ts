// The app on Deno, over HTTP, as many times as there are test files. Run by deno-setup.ts. One port is the control
// channel: it starts and stops deployments and does their backstage work. The app itself knows nothing of it.
import { developmentSealKey } from "../../src/config.ts";
import { answerVerb } from "./answer-verb.ts";
import type { Backstage, Started } from "./backstage.ts";
import { startMemoryApp } from "./memory-app.ts";

interface Deployment {
	readonly backstage: Backstage;
	stop(): Promise<void>;
}

const deployments = new Map<string, Deployment>();
const local = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
let started = 0;

const control = Deno.serve(local, (request) => answerVerb(request, methodsOf));
const controlOrigin = `http://127.0.0.1:${control.addr.port}`;
// The first line of output tells the setup where.
console.log(controlOrigin);

function methodsOf(path: string): object {
	if (path === "") return { start, stop };
	const deployment = deployments.get(path.slice(1));
	if (!deployment) throw new Error(`There is no deployment ${path}`);
	return deployment.backstage;
}

async function start(): Promise<Started> {
	const app = await startMemoryApp({
		ISSUER: "http://localhost:8787",
		SEAL_KEYS: `1:${developmentSealKey}`,
		DEMO_DATA: "on",
		REGISTRATION: "open",
	});
	const server = Deno.serve(local, (request) => app.fetch(request));
	const id = String(started++);
	deployments.set(id, { backstage: app, stop: () => server.shutdown() });
	const origin = `http://127.0.0.1:${server.addr.port}`;
	return { id, origin, backstage: `${controlOrigin}/${id}`, now: app.now() };
}

async function stop(id: string): Promise<void> {
	await deployments.get(id)?.stop();
	deployments.delete(id);
}
