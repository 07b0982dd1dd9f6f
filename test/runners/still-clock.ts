import type { Seconds } from "../../src/domain/brands.ts";

/**
 * Takes the place of `Date` in this isolate, which a Worker shares with its Durable Objects. It goes on as the real one
 * until `stop`, and from then on only as it is told. KV's own clock and when alarms fire are outside, and stay real.
 */
export function stillClock(): { stop(): Seconds; advance(seconds: Seconds): void } {
	const realNow = Date.now;
	let stoodAt: Seconds | null = null;
	const now = () => (stoodAt === null ? realNow() : stoodAt * 1000);
	globalThis.Date = new Proxy(Date, {
		construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
		get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
	});
	return {
		stop: () => (stoodAt = Math.ceil(realNow() / 1000)),
		advance(seconds) {
			if (stoodAt === null) throw new Error("The clock has not been stopped");
			stoodAt += seconds;
		},
	};
}
