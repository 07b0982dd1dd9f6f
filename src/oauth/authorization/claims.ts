import { type AskedContexts, havable } from "../../domain/authentication.ts";
import { type ClaimsRequest, identityClaims, noClaims } from "../../domain/identity.ts";
import type { Params } from "../../http/body.ts";
import { repeatedKey } from "../../http/json-keys.ts";
import { readJsonText, tooDeep } from "../../json-text.ts";
import { checked, type Checked, refused } from "./refusal.ts";

/** OIDC Core §5.5: the `claims` of a request, as far as it concerns us. */
export interface RequestedClaims {
	readonly claims: ClaimsRequest;
	/** Null where any will do. */
	readonly contexts: AskedContexts | null;
	/** OIDC Core §5.5.1: one of them has to be signed in; null where the client does not say who. */
	readonly subjects: readonly string[] | null;
}

const most = 4096;

export function readClaims(params: Params): Checked<RequestedClaims> {
	const text = params.get("claims");
	if (text === undefined) return checked({ claims: noClaims, contexts: null, subjects: null });
	if (text.length > most) return refused("invalid_request", `claims is longer than ${most} characters`);
	const read = readJsonText(text);
	if (!read.ok && read.reason === "too_deep") return refused("invalid_request", `claims ${tooDeep}`);
	const members = read.ok && isObject(read.value) && repeatedKey(text) === null ? read.value : null;
	const userinfo = members && individualClaims(members.userinfo);
	const idToken = members && individualClaims(members.id_token);
	if (!userinfo || !idToken) return refused("invalid_request", "claims is malformed");

	// OIDC Core §5.5.1.1: an essential `acr` that cannot be had makes the authentication fail.
	const acr = idToken.get("acr");
	const wanted = valuesOf(acr);
	const acrs = wanted && havable(wanted);
	const isEssential = acr?.essential === true;
	if (isEssential && acrs?.length === 0) {
		return refused("unmet_authentication_requirements", "There is no such authentication context here");
	}
	const subjects = [valuesOf(idToken.get("sub")), valuesOf(userinfo.get("sub"))].filter((each) => each !== null);
	const [first, second = first] = subjects;
	return checked({
		claims: { userinfo: named(userinfo), idToken: named(idToken) },
		contexts: acrs === null || acrs.length === 0 ? null : { acrs, isEssential },
		subjects: first && second ? first.filter((each) => second.includes(each)).map(String) : null,
	});
}

type Individual = Readonly<Record<string, unknown>> | null;

/** By name; null where it is no such list. A Map: `constructor` is no claim. */
function individualClaims(member: unknown): ReadonlyMap<string, Individual> | null {
	if (member === undefined) return new Map();
	if (!isObject(member)) return null;
	const claims = new Map<string, Individual>();
	for (const [name, claim] of Object.entries(member)) {
		// OIDC Core §5.5.1: null, or a JSON object.
		if (claim !== null && !isIndividual(claim)) return null;
		claims.set(name, claim);
	}
	return claims;
}

function isIndividual(claim: unknown): claim is Readonly<Record<string, unknown>> {
	if (!isObject(claim)) return false;
	const { essential, values } = claim;
	return (essential === undefined || typeof essential === "boolean") && (values === undefined || Array.isArray(values));
}

function valuesOf(claim: Individual | undefined): readonly unknown[] | null {
	if (!claim) return null;
	if (claim.value !== undefined) return [claim.value];
	return Array.isArray(claim.values) ? claim.values : null;
}

/** OIDC Core §5.5: members that are not understood MUST be ignored. */
function named(claims: ReadonlyMap<string, Individual>) {
	return identityClaims.filter((name) => claims.has(name));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
