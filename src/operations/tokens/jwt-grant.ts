import { sha256 } from "../../crypto/digest.ts";
import { readUnverified } from "../../crypto/jwt.ts";
import { randomId } from "../../crypto/random.ts";
import { accessTokenTtlOf } from "../../domain/access-token-terms.ts";
import { areAmong, audienceOf, readResources } from "../../domain/audience.ts";
import { isAssertionAlg, isSameAlg } from "../../domain/client-keys.ts";
import { isFapi } from "../../domain/client-profile.ts";
import type { Client } from "../../domain/client.ts";
import { defaultScope, effectiveScope, narrow, openAt } from "../../domain/effective-scope.ts";
import { splitScope } from "../../domain/identity.ts";
import { checkGrant, type IdJag, isWorkload, type JwtGrant, kindOf, readIdJag } from "../../domain/jwt-grant.ts";
import type { Scope } from "../../domain/scope.ts";
import { parseSubject, type SubjectId } from "../../domain/subject.ts";
import { closedTarget, inOneToken, type Targets } from "../../domain/targets.ts";
import type { IssuerKind, TrustedIssuer } from "../../domain/trusted-issuer.ts";
import { auditFirst, entryOf } from "../audit.ts";
import type { Sender } from "../checks/dpop.ts";
import { spelledAsRegistered } from "../clients/as-registered.ts";
import { isSignedByOne } from "../clients/client-assertion.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";
import { signAccessToken } from "../signing/access-token.ts";
import { standingOf } from "../standing.ts";
import { findTargets } from "../targets.ts";
import { grantClientCredentials } from "./client-credentials-grant.ts";
import type { IssuedTokens, TokenRefusal } from "./issued-tokens.ts";
import { useProof } from "./use-proof.ts";

export interface JwtBearer {
	readonly assertion: string;
	/** Null asks for all that can be had. */
	readonly scope: Scope | null;
	/** Null asks for what the assertion, or the client, has. */
	readonly resource: readonly string[] | null;
	/** Whose key the token is bound to; null where the client proved to have none. */
	readonly sender: Sender | null;
	readonly address: string | null;
}

export type Refusal = TokenRefusal & { readonly detail: string };

/** Far more than any that is signed by RSA. */
const maxLength = 8192;

