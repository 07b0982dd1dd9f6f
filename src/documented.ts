import type { Protected } from "./api/guard/access.ts";
import type { Permission } from "./domain/permission.ts";
import type { Documentation } from "./http/documentation.ts";
import type { Endpoint } from "./operations/call.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** An endpoint for programs, as it stands in the OpenAPI document. */
export interface Documented {
	readonly handle: Endpoint;
	readonly doc: Documentation;
	/** The permission without which nobody gets through; null where none is asked for. */
	readonly needs: Permission | null;
	/** Whether the guard of access.ts stands before it: it takes every credential of the API. */
	readonly guarded: boolean;
}

/** `endpoint` is a plain one, which does its own checks, or one behind `requires`. */
export function documented(doc: Documentation, endpoint: Endpoint | Protected): Documented {
	if (typeof endpoint === "function") {
		return { handle: endpoint, doc, needs: doc.permission ?? null, guarded: false };
	}
	return { handle: endpoint.handle, doc, needs: endpoint.needs, guarded: true };
}
