import { randomId } from "../../crypto/random.ts";
import type { Limited } from "../../domain/limit.ts";
import type { LoggedIn, LoginProof } from "../../domain/ledger-verdicts.ts";
import { unmetBy } from "../../domain/account.ts";
import { byAllOf } from "../../domain/authentication.ts";
import { permittedBy } from "../../domain/api.ts";
import type { Person } from "../../domain/person.ts";
import { narrow } from "../../domain/effective-scope.ts";
import { formatScope, type Scope } from "../../domain/scope.ts";
import type { SessionOffer } from "../../domain/session.ts";
import type { SubjectId } from "../../domain/subject.ts";
import type { Party } from "../../domain/usage.ts";
import type { Clear, Seconds } from "../../domain/brands.ts";
import { baseClaims } from "../signing/access-token.ts";
import type { SessionHint } from "../lookups.ts";
import { findLoginTarget, isTargetOf, type LoginTarget } from "./login-target.ts";
import { visibleTo } from "../targets.ts";
import { keptOf, signOffer, tokenOfSession } from "./login-token.ts";
import { authenticateClient, type ClientCredentials } from "../clients/authenticate-client.ts";
import { auditFirst, entryOf } from "../audit.ts";
import { permissionsOf } from "../checks/check-access-code.ts";
import { clientSubject } from "./client-credentials-grant.ts";
import { findApiKey } from "../checks/api-key-locator.ts";
import { noticeDeadKey } from "../checks/notice-dead-key.ts";
import { keyIn } from "../parties.ts";
import type { Services } from "../services.ts";
import { standingOf } from "../standing.ts";
import { isPasswordOf, type PasswordVerdict, verifyPassword } from "../checks/verify-password.ts";
import { portsOf } from "../ports-of.ts";

/** Contract 001: a login token is good for two hours. */
const loginTtl: Seconds = 7200;

export type LoginCredential =
	| { kind: "api_key"; secret: string }
	| {
			kind: "password";
			username: string;
			password: string;
			/** A one-time code; null where none was given. */
			otp: string | null;
	  }
	| { kind: "client"; credentials: ClientCredentials };

export interface LoginRequest {
	readonly credential: LoginCredential;
	/** The slug of the account to act in; null where the request named none. */
	readonly account: string | null;
	/** The registered API that the token is to be for; null for latchkey itself. */
	readonly resource: string | null;
	readonly sessionId: string;
	readonly minTtl: Seconds;
	readonly address: string | null;
}

export type LoginVerdict =
	| { kind: "logged_in"; token: Clear; sid: string; expiresIn: Seconds; parties: readonly Party[] }
	/** The credential is not good. Why is for the log alone. */
	| { kind: "refused"; reason: string }
	/** The password is right, and asks for a one-time code: none was given, or one that is not good. */
	| { kind: "second_factor" }
	/** The credential is good, and opens nothing in that account; or it is not said in which. */
	| { kind: "no_access" | "account_needed" | "too_many_sessions" }
	/** The account asks for a second factor, and the person has none. */
	| { kind: "too_weak" }
	/** The account lets its people in through its own provider alone. */
	| { kind: "only_through" }
	/** The key was used as often as it may be just now. */
	| ({ kind: "rate_limited" } & Omit<Limited, "kind">)
	/** No registered API of that name can be given something of in that account. */
	| { kind: "no_such_api" }
	| Exclude<PasswordVerdict, { kind: "right" | "wrong" }>;

/**
 * Contract 001: the same token while its session lasts. The subject's ledger decides in one call, for which the edge
 * brings the token that it would mint, signed, unless this isolate knows of a session that is good for the answer.
 */
export async function login(request: LoginRequest, services: Services): Promise<LoginVerdict> {
	const verdict = await loginBy(request, services);
	if (verdict.kind === "logged_in") services.usage.note("login", verdict.parties);
	return verdict;
}

function loginBy(request: LoginRequest, services: Services): Promise<LoginVerdict> {
	const { credential } = request;
	switch (credential.kind) {
		case "api_key":
			return loginWithKey(credential.secret, request, services);
		case "password":
			return loginWithPassword(credential, request, services);
		case "client":
			return loginAsClient(credential.credentials, request, services);
	}
}

