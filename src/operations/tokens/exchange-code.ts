import { audit, entryOf } from "../audit.ts";
import { sha256 } from "../../crypto/digest.ts";
import { randomId } from "../../crypto/random.ts";
import { hashSecret, sealToken, type TokenReference, unsealToken } from "../../crypto/sealed-token.ts";
import { accessTokenTtlOf } from "../../domain/access-token-terms.ts";
import { audienceOf } from "../../domain/audience.ts";
import type { Client } from "../../domain/client.ts";
import { effectiveScope } from "../../domain/effective-scope.ts";
import { bindingProblem, type CodeGrantTerms } from "../../domain/grant.ts";
import type { CodeRecord } from "../../domain/ports/codes.ts";
import type { Hash } from "../../domain/brands.ts";
import { closedTarget } from "../../domain/targets.ts";
import { signAccessToken } from "../signing/access-token.ts";
import { tellOfMisuse } from "../events/misused-grant.ts";
import type { Sender } from "../checks/dpop.ts";
import { signIdToken } from "./id-token.ts";
import { noteGrantEnd, noteReplaced } from "../clients/installs.ts";
import type { IssuedTokens, TokenRefusal } from "./issued-tokens.ts";
import { useProof } from "./use-proof.ts";
import { standingOf } from "../standing.ts";
import { carriedTo } from "../targets.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

export interface CodeExchange {
	readonly code: string;
	/** Null where the request named none. */
	readonly redirectUri: string | null;
	readonly codeVerifier: string | null;
	/** RFC 8707 §2.2; null asks for every resource of the grant. */
	readonly resource: readonly string[] | null;
	/** Whether the client proved itself by a secret or a key, and did not only name itself. */
	readonly isProven: boolean;
	/** Whose key the tokens are bound to (RFC 9449 §5); null where the client proved to have none. */
	readonly sender: Sender | null;
}

/**
 * RFC 6749 §4.1.3. Everything that can be refused is refused, and the tokens are signed, before the ledger is asked to
 * redeem; the ledger repeats the binding checks and decides (DESIGN §3.2).
 */
export async function exchangeCode(
	request: CodeExchange,
	client: Client,
	address: string | null,
	services: Services,
): Promise<IssuedTokens | TokenRefusal> {
	const { code, redirectUri, codeVerifier, resource, isProven, sender } = request;
	const reference = await unsealToken("code", code, services.serverKeys);
	if (!reference) return refused("code_unknown");
	const codeHash = await sha256(code);
	const codeChallenge = codeVerifier === null ? null : await sha256(codeVerifier);
	const redemption = { reference, codeHash, redirectUri, codeChallenge, resource, isProven, sender };
	return redeemGrant(redemption, client, address, services);
}

/** What opens a grant that waits: an authorization code, or a device code. */
export interface GrantRedemption extends Pick<CodeExchange, "redirectUri" | "resource" | "isProven" | "sender"> {
	readonly reference: Omit<TokenReference, "secret">;
	readonly codeHash: Hash;
	readonly codeChallenge: string | null;
}

