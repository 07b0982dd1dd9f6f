import type { Permission } from "../domain/permission.ts";
import type { Documentation } from "../http/documentation.ts";
import type { Handler } from "./call.ts";

/** What a program can call: nothing without its documentation gets into the table of routes. */
export interface Endpoint {
	readonly doc: Documentation;
	/** The permission without which nobody gets through; null where none is asked for. */
	readonly needs: Permission | null;
	readonly handle: Handler;
	/** How a refusal is written that is no problem (RFC 9457), where a standard has another form for whatever it is about. */
	readonly refusing?: Refusing;
}

export type Refusing = (request: Request, refusal: Response) => Promise<Response> | Response;

export function endpoint(handle: Handler, doc: Documentation, needs: Permission | null = null): Endpoint {
	return { doc, needs, handle };
}
