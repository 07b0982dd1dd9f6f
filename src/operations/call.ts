import type { Services } from "./services.ts";

/** One request on its way through. */
export interface Call {
	readonly request: Request;
	readonly url: URL;
	/** What the route's path has in the place of its `:names`. */
	readonly params: Readonly<Record<string, string>>;
	/** The network address that the platform vouches for, or null. */
	readonly address: string | null;
	readonly services: Services;
}

export type Endpoint = (call: Call) => Promise<Response> | Response;
