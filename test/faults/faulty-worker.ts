// The Worker as it is deployed, on its real KV, D1 and Durable Objects, with one that can be told to fail standing between.
import { env, withEnv } from "cloudflare:workers";
import { KeyRingObject } from "../../src/platform/cloudflare/key-ring-object.ts";
import { LedgerObject } from "../../src/platform/cloudflare/ledger-object.ts";
import { LimiterObject } from "../../src/platform/cloudflare/limiter-object.ts";
import { intercept, interceptDatabase } from "../runners/between.ts";
import { alarmPath, type Order, orderPath, type Part } from "./fault.ts";

export { DeviceRequestsObject as DeviceRequests } from "../../src/platform/cloudflare/device-requests-object.ts";
export { WebhookAlarmObject as WebhookAlarm } from "../../src/platform/cloudflare/webhook-alarm-object.ts";
export { ReplicaObject as Replica } from "../../src/platform/cloudflare/replica-object.ts";

type When = "before" | "after";

shiftClock(Number(Reflect.get(env, "CLOCK_SHIFT") ?? 0));

let order: Order | null = null;
let seen = 0;
let met = 0;

/** Objects that go down in the middle of a call: really, so that the runtime says to the caller what it says then. */
export class Ledger extends LedgerObject {
	#runs = 0;
	#failures = 0;

	async runAndReset(when: When, ...args: Parameters<LedgerObject["run"]>): Promise<never> {
		if (when === "after") await this.run(...args);
		return goDown(this.ctx);
	}

	async ring(failures: number): Promise<void> {
		[this.#runs, this.#failures] = [0, failures];
		await this.ctx.storage.setAlarm(Date.now());
	}

	rung(): number {
		return this.#runs;
	}

	override async alarm(): Promise<void> {
		this.#runs += 1;
		if (this.#runs <= this.#failures) throw new Error("the alarm fails");
		await super.alarm();
	}
}

export class KeyRing extends KeyRingObject {
	async advanceAndReset(when: When, ...args: Parameters<KeyRingObject["advance"]>): Promise<never> {
		if (when === "after") this.advance(...args);
		return goDown(this.ctx);
	}
}

export class Limiter extends LimiterObject {
	async takeAndReset(when: When, ...args: Parameters<LimiterObject["take"]>): Promise<never> {
		if (when === "after") await this.take(...args);
		return goDown(this.ctx);
	}

	async giveBackAndReset(when: When, ...args: Parameters<LimiterObject["giveBack"]>): Promise<never> {
		if (when === "after") this.giveBack(...args);
		return goDown(this.ctx);
	}
}

interface Rings {
	ring(failures: number): Promise<void>;
	rung(): Promise<number>;
}

async function goDown(state: DurableObjectState): Promise<never> {
	// What was written is on the disk: only the answer is lost.
	await state.storage.sync();
	state.abort("the instance went down");
	return new Promise<never>(() => {});
}

const faulty = {
	...env,
	LEDGER: namespace(env.LEDGER, "ledger"),
	KEY_RING: namespace(env.KEY_RING, "key ring"),
	LIMITER: namespace(env.LIMITER, "limiter"),
	CODES: kv(env.CODES),
	DB: interceptDatabase(env.DB, (query) => through("register", query)),
	EVENTS: interceptDatabase(env.EVENTS, (query) => through("events", query)),
};

// worker.ts reads its bindings as it is loaded.
const worker = withEnv(faulty, async () => (await import("../../src/worker.ts")).default) as Promise<
	typeof import("../../src/worker.ts").default
>;

export default {
	async fetch(request, bindings, context) {
		const { pathname, searchParams } = new URL(request.url);
		if (pathname === orderPath) {
			const before = met;
			[order, seen, met] = [await request.json<Order | null>(), 0, 0];
			return Response.json(before);
		}
		if (pathname === alarmPath) {
			const object = env.LEDGER.getByName(searchParams.get("subject") ?? "") as unknown as Rings;
			const failures = searchParams.get("failures");
			if (failures !== null) await object.ring(Number(failures));
			return Response.json(await object.rung());
		}
		return (await worker).fetch(request, bindings, context);
	},
} satisfies ExportedHandler<Env>;

/** The call, as the order of the moment has it go. `reset` has the object go down. */
async function through<Result>(
	part: Part,
	call: () => Promise<Result>,
	reset: ((when: When) => Promise<Result>) | null = null,
): Promise<Result> {
	if (order?.part !== part) return call();
	seen += 1;
	if (seen <= order.after || (order.calls !== null && met >= order.calls)) return call();
	met += 1;
	switch (order.fault) {
		case "fails":
			throw lost();
		case "is slow":
			await scheduler.wait(1000);
			return call();
		case "loses the answer":
			await call();
			throw lost();
		case "is overloaded":
			throw Object.assign(new Error("Durable Object is overloaded."), { overloaded: true, retryable: true });
		case "resets before the write":
			return reset ? reset("before") : call();
		case "resets after the write":
			return reset ? reset("after") : call();
		case "is stale":
		case "has nothing":
		case "says 429":
			return call();
	}
}

/** https://developers.cloudflare.com/durable-objects/best-practices/error-handling: whether it was carried out, nobody knows. */
function lost(): Error {
	return Object.assign(new Error("Network connection lost."), { retryable: true });
}

/** A namespace gives out stubs, also those of a jurisdiction. */
function namespace<Namespace extends object>(target: Namespace, part: Part): Namespace {
	return intercept(target, (method, args) => stub(method(...args) as object, part));
}

function stub<Stub extends object>(target: Stub, part: Part): Stub {
	return intercept(target, (run, args, name) =>
		through(
			part,
			() => run(...args) as Promise<unknown>,
			(when) => {
				const method: unknown = Reflect.get(target, `${String(name)}AndReset`);
				if (typeof method !== "function") throw new TypeError(`There is no reset for ${String(name)}`);
				return Reflect.apply(method, target, [when, ...args]);
			},
		),
	);
}

function kv(target: KVNamespace): KVNamespace {
	const first = new Map<unknown, unknown>();
	return intercept(target, async (method, args, name) => {
		const fault = order?.part === "kv" ? order.fault : null;
		if (fault === "says 429") {
			met += 1;
			throw new Error(`KV ${String(name).toUpperCase()} failed: 429 Too Many Requests`);
		}
		if (name === "get" && fault === "has nothing") {
			met += 1;
			return null;
		}
		if (name === "get" && fault === "is stale") {
			met += 1;
			if (!first.has(args[0])) first.set(args[0], await method(...args));
			return first.get(args[0]);
		}
		return through("kv", () => method(...args) as Promise<unknown>);
	});
}

/** Of this isolate alone: its objects may live in another, whose clock is right. */
function shiftClock(seconds: number): void {
	const realNow = Date.now;
	const now = () => realNow() + seconds * 1000;
	globalThis.Date = new Proxy(Date, {
		construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
		get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
	});
}
