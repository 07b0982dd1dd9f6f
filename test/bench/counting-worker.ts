// The same Worker, with bindings that count what goes through them. It is never measured: counting costs.
import { env, withEnv } from "cloudflare:workers";
import { intercept, interceptDatabase } from "../runners/between.ts";
import { type Counts, countsPath, noCounts } from "./counts.ts";

export { DeviceRequestsObject as DeviceRequests } from "../../src/platform/cloudflare/device-requests-object.ts";
export { KeyRingObject as KeyRing } from "../../src/platform/cloudflare/key-ring-object.ts";
export { LedgerObject as Ledger } from "../../src/platform/cloudflare/ledger-object.ts";
export { LimiterObject as Limiter } from "../../src/platform/cloudflare/limiter-object.ts";
export { ReplicaObject as Replica } from "../../src/platform/cloudflare/replica-object.ts";
export { WebhookAlarmObject as WebhookAlarm } from "../../src/platform/cloudflare/webhook-alarm-object.ts";

let counts = noCounts();

const counting = {
	...env,
	LEDGER: countingNamespace(env.LEDGER, "ledger"),
	// A replica is asked in the place of the home.
	REPLICA: countingNamespace(env.REPLICA, "ledger"),
	KEY_RING: countingNamespace(env.KEY_RING, "other"),
	LIMITER: countingNamespace(env.LIMITER, "other"),
	DEVICE_REQUESTS: countingNamespace(env.DEVICE_REQUESTS, "other"),
	CODES: counted(env.CODES, "kv"),
	DB: countingDatabase(env.DB),
	EVENTS: countingDatabase(env.EVENTS),
};

// worker.ts reads its bindings as it is loaded.
const worker = withEnv(counting, async () => (await import("../../src/worker.ts")).default) as Promise<
	typeof import("../../src/worker.ts").default
>;

export default {
	async fetch(request, bindings, context) {
		if (new URL(request.url).pathname !== countsPath) return (await worker).fetch(request, bindings, context);
		const told = counts;
		counts = noCounts();
		return Response.json(told);
	},
} satisfies ExportedHandler<Env>;

/** Every call of a method counts as one. */
function counted<Target extends object>(target: Target, name: keyof Counts): Target {
	return intercept(target, (method, args) => {
		counts[name]++;
		return method(...args);
	});
}

/** A namespace gives out stubs; calls of a stub count. */
function countingNamespace<Namespace extends object>(namespace: Namespace, name: keyof Counts): Namespace {
	return intercept(namespace, (method, args) => counted(method(...args) as object, name));
}

function countingDatabase(database: D1Database): D1Database {
	return interceptDatabase(database, (query, texts) => {
		// What was counted of usage is written every few seconds, whatever request goes on just then.
		const isOfRequest = !texts.some((text) => text.includes("INTO usage_"));
		if (isOfRequest) counts.d1++;
		return query();
	});
}
