import type { Standing } from "./standing.ts";

export interface Account extends Standing {
	readonly id: string;
	/** Names the account in URLs; unique. */
	readonly slug: string;
	readonly name: string;
}
