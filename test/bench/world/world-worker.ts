// The Worker as it is deployed, in one of the regions, and its objects: each call between two regions takes the way there and back.
// The worker of the home region has the objects.
import { env, withEnv } from "cloudflare:workers";
import { LedgerObject } from "../../../src/platform/cloudflare/ledger-object.ts";
import { ReplicaObject } from "../../../src/platform/cloudflare/replica-object.ts";
import { intercept, interceptDatabase } from "../../runners/between.ts";
import { type Asked, askPath, type Cut, cutPath } from "./holders.ts";
import { home, type Region, regionOf, roundTrip } from "./regions.ts";

export { DeviceRequestsObject as DeviceRequests } from "../../../src/platform/cloudflare/device-requests-object.ts";
export { WebhookAlarmObject as WebhookAlarm } from "../../../src/platform/cloudflare/webhook-alarm-object.ts";
export { KeyRingObject as KeyRing } from "../../../src/platform/cloudflare/key-ring-object.ts";
export { LimiterObject as Limiter } from "../../../src/platform/cloudflare/limiter-object.ts";

const here = regionOf(String(Reflect.get(env, "REGION")));

/** The colo whose replicas hear of nothing. Of the objects, which are all in one isolate. */
let cutOff: string | null = null;

export class Ledger extends LedgerObject {
	constructor(state: DurableObjectState, bindings: Env) {
		super(state, {
			...bindings,
			REPLICA: far(bindings.REPLICA, (replica) => roundTrip(home, regionOfReplica(replica))),
		});
	}
}

export class Replica extends ReplicaObject {
	readonly #name = String(this.ctx.id.name);

	constructor(state: DurableObjectState, bindings: Env) {
		const way = roundTrip(regionOfReplica(String(state.id.name)), home);
		super(state, { ...bindings, LEDGER: far(bindings.LEDGER, () => way) });
	}

	override async recall(...args: Parameters<ReplicaObject["recall"]>): ReturnType<ReplicaObject["recall"]> {
		if (cutOff !== null && this.#name.startsWith(cutOff)) throw new Error("Nothing gets there");
		return super.recall(...args);
	}
}

const toHome = roundTrip(here, home);
const queried = (query: () => Promise<unknown>) => along(toHome, query);
const bindings = {
	...env,
	LEDGER: far(env.LEDGER, () => toHome),
	KEY_RING: far(env.KEY_RING, () => toHome),
	LIMITER: far(env.LIMITER, () => toHome),
	DEVICE_REQUESTS: far(env.DEVICE_REQUESTS, () => toHome),
	DB: interceptDatabase(env.DB, queried),
	EVENTS: interceptDatabase(env.EVENTS, queried),
};
const worker = withEnv(bindings, async () => (await import("../../../src/worker.ts")).default) as Promise<
	typeof import("../../../src/worker.ts").default
>;

export default {
	async fetch(request, _, context) {
		const { pathname } = new URL(request.url);
		if (pathname === cutPath) {
			cutOff = (await request.json<Cut>()).colo;
			return Response.json(null);
		}
		if (pathname === askPath) return Response.json(await askReplicas(await request.json<Asked>()));
		const cf = { colo: here } as unknown as CfProperties;
		return (await worker).fetch(new Request(request, { cf }) as typeof request, bindings, context);
	},
} satisfies ExportedHandler<Env>;

/** What replicas of other colos say, where isolates ask them that are none of this run's. */
function askReplicas({ replicas, subject, verb, args }: Asked): Promise<unknown[]> {
	const checks = replicas.map(async (name) => {
		const replica = env.REPLICA.getByName(name) as unknown as Pick<ReplicaObject, "check">;
		return (await replica.check(subject, verb, args)).answer;
	});
	return Promise.all(checks);
}

function regionOfReplica(name: string): Region {
	return regionOf(name.slice(0, 3));
}

/** A namespace gives out stubs by a name; each of their calls takes its way. */
function far<Namespace extends object>(namespace: Namespace, way: (name: string) => number): Namespace {
	return intercept(namespace, (method, args) =>
		intercept(method(...args) as object, (call, rest) => along(way(String(args[0])), async () => call(...rest))),
	);
}

async function along<Answer>(way: number, ask: () => Promise<Answer>): Promise<Answer> {
	if (way === 0) return ask();
	const there = Math.floor(way / 2);
	await scheduler.wait(there);
	const answer = await ask();
	await scheduler.wait(way - there);
	return answer;
}
