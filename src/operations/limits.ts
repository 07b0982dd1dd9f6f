import { sha256 } from "../crypto/digest.ts";
import type { Limited, NamedLimit, Turn } from "../domain/limit.ts";
import { networksOf } from "./network-of.ts";
import type { Services } from "./services.ts";
import { portsOf } from "./ports-of.ts";

/** Counts an attempt before it is made (DESIGN §3.8). Null where it may be. */
export async function takeTurn(turn: Turn, services: Services): Promise<Limited | null> {
	const { limit } = turn;
	const retryAfter = await portsOf(services).limiter.take(await nameOf(turn), limit);
	return retryAfter > 0 ? { kind: "limited", limit, retryAfter } : null;
}

export interface Taken {
	readonly kind: "taken";
	/** For an attempt that was good, or was not made after all. */
	giveBack(): Promise<void>;
}

/** One attempt against several limits, of which the first that refuses has it count against none. */
export async function takeTurns(turns: readonly Turn[], services: Services): Promise<Taken | Limited> {
	const taken: Turn[] = [];
	const giveBack = async () => {
		await Promise.all(taken.map(async (turn) => portsOf(services).limiter.giveBack(await nameOf(turn))));
	};
	// From the narrow to the wide, and no further than the first refusal: or one network could use up everybody's.
	for (const turn of turns) {
		const limited = await takeTurn(turn, services);
		if (limited) {
			await giveBack();
			return limited;
		}
		taken.push(turn);
	}
	return { kind: "taken", giveBack };
}

export interface NetworkLimit extends NamedLimit {
	/** What a whole site may do, of which each /64 may do `attempts`. */
	readonly wide: number;
}

/** What counts against whoever is at this address, and if they have a name only there: against their /64, then their /48. */
export function networkTurns(limit: NetworkLimit, address: string | null, who = ""): readonly Turn[] {
	const { name, attempts, window, wide } = limit;
	const [narrow, site] = networksOf(address ?? "");
	const here = { limit: { name, attempts, window }, of: `${narrow} ${who}` };
	return site === null
		? [here]
		: [here, { limit: { name: `${name}-48`, attempts: wide, window }, of: `${site} ${who}` }];
}

async function nameOf({ limit, of }: Turn): Promise<string> {
	return `${limit.name} ${await sha256(of)}`;
}
