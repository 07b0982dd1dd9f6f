// `npm run demo`: the main job, from a fresh start, as an integrator sees it. Ends with 0 only if every step held.
import { startCallbackServer } from "../test/peers/callback-server.ts";
import { startWrangler } from "../test/runners/start-wrangler.ts";
import { integration } from "./demo/integration.ts";
import { login } from "./demo/login.ts";
import { ownApi } from "./demo/own-api.ts";
import { createSteps, sceneAt } from "./demo/steps.ts";
import { transcribe } from "./transcript.ts";

const print = (line: string) => console.log(line);
const send = transcribe((line) => print(`   ${line}`));
const endings: (() => Promise<void>)[] = [];
let ending: Promise<void> | null = null;
const steps = createSteps(print);

let stopped = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
	process.once(signal, () => {
		stopped = true;
		print(`\nStopped by ${signal} at ${steps.now()}`);
		void end().finally(() => process.exit(1));
	});
}

const begun = Date.now();
try {
	await run();
	await end();
	print(`\nAll ${steps.count()} steps held, in ${((Date.now() - begun) / 1000).toFixed(1)} s.`);
} catch (error) {
	await end();
	const reason = error instanceof Error ? error.message : JSON.stringify(error);
	// What fails after a signal, fails of that.
	if (!stopped) print(`\nFAILED at ${steps.now()}: ${reason}`);
	process.exitCode = 1;
}

async function run(): Promise<void> {
	print("Starting the integrator's web server on port 8788, and the Worker (wrangler dev) on fresh local state …");
	const callback = await startCallbackServer();
	endings.push(callback.close);
	const { origin, ready, stop } = await startWrangler();
	endings.push(stop);
	await ready;
	print(`The Worker answers at ${origin}\n`);
	const scene = sceneAt(origin, steps, send);
	await integration(scene, callback.next);
	await login(scene);
	await ownApi(scene);
}

/** What was started ends once, and whoever else asks waits for it. */
function end(): Promise<void> {
	ending ??= (async () => {
		for (const each of endings.toReversed()) await each();
	})();
	return ending;
}
