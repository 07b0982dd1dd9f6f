/** What stands behind an access token: a grant, a login session, or the client itself (RFC 6749 §4.4). */
export type Origin = { readonly grantId: string } | { readonly sid: string } | "client";

export function originClaims(origin: Origin): { readonly grant_id?: string; readonly sid?: string } {
	if (origin === "client") return {};
	return "grantId" in origin ? { grant_id: origin.grantId } : { sid: origin.sid };
}

export function originOf({ grant_id, sid }: { readonly grant_id?: unknown; readonly sid?: unknown }): Origin {
	if (typeof grant_id === "string") return { grantId: grant_id };
	return typeof sid === "string" ? { sid } : "client";
}
