// The Worker as it is deployed, in a colo that is as far from its ledgers as it is told, and its objects, which count what they are asked.
import { env, withEnv } from "cloudflare:workers";
import { LedgerObject } from "../../src/platform/cloudflare/ledger-object.ts";
import { ReplicaObject } from "../../src/platform/cloudflare/replica-object.ts";
import { intercept } from "../runners/between.ts";
import { type Asked, askedPath, type Trouble, troublePath } from "./far.ts";

export { DeviceRequestsObject as DeviceRequests } from "../../src/platform/cloudflare/device-requests-object.ts";
export { WebhookAlarmObject as WebhookAlarm } from "../../src/platform/cloudflare/webhook-alarm-object.ts";
export { KeyRingObject as KeyRing } from "../../src/platform/cloudflare/key-ring-object.ts";
export { LimiterObject as Limiter } from "../../src/platform/cloudflare/limiter-object.ts";

/** Milliseconds there and back. */
const distance = Number(Reflect.get(env, "DISTANCE") ?? 0);
/** Null where nobody says where this is. */
const colo: unknown = Reflect.get(env, "COLO") ?? null;

/** Of the objects, which are all in one isolate. */
let asked: Asked = { home: 0, lent: 0, replica: 0, own: 0, recalled: 0 };
let trouble: Trouble = null;

export class Ledger extends LedgerObject {
	override run(...args: Parameters<LedgerObject["run"]>): Promise<unknown> {
		asked.home += 1;
		return super.run(...args);
	}

	override lend(...args: Parameters<LedgerObject["lend"]>): ReturnType<LedgerObject["lend"]> {
		asked.lent += 1;
		return super.lend(...args);
	}

	goDown(): void {
		this.ctx.abort("the instance went down");
	}
}

export class Replica extends ReplicaObject {
	constructor(state: DurableObjectState, bindings: Env) {
		super(state, { ...bindings, LEDGER: far(bindings.LEDGER, farAway) });
	}

	override async check(...args: Parameters<ReplicaObject["check"]>): ReturnType<ReplicaObject["check"]> {
		asked.replica += 1;
		if (trouble === "fails") throw new Error("the replica fails");
		if (trouble === "is slow") await scheduler.wait(2000);
		const answer = await super.check(...args);
		if (answer.isOwn) asked.own += 1;
		return answer;
	}

	override async recall(...args: Parameters<ReplicaObject["recall"]>): Promise<{ readonly instance: string }> {
		asked.recalled += 1;
		if (trouble === "hears nothing") throw new Error("the replica hears nothing");
		return super.recall(...args);
	}

	goDown(): void {
		this.ctx.abort("the instance went down");
	}
}

/** Of each colo from the home of all: a replica passes on over the same way as an isolate beside it. */
const farAway = 30;

const worker = withEnv(
	{ ...env, LEDGER: far(env.LEDGER, distance) },
	async () => (await import("../../src/worker.ts")).default,
) as Promise<typeof import("../../src/worker.ts").default>;

interface GoesDown {
	goDown(): Promise<void>;
}

export default {
	async fetch(request, bindings, context) {
		const { pathname, searchParams } = new URL(request.url);
		if (pathname === askedPath) {
			const told = asked;
			asked = { home: 0, lent: 0, replica: 0, own: 0, recalled: 0 };
			return Response.json(told);
		}
		if (pathname === troublePath) {
			trouble = await request.json<Trouble>();
			const [ledger, replica] = [searchParams.get("ledger"), searchParams.get("replica")];
			if (ledger) await down(env.LEDGER.getByName(ledger));
			if (replica) await down(env.REPLICA.getByName(replica));
			return Response.json(null);
		}
		const here = colo === null ? request : new Request(request, { cf: { colo } as CfProperties });
		return (await worker).fetch(here as typeof request, bindings, context);
	},
} satisfies ExportedHandler<Env>;

async function down(object: object): Promise<void> {
	// The call goes down with the object.
	await (object as GoesDown).goDown().catch(() => null);
}

/** A namespace gives out stubs; each of their calls takes its way. */
function far<Namespace extends object>(namespace: Namespace, way: number): Namespace {
	return intercept(namespace, (method, args) =>
		intercept(method(...args) as object, async (call, rest) => {
			await scheduler.wait(way / 2);
			const answer = await call(...rest);
			await scheduler.wait(way / 2);
			return answer;
		}),
	);
}
