import { Ledger } from "../../../../src/domain/ledger.ts";
import { acknowledged, homeFrom, isOver, isQuiet, type Ran, ran, wakeAt } from "../../../../src/domain/lease-home.ts";
import { LeaseReplica } from "../../../../src/domain/lease-replica.ts";
import { leaseSpan } from "../../../../src/domain/lease.ts";
import { TrackedRows } from "../../../../src/domain/tracked-rows.ts";
import { start } from "../builders.ts";
import { MapRows } from "../map-rows.ts";
import { describe, type Home, mayBeDoubled, type Message, nameOf, type Replica } from "./messages.ts";
import { begin, type Operation, Operations, type Wanted } from "./operations.ts";
import { faithful, type Rules } from "./rules.ts";

/** What happens next. Whom or what a number means depends on how many there are. */
export type Action =
	/** A client asks: the ledger itself, or the instance of a replica that it still knows (0: the one that lives there now). */
	| { do: "ask"; wanted: Wanted; replica: number | null; age: number }
	| { do: "deliver" | "lose" | "double"; message: number }
	/** All that is on its way arrives, in the order in which it was sent, and what that brings about. */
	| { do: "settle" }
	| { do: "wait"; ms: number }
	/** Its memory is gone; another begins in its place, by another clock. */
	| { do: "kill ledger"; clock: number; skew: number }
	| { do: "kill replica"; replica: number; clock: number }
	/** As before, but the old one does not know: it goes on answering. */
	| { do: "cut off"; replica: number; clock: number }
	| { do: "purge" };

/** Of the ledger and of each replica. */
export type Clocks = readonly [number, number, number];

const subject = "key_any_0000000000000000000000";
const rates = [1, 0.99, 1.01];
const colos = ["SIN", "FRA"];
/** So that clocks of different rates are never further apart than two machines' may be. */
const longest = 350_000;

/** One ledger, its replicas and the network between, driven by the machines that the product runs. */
export class World {
	readonly operations = new Operations();
	readonly trace: string[] = [];
	/** Checks that a replica answered from what it held. */
	answeredNear = 0;
	readonly #rules: Rules;
	readonly #rows = new MapRows();
	readonly #network: Message[] = [];
	readonly #replicas: Replica[][];
	#home: Home;
	#time = 0;
	#event = 0;
	#births = 0;

