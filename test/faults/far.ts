/** What the objects of a Worker of the tests were asked. */
export interface Asked {
	/** Ledgers, directly. */
	home: number;
	/** Ledgers, by a replica. */
	lent: number;
	replica: number;
	/** Replicas, which asked nobody. */
	own: number;
	recalled: number;
}

/** What is the matter with every replica. */
export type Trouble = "fails" | "is slow" | "hears nothing" | null;

/** Where it tells what they were asked since the last time. */
export const askedPath = "/far/asked";
/** Takes a {@link Trouble}. With `?ledger=` or `?replica=` that object goes down too. */
export const troublePath = "/far/trouble";