async function loginWithKey(secret: string, request: LoginRequest, services: Services): Promise<LoginVerdict> {
	const code = await findApiKey(secret, services.serverKeys);
	if (!code) return { kind: "refused", reason: "unknown" };
	const { keyId, hash } = code;
	const { lookups } = services;
	// After the credential: strangers shall not find out which accounts there are.
	const account = request.account === null ? null : await lookups.accountBySlug(request.account);
	if (request.account !== null && !account) return { kind: "no_access" };
	const accountId = account?.id ?? null;
	const hintName = `${keyId} ${accountId ?? ""}`;
	// The first call in an isolate learns the key's policies; a change of policies between two calls asks once more.
	for (let round = 0; round < 3; round++) {
		const policies = lookups.keyHints.get(hintName) ?? null;
		const owner = policies && (await lookups.account(policies.ownerId));
		// A key that was linked elsewhere does not outlive the account that owns it.
		if (policies && owner?.state !== "active") return { kind: "no_access" };
		const may = policies && (await permissionsOf(policies.accountId, policies.ids, services, round > 0));
		const proof: LoginProof = { kind: "access_code", codeHash: hash, accountId, from: request.address };
		const who = policies && may && { subject: keyId, clientId: keyId, accountId: policies.accountId, may };
		const outcome = await openSession(keyId, proof, who, { policies, isFresh: round > 0 }, request, services);
		if (outcome.kind === "refused") noticeDeadKey(code, outcome.reason, services);
		if (outcome.kind !== "reoffer") return outcome;
		const { ownerId, accountId: opened, policies: ids } = outcome;
		rememberHint(lookups.keyHints, hintName, { ownerId, accountId: opened, ids });
	}
	throw new Error("The policies of a key changed three times during one login");
}

async function loginWithPassword(
	{ username, password, otp }: Extract<LoginCredential, { kind: "password" }>,
	request: LoginRequest,
	services: Services,
): Promise<LoginVerdict> {
	const verdict = await verifyPassword({ username, password, address: request.address }, services);
	if (verdict.kind === "wrong") return { kind: "refused", reason: "wrong_password" };
	if (verdict.kind !== "right") return verdict;
	const { person } = verdict;
	// Before the accounts: they are for who has shown all that is asked of them.
	const shown = await showSecondFactor(person, otp, request.address, services);
	if (shown !== null) return shown;
	const all = await portsOf(services).register.accountsOf(person.id);
	const chosen = request.account === null ? all : all.filter(({ account }) => account.slug === request.account);
	const [only, ...others] = chosen;
	if (!only) return { kind: "no_access" };
	if (others.length > 0) return { kind: "account_needed" };
	const unmet = unmetBy(only.account, { amr: byAllOf(person), within: null }, only.role);
	if (unmet !== null) return { kind: unmet === "provider" ? "only_through" : "too_weak" };
	const accountId = only.account.id;
	const apis = request.resource === null ? [] : await visibleTo(accountId, services);
	const who = { subject: person.id, clientId: person.id, accountId, may: permittedBy(only.role, apis) };
	const outcome = await prove(who, "password", request, services);
	if (outcome.kind !== "logged_in" || (await isPasswordOf(person, services))) return outcome;
	await portsOf(services).ledgers.of(person.id).revokeSession(outcome.sid, null);
	return { kind: "refused", reason: "wrong_password" };
}

/** Null where none is asked for, or it is good. What checks it is not evaluated where nobody has one. */
async function showSecondFactor(
	{ oneTimeCodes, ...person }: Person,
	otp: string | null,
	address: string | null,
	services: Services,
): Promise<LoginVerdict | null> {
	if (!oneTimeCodes) return null;
	if (otp === null) return { kind: "second_factor" };
	const { verifyOneTimeCode } = await import("../checks/verify-one-time-code.ts");
	const given = { code: otp, address, knownAs: null };
	const shown = await verifyOneTimeCode({ ...person, oneTimeCodes }, given, services);
	if (shown.kind === "limited") return shown;
	return shown.kind === "right" ? null : { kind: "second_factor" };
}

