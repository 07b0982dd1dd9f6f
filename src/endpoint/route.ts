import type { Handler } from "./call.ts";
import type { Endpoint } from "./endpoint.ts";

export const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
export type Method = (typeof methods)[number];

/** What programs call at one address. */
export interface Route extends Readonly<Partial<Record<Method, Endpoint>>> {
	readonly path: string;
	/** Whether a page of any origin may call it from a browser. It never sees cookies. */
	readonly cors?: true;
}

/** What people see and fill in at one address. */
export interface PageRoute extends Readonly<Partial<Record<"GET" | "POST", Handler>>> {
	readonly path: string;
}
