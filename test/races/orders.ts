import { setTimeout } from "node:timers/promises";
import fc from "fast-check";
import type { StagedWorker } from "../runners/start-staged.ts";
import { type Action, apply, isPossible, nothing, type State } from "./model.ts";
import type { Real } from "./real.ts";

/** Those that may be there, as far as the answers tell: of two things at once nobody knows which came first. */
export interface Model {
	states: readonly State[];
}

export interface World {
	readonly worker: StagedWorker;
	readonly real: Real;
	/** What was done, for whoever counts. */
	readonly count: (what: string) => void;
}

/** One action, or two at once. */
export class Do implements fc.AsyncCommand<Model, World> {
	readonly actions: readonly Action[];

	constructor(...actions: readonly Action[]) {
		this.actions = actions;
	}

	check({ states }: Readonly<Model>): boolean {
		return states.every((state) => this.actions.every((action) => isPossible(state, action)));
	}

	async run(model: Model, { worker, real, count }: World): Promise<void> {
		const at = worker.now();
		for (const action of this.actions) count(action.do);
		const actions = this.actions.map((action) => meant(action, model.states[0] ?? nothing));
		const answers = await Promise.all(actions.map((action) => real.perform(action, at)));
		const orders = actions.length === 1 ? [[0]] : [[0, 1], [1, 0]]; // prettier-ignore
		const followed = model.states.flatMap((state) =>
			orders.flatMap((order) => follow(state, actions, order, answers, at)),
		);
		model.states = possible(followed, `${this.toString()}: ${answers.join(", ")} from ${text(model.states)}`);
	}

	toString(): string {
		return this.actions.map((action) => JSON.stringify(action)).join(" ∥ ");
	}
}

/** Counted from the newest token that there is now, whatever comes of it at the same time. */
function meant(action: Action, { grants }: State): Action {
	if (action.do !== "refresh") return action;
	const newest = (grants[action.grant]?.tokens ?? 1) - 1;
	return { ...action, token: Math.max(0, newest - action.token) };
}

/** The runtime is killed while an action is under way: it was carried out, or not, and what was answered was. */
class DoAndCrash implements fc.AsyncCommand<Model, World> {
	readonly action: Action;

	constructor(action: Action) {
		this.action = action;
	}

	check({ states }: Readonly<Model>): boolean {
		return states.every((state) => isPossible(state, this.action));
	}

	async run(model: Model, { worker, real, count }: World): Promise<void> {
		const at = worker.now();
		count("crash");
		const under = real.perform(this.action, at).catch(() => null);
		await setTimeout(at % 7);
		await worker.crash();
		const answer = await under;
		const after = model.states.flatMap((state) => {
			const [next, said] = apply(state, this.action, at);
			if (answer === null) return [state, next];
			return answer === said ? [next] : [];
		});
		model.states = possible(after, `${this.toString()}: ${answer} from ${text(model.states)}`);
	}

	toString(): string {
		return `${JSON.stringify(this.action)} and a crash`;
	}
}

/** Two changes of a key at once, then a look at it, and a use of it where it was linked. */
class DoAndLook extends Do {
	readonly #key: number;

	constructor([one, other]: readonly [Action & { readonly key: number }, Action]) {
		super(one, { ...other, key: one.key } as Action);
		this.#key = one.key;
	}