async function loginAsClient(
	credentials: ClientCredentials,
	request: LoginRequest,
	services: Services,
): Promise<LoginVerdict> {
	const client = await authenticateClient(credentials, services);
	if (!client || credentials.secret === null) return { kind: "refused", reason: "client" };
	// Nobody's client has no account to act in.
	if (client.accountId === null) return { kind: "no_access" };
	const own = await services.lookups.account(client.accountId);
	const isElsewhere = request.account !== null && request.account !== own?.slug;
	if (isElsewhere || !client.grantTypes.includes("client_credentials")) return { kind: "no_access" };
	// RFC 9449 §5.2: whose tokens are always bound to a key, gets none here, where no proof is taken.
	if (client.options.dpopBoundAccessTokens) return { kind: "no_access" };
	const subject = await clientSubject(client.id);
	const who = { subject, clientId: client.id, accountId: client.accountId, may: client.scope };
	return prove(who, "client_secret", request, services);
}

interface Who {
	readonly subject: SubjectId;
	readonly clientId: string;
	readonly accountId: string;
	/** Whatever they may do there, at latchkey and at every API; of which the token says what its target is about. */
	readonly may: Scope;
}

async function prove(
	who: Who,
	credential: "password" | "client_secret",
	request: LoginRequest,
	services: Services,
): Promise<LoginVerdict> {
	const proof: LoginProof = { kind: "proved", credential, accountId: who.accountId };
	// Another offer is wanted where what came of the first one has ended already (its call broke, and was repeated).
	for (let round = 0; round < 3; round++) {
		const outcome = await openSession(who.subject, proof, who, { policies: null, isFresh: true }, request, services);
		if (outcome.kind !== "reoffer") return outcome;
	}
	throw new Error("Three sessions ended during the login that opened them");
}

async function openSession(
	subject: SubjectId,
	proof: LoginProof,
	who: Who | null,
	known: { policies: { ownerId: string; accountId: string; ids: readonly string[] } | null; isFresh: boolean },
	request: LoginRequest,
	services: Services,
): Promise<LoginVerdict | Extract<LoggedIn, { kind: "reoffer" }>> {
	const ledger = portsOf(services).ledgers.of(subject);
	const { signingKeys, lookups } = services;
	const target = await findLoginTarget(request.resource, services);
	if (!target || (who && !isTargetOf(target, who.accountId))) return { kind: "no_such_api" };
	const client =
		proof.kind === "proved" && proof.credential === "client_secret" && who ? await lookups.client(who.clientId) : null;
	const [signer, kids, standing] = await Promise.all([
		services.signingKeys.forAccessToken(null, target.targets),
		signingKeys.kids(),
		who ? standingOf(subject, who.accountId, client, services) : { notBefore: 0 },
	]);
	if (!standing) return { kind: "no_access" };
	// One reading of the clock for the offer and for what remains: a fresh token says 7200, not what a second later is left.
	const now = services.now();
	// What of all that they may do is about the target, and for it alone: what is for latchkey opens nothing elsewhere.
	const permitted = who && narrow(who.may, target.offered);
	const scope = permitted && formatScope(permitted);
	const { sessionId } = request;
	// What is asked for at most is half of a life (DESIGN §3.4), be it of a shorter one.
	const minTtl = Math.min(request.minTtl, Math.floor(ttlOf(target) / 2));
	const resource = target.api && { resource: target.api.identifier };
	const hints = lookups.sessionHints;
	const hintName = `${subject} ${accessOf(proof)} ${who?.accountId ?? ""} ${sessionId}\n${target.api?.identifier ?? ""}`;
	const hint = hints.get(hintName) ?? null;
	let made: SessionOffer | null = null;
	const mint = async (of: Who, sid: string | null) => {
		made ??= makeOffer(of, target, { kid: signer.kid, issuedAt: now }, services);
		const minted = await signOffer(made, sid ?? made.sid, signer, services);
		return { ...minted, offer: { ...made, signature: { sid: minted.sid, sealed: minted.sealed } } };
	};
	let wanted = wantedToken(scope, hint, minTtl, now);
	let signable: readonly string[] = kids;
	for (let round = 0; round < 3; round++) {
		const minted = who && permitted && wanted ? await mint({ ...who, may: permitted }, wanted.sid) : null;
		const { notBefore } = standing;
		const offer = minted?.offer ?? (scope === null ? null : { scope, signature: null });
		const asked = { sessionId, ...resource, minTtl, kids: signable, notBefore, offer, ...known };
		const outcome = await ledger.login(proof, asked);
		switch (outcome.kind) {
			case "reoffer":
				return outcome;
			case "refused":
				if ("ownerId" in outcome)
					services.usage.note(outcome.reason, [{ accountId: outcome.ownerId, objects: [subject] }]);
				if ("limited" in outcome && outcome.limited) return { kind: "rate_limited", ...outcome.limited };
				return outcome.reason === "no_access" ? { kind: "no_access" } : outcome;
			case "full":
				return { kind: "too_many_sessions" };
			case "unsigned":
				wanted = outcome;
				break;
			default: {
				const { signature, expiresAt } = outcome;
				const inHand = [minted, hint?.kept].find((each) => each && each.sealed === signature);
				const token = inHand?.token ?? (await tokenOfSession(outcome, services));
				if (token !== null) {
					if (minted && inHand === minted) noteLogin(subject, outcome.accountId, proof, request, services);
					const kept = keptOf(signature, token);
					rememberHint(hints, hintName, { sid: outcome.sid, scope: scope ?? "", expiresAt, kept });
					const objects = [...keyIn(subject), ...(client ? [client.id] : []), ...(target.api ? [target.api.id] : [])];
					const parties = [
						{ accountId: outcome.accountId, objects },
						...(known.policies ? [{ accountId: known.policies.ownerId, objects: [subject] }] : []),
					];
					return { kind: "logged_in", token, sid: outcome.sid, expiresIn: Math.max(1, expiresAt - now), parties };
				}
				// Nobody has it again, as if its signing key had been withdrawn: another takes its place.
				signable = signable.filter((kid) => kid !== outcome.kid);
				wanted = { sid: null };
			}
		}
	}
	throw new Error("A session changed three times during one login");
}

