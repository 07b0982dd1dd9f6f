import { claimedKey, signPayload, verifyIdToken } from "../../crypto/jwt.ts";
import { randomId } from "../../crypto/random.ts";
import type { Client } from "../../domain/client.ts";
import { idJagType, readAssertedAt } from "../../domain/identity-assertion.ts";
import type { Clear, Seconds } from "../../domain/brands.ts";
import { confirmed } from "../../domain/sender-key.ts";
import type { Scope } from "../../domain/scope.ts";
import { parseSubject, type SubjectId } from "../../domain/subject.ts";
import { audit, entryOf } from "../audit.ts";
import type { Sender } from "../checks/dpop.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";
import { standingOf } from "../standing.ts";
import type { ExchangeRefusal } from "./exchange-token.ts";
import type { IssuedTokens } from "./issued-tokens.ts";
import { useProof } from "./use-proof.ts";

/** Long enough to be sent to the other server at once, and no longer. */
const idJagTtl: Seconds = 300;

export interface AskedAssertion {
	/** An id_token of ours, of the client that presents it. */
	readonly subjectToken: string;
	/** The issuer of the authorization server that it is for. */
	readonly audience: string;
	/** Null asks for all that can be had. */
	readonly scope: Scope | null;
	readonly resource: readonly string[] | null;
	/** Whose key the assertion is bound to; null where the client proved to have none. */
	readonly sender: Sender | null;
	readonly address: string | null;
}

/**
 * ID-JAG §4.3: latchkey as the identity provider. What the account that owns the client lets it have elsewhere decides, for somebody
 * who belongs to that account and is signed in still.
 */
export async function issueIdJag(
	{ subjectToken, audience, scope: asked, resource, sender, address }: AskedAssertion,
	client: Client,
	services: Services,
): Promise<IssuedTokens | ExchangeRefusal> {
	const { accountId, options } = client;
	const allowed = (options.identityAssertions ?? []).map(readAssertedAt).find((each) => each?.audience === audience);
	// RFC 8693 §2.2.2
	if (!allowed || accountId === null) {
		const detail = "The client may not have an assertion for this server: identity_assertions says for which it may";
		return { ok: false, error: "invalid_target", reason: "audience_closed", detail };
	}
	const claims = await readIdToken(subjectToken, client, services);
	if (!claims) return invalid();
	const subject = claims.sub;
	const [standing, isSignedIn] = await Promise.all([
		standingOf(subject, accountId, client, services),
		portsOf(services).ledgers.of(subject).hasSignIn(claims.sid, { clientId: client.id, issuedAt: claims.iat }),
	]);
	if (!standing || !isSignedIn || claims.iat < standing.notBefore) return invalid();
	const scope = asked ? asked.filter((value) => allowed.scope.includes(value)) : allowed.scope;
	if (scope.length === 0) {
		const detail = "Nothing of this scope is in identity_assertions for this server";
		return { ok: false, error: "invalid_scope", reason: "scope_closed", detail };
	}
	const signer = await services.signingKeys.forIdToken(client);
	if (!signer) return invalid();
	const used = await useProof(sender);
	if (used) return used;
	const iat = services.now();
	const { algorithm: alg, kid, key } = signer;
	const assertion = {
		iss: services.config.issuer,
		sub: subject,
		aud: audience,
		client_id: allowed.clientId,
		jti: randomId(services.random),
		iat,
		exp: iat + idJagTtl,
		scope: scope.join(" "),
		...(resource && { resource: resource.length === 1 ? resource[0] : resource }),
		...claims.told,
		// Proof-of-Possession During Token Exchange: MUST, or the client's proof was for nothing.
		...confirmed(sender?.key ?? null),
	};
	const token = (await signPayload(JSON.stringify(assertion), { alg, kid, typ: "oauth-id-jag+jwt" }, key)) as Clear;
	const act = { action: "id_jag.issue", target: client.id, detail: { audience, scope: scope.join(" ") } };
	await audit(entryOf({ subject, accountId, address }, act, services), services);
	return {
		ok: true,
		token,
		issuedAt: iat,
		expiresIn: idJagTtl,
		// It is no access token.
		tokenType: "N_A",
		refreshToken: null,
		idToken: null,
		scope,
		issuedTokenType: idJagType,
		of: { subject, accountId, clientId: client.id, resource: null },
	};
}

interface Asserted {
	readonly sub: SubjectId;
	readonly sid: string;
	readonly iat: Seconds;
	/** What the assertion says again. */
	readonly told: Readonly<Record<string, unknown>>;
}

/** §4.3.3: an id_token of ours, of this very client, whose time is not over (RFC 7521 §5.2). Null for any other. */
async function readIdToken(token: string, client: Client, services: Services): Promise<Asserted | null> {
	const claimed = token.length <= longest ? claimedKey(token) : null;
	const found = claimed && (await services.signingKeys.verifier(claimed));
	if (!found) return null;
	const { key, algorithm } = found;
	const claims = await verifyIdToken(token, key, { algorithm, issuer: services.config.issuer });
	if (!claims || claims.aud !== client.id || services.now() >= (claims.exp ?? 0)) return null;
	const { sub = "", sid, iat = 0, auth_time, acr, amr, email, email_verified } = claims;
	if (typeof sid !== "string" || !isPerson(sub)) return null;
	return { sub, sid, iat, told: { auth_time, acr, amr, ...(email_verified === true && { email }) } };
}

function isPerson(sub: string): sub is SubjectId {
	return parseSubject(sub)?.kind === "person";
}

/** No id_token of ours comes near this length. */
const longest = 8192;

function invalid(): ExchangeRefusal {
	// One sentence for every reason.
	const detail = "subject_token is no id_token of this client's that is good, of somebody who is signed in";
	return { ok: false, error: "invalid_request", reason: "subject_token", detail };
}
