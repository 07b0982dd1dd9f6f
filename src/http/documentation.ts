import type { GenericSchema } from "valibot";

/** What the OpenAPI document says of an endpoint. Its schemas are those that the request is validated with. */
export interface Documentation {
	readonly tag: string;
	readonly summary: string;
	/** CommonMark. */
	readonly description?: string;
	/** What opens it, each by itself; empty for everybody. */
	readonly credentials: readonly Credential[];
	/** The scope value that an access token needs here, where that is no permission. */
	readonly scope?: string;
	/** Whose login token it takes (contract 001), where no permission says who may and nothing else opens it. */
	readonly login?: LoginOf;
	/** What stands in the place of the path's `:names`. */
	readonly path?: Readonly<Record<string, string>>;
	/** What stands in the query. Under `/v1/` nothing else may (http/known-query.ts). */
	readonly query?: Readonly<Record<string, QueryParameter>>;
	readonly body?: {
		/** The one that is documented: clients that are generated know how to send one. What else is taken the text says. */
		readonly media: readonly [string];
		readonly schema: GenericSchema;
		readonly example: unknown;
	};
	/**
	 * Whether its answer has an `ETag` and, where it writes, it takes an `If-Match` (RFC 9110 §13.1.1). What writes and has no
	 * tag refuses every `If-Match` but `*`: nobody shall believe that it was heeded.
	 */
	readonly tagged?: true;
	/** Of a POST: it takes no `Idempotency-Key`, since to send it twice is to ask twice. */
	readonly changesNothing?: true;
	/**
	 * Of a POST that, run twice with the nonce of one call, does one thing: one whose first run with an `Idempotency-Key` was broken off
	 * is run again. Of others nobody could say whether it would be twice.
	 */
	readonly repeatable?: true;
	readonly answers: Readonly<
		Record<number, { readonly description: string; readonly media?: string; readonly schema?: GenericSchema }>
	>;
}

/** Of whoever it is about, of an administrator of the account, or of an operator of the deployment. */
export type LoginOf = "own" | "admin" | "operator";

interface QueryParameter {
	readonly description: string;
	readonly example?: string;
	/** JSON Schema of what it may be; left out, it is any text. */
	readonly schema?: Readonly<Record<string, unknown>>;
}

export type Credential =
	/** `Authorization: Bearer`: an access token, a login token or the token of a key file. */
	| "bearer"
	/** Contract 002's header. */
	| "last9"
	| "access_code"
	| "access_code_query"
	| "public_key"
	| "public_key_query"
	/** A client, by HTTP Basic. */
	| "client"
	/** RFC 7592: a client's registration access token, as `Authorization: Bearer`. */
	| "registration"
	/** The setup secret of the deployment, as `Authorization: Bearer`. */
	| "deployment"
	/** In the body. */
	| "body"
	/** A person's browser session. */
	| "session";
