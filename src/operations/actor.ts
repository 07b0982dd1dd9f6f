import type { Scope } from "../domain/scope.ts";
import type { SubjectId } from "../domain/subject.ts";

/** Whoever does something in an account, and what they may do there now. */
export interface Actor {
	readonly subject: SubjectId;
	readonly accountId: string;
	/** Permissions alone: a token's scope values are resolved to what they stand for. */
	readonly permissions: Scope;
	readonly address: string | null;
}