	override async run(model: Model, world: World): Promise<void> {
		await super.run(model, world);
		await new Do({ do: "look", key: this.#key }).run(model, world);
		const use = new Do({ do: "use code", key: this.#key, code: 0, away: true });
		if (use.check(model)) await use.run(model, world);
	}
}

class Wait implements fc.AsyncCommand<Model, World> {
	readonly seconds: number;

	constructor(seconds: number) {
		this.seconds = seconds;
	}

	check(): boolean {
		return true;
	}

	async run(_: Model, { worker, count }: World): Promise<void> {
		count("wait");
		await worker.advance(this.seconds);
	}

	toString(): string {
		return `wait ${this.seconds}`;
	}
}

/** The state after these actions in this order, where they would be answered so. */
function follow(
	state: State,
	actions: readonly Action[],
	order: readonly number[],
	answers: readonly string[],
	now: number,
): readonly State[] {
	let current = state;
	for (const index of order) {
		const action = actions[index];
		if (!action) return [];
		const [next, answer] = apply(current, action, now);
		if (answer !== answers[index] && !(answers[index] === "done" && endTheSame(actions))) return [];
		current = next;
	}
	return [current];
}

/** Of two that end the same thing at once, both may be told that it is gone. */
function endTheSame([one, other]: readonly Action[]): boolean {
	const ended = one && endedBy(one);
	return other !== undefined && ended !== null && ended === endedBy(other);
}

function endedBy(action: Action): string | null {
	if (action.do === "unlink" || action.do === "cut") return `link ${action.key}`;
	return action.do === "delete key" ? `key ${action.key}` : null;
}

/** Each once. None at all is the finding. */
function possible(states: readonly State[], what: string): readonly State[] {
	if (states.length === 0) throw new Error(`No order gives this: ${what}`);
	return [...new Map(states.map((state) => [JSON.stringify(state), state])).values()];
}

function text(states: readonly State[]): string {
	return states.map((state) => JSON.stringify(state)).join(" or ");
}

const few = fc.nat({ max: 2 });
const grant = fc.nat({ max: 3 });
const key = fc.nat({ max: 1 });
const on = fc.boolean();
const by = fc.constantFrom("owner" as const, "linker" as const);
const client = fc.constantFrom("webApp" as const, "integration" as const);

const onGrant: fc.Arbitrary<Action> = fc.oneof(
	{ weight: 3, arbitrary: fc.record({ do: fc.constant("consent" as const), client }) },
	{ weight: 4, arbitrary: fc.record({ do: fc.constant("redeem" as const), grant }) },
	{ weight: 8, arbitrary: fc.record({ do: fc.constant("refresh" as const), grant, token: few }) },
	{ weight: 2, arbitrary: fc.record({ do: fc.constant("revoke" as const), grant }) },
	{ weight: 5, arbitrary: fc.record({ do: fc.constant("inspect" as const), grant }) },
);
const changeOfKey: fc.Arbitrary<Action> = fc.oneof(
	{ weight: 2, arbitrary: fc.record({ do: fc.constant("switch key" as const), key, on }) },
	{ weight: 3, arbitrary: fc.record({ do: fc.constant("switch code" as const), key, code: few, on }) },
	{ weight: 2, arbitrary: fc.record({ do: fc.constant("delete code" as const), key, code: few }) },
	{ weight: 2, arbitrary: fc.record({ do: fc.constant("rotate code" as const), key, code: few }) },
	{ weight: 5, arbitrary: fc.record({ do: fc.constant("link" as const), key }) },
	{ weight: 4, arbitrary: fc.record({ do: fc.constantFrom("unlink" as const, "cut" as const), key }) },
	{ weight: 2, arbitrary: fc.record({ do: fc.constant("edit link" as const), key, opens: on }) },
	{ weight: 2, arbitrary: fc.record({ do: fc.constant("switch link" as const), key, by, on }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant("delete key" as const), key }) },
);
const changeOfLink = fc.oneof(
	fc.record({ do: fc.constantFrom("link" as const, "unlink" as const, "cut" as const), key }),
	fc.record({ do: fc.constant("switch link" as const), key, by, on }),
);
const onKey: fc.Arbitrary<Action> = fc.oneof(
	{ weight: 1, arbitrary: fc.constant({ do: "make key" as const }) },
	{ weight: 3, arbitrary: fc.record({ do: fc.constant("add code" as const), key }) },
	{ weight: 12, arbitrary: changeOfKey },
	{ weight: 5, arbitrary: fc.record({ do: fc.constant("use code" as const), key, code: few, away: on }) },
	{ weight: 3, arbitrary: fc.record({ do: fc.constant("log in" as const), key, code: few }) },
	{ weight: 3, arbitrary: fc.record({ do: fc.constant("use login" as const), login: few }) },
	{ weight: 3, arbitrary: fc.record({ do: fc.constant("look" as const), key }) },
);
const action = fc.oneof(onGrant, onKey);

/** What gives something away is not asked for twice at once: whose the first one is would be a guess of the test's. */
const together = fc
	.oneof(fc.tuple(onGrant, onGrant), fc.tuple(onKey, onKey), fc.tuple(changeOfKey, changeOfKey))
	.filter((pair) => pair.every((each) => !["consent", "make key", "add code", "log in", "look"].includes(each.do)));

const often = <Each>(times: number, each: Each): Each[] => Array.from({ length: times }, () => each);

/** Each as often as it is there. */
export const commands = [
	...often(
		36,
		action.map((each) => new Do(each)),
	),
	...often(
		20,
		together.map((pair) => new Do(...pair)),
	),
	// What one of them had opened or closed has to be seen by whoever looks at it then.
	...often(
		8,
		fc.tuple(changeOfLink, changeOfLink).map((pair) => new DoAndLook(pair)),
	),
	...often(
		3,
		fc.constantFrom(1, 20, 60, 180, 3600, 7200, 86_400).map((seconds) => new Wait(seconds)),
	),
	changeOfKey.map((each) => new DoAndCrash(each)),
];

/** So that there is something. */
export const beginning: readonly Action[] = [
	{ do: "consent", client: "webApp" },
	{ do: "consent", client: "integration" },
	{ do: "redeem", grant: 0 },
	{ do: "redeem", grant: 1 },
	{ do: "consent", client: "webApp" },
	{ do: "make key" },
	{ do: "add code", key: 0 },
	{ do: "add code", key: 0 },
	{ do: "link", key: 0 },
	{ do: "edit link", key: 0, opens: false },
	{ do: "edit link", key: 0, opens: true },
	{ do: "log in", key: 0, code: 0 },
];