export async function redeemGrant(
	{ reference, codeHash, redirectUri, codeChallenge, resource, isProven, sender }: GrantRedemption,
	client: Client,
	address: string | null,
	services: Services,
): Promise<IssuedTokens | TokenRefusal> {
	const ledger = portsOf(services).ledgers.of(reference.subject);
	const [record, standing] = await Promise.all([
		findRecord(reference, codeHash, services),
		standingOf(reference.subject, reference.accountId, client, services),
	]);
	if (!record) return refused("code_unknown");
	const senderKey = sender?.key ?? null;
	const facts = { codeHash, clientId: client.id, redirectUri, codeChallenge, senderKey };
	const problem = bindingProblem(record, facts);
	if (problem) return refused(`code_mismatch_${problem}`);
	if (!standing) return refused("standing_ended");
	// RFC 8707 §2.2: narrower, never wider; and a request that asks for too much must not burn the code.
	const { issuer } = services.config;
	const audience = audienceOf(resource, record.resource, issuer);
	if (!audience) {
		return { ok: false, error: "invalid_target", reason: "resource_widened" };
	}

	// What was agreed to may have been taken from the client, the person or the API since.
	const { targets, ...carried } = await carriedTo(audience, record, standing, services);
	if (closedTarget({ ...targets, isMisspelled: false }, record.accountId) !== null) {
		return { ok: false, error: "invalid_target", reason: "resource_closed" };
	}
	const scope = effectiveScope(record.scope, carried.scope);
	if (!scope) return { ok: false, error: "invalid_scope", reason: "scope_closed" };
	const signer = await services.signingKeys.forAccessToken(client, targets);
	const ttl = accessTokenTtlOf(client, targets);
	const { grantTtl, grantIdleTtl } = services.config;
	const refreshes = client.grantTypes.includes("refresh_token");
	const lifetime = refreshes ? grantTtl : ttl;
	const first: TokenReference = { ...reference, generation: 1, secret: services.random(32) };
	const { subject } = reference;
	const access = await signAccessToken(
		{
			subject,
			accountId: record.accountId,
			clientId: client.id,
			scope,
			resource: audience,
			grantId: record.id,
			identity: record.identity,
			senderKey,
			ttl,
			notAfter: services.now() + lifetime,
		},
		signer,
		services,
	);
	const identified = {
		subject,
		accountId: record.accountId,
		client,
		scope,
		access,
		...(record.identity && { identity: record.identity }),
	};
	const [idToken, refreshToken, refreshHash] = await Promise.all([
		record.identity
			? signIdToken(identified, await services.signingKeys.forIdToken(client), "exchange", services)
			: null,
		refreshes ? sealToken("refresh", first, services.serverKeys) : null,
		refreshes ? hashSecret(first) : null,
	]);

	const used = await useProof(sender);
	if (used) return used;
	const redeemed = await ledger.redeem(record.id, {
		...facts,
		attempt: randomId(services.random),
		lifetime,
		refresh: refreshHash && {
			hash: refreshHash,
			idleTtl: grantIdleTtl,
			// RFC 9449 §5: a refresh token that a secret keeps already is bound to no key, so that its client can change that.
			...(!isProven && senderKey !== null && { senderKey }),
		},
		notBefore: standing.notBefore,
	});
	if (redeemed.kind === "replayed") await tellOfReplay(reference, record, client, address, services);
	if (redeemed.kind !== "redeemed") return refused(`code_${redeemed.kind}`);
	await noteReplaced(record, subject, services);
	return { ok: true, ...access, refreshToken, idToken, scope };
}

/** KV first: it is near. Where it has nothing, something else, or fails, the ledger's own record serves. */
async function findRecord(
	reference: GrantRedemption["reference"],
	codeHash: Hash,
	services: Services,
): Promise<CodeRecord | CodeGrantTerms | null> {
	try {
		const record = await portsOf(services).codes.get(codeHash);
		if (record?.id === reference.id) return record;
	} catch {
		services.log("codes.get_failed", { grant: reference.id });
	}
	return portsOf(services).ledgers.of(reference.subject).grantTerms(reference.id);
}

async function tellOfReplay(
	reference: GrantRedemption["reference"],
	record: CodeRecord | CodeGrantTerms,
	client: Client,
	address: string | null,
	services: Services,
): Promise<void> {
	await noteGrantEnd(reference.id, services);
	const { subject, id: grantId } = reference;
	const { accountId } = record;
	tellOfMisuse(
		"code_replayed",
		{ accountId, subject, clientId: client.id, clientName: client.name, grantId },
		services,
	);
	const act = { action: "code.replayed", target: grantId, detail: { subject } };
	await audit(entryOf({ subject: client.id, accountId, address }, act, services), services);
}

function refused(reason: string): TokenRefusal {
	return { ok: false, error: "invalid_grant", reason };
}
