// The same Worker, far enough from its ledgers that replicas are asked where there are any, with bindings and objects that count
// what is billed.
import { env, withEnv } from "cloudflare:workers";
import { LedgerObject } from "../../../src/platform/cloudflare/ledger-object.ts";
import { ReplicaObject } from "../../../src/platform/cloudflare/replica-object.ts";
import { intercept, interceptDatabase } from "../../runners/between.ts";
import { type Asked, askPath } from "../world/holders.ts";
import { billedPath, nearPath, nothing } from "./billed.ts";

export { DeviceRequestsObject as DeviceRequests } from "../../../src/platform/cloudflare/device-requests-object.ts";
export { WebhookAlarmObject as WebhookAlarm } from "../../../src/platform/cloudflare/webhook-alarm-object.ts";
export { KeyRingObject as KeyRing } from "../../../src/platform/cloudflare/key-ring-object.ts";
export { LimiterObject as Limiter } from "../../../src/platform/cloudflare/limiter-object.ts";

const colo = "SIN";
const milliseconds = 20;

let billed = nothing();
/** Of the verb that runs: how many rows it touched is known when it is over. */
let cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] | null = null;
/** Of the isolate: until it knows where it is, it asks no replica. */
let isNear = false;

export class Ledger extends LedgerObject {
	constructor(state: DurableObjectState, bindings: Env) {
		countRows(state.storage);
		super(state, { ...bindings, REPLICA: counted(bindings.REPLICA) });
	}

	override run(...args: Parameters<LedgerObject["run"]>): Promise<unknown> {
		return withRows(() => super.run(...args));
	}

	override lend(...args: Parameters<LedgerObject["lend"]>): ReturnType<LedgerObject["lend"]> {
		return withRows(() => super.lend(...args));
	}
}

export class Replica extends ReplicaObject {
	constructor(state: DurableObjectState, bindings: Env) {
		super(state, { ...bindings, LEDGER: counted(bindings.LEDGER, milliseconds) });
	}
}

const bindings = {
	...env,
	LEDGER: counted(env.LEDGER, milliseconds),
	REPLICA: counted(env.REPLICA),
	KEY_RING: counted(env.KEY_RING),
	LIMITER: counted(env.LIMITER),
	DEVICE_REQUESTS: counted(env.DEVICE_REQUESTS),
	CODES: intercept(env.CODES, (method, args, name) => {
		billed[name === "get" ? "kvReads" : "kvWrites"]++;
		return method(...args);
	}),
	DB: countedDatabase(env.DB),
	EVENTS: countedDatabase(env.EVENTS),
};
const worker = withEnv(bindings, async () => (await import("../../../src/worker.ts")).default) as Promise<
	typeof import("../../../src/worker.ts").default
>;

export default {
	async fetch(request, _, context) {
		const { pathname } = new URL(request.url);
		if (pathname === billedPath) {
			const told = billed;
			billed = nothing();
			return Response.json(told);
		}
		if (pathname === askPath) {
			await askReplicas(await request.json<Asked>());
			return Response.json(null);
		}
		if (pathname === nearPath) {
			isNear = true;
			return Response.json(null);
		}
		const cf = (isNear ? { colo } : {}) as unknown as CfProperties;
		return (await worker).fetch(new Request(request, { cf }) as typeof request, bindings, context);
	},
} satisfies ExportedHandler<Env>;

async function askReplicas({ replicas, subject, verb, args }: Asked): Promise<void> {
	for (const name of replicas) {
		const replica = bindings.REPLICA.getByName(name) as unknown as Pick<ReplicaObject, "check">;
		await replica.check(subject, verb, args);
	}
}

/** Each call of a stub is billed as one request. */
function counted<Namespace extends object>(namespace: Namespace, way = 0): Namespace {
	return intercept(namespace, (method, args) =>
		intercept(method(...args) as object, async (call, rest) => {
			billed.objects++;
			await scheduler.wait(way);
			return call(...rest);
		}),
	);
}

function countedDatabase(database: D1Database): D1Database {
	return interceptDatabase(database, async (query) => {
		const answer = await query();
		for (const each of [answer].flat()) {
			const { rows_read: read = 1, rows_written: written = 0 } = (each as Partial<D1Result> | null)?.meta ?? {};
			billed.d1RowsRead += read;
			billed.d1RowsWritten += written;
		}
		return answer;
	});
}

async function withRows<Answer>(run: () => Promise<Answer>): Promise<Answer> {
	const own: NonNullable<typeof cursors> = [];
	cursors = own;
	const answer = await run();
	cursors = null;
	for (const { rowsRead, rowsWritten } of own) {
		billed.rowsRead += rowsRead;
		billed.rowsWritten += rowsWritten;
	}
	return answer;
}

let isCounting = false;

/** Of every object: a storage has no constructor that one could take the place of. */
function countRows({ sql }: DurableObjectStorage): void {
	if (isCounting) return;
	isCounting = true;
	const prototype = Object.getPrototypeOf(sql);
	const { exec } = prototype;
	prototype.exec = function (...args: unknown[]) {
		const cursor: NonNullable<typeof cursors>[number] = Reflect.apply(exec, this, args);
		cursors?.push(cursor);
		return cursor;
	};
}
