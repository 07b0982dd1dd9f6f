import { writeInstant } from "../../domain/instant.ts";
import { base64url } from "../../crypto/encoding.ts";
import { hashSecret, sealToken, type TokenReference, unsealToken } from "../../crypto/sealed-token.ts";
import { type PairScope, pairScopes } from "../../domain/permission.ts";
import type { Limited, NamedLimit } from "../../domain/limit.ts";
import type { Clear, Seconds } from "../../domain/brands.ts";
import { type AccessToken, signAccessToken } from "../signing/access-token.ts";
import type { Actor } from "../actor.ts";
import { entryOf } from "../audit.ts";
import { rotateRefreshToken } from "./rotate-refresh-token.ts";
import { bytesFor } from "../form-nonce.ts";
import { countToken } from "./count-token.ts";
import { takeTurn } from "../limits.ts";
import { standingOf } from "../standing.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/** Contract 002: an access and a refresh token "with authentication-specific claims". */
interface TokenPair {
	readonly scopes: readonly string[];
	readonly accessToken: Clear;
	readonly refreshToken: Clear;
	readonly issuedAt: Seconds;
	readonly expiresAt: Seconds;
}

export interface WantedPairs {
	/** What the person will know them by; null for none. */
	readonly name: string | null;
	/** In how many days they end, however they are refreshed; null: as late as any grant of this deployment. */
	readonly days: number | null;
}

export type GeneratedPairs =
	| { kind: "generated"; pairs: readonly TokenPair[] }
	/** The form was sent before, and its tokens were shown then. */
	| { kind: "taken" }
	| Limited;

/** Each makes three grants, which stay for half a year. */
const generations: NamedLimit = { name: "token-pairs", attempts: 20, window: 3600 };

/**
 * "Generate Tokens" of contract 002: three pairs for a signed-in person in one account. Ids and secrets come from the form's
 * nonce, so that the second of two submits shows the tokens of the first. In the order of a consent: the register, so that
 * no grant is unlisted, then the ledger, which decides.
 */
export async function generatePairs(
	{ name, days }: WantedPairs,
	nonce: string,
	actor: Actor,
	services: Services,
): Promise<GeneratedPairs> {
	const { subject, accountId } = actor;
	const { config, now } = services;
	const limited = await takeTurn({ limit: generations, of: subject }, services);
	if (limited) return limited;
	const signer = await services.signingKeys.forAccessToken(null);
	const drafts = await Promise.all(pairScopes.map((scope) => draft(scope, nonce, actor, services)));
	const createdAt = now();
	const lifetime = days === null ? config.grantTtl : Math.min(days * 86_400, config.grantTtl);
	const expiresAt = createdAt + lifetime;
	const noted = { pairs: drafts.length, ...(name !== null && { name }), expires_at: writeInstant(expiresAt) };
	await portsOf(services).pairInstalls.add(
		drafts.map(({ reference, scope }) => ({
			grantId: reference.id,
			clientId: subject,
			accountId,
			subject,
			scope,
			createdAt,
			expiresAt,
		})),
		entryOf(actor, { action: "token_pairs.generate", target: subject, detail: noted }, services),
	);
	const ledger = portsOf(services).ledgers.of(subject);
	const pairs: TokenPair[] = [];
	for (const { reference, scope } of drafts) {
		const named = name === null ? {} : { name };
		const whose = { id: reference.id, clientId: subject, accountId, scope, ...named };
		const terms = { ...whose, rotation: "rotate", code: null } as const;
		const refresh = { hash: await hashSecret(reference), idleTtl: config.grantIdleTtl };
		const opened = await ledger.openPair(terms, { lifetime, refresh });
		if (opened.kind === "taken") return opened;
		const facts = { subject, accountId, clientId: subject, scope, grantId: reference.id, senderKey: null };
		const access = await signAccessToken(
			{ ...facts, ttl: config.pairTokenTtl, notAfter: opened.expiresAt },
			signer,
			services,
		);
		pairs.push(toPair(scope, access, await sealToken("refresh", reference, services.serverKeys)));
		await countToken(access, null, services);
	}
	return { kind: "generated", pairs };
}

async function draft(scope: PairScope, nonce: string, { subject, accountId }: Actor, { serverKeys }: Services) {
	const maker = `${scope} ${accountId} ${subject}`;
	const [id, secret] = await Promise.all([
		bytesFor(`token pair id ${maker}`, nonce, serverKeys),
		bytesFor(`token pair secret ${maker}`, nonce, serverKeys),
	]);
	const reference: TokenReference = { subject, accountId, id: base64url(id.slice(0, 16)), generation: 1, secret };
	return { reference, scope: [scope] };
}

export type RefreshedPair =
	| { kind: "refreshed"; pair: TokenPair }
	| { kind: "unknown" | "expired" | "revoked" | "elsewhere" };

/** `accountId` is the account that the request names, or null where it names none. Nobody but the holder has to prove anything. */
export async function refreshPair(
	refreshToken: string,
	slug: string | null,
	address: string | null,
	services: Services,
): Promise<RefreshedPair> {
	const reference = await unsealToken("refresh", refreshToken, services.serverKeys);
	if (!reference) return { kind: "unknown" };
	// After the seal: a stranger's guesses ask the register nothing. An organization that does not exist is another one.
	const account = slug === null ? null : await services.lookups.accountBySlug(slug);
	if (slug !== null && account?.id !== reference.accountId) return { kind: "elsewhere" };
	const { subject } = reference;
	// The key that signs is at hand before the ledger rotates.
	const [standing, signer] = await Promise.all([
		standingOf(subject, reference.accountId, null, services),
		services.signingKeys.forAccessToken(null),
	]);
	if (!standing) return { kind: "revoked" };
	const { notBefore } = standing;
	// A pair is its person's own: the family of a client is another's, and its tokens are strangers here.
	const family = { reference, clientId: subject, clientName: "a token pair", rotation: "rotate" } as const;
	const asked = { scope: null, resource: null, isProven: false, senderKey: null, notBefore, address };
	const refreshed = await rotateRefreshToken({ ...family, ...asked }, services);
	if (!refreshed.ok) {
		services.log("token_pair.refused", { subject, reason: refreshed.reason });
		return { kind: refusals.get(refreshed.reason) ?? "unknown" };
	}
	if (refreshed.refreshToken === null) throw new Error("A token pair always rotates");
	// What a scope stands for is found out when it is used, by the role of that moment.
	const { scope } = refreshed.terms;
	const facts = {
		subject,
		accountId: refreshed.terms.accountId,
		clientId: subject,
		scope,
		grantId: reference.id,
		senderKey: null,
	};
	const access = await signAccessToken(
		{ ...facts, ttl: services.config.pairTokenTtl, notAfter: refreshed.expiresAt },
		signer,
		services,
	);
	await countToken(access, null, services);
	return { kind: "refreshed", pair: toPair(scope, access, refreshed.refreshToken) };
}

function toPair(scopes: readonly string[], access: AccessToken, refreshToken: Clear): TokenPair {
	const { token, issuedAt, expiresIn } = access;
	return { scopes, accessToken: token, refreshToken, issuedAt, expiresAt: issuedAt + expiresIn };
}

const refusals: ReadonlyMap<string, "expired" | "revoked"> = new Map([
	["refresh_token_expired", "expired"],
	["refresh_token_revoked", "revoked"],
	["refresh_token_reused", "revoked"],
]);
