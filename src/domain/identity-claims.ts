import { claimsOfScope, type IdentityClaim, identityClaims, isIdentityScope, type Profile } from "./identity.ts";
import type { Role } from "./permission.ts";
import type { Scope } from "./scope.ts";

/** A claim and its value: text, a truth value, an instant, or an address. */
export type IdentityClaims = Readonly<Partial<Record<IdentityClaim, unknown>>>;

/** What is known of a person, in the account that a grant is for. */
export interface Known {
	readonly name: string;
	readonly username: string;
	readonly profile?: Profile;
	/** Left out where they belong to it no more. */
	readonly membership?: { readonly slug: string; readonly role: Role };
	/** Whether they have proved that the address is theirs, or somebody has said so whose word counts for the client. */
	readonly isEmailVerified?: boolean;
}

/** OIDC Core §5.4: the claims that the values of a scope stand for. */
export function claimsIn(scope: Scope): readonly IdentityClaim[] {
	return scope.filter(isIdentityScope).flatMap((value) => claimsOfScope[value] ?? []);
}

/**
 * What may be told of a person, of the claims that were asked for. OIDC Core §5.3.2: one that has no value is left out,
 * never null or empty.
 */
export function tell(person: Known, asked: readonly IdentityClaim[]): IdentityClaims {
	const values = valuesOf(person);
	return Object.fromEntries(
		identityClaims.flatMap((claim) =>
			asked.includes(claim) && hasValue(values[claim]) ? [[claim, values[claim]]] : [],
		),
	);
}

/** As many of them, the shortest first, as fit into so many bytes of JSON. */
export function fitting(claims: IdentityClaims, most: number): IdentityClaims {
	const sized = Object.entries(claims).map(([name, value]) => {
		const text = JSON.stringify({ [name]: value });
		return { name, value, size: new TextEncoder().encode(text).length };
	});
	let left = most;
	const fit = sized.toSorted((a, b) => a.size - b.size).filter(({ size }) => (left -= size) >= 0);
	return Object.fromEntries(fit.map(({ name, value }) => [name, value]));
}

function valuesOf({ name, username, profile = {}, membership, isEmailVerified = false }: Known): IdentityClaims {
	return {
		...profile,
		name,
		preferred_username: username,
		groups: membership ? [membership.slug, `${membership.slug}:${membership.role}`] : [],
		// OIDC Core §5.1: true only if somebody made sure of it.
		email_verified: profile.email ? isEmailVerified : undefined,
		phone_number_verified: profile.phone_number ? false : undefined,
		address: Object.fromEntries(Object.entries(profile.address ?? {}).filter(([, part]) => hasValue(part))),
	};
}

function hasValue(value: unknown): boolean {
	if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
	return value !== undefined && value !== null && value !== "";
}
