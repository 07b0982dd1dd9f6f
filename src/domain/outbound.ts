import type { Seconds } from "./brands.ts";

/**
 * What latchkey fetches from elsewhere, for strangers who chose the URL. No credentials go with it, and no redirect is
 * followed. It does not throw.
 */
export interface Outbound {
	get(url: string, limits: OutboundLimits): Promise<Fetched>;
	/** Asks as it is told, for an answer that is read whole: of somebody whom an administrator named, who may be told a secret. */
	ask(url: string, what: Asking, limits: { readonly maxBytes: number; readonly signal: AbortSignal }): Promise<Asked>;
	/** Sends a text as JSON, of which the beginning of the answer is read, whatever its status. A redirect is an answer like others. */
	deliver(
		url: string,
		what: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
		limits: OutboundLimits,
	): Promise<Delivered>;
	/** Sends a form. Nothing of the answer is read but its status. */
	post(url: string, form: Readonly<Record<string, string>>, limits: Pick<OutboundLimits, "timeoutMs">): Promise<Posted>;
}

interface Asking {
	readonly headers: Readonly<Record<string, string>>;
	/** Null: it is a GET. */
	readonly body: string | null;
}

type Asked =
	| { readonly kind: "answered"; readonly response: Response }
	| { readonly kind: "failed"; readonly reason: string };

/** What answered, or why nothing did: in words of ours. */
type Delivered =
	| { readonly status: number; readonly retryAfter: string | null; readonly beginning: string }
	| { readonly status: null; readonly reason: string };

/** What became of it: `refused` where it would be so again, `failed` where that may be over in a while. */
export interface Posted {
	readonly kind: "taken" | "refused" | "failed";
	/** For the log and the audit: it holds nothing of what was answered but its status. */
	readonly reason: string;
}

interface OutboundLimits {
	readonly maxBytes: number;
	/** For all of it: connection, headers and body. */
	readonly timeoutMs: number;
}

export type Fetched =
	/** JSON by its type: `text` is not parsed yet. `maxAge` is null where its headers do not say how long it may be kept. */
	| { readonly kind: "ok"; readonly text: string; readonly maxAge: Seconds | null }
	/** Why is for the log and for the developer of the client; it holds nothing of what was answered. */
	| { readonly kind: "failed"; readonly reason: string };

/** RFC 9111 §5.2.2, for a cache that many share. Null where nothing is said, zero for what is not to be kept. */
export function freshnessOf(cacheControl: string | null, age: string | null): Seconds | null {
	if (cacheControl === null) return null;
	const directives = new Map(
		cacheControl.split(",").map((each): [string, string] => {
			const [name = "", value = ""] = each.trim().split("=", 2);
			return [name.toLowerCase(), value.replaceAll('"', "")];
		}),
	);
	if (["no-store", "no-cache", "private"].some((name) => directives.has(name))) return 0;
	const said = directives.get("s-maxage") ?? directives.get("max-age");
	if (said === undefined) return null;
	// §4.2.1: what cannot be read is stale.
	if (!/^\d{1,10}$/.test(said)) return 0;
	const passed = /^\d{1,10}$/.test(age ?? "") ? Number(age) : 0;
	return Math.max(0, Number(said) - passed);
}