/** The first of a day, of those that opened a session or had its token made anew: what asks for the token that there is, is none. */
function noteLogin(
	subject: SubjectId,
	accountId: string,
	proof: LoginProof,
	{ address }: LoginRequest,
	services: Services,
): void {
	const credential = proof.kind === "access_code" ? proof.kind : proof.credential;
	const act = { action: "session.open", target: subject, detail: { credential } };
	auditFirst(entryOf({ subject, accountId, address }, act, services), services);
}

/**
 * Of which `sid` the ledger will want a token, as far as this isolate knows (null: of a new one); nothing where it has one that is
 * good. What is known here only saves a signature, or a second call: the ledger compares it with its own.
 */
function wantedToken(
	scope: string | null,
	known: SessionHint | null,
	minTtl: Seconds,
	now: Seconds,
): { readonly sid: string | null } | null {
	if (!known || now >= known.expiresAt) return { sid: null };
	return known.scope === scope && known.expiresAt - now >= minTtl ? null : known;
}

function accessOf(proof: LoginProof): string {
	return proof.kind === "access_code" ? proof.codeHash : proof.credential;
}

function makeOffer(
	{ may: scope, ...who }: Who,
	target: LoginTarget,
	{ kid, issuedAt }: Pick<SessionOffer, "kid" | "issuedAt">,
	services: Services,
): SessionOffer {
	const expiresAt = issuedAt + ttlOf(target);
	const aud = target.api?.identifier ?? services.config.issuer;
	const claims = { ...baseClaims({ ...who, scope }, services, issuedAt), aud, exp: expiresAt };
	return { scope: formatScope(scope), claims, kid, sid: randomId(services.random), issuedAt, expiresAt };
}

function ttlOf({ api }: LoginTarget): Seconds {
	return Math.min(loginTtl, api?.tokenTtl ?? loginTtl);
}

function rememberHint<Hint>(hints: Map<string, Hint>, name: string, hint: Hint): void {
	hints.delete(name);
	hints.set(name, hint);
	const [oldest] = hints.keys();
	if (hints.size > 5000 && oldest !== undefined) hints.delete(oldest);
}