	constructor([ledger, ...replicas]: Clocks, rules: Rules = faithful) {
		this.#rules = rules;
		begin(this.#rows.at(start));
		this.#home = this.#bearHome(ledger, 0);
		this.#replicas = replicas.map((clock, index) => [this.#bearReplica(`${colos[index]}/0/`, clock)]);
	}

	step(action: Action): void {
		switch (action.do) {
			case "ask":
				return this.#ask(action);
			case "settle":
				while (this.#network.length > 0) this.#deliver(this.#network.shift()!);
				return;
			case "wait":
				if (this.#time + action.ms > longest) return;
				this.#time += action.ms;
				this.trace.push(`${action.ms} ms pass`);
				return this.#tick();
			case "kill ledger":
				this.#say("the ledger is killed, and starts again");
				this.#home = this.#bearHome(action.clock, action.skew);
				return this.#tick();
			case "kill replica":
			case "cut off": {
				const instances = this.#replicas[action.replica % this.#replicas.length]!;
				const { holder } = instances.at(-1)!;
				if (action.do === "kill replica") instances.pop();
				instances.push(this.#bearReplica(holder.replica, action.clock));
				const how = action.do === "kill replica" ? "is killed" : "is cut off";
				return this.#say(`${nameOf(holder)} ${how}; ${nameOf(instances.at(-1)!.holder)} takes its place`);
			}
			case "purge":
				return this.#rows.purge(Math.floor(this.#home.now() / 1000));
			default: {
				if (this.#network.length === 0) return;
				const index = action.message % this.#network.length;
				const message = this.#network[index]!;
				if (action.do !== "double" || !mayBeDoubled(message)) this.#network.splice(index, 1);
				if (action.do === "lose") return this.#say(`lost: ${describe(message)}`);
				return this.#deliver(message);
			}
		}
	}

	/** Everything arrives, and nothing keeps anybody waiting any more. Null, or what is wrong with what happened. */
	problem(): string | null {
		for (let round = 0; round < 4; round++) {
			this.step({ do: "settle" });
			this.#time += leaseSpan;
			this.#tick();
		}
		if (this.#home.held.length > 0) return "an answer never left";
		const unexplained = this.operations.unexplained();
		return unexplained.length > 0 ? `no order explains what was seen of: ${unexplained.join(", ")}` : null;
	}

	#ask({ wanted, replica: index, age }: Extract<Action, { do: "ask" }>): void {
		const operation = this.operations.operation(wanted, ++this.#event);
		const instances = index === null ? null : this.#replicas[index % this.#replicas.length]!;
		const replica = instances?.at(-1 - (age % instances.length)) ?? null;
		if (!replica) {
			this.#network.push({ kind: "call", operation, from: null });
			return;
		}
		const read = replica.machine.read(subject, operation.verb, operation.args, replica.now());
		if (read.kind === "ask") {
			this.#network.push({ kind: "call", operation, from: { replica, ask: read.ask } });
			return;
		}
		this.answeredNear += 1;
		this.#answer(operation, read.answer, nameOf(replica.holder));
	}

	#deliver(message: Message): void {
		switch (message.kind) {
			case "call":
				return this.#run(message);
			case "answer": {
				const { operation, answer, to, ask, lent } = message;
				const now = to.now();
				const seen = lent && this.#rules.lent(ask, lent, now);
				to.machine.answered(seen?.ask ?? ask, seen?.lent ?? null, now);
				return this.#answer(operation, answer, `${nameOf(to.holder)} by the ledger`);
			}
			case "recall": {
				const { recall, from } = message;
				const replica = this.#replicas.find(([first]) => first!.holder.replica === recall.to.replica)!.at(-1)!;
				this.#say(`${nameOf(replica.holder)} is told of change ${recall.version}`);
				const { instance } = this.#rules.tell(replica.machine, subject, recall.version, replica.now());
				this.#network.push({ kind: "acknowledgement", recall, by: instance, to: from });
				return;
			}
			case "acknowledgement": {
				const { recall, by, to } = message;
				if (to !== this.#home) return;
				to.state = acknowledged(to.state, recall, this.#rules.acknowledgedBy(recall, by));
				return this.#release();
			}
		}
	}

	/** A verb in one transaction: what it writes, and what is written of leases, is there afterwards or nothing of it. */
	#run({ operation, from }: Extract<Message, { kind: "call" }>): void {
		const home = this.#home;
		const now = home.now();
		const { verb, args } = operation;
		const asker = from?.replica.holder ?? null;
		const tracked = asker || !isQuiet(home.state, now) ? new TrackedRows(this.#rows) : null;
		const ledger = new Ledger(tracked ?? this.#rows, Math.floor(now / 1000));
		const answer: unknown = Reflect.apply(ledger[verb], ledger, args);
		let leases: Ran | null = null;
		const rows = tracked?.lendable() ?? [];
		if (tracked) {
			const run = {
				touched: tracked.touched,
				changed: tracked.changed,
				asker: rows.length > 0 ? asker : null,
			};
			leases = ran(home.state, run, now);
			for (const { kind, id, body, purgeAt } of this.#rules.stored(leases.store))
				this.#rows.put(kind, id, null, body, purgeAt);
			home.state = leases.home;
		}
		this.operations.ran(operation, answer);
		this.#say(`the ledger runs: ${operation.name}${from ? ` for ${nameOf(from.replica.holder)}` : ""}`);
		for (const recall of leases?.send ?? []) this.#network.push({ kind: "recall", recall, from: home });
		const lent = leases?.lease ? { lease: leases.lease, rows, now } : null;
		const release = () => {
			if (!from) return this.#answer(operation, answer, "the ledger");
			this.#network.push({ kind: "answer", operation, answer, to: from.replica, ask: from.ask, lent });
		};
		const after = this.#rules.after(leases?.after ?? null, operation);
		if (after === null) return release();
		home.held.push({ after, since: now, operation, release });
	}

	#tick(): void {
		const home = this.#home;
		const now = home.now();
		const due = wakeAt(home.state);
		if (due !== null && due <= now) {
			const { home: state, send } = this.#rules.tick(home.state, now);
			home.state = state;
			for (const recall of send) this.#network.push({ kind: "recall", recall, from: home });
		}
		this.#release();
		const late = home.held.find(({ since }) => since + leaseSpan <= now);
		if (late) throw new Error(`${late.operation.name}: waited for longer than a lease lasts`);
	}

	#release(): void {
		const { state, held } = this.#home;
		const isFree = ({ after }: { after: number }) => isOver(state, after);
		this.#home.held = held.filter((each) => !isFree(each));
		for (const each of held) if (isFree(each)) each.release();
	}

	#answer(operation: Operation, answer: unknown, by: string): void {
		if (operation.isAnswered) return;
		const told = this.operations.answered(operation, answer, ++this.#event);
		this.#say(`${operation.name}: ${told}, says ${by}`);
	}

	#bearHome(clock: number, skew: number): Home {
		const now = this.#clock(clock, skew);
		const stored = { holders: [...this.#rows.list("holder", "")], recalls: [...this.#rows.list("recall", "")] };
		return { now, state: homeFrom(this.#rules.known(stored), now()), held: [] };
	}

	#bearReplica(replica: string, clock: number): Replica {
		const instance = `#${++this.#births}`;
		return {
			holder: { replica, instance },
			now: this.#clock(clock, clock * 1234),
			machine: new LeaseReplica(instance),
		};
	}

	#clock(index: number, skew: number): () => number {
		const born = this.#time;
		const rate = rates[index % rates.length]!;
		return () => Math.floor(start * 1000 + skew + born + (this.#time - born) * rate);
	}

	#say(line: string): void {
		this.trace.push(line);
	}
}
