import { readFileSync } from "node:fs";
import type { Order } from "./fault.ts";
import { eventProbes, type ProbeName, probeNames } from "./probes.ts";

export interface Scenario {
	/** As the page has it. */
	readonly name: string;
	readonly order: Omit<Order, "after">;
	/** Whoever asks goes after this long, and asks again. */
	readonly patience?: number;
	readonly probes?: readonly ProbeName[];
	/** These alone answer 503, each time; all others what is good. */
	readonly needs?: readonly ProbeName[];
	/** In an isolate that remembers nothing. */
	readonly atStart?: true;
	/** Where many rounds would say no more. */
	readonly rounds?: number;
	/** The one loss that is stated. */
	readonly mayLose?: string;
}

export const scenarios: readonly Scenario[] = [
	{ name: "D1 fails", order: { part: "register", fault: "fails", calls: null } },
	{
		name: "D1 fails at an isolate that has just started",
		order: { part: "register", fault: "fails", calls: null },
		atStart: true,
		rounds: 1,
		probes: ["exchange", "refresh", "login", "introspection", "revocation"],
	},
	{ name: "D1 fails once", order: { part: "register", fault: "fails", calls: 1 } },
	{ name: "D1 loses an answer", order: { part: "register", fault: "loses the answer", calls: 1 } },
	{ name: "D1 is slow", order: { part: "register", fault: "is slow", calls: 1 } },
	{
		name: "D1 answers after the client has gone",
		order: { part: "register", fault: "is slow", calls: 1 },
		patience: 300,
		probes: ["refresh", "login", "revocation", "end of a session", "disabling a key"],
	},
	{
		name: "the events database fails",
		order: { part: "events", fault: "fails", calls: null },
		probes: [...probeNames, ...eventProbes],
		needs: eventProbes,
	},
	{
		name: "the events database loses an answer",
		order: { part: "events", fault: "loses the answer", calls: 1 },
		probes: eventProbes,
	},
	{ name: "KV is stale", order: { part: "kv", fault: "is stale", calls: null } },
	{ name: "KV has nothing", order: { part: "kv", fault: "has nothing", calls: null } },
	{ name: "KV says 429", order: { part: "kv", fault: "says 429", calls: null } },
	{ name: "a ledger cannot be reached", order: { part: "ledger", fault: "fails", calls: null } },
	{ name: "a ledger cannot be reached once", order: { part: "ledger", fault: "fails", calls: 1 } },
	{ name: "a ledger is overloaded", order: { part: "ledger", fault: "is overloaded", calls: null } },
	{
		name: "a ledger goes down before it writes",
		order: { part: "ledger", fault: "resets before the write", calls: 1 },
	},
	{
		name: "a ledger goes down before it answers",
		order: { part: "ledger", fault: "resets after the write", calls: 1 },
	},
	{ name: "a ledger loses an answer", order: { part: "ledger", fault: "loses the answer", calls: 1 } },
	{
		name: "a ledger loses every answer",
		order: { part: "ledger", fault: "loses the answer", calls: null },
		mayLose: "a code",
	},
	{
		name: "the limiter fails",
		order: { part: "limiter", fault: "fails", calls: null },
		rounds: 1,
		probes: ["login by password"],
	},
	{
		name: "the limiter goes down before it answers",
		order: { part: "limiter", fault: "resets after the write", calls: 1 },
		rounds: 1,
		probes: ["login by password"],
	},
];

/** Those that need more than an order: test/faults/other-faults.test.ts. */
export const otherFaults = [
	"a ledger's alarm fails",
	"the signing key cannot be reached",
	"the published signing keys are missing",
	"the signing key is sealed by a key that is not configured",
	"a clock is 5 minutes ahead",
	"a clock is 5 minutes behind",
] as const;

/** Those of a machine with files: test/faults/node-faults.test.ts. */
export const nodeFaults = [
	"a file is locked for a moment",
	"a file stays locked",
	"the events file stays locked",
	"the signing keys are lost",
	"the signing key is sealed by a key that is not configured",
	"the machine's clock jumps by 5 minutes",
] as const;

/** Of each fault that docs/faults.md states, the answers: what is good, or 503. */
export const stated: ReadonlyMap<string, string> = new Map(
	[...readFileSync("docs/faults.md", "utf8").matchAll(/^\| ([^|]+?) +\| (good|503|good or 503) +\|/gm)].map(
		([, name = "", answers = ""]) => [name, answers] as const,
	),
);
