import { type AskedContexts, havable } from "../../domain/authentication.ts";
import type { Client } from "../../domain/client.ts";
import type { Seconds } from "../../domain/brands.ts";
import type { Params } from "../../http/body.ts";
import { checked, type Checked, refused } from "./refusal.ts";

export const prompts = ["none", "login", "consent", "select_account"] as const;
export type Prompt = (typeof prompts)[number];

/** OIDC Core §3.1.2.1: what the client wants the person to be asked, and how long ago they may have signed in. */
export interface Prompting {
	readonly prompt: ReadonlySet<Prompt>;
	readonly maxAge: Seconds | null;
	/** Null where any will do. */
	readonly contexts: AskedContexts | null;
	/** Whether one that is less than what is wished for is not to be done better: the person was asked. */
	readonly isAnyGood: boolean;
}

export function readPrompting(params: Params, client: Client): Checked<Prompting> {
	const named = params.get("prompt")?.split(" ") ?? [];
	const known = named.flatMap((value) => prompts.find((prompt) => prompt === value) ?? []);
	if (known.length < named.length) return refused("invalid_request", "prompt has a value that is not supported");
	const prompt = new Set(known);
	if (prompt.has("none") && prompt.size > 1) {
		return refused("invalid_request", "prompt none cannot be combined with another");
	}
	const text = params.get("max_age");
	if (text !== undefined && !/^\d{1,10}$/.test(text)) return refused("invalid_request", "max_age is not a number");
	// OIDC Registration §2: `default_max_age`, unless the request says otherwise.
	const maxAge = text === undefined ? (client.options.defaultMaxAge ?? null) : Number(text);
	// OIDC Core §3.1.2.1: max_age=0 is equivalent to prompt=login.
	const wished = params.get("acr_values")?.split(" ") ?? client.options.defaultAcrValues ?? [];
	const acrs = havable(wished);
	return checked({
		prompt: maxAge === 0 ? prompt.add("login") : prompt,
		maxAge,
		// OIDC Core §3.1.2.1, OIDC Registration §2: `acr_values` is a wish: one that nobody can grant is passed over.
		contexts: acrs.length === 0 ? null : { acrs, isEssential: false },
		isAnyGood: wished.includes(anyAcr),
	});
}

/** OIDC Core §2: a sign-in of which nothing is said. Whoever names it among others takes what they get. */
const anyAcr = "0";

/** Whether nobody is to be asked anything: the silent authentication of OIDC Core §3.1.2.1. */
export function isSilent(params: Params): boolean {
	return params.get("prompt") === "none";
}

/**
 * The same request for when the person has just signed in: what that satisfied is not asked of them again, nor is what they were
 * asked for (`wished`) and did not do, where it was a wish.
 */
export function afterSignIn(
	page: string,
	{ prompt, maxAge, wished }: Pick<Prompting, "prompt" | "maxAge"> & { readonly wished: AskedContexts | null },
	signInTtl: Seconds,
): string {
	if (!prompt.has("login") && maxAge === null && !wished) return page;
	// Not split by hand: a query may have question marks in it (RFC 3986 §3.4).
	const { pathname, searchParams: params } = new URL(page, "http://localhost");
	const left = [...prompt].filter((each) => each !== "login").join(" ");
	if (left === "") params.delete("prompt");
	else params.set("prompt", left);
	// Not left out: the client's default would come in its place. Within this span every sign-in is over.
	if (maxAge !== null) params.set("max_age", String(signInTtl));
	if (wished) params.set("acr_values", [...wished.acrs, anyAcr].join(" "));
	return `${pathname}?${params.toString()}`;
}
