/** What Cloudflare bills of a request beside the request itself, and nothing that depends on the machine. */
export interface Billed {
	/** Calls of Durable Objects, whoever calls. */
	objects: number;
	/** Of their storage, but for alarms that are set. */
	rowsRead: number;
	rowsWritten: number;
	kvReads: number;
	kvWrites: number;
	d1RowsRead: number;
	d1RowsWritten: number;
}

export function nothing(): Billed {
	return { objects: 0, rowsRead: 0, rowsWritten: 0, kvReads: 0, kvWrites: 0, d1RowsRead: 0, d1RowsWritten: 0 };
}

/** Where the counting build tells what was billed since it was last asked. */
export const billedPath = "/cost/billed";

/** From then on the isolate knows which colo it is in. */
export const nearPath = "/cost/near";

export const billedOf = Object.keys(nothing()) as readonly (keyof Billed)[];
