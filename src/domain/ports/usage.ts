import type { Seconds } from "../brands.ts";
import type { UsageCell, UsageRow } from "../usage.ts";

/** What somebody counted, to be added once however often it is sent. */
export interface UsageBatch {
	readonly id: string;
	/** When it was closed. */
	readonly at: Seconds;
	readonly cells: readonly UsageCell[];
}

export interface UsageCounts {
	add(batch: UsageBatch): Promise<void>;
	/** Of an object of an account, or of the account as a whole: by the hour, from the one that begins at `from`. */
	hours(accountId: string, object: string, from: Seconds, before: Seconds): Promise<readonly UsageRow[]>;
	/** The same by the day, and the hours of those days that are not added up yet. */
	days(accountId: string, object: string, from: Seconds, before: Seconds): Promise<readonly UsageRow[]>;
	/** Adds the hours before an instant up to days; forgets which batches were added before `batches`. */
	fold(before: Seconds, batches: Seconds): Promise<void>;
	/** Deletes the days before an instant. */
	purge(before: Seconds): Promise<void>;
	/** Deletes all of an account. */
	forget(accountId: string): Promise<void>;
}
