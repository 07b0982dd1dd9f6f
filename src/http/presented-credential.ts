import { type AuthorizationToken, readToken } from "./authorization-header.ts";

/** The credential that a request for a resource brings, before anybody has looked whether it is good. */
export type PresentedCredential =
	| { kind: "none" }
	/** DESIGN §1: two different credentials in one request are refused, not chosen from. */
	| { kind: "conflict" }
	/** Contract 002's header is there and is no `Bearer …`. */
	| { kind: "no_bearer" }
	/** In `Authorization`, or (as a bearer token) in the header of contract 002. */
	| AuthorizationToken
	/** In `x-api-key` or `?apiKey=` (contract 003). */
	| { kind: "api_key"; value: string };

export function readCredential(request: Request, url: URL): PresentedCredential {
	const last9 = request.headers.get("x-last9-api-token");
	const inHeader = last9 === null ? null : (/^Bearer +(\S+)$/i.exec(last9.trim())?.[1] ?? "");
	if (inHeader === "") return { kind: "no_bearer" };
	const apiKey = request.headers.get("x-api-key");
	const inQuery = url.search === "" ? [] : url.searchParams.getAll("apiKey");
	const token = readToken(request);
	const value = token?.value ?? inHeader ?? apiKey ?? inQuery[0];
	if (value === undefined) return { kind: "none" };
	const others = [inHeader, apiKey, ...inQuery].filter((each) => each !== null);
	// One that is bound to a key is another where nobody proves to have that.
	const isOne = token?.kind === "dpop" ? others.length === 0 : others.every((each) => each === value);
	if (!isOne) return { kind: "conflict" };
	return token ?? { kind: inHeader === null ? "api_key" : "bearer", value };
}

/** Whether a request that shows this one elsewhere, in its body, shows another beside it. */
export function hasOther(presented: PresentedCredential, value: string | null): boolean {
	return presented.kind !== "none" && !("value" in presented && presented.value === value);
}
