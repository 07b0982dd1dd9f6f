/** The people who run the deployment. Each change is written with its audit entry, or neither is. */
import type { AuditEntry } from "../audit-entry.ts";
import type { Seconds } from "../brands.ts";
import type { SubjectId } from "../subject.ts";

export interface Operator {
	readonly id: SubjectId;
	readonly username: string;
	readonly name: string;
	readonly since: Seconds;
}

/** How much there is of the whole deployment, of what has not ended. */
export interface DeploymentCounts {
	readonly accounts: number;
	readonly people: number;
	readonly clients: number;
	readonly keys: number;
	readonly apis: number;
}

/** `by` is whoever makes the change, an operator still while it is written; else it is `not_permitted`. */
export interface OperatorRegister {
	/** All of them, by name and id. */
	list(): Promise<readonly Operator[]>;
	/** `same`: they were one before; `unknown`: nobody of this id is there. */
	add(
		personId: SubjectId,
		by: SubjectId,
		entry: AuditEntry,
	): Promise<"added" | "same" | "unknown" | "full" | "not_permitted">;
	/** `last`: a deployment always keeps an operator, whoever else leaves at the same time. */
	remove(
		personId: SubjectId,
		by: SubjectId,
		entry: AuditEntry,
	): Promise<"removed" | "unknown" | "last" | "not_permitted">;
	counts(): Promise<DeploymentCounts>;
}
