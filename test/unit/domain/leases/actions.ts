import fc from "fast-check";
import type { Wanted } from "./operations.ts";
import type { Action } from "./world.ts";

const n = fc.nat({ max: 2 });
const one = <Name extends string>(...names: Name[]) => fc.constantFrom(...names);

const check: fc.Arbitrary<Wanted> = fc.oneof(
	{ weight: 3, arbitrary: fc.record({ do: one("check key", "check session", "log in") }) },
	{ weight: 1, arbitrary: fc.record({ do: one("check grant", "check token", "refresh"), n }) },
);
const change: fc.Arbitrary<Wanted> = fc.oneof(
	{ weight: 5, arbitrary: fc.record({ do: one("change key", "end session") }) },
	{ weight: 1, arbitrary: fc.record({ do: one("end grant", "end token"), n }) },
);

/** Mostly one row and one replica, so that much happens to them. */
const toReplica = fc.record({
	do: one("ask"),
	wanted: check,
	replica: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) }),
	age: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) }),
});
const toLedger = (wanted: fc.Arbitrary<Wanted>) =>
	fc.record({ do: one("ask"), wanted, replica: fc.constant(null), age: fc.constant(0) });
const message = fc.oneof(fc.constant(0), fc.nat({ max: 8 }));
const clock = fc.nat({ max: 2 });

export const clocks = fc.tuple(clock, clock, clock);

export const action: fc.Arbitrary<Action> = fc.oneof(
	{ weight: 40, arbitrary: toReplica },
	{ weight: 6, arbitrary: toLedger(check) },
	{ weight: 8, arbitrary: toLedger(change) },
	{ weight: 25, arbitrary: fc.record({ do: one("deliver"), message }) },
	{ weight: 5, arbitrary: fc.record({ do: one("settle") }) },
	{ weight: 6, arbitrary: fc.record({ do: one("lose", "double"), message }) },
	{ weight: 8, arbitrary: fc.record({ do: one("wait"), ms: fc.constantFrom(1, 50, 700, 5000, 9700, 9850, 9999) }) },
	{ weight: 1, arbitrary: fc.record({ do: one("wait"), ms: fc.constantFrom(61_000, 130_000) }) },
	{ weight: 1, arbitrary: fc.record({ do: one("kill ledger"), clock, skew: fc.constantFrom(0, -1500, 1500) }) },
	{ weight: 1, arbitrary: fc.record({ do: one("kill replica", "cut off"), replica: fc.nat({ max: 1 }), clock }) },
	{ weight: 1, arbitrary: fc.record({ do: one("purge") }) },
);
