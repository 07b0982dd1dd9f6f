// The Worker as it is deployed, with one more entry point, which has a socket of its own: what a test does behind its back.
// workerd-setup.ts builds it and starts it; the Worker itself knows nothing of it.
import { env, WorkerEntrypoint } from "cloudflare:workers";
import { answerVerb } from "./answer-verb.ts";
import { cloudflareBackstage } from "./cloudflare-backstage.ts";
import { scrypt } from "./remembered-crypto.ts";
import { stillClock } from "./still-clock.ts";

export * from "../../src/worker.ts";
export { default } from "../../src/worker.ts";

// For the module that stands for node:crypto: see staged-deployments.ts.
Object.assign(globalThis, { rememberedScrypt: scrypt });

const clock = stillClock();
const lines: string[] = [];
Object.assign(console, { info: (line: unknown) => lines.push(String(line)) });

const verbs = {
	...cloudflareBackstage(env),
	...clock,
	logged: () => lines,
};

export class Backstage extends WorkerEntrypoint {
	override fetch(request: Request): Promise<Response> {
		return answerVerb(request, () => verbs);
	}
}
