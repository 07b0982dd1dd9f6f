import type { SubjectId } from "../../../src/domain/subject.ts";

/** Asks replicas directly, as isolates of their colos would. */
export const askPath = "/world/ask";

/** Cuts a colo off: its replicas hear of no change. */
export const cutPath = "/world/cut";

export interface Cut {
	/** Null: none is, any more. */
	readonly colo: string | null;
}

export interface Asked {
	/** By their names. */
	readonly replicas: readonly string[];
	readonly subject: SubjectId;
	readonly verb: string;
	readonly args: readonly unknown[];
}
