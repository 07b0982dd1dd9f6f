import { sha256 } from "../../crypto/digest.ts";
import { accessTokenTtlOf } from "../../domain/access-token-terms.ts";
import { defaultResourceOf } from "../../domain/audience.ts";
import { type SubjectId, subjectId } from "../../domain/subject.ts";
import { type Client, isPublic } from "../../domain/client.ts";
import { defaultScope, effectiveScope, narrow, openOf } from "../../domain/effective-scope.ts";
import { splitScope } from "../../domain/identity.ts";
import type { Scope } from "../../domain/scope.ts";
import { closedTarget, inOneToken, latchkeyAlone, type Targets } from "../../domain/targets.ts";
import type { Sender } from "../checks/dpop.ts";
import { spelledAsRegistered } from "../clients/as-registered.ts";
import { namesClient } from "../clients/names-client.ts";
import { signAccessToken } from "../signing/access-token.ts";
import type { IssuedTokens, TokenRefusal } from "./issued-tokens.ts";
import { type ProofRefusal, useProof } from "./use-proof.ts";
import type { Services } from "../services.ts";
import { standingOf } from "../standing.ts";
import { findTargets } from "../targets.ts";

export interface OwnRequest {
	/** Null asks for what the client may do for itself by default. */
	readonly scope: Scope | null;
	/** RFC 8707; null is latchkey itself. */
	readonly resource: readonly string[] | null;
	/** Whose key the tokens are bound to (RFC 9449 §5); null where the client proved to have none. */
	readonly sender: Sender | null;
}

/**
 * RFC 6749 §4.4, for a client that has proved who it is and is registered for it. The token stands for the client, in the
 * account that owns it; behind it is nothing but the client, so that no storage is asked but for a proof.
 */
export async function grantClientCredentials(
	{ scope: asked, resource: named, sender }: OwnRequest,
	client: Client,
	services: Services,
): Promise<
	| IssuedTokens
	| (TokenRefusal & {
			readonly error: "invalid_scope" | "invalid_target" | "unauthorized_client";
	  })
	| ProofRefusal
> {
	// RFC 6749 §4.4: confidential clients alone. One that registered itself has no account to act in.
	if (isPublic(client) || client.accountId === null) {
		return { ok: false, error: "unauthorized_client", reason: "not_for_itself" };
	}
	const { accountId } = client;
	const resource = named ?? defaultResourceOf(client, services.config.issuer);
	if (resource && (await namesClient(resource, client, services))) {
		return { ok: false, error: "invalid_target", reason: "resource_of_client" };
	}
	const targets = await findTargets(resource, services);
	const detail = closedTarget(targets, accountId);
	if (detail !== null) return { ok: false, error: "invalid_target", reason: "resource_closed", detail };
	const isUsual = asked === null && targets === latchkeyAlone;
	const scope = (isUsual ? usualScopes.get(client) : null) ?? scopeOf(asked, targets, client);
	if (!scope) return { ok: false, error: "invalid_scope", reason: "scope_closed" };
	if (isUsual) usualScopes.set(client, scope);
	const subject = subjects.get(client) ?? (await clientSubject(client.id));
	subjects.set(client, subject);
	const [standing, signer, audience] = await Promise.all([
		standingOf(subject, accountId, client, services),
		services.signingKeys.forAccessToken(client, targets),
		resource && spelledAsRegistered(resource, targets, accountId, services),
	]);
	if (!standing) return { ok: false, error: "unauthorized_client", reason: "standing_ended" };
	const used = await useProof(sender);
	if (used) return used;
	const access = await signAccessToken(
		{
			subject,
			accountId,
			clientId: client.id,
			scope,
			...(audience && { resource: audience }),
			grantId: null,
			senderKey: sender?.key ?? null,
			ttl: accessTokenTtlOf(client, targets),
			notAfter: Number.POSITIVE_INFINITY,
		},
		signer,
		services,
	);
	// RFC 6749 §4.4.3: no refresh token, since the client can always ask again.
	return { ok: true, ...access, refreshToken: null, idToken: null, scope };
}

function scopeOf(asked: Scope | null, targets: Targets, client: Client): Scope | null {
	// A client is nobody whom `openid`, `email` and the like could tell of: it neither has them nor is refused for them, since
	// there are SDKs that ask for all that the issuer lists.
	const own = splitScope(client.scope).access;
	// What nobody registered is passed on for people alone, who are shown it.
	const open = openOf(own, inOneToken(targets), { client, accountId: client.accountId, role: null });
	return asked ? effectiveScope(splitScope(asked).access, open) : narrow(defaultScope(client), open);
}

// As long as the client is remembered: who it is, and what it gets that asks for nothing by name.
const subjects = new WeakMap<Client, SubjectId>();
const usualScopes = new WeakMap<Client, Scope>();

/**
 * The subject that a client is when it acts for itself (RFC 6749 §4.4). Its kind stands in the id, so it can never be
 * taken for a person, whatever its client id looks like (RFC 9068 §5).
 */
export async function clientSubject(clientId: string): Promise<SubjectId> {
	return subjectId({ kind: "client", home: "any", id: (await sha256(clientId)).slice(0, 22) });
}
