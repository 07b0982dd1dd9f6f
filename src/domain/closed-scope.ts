import { effectiveScope } from "./effective-scope.ts";
import type { Scope } from "./scope.ts";

/** RFC 6749 §5.2: why nothing is left of a scope that was asked for. Repeats nothing of it. */
export function closedScope(asked: Scope, registered: Scope): string {
	return effectiveScope(asked, registered) === null
		? "The client is registered for nothing of the scope"
		: "Nothing of the scope that the client is registered for is open at what it names as resource";
}
