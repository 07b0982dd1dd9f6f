import { env, waitUntil } from "cloudflare:workers";
import { createApp } from "./app.ts";
import { isLoopback, readConfig } from "./config.ts";
import { systemRandom } from "./crypto/random.ts";
import { seedDemo } from "./operations/seed-demo.ts";
import { createServices, type Log } from "./operations/services.ts";
import { problem } from "./http/problem.ts";
import { cloudflarePlatform } from "./platform/cloudflare/platform.ts";

export { KeyRingObject as KeyRing } from "./platform/cloudflare/key-ring-object.ts";
export { LedgerObject as Ledger } from "./platform/cloudflare/ledger-object.ts";
export { LimiterObject as Limiter } from "./platform/cloudflare/limiter-object.ts";

const log: Log = (event, detail) => console.info(JSON.stringify({ event, ...detail }));

// At the top, so that bad configuration stops the start of the Worker and not its first request.
const config = readConfig({ ...env });
const services = createServices(config, cloudflarePlatform(env), {
	now: () => Math.floor(Date.now() / 1000),
	random: systemRandom,
	log,
	later: (work) => waitUntil(work),
});
const app = createApp(services);

let seeded: Promise<void> | null = null;
/** Once for each isolate, before its first answer; a failure is tried again. */
function seed(): Promise<void> {
	seeded ??= seedDemo(services).catch((error: unknown) => {
		seeded = null;
		throw error;
	});
	return seeded;
}

export default {
	fetch(request, _env, ctx) {
		const reply = answer(request);
		// What a client started is finished though the client goes away: an audit entry after a revocation, or a lookup that
		// other requests wait for.
		ctx.waitUntil(reply);
		return reply;
	},
	scheduled: () => app.scheduled(),
} satisfies ExportedHandler<Env>;

async function answer(request: Request): Promise<Response> {
	// A deployment that was left with the local ISSUER, and so perhaps with published keys, serves nobody.
	if (config.isLocal && !isLoopback(request.url)) {
		const detail = "ISSUER is not configured for this host.";
		return problem({ status: 503, title: "Service Unavailable", detail });
	}
	if (config.demoData) await seed();
	// Cloudflare sets this header itself, over whatever a client sends.
	return app.fetch(request, request.headers.get("cf-connecting-ip"));
}
