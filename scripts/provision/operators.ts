import type { Call, Members } from "./call.ts";
import type { State } from "./differences.ts";
import type { Plan } from "./plan.ts";

export interface MadeOperator {
	readonly username: string;
	readonly state: State;
}

/** Who runs the deployment beside the plan's person: people who have a user name here. Nobody is removed. */
export async function* makeOperators(
	wanted: Plan["operators"],
	call: Call,
	token: string,
): AsyncGenerator<MadeOperator> {
	if (wanted.length === 0) return;
	const { operators } = await call("GET", "/v1/operators", null, token);
	const known = (operators as Members[]).map(({ username }) => username);
	for (const username of wanted) {
		const isThere = known.includes(username);
		if (!isThere) await call("POST", "/v1/operators", { username }, token);
		yield { username, state: isThere ? "there" : "made" };
	}
}
