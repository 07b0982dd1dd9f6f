import { type AskingClient, effectiveScope, limitOf, strangersScope } from "./effective-scope.ts";
import { openToStrangers } from "./api.ts";
import type { Scope } from "./scope.ts";
import type { Targets } from "./targets.ts";

/** RFC 6749 §5.2: why nothing is left of a scope that was asked for. Repeats nothing of it. */
export function closedScope(asked: Scope, client: AskingClient, { apis }: Targets): string {
	const limit = limitOf(client, [...strangersScope, ...apis.flatMap(openToStrangers)]);
	if (effectiveScope(asked, limit)) {
		return "Nothing of the scope that the client is registered for is open at what it names as resource";
	}
	return client.accountId === null
		? "Nothing of the scope is open to a client that registered itself"
		: "The client is registered for nothing of the scope";
}
