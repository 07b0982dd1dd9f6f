import { tokenOf } from "../support/integrations.ts";
import { inAcme, inGlobex } from "../support/keys-api.ts";
import { ada, signedIn } from "../support/people.ts";
import type { Answer } from "../support/requests.ts";
import { advance, now } from "../support/target.ts";
import { clear, inOrderOf, type PartName, World } from "./world.ts";
import { type Write, writes } from "./writes.ts";

// Two writes at once on the same things. Whatever the answers were, what is there afterwards is what one of them after the
// other leaves, as the server itself shows when it is asked so; and one that was refused has changed nothing.

/** Two operations, in each of the ways in which they meet. */
export interface Pair {
	readonly name: string;
	readonly meetings: readonly Meeting[];
	/** Whether anything is in common. Where nothing is, there is nothing to race for. */
	readonly isShared: boolean;
}

interface Meeting {
	readonly name: string;
	readonly first: Write;
	readonly second: Write;
}

export interface Surprise {
	readonly meeting: string;
	readonly answers: readonly number[];
	/** What is there and in neither order; and what either has in its place. */
	readonly there: readonly string[];
	readonly instead: readonly (readonly string[])[];
}

export function everyPair(): readonly Pair[] {
	const named = Object.entries(writes);
	return named.flatMap(([one, firsts], index) =>
		named.slice(index).map(([other, seconds]) => {
			const all = firsts.flatMap((first, a) =>
				seconds.flatMap((second, b) =>
					one === other && b < a ? [] : { name: `${one} (${a + 1}) ∥ ${other} (${b + 1})`, first, second },
				),
			);
			const shared = all.filter(({ first, second }) => kindOf(first) === kindOf(second));
			const isShared = shared.length > 0;
			return { name: `${one} ∥ ${other}`, meetings: isShared ? shared : all.slice(0, 1), isShared };
		}),
	);
}

/** The parts of a key are one thing. */
function kindOf({ on: [first] }: Write): PartName {
	return first === "policy" ? "key" : first;
}

/** What may be there after two writes. */
interface Expected {
	readonly orders: readonly Outcome[];
	/** After one of them alone, for where the other was refused in the race and in neither order. */
	readonly alone: (index: 0 | 1) => Promise<Outcome>;
}

interface Outcome {
	readonly answers: readonly [number, number];
	readonly seen: string;
}

const nothing = 0;

const oneByOne: ReadonlySet<PartName> = new Set(["person", "factor", "authenticator", "passkey", "environment"]);

/** So many rounds of one pair, its meetings in turn, several at a time. */
export async function race(pair: Pair, rounds: number): Promise<readonly Surprise[]> {
	await signIn();
	// No more than two passwords may be checked at once, and whoever lets time pass does so for all.
	const isAlone = pair.meetings.some(({ first, second }) =>
		[kindOf(first), kindOf(second)].some((part) => oneByOne.has(part)),
	);
	const atOnce = isAlone ? 1 : 4;
	const surprises: Surprise[] = [];
	const expectations = new Map<Meeting, Promise<Expected>>();
	let next = 0;
	const worker = async () => {
		for (let round = next++; round < rounds; round = next++) {
			const meeting = pair.meetings[round % pair.meetings.length];
			if (!meeting) return;
			const expected = expectations.get(meeting) ?? inOrder(meeting, pair.isShared);
			expectations.set(meeting, expected);
			const orders = await expected;
			const surprise = await judge(meeting, await together(meeting, round), orders);
			if (surprise) surprises.push(surprise);
		}
	};
	await Promise.all(Array.from({ length: Math.min(rounds, atOnce) }, worker));
	return surprises;
}

async function judge({ name, first, second }: Meeting, raced: Outcome, expected: Expected): Promise<Surprise | null> {
	const refused = raced.answers.map((status) => status >= 400);
	const allowed = expected.orders.filter(({ answers }) =>
		answers.every((status, index) => !refused[index] || status >= 400),
	);
	const isThere = () => allowed.some(({ seen }) => seen === raced.seen);
	const isOnce = first === second && first.isOnce === true;
	if (!isThere() && (refused[1] || isOnce)) allowed.push(await expected.alone(0));
	if (!isThere() && refused[0]) allowed.push(await expected.alone(1));
	if (isThere()) return null;
	const there = raced.seen.split("\n");
	const wanted = allowed.map(({ seen }) => seen.split("\n"));
	return {
		meeting: name,
		answers: raced.answers,
		there: there.filter((line, index) => wanted.every((lines) => lines[index] !== line)),
		instead: wanted.map((lines) => lines.filter((line, index) => there[index] !== line)),
	};
}

async function inOrder(meeting: Meeting, isShared: boolean): Promise<Expected> {
	const ab = await oneAfterTheOther(meeting, [0, 1]);
	const ba = isShared ? await oneAfterTheOther(meeting, [1, 0]) : ab;
	const kept = new Map<0 | 1, Promise<Outcome>>();
	const alone = (index: 0 | 1) => {
		const outcome = kept.get(index) ?? oneAfterTheOther(meeting, [index]);
		kept.set(index, outcome);
		return outcome;
	};
	return { orders: [ab, ba], alone };
}

let signedInAt = 0;

/** One after the other, and before their tokens get too old for whoever comes upon it in the middle of a round. */
async function signIn(): Promise<void> {
	if (now() < signedInAt + 3000) return;
	if (signedInAt > 0) await advance(7201);
	signedInAt = now();
	await inAcme();
	await inGlobex();
	await tokenOf();
	await signedIn(ada);
}

async function oneAfterTheOther(meeting: Meeting, order: readonly (0 | 1)[]): Promise<Outcome> {
	const { world, sends } = await ready(meeting);
	const answers: [number, number] = [nothing, nothing];
	for (const index of order) answers[index] = (await sends[index]()).status;
	return { answers, seen: await seenIn(world) };
}

async function seenIn(world: World): Promise<string> {
	const seen = await world.look();
	await clear(world);
	return seen;
}

/** Sent at the same moment, in either order. */
async function together(meeting: Meeting, round: number): Promise<Outcome> {
	const { world, sends } = await ready(meeting);
	const [first, second] = round % 2 === 0 ? sends : sends.toReversed();
	const [one, other] = await Promise.all([first?.(), second?.()]);
	const statuses = [statusOf(one), statusOf(other)] as const;
	const answers = round % 2 === 0 ? statuses : ([statuses[1], statuses[0]] as const);
	return { answers, seen: await seenIn(world) };
}

function statusOf(answer: Answer | undefined): number {
	if (!answer || answer.status >= 500) throw new Error(`It failed: ${answer?.status} ${answer?.text}`);
	return answer.status;
}

async function ready({ first, second }: Meeting) {
	const world = new World(inOrderOf([...first.on, ...second.on]));
	const sends = [await first.prepare(world), await second.prepare(world)] as const;
	// What nobody prepared is there all the same.
	for (const name of world.names) await world.part(name);
	return { world, sends };
}
