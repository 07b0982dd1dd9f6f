import type { PresentedToken, Unproven } from "../../domain/dpop-proof.ts";
import type { SubjectId } from "../../domain/subject.ts";
import { claimsIn, type IdentityClaims, tell } from "../../domain/identity-claims.ts";
import { checkTokenFor } from "../checks/check-token.ts";
import { knownPerson } from "./known-person.ts";
import type { Services } from "../services.ts";

export type ToldIdentity =
	| { kind: "told"; claims: IdentityClaims & { readonly sub: SubjectId } }
	/** The token is good, and was not given to find out who somebody is. */
	| { kind: "no_openid" }
	| { kind: "expired" | "invalid" }
	| Unproven;

/**
 * OIDC Core §5.3: what an access token lets its client know of a person, by the scope that it still has and by what the
 * authorization request asked for by name (§5.5). One ledger call.
 */
export async function tellIdentity(token: PresentedToken, services: Services): Promise<ToldIdentity> {
	// OIDC Core §5.3: an access token that `openid` was granted to, whomever else it is for. UserInfo is the issuer's own, and
	// tells no more than the person let that very client know.
	const checked = await checkTokenFor(() => true, token, services);
	if (checked.kind !== "valid") return checked;
	const { facts, behind } = checked;
	// RFC 9068 §5: what is for its own client is an id_token.
	if (facts.audience.includes(facts.clientId)) return { kind: "invalid" };
	// Only people consent to `openid`: no login token, and no client that acts for itself, has it.
	if (!facts.scope.includes("openid") || behind === "client" || !("grant" in behind)) return { kind: "no_openid" };
	// As it was looked up for whether the token still counts.
	const client = await services.lookups.client(facts.clientId);
	const person = await knownPerson(facts.subject, facts.accountId, client, services);
	if (!person) return { kind: "invalid" };
	const asked = [...claimsIn(facts.scope), ...(behind.grant.identity?.claims.userinfo ?? [])];
	return { kind: "told", claims: { ...tell(person, asked), sub: facts.subject } };
}
