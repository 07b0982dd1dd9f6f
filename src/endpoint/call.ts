import type { Documentation } from "../http/documentation.ts";
import type { Operation } from "../http/openapi.ts";
import type { Services } from "../operations/services.ts";

/** One request on its way through. */
export interface Call {
	/** Its own, of ours (http/request-id.ts). */
	readonly id: string;
	readonly request: Request;
	readonly url: URL;
	/** What the route's path has in the place of its `:names`. */
	readonly params: Readonly<Record<string, string>>;
	/** The network address that the platform vouches for, or null. */
	readonly address: string | null;
	readonly services: Services;
	/** OIDC Core §3.1.2.1: `ui_locales` of what is asked here, where that stands in no URL (RFC 9126). */
	readonly uiLocales?: string;
	readonly api: Api;
	/** What is said of it, where it is a program's. */
	readonly doc?: Documentation;
	/** Of a request with an `Idempotency-Key`: what makes two runs of it do one thing (operations/form-nonce.ts). */
	readonly nonce?: string;
}

/** What programs can call here, for what describes it. */
export interface Api {
	operations(): Promise<readonly Operation[]>;
	/** Those that a request for this path would get to. */
	at(path: string): Promise<readonly Operation[]>;
}

export type Handler = (call: Call) => Promise<Response> | Response;