/** An assertion that could be good; who signed it, nobody has looked yet. */
interface Read extends JwtGrant {
	readonly text: string;
	readonly alg: unknown;
	readonly kid: string | null;
	readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * Enterprise-Managed Authorization (MCP), by an Identity Assertion JWT Authorization Grant: what the identity provider of a company
 * vouches for is a grant of that member of the account, of that client, for as long as its one access token lives. Nobody is asked, and
 * nothing is remembered for the next time. The client has proved who it is.
 */
export async function grantByIdJag(
	request: JwtBearer,
	client: Client,
	services: Services,
): Promise<IssuedTokens | Refusal> {
	const read = readGrant(request.assertion, "identity_provider", services);
	if (typeof read === "string") return refused(read);
	const accountId = await accountOf(read.claims, client, services);
	if (accountId === null) return refused("No account here is that of aud_tenant, of the client or of resource");
	const trusted = await trustedIssuer(read, "identity_provider", accountId, services);
	if (!trusted?.clients.includes(client.id)) return refused("The account does not trust this issuer for this client");
	const unsigned = await signatureProblem(read, trusted, services);
	if (unsigned !== null) return refused(unsigned);
	const jag = readIdJag(read.claims, trusted, { clientId: client.id, senderKey: request.sender?.key ?? null });
	if (typeof jag === "string") return refused(jag);

	const named = narrowed(jag, request, services);
	if ("detail" in named) return { ok: false, error: "invalid_target", reason: "resource", detail: named.detail };
	const targets = await findTargets(named.resource, services);
	const closed = targetProblem(targets, accountId);
	if (closed !== null) return { ok: false, error: "invalid_target", reason: "resource_closed", detail: closed };
	const subject = await memberOf(jag, accountId, services);
	const standing = subject && (await standingOf(subject, accountId, client, services));
	// Whether there is nobody, or somebody who is none of the account any more: who asks may be told neither.
	if (!subject || !standing) return refused("The subject is no member of the account");
	const holder = { client, accountId, role: standing.role };
	const asked = askedOf(jag, request) ?? defaultScope(client);
	const scope = effectiveScope(splitScope(asked).access, openAt(inOneToken(targets), holder));
	if (!scope || scope.length === 0) {
		const detail = "Nothing of the scope is permitted to this client and person at that resource";
		return { ok: false, error: "invalid_scope", reason: "scope_closed", detail };
	}
	const used = await useProof(request.sender);
	if (used) return used;
	if (!(await takeOnce(read, accountId, services))) return refused("jti was used before");
	return opened({ scope, targets, ...named, subject, accountId, issuer: trusted }, request, client, services);
}

/**
 * Workload identity: a program that shows a token of where it runs (a CI job, a cluster) is the application of the account that a rule
 * says, without a secret. It gets what that one gets by a secret (RFC 6749 §4.4). `client` is only what the request names.
 */
export async function grantByWorkload(
	request: JwtBearer,
	client: Client,
	services: Services,
): Promise<IssuedTokens | Refusal> {
	const { scope, resource, sender } = request;
	const read = readGrant(request.assertion, "workload", services);
	if (typeof read === "string") return refused(read);
	const { accountId } = client;
	// FAPI 2.0 §5.3.2.1: it authenticates by its own keys, and by nothing else.
	if (isFapi(client)) return refused(unknownWorkload);
	const trusted = accountId === null ? null : await trustedIssuer(read, "workload", accountId, services);
	if (!trusted || accountId === null) return refused(unknownWorkload);
	const unsigned = await signatureProblem(read, trusted, services);
	if (unsigned !== null) return refused(unsigned);
	const isIt = isWorkload(read.claims, trusted.rules, client.id) && client.grantTypes.includes("client_credentials");
	if (!isIt) return refused(unknownWorkload);
	// It is spent by what it is shown for, and not by a request that asks for what cannot be had.
	const issued = await grantClientCredentials({ scope, resource, sender }, client, services);
	if (!issued.ok) return { ...issued, detail: issued.detail ?? "The application may not have what was asked for" };
	if (!(await takeOnce(read, accountId, services))) return refused("jti was used before");
	const detail = { issuer: read.issuer, workload: read.subject };
	const act = { action: "workload.admit", target: client.id, detail };
	auditFirst(entryOf({ subject: client.id, accountId, address: request.address }, act, services), services);
	return issued;
}

const unknownWorkload = "No rule of the account says that this workload is this client";

function refused(detail: string): Refusal {
	return { ok: false, error: "invalid_grant", reason: detail, detail };
}

/** Looks nothing up. A string says what is wrong with what it claims (RFC 7523 §3). */
function readGrant(text: string, kind: IssuerKind, { config, now }: Services): Read | string {
	const read = text.length <= maxLength ? readUnverified(text) : null;
	if (!read) return "assertion is no JWT";
	const said = kindOf(read.typ);
	if (said !== kind) {
		if (kind === "identity_provider") return "typ has to be oauth-id-jag+jwt";
		return said === null ? "typ has to be JWT, or left out" : "An ID-JAG is for a client that authenticates";
	}
	const grant = checkGrant(kind, read.claims, { issuer: config.issuer, now: now() });
	return typeof grant === "string" ? grant : { ...grant, text, ...read };
}

/** The account that an ID-JAG is for: what it says, or else whose client it is, or whose API it is for. */
async function accountOf(
	{ aud_tenant: tenant, resource }: Read["claims"],
	{ accountId }: Client,
	{ lookups }: Services,
): Promise<string | null> {
	if (tenant !== undefined) {
		const account = typeof tenant === "string" ? await lookups.accountBySlug(tenant) : null;
		return account && (accountId ?? account.id) === account.id ? account.id : null;
	}
	if (accountId !== null) return accountId;
	const [first]: readonly unknown[] = [resource].flat();
	return (typeof first === "string" ? (await lookups.apiAt(first))?.accountId : null) ?? null;
}

async function trustedIssuer(
	{ issuer }: Read,
	kind: IssuerKind,
	accountId: string,
	{ lookups }: Services,
): Promise<TrustedIssuer | null> {
	const all = (await lookups.trustedIssuers(accountId)) ?? [];
	return all.find((each) => each.kind === kind && each.issuer === issuer) ?? null;
}

/** RFC 8725 §3.1: by an algorithm that the account said, and by a key of the issuer. Null, or what is wrong. */
async function signatureProblem(
	{ text, alg, kid }: Read,
	trusted: TrustedIssuer,
	{ clientKeys }: Services,
): Promise<string | null> {
	if (!isAssertionAlg(alg) || !trusted.algorithms.some((each) => isSameAlg(alg, each))) {
		return `alg has to be one of ${trusted.algorithms.join(", ")}`;
	}
	const holder = { options: trusted };
	const keys = await clientKeys.find(holder, { alg, kid });
	if (await isSignedByOne(text, keys, alg)) return null;
	const isGone = keys.length === 0 && (await clientKeys.isUnreachable(holder));
	return isGone ? "The keys of the issuer cannot be fetched" : "No key of the issuer verifies the signature";
}

/** RFC 8707 §2.2: what the assertion is for, or some of that. */
function narrowed(
	{ resource }: IdJag,
	request: JwtBearer,
	{ config: { issuer } }: Services,
): { readonly resource: readonly string[] } | { readonly detail: string } {
	const named = readResources(resource, issuer);
	if (!named.ok) return named;
	const all = named.resource ?? [];
	if (request.resource && !areAmong(request.resource, all)) return { detail: "The assertion is not for that resource" };
	return { resource: audienceOf(request.resource, all, issuer) ?? [] };
}

function targetProblem(targets: Targets, accountId: string): string | null {
	const closed = closedTarget(targets, accountId);
	if (closed !== null) return closed;
	// Nobody here knows what an identity provider may decide of latchkey itself, or of what nobody registered.
	const isOpen = !targets.own && targets.foreign.length === 0 && targets.apis.length > 0;
	return isOpen ? null : "resource has to be a registered API";
}

/** What both the assertion and the request want; null where neither says. */
function askedOf({ scope }: IdJag, request: JwtBearer): Scope | null {
	return scope && request.scope ? narrow(scope, request.scope) : (scope ?? request.scope);
}

async function memberOf({ who }: IdJag, accountId: string, services: Services): Promise<SubjectId | null> {
	// A key and a client are no members, and of those no membership says which account they may act in.
	if (who.claim === "aud_sub") return parseSubject(who.value)?.kind === "person" ? who.value : null;
	const [member, another] = await portsOf(services).trustedIssuers.membersByEmail(accountId, who.value);
	// Whose it is of two, an address does not say.
	return another === undefined ? (member ?? null) : null;
}

/**
 * RFC 7523 §3 (7): once, by its `jti`; a workload's that has none by its text without the signature, of which ECDSA has two for
 * everything. Each account counts for itself: whom another one trusts under that name, burns nothing here.
 */
async function takeOnce({ issuer, jti, text, endsAt }: Read, accountId: string, services: Services): Promise<boolean> {
	const once = jti === null ? `text ${text.slice(0, text.lastIndexOf("."))}` : `jti ${jti}`;
	const name = `jwt grant ${await sha256(`${accountId} ${issuer} ${once}`)}`;
	const window = endsAt - services.now();
	return (await portsOf(services).limiter.take(name, { attempts: 1, window })) === 0;
}

interface Vouched {
	readonly subject: SubjectId;
	readonly accountId: string;
	readonly scope: Scope;
	readonly resource: readonly string[];
	readonly targets: Targets;
	readonly issuer: TrustedIssuer;
}

/** In the order of a consent: the register, so that no grant is unlisted, then the ledger, which decides. */
async function opened(
	{ subject, accountId, scope, resource, targets, issuer }: Vouched,
	{ sender, address }: JwtBearer,
	client: Client,
	services: Services,
): Promise<IssuedTokens> {
	const [audience, signer] = await Promise.all([
		spelledAsRegistered(resource, targets, accountId, services),
		services.signingKeys.forAccessToken(client, targets),
	]);
	const id = randomId(services.random);
	const createdAt = services.now();
	const ttl = accessTokenTtlOf(client, targets);
	const terms = {
		id,
		clientId: client.id,
		accountId,
		scope,
		resource: audience,
		rotation: "rotate",
		code: null,
	} as const;
	const { register, ledgers } = portsOf(services);
	const detail = { client: client.id, issuer: issuer.issuer };
	await register.addInstall(
		{
			grantId: id,
			clientId: client.id,
			accountId,
			subject,
			scope,
			unchecked: [],
			createdAt,
			expiresAt: createdAt + ttl,
		},
		entryOf({ subject, accountId, address }, { action: "grant.assert", target: id, detail }, services),
	);
	const grant = await ledgers.of(subject).openPair(terms, { lifetime: ttl, refresh: null });
	if (grant.kind !== "opened") throw new Error("A random id of a grant is taken");
	const senderKey = sender?.key ?? null;
	const facts = { subject, accountId, clientId: client.id, scope, resource: audience, grantId: id, senderKey };
	const access = await signAccessToken({ ...facts, ttl, notAfter: grant.expiresAt }, signer, services);
	return { ok: true, ...access, refreshToken: null, idToken: null, scope };
}
