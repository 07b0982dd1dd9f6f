import { areAmong } from "./audience.ts";
import { type Agreeable, countsNow, type Holder } from "./effective-scope.ts";
import { splitScope } from "./identity.ts";
import type { ListedGrant } from "./ledger-verdicts.ts";
import { isWithin, toScope } from "./scope.ts";
import type { Api } from "./api.ts";
import type { Targets } from "./targets.ts";

/** What is granted, and the grants that it takes the place of. */
export interface StepUp extends Agreeable {
	readonly replaces: readonly string[];
}

export interface Step {
	/** What is asked for now, as far as it can be agreed to. */
	readonly asked: Agreeable;
	/** What it is for. */
	readonly resource: readonly string[];
	/** What the client has now of the same person in the same account. */
	readonly held: readonly ListedGrant[];
}

/** By whom and for what it is read now. */
export interface Reading {
	readonly targets: Targets;
	readonly holder: Holder;
	readonly visible: readonly Api[];
	readonly issuer: string;
}

/** What access a client has to these very resources, and what goes with it, as far as it counts now. */
export function heldFor({ resource, held }: Omit<Step, "asked">, reading: Reading): StepUp {
	const { targets, holder, visible, issuer } = reading;
	const same = held.filter(({ scope, resource: theirs = [issuer] }) => {
		const isSignIn = splitScope(scope).access.length === 0;
		return !isSignIn && areAmong(theirs, resource) && areAmong(resource, theirs);
	});
	const counting = same.map((grant) => countsNow(grant, targets, holder, visible));
	return {
		scope: toScope(counting.flatMap(({ scope }) => scope)),
		unchecked: toScope(counting.flatMap(({ unchecked }) => unchecked)),
		replaces: same.map(({ id }) => id),
	};
}

/**
 * Whoever asks for more access than it has is given both, in one grant that takes the place of what it had for the same resources:
 * five steps leave one. Whoever asks for no more (a second device, say) has a grant of its own, and the others go on; and so has
 * a sign-in, which asks only who somebody is: that is told of each request alone.
 */
export function stepUp(step: Step, reading: Reading): StepUp {
	const { asked } = step;
	const before = heldFor(step, reading);
	if (before.replaces.length === 0 || isWithin(splitScope(asked.scope).access, before.scope))
		return { ...asked, replaces: [] };
	// What an API gives a meaning to now is agreed to as such.
	const unchecked = before.unchecked.filter((value) => !asked.scope.includes(value));
	return {
		scope: toScope([...before.scope, ...asked.scope]),
		unchecked: toScope([...unchecked, ...asked.unchecked]),
		replaces: before.replaces,
	};
}
