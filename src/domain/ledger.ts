import {
	changeApiKey,
	checkApiKey,
	closedBy,
	type ApiKeyChange,
	type ApiKeyChanged,
	type ApiKeyCheck,
	type ApiKeyState,
	useCode,
} from "./api-key-state.ts";
import type { Hash, Seconds } from "./brands.ts";
import { type Consent, joinConsents } from "./consent.ts";
import * as grants from "./grant.ts";
import type { Activate, CodeGrantTerms, Grant, PairTerms, Redeem } from "./grant.ts";
import { againLater, type Logout, logoutsOf, type SignInsEnded } from "./logout.ts";
import { type Refresh, refresh } from "./refresh.ts";
import type { LedgerRows, RowBodies, RowKind } from "./ledger-rows.ts";
import type { Whose } from "./whose.ts";
import type {
	ListedGrant,
	LiveGrant,
	LiveSession,
	LoggedIn,
	LoginProof,
	SessionLogin,
	OpenedPair,
	Page,
	Redeemed,
	Refreshed,
} from "./ledger-verdicts.ts";
import { spendUse, usesLeft } from "./key-limits.ts";
import { liveGrant } from "./live-grant.ts";
import { judgeProof, liveSession } from "./live-session.ts";
import { continueSession, narrows, type Session, sessionLookup, sessionsPerSubject } from "./session.ts";
import { isSignedIn, type SignIn, signInTtl } from "./sign-in.ts";

/** How far the clock of whoever signed something may be behind the ledger's. */
const clockLeeway: Seconds = 60;

/**
 * The ledger of one subject: its grants, its sessions and sign-ins and, for an API key, its verdict. Each verb loads,
 * applies one pure rule and stores, without awaiting anything: the platform runs it as one transaction, so that of two
 * of everything at once one comes first. Times are of the ledger's own clock.
 */
export class Ledger {
	readonly #rows: LedgerRows;
	readonly #now: Seconds;

	constructor(rows: LedgerRows, now: Seconds) {
		this.#rows = rows;
		this.#now = now;
	}

	// Grants

	/**
	 * Consent, and what of it is to be remembered. Repeating it with the same grant id changes nothing. `agreedAt` is by the
	 * edge's clock, which may be wrong: the code lives as long as was said then, by this one. `overtaken`, and nothing is written,
	 * where a grant that it takes over from does not count any more: whoever ended it did not mean it to go on in another.
	 */
	openGrant(
		terms: Omit<CodeGrantTerms, "createdAt">,
		consent: Omit<Consent, "agreedAt"> | null = null,
		agreedAt: Seconds = this.#now,
	): "opened" | "overtaken" {
		if (this.#grant(terms.id)) return "opened";
		if (terms.code.replaces?.some((id) => !this.#isLive(id))) return "overtaken";
		const code = { ...terms.code, expiresAt: terms.code.expiresAt - agreedAt + this.#now };
		const grant = { ...terms, code, createdAt: this.#now, phase: "open" } as const;
		this.#putGrant(this.#wasSignedOut(grant) ? grants.revoked(grant, "signed_out", this.#now) : grant);
		if (!consent) return "opened";
		const joined = joinConsents(this.#rows.get("consent", consent.clientId), { ...consent, agreedAt: this.#now });
		this.#rows.put("consent", consent.clientId, null, joined, joined.expiresAt);
		return "opened";
	}

	/** What a client has now, in whatever account: what it could get tokens for. */
	grantsTo(clientId: string): readonly ListedGrant[] {
		const theirs = [...this.#rows.list("grant", "", { party: clientId })];
		return theirs.flatMap((grant) => {
			const live = liveGrant(grant, { notBefore: 0 }, this.#now);
			const isIdle = grant.phase === "active" && grant.refresh !== null && this.#now >= grant.refresh.idleExpiresAt;
			return live && !isIdle ? [{ ...live, id: grant.id }] : [];
		});
	}

	/** A token pair of contract 002, or what an issuer vouched for (RFC 7523). Repeating it with the same grant id and token changes nothing. */
	openPair(pair: Omit<PairTerms, "createdAt">, command: Activate): OpenedPair {
		const opened = grants.activate(this.#grant(pair.id), { ...pair, createdAt: this.#now }, command, this.#now);
		if (opened.kind !== "activated") return opened.kind === "repeated" ? { ...opened, kind: "opened" } : opened;
		this.#putGrant(opened.grant);
		return { kind: "opened", expiresAt: opened.grant.expiresAt };
	}

	/** What a code was given for, for when KV does not have its record. */
	grantTerms(grantId: string): CodeGrantTerms | null {
		const grant = this.#grant(grantId);
		return grant?.code ? { ...grant, code: grant.code } : null;
	}

	redeem(grantId: string, command: Redeem): Redeemed {
		const grant = this.#grant(grantId);
		if (!grant) return { kind: "unknown" };
		const verdict = grants.redeem(grant, command, this.#now);
		if ("grant" in verdict) this.#putGrant(verdict.grant);
		if (verdict.kind === "redeemed") {
			for (const id of grant.code?.replaces ?? []) {
				const earlier = this.#grant(id);
				const ended = earlier && grants.replacedBy(earlier, grant, this.#now);
				if (ended) this.#putGrant(ended);
			}
			return { kind: "redeemed", expiresAt: verdict.grant.expiresAt };
		}
		if (verdict.kind === "repeated") return { kind: "redeemed", expiresAt: verdict.expiresAt };
		return { kind: verdict.kind };
	}

	refresh(grantId: string, command: Refresh): Refreshed {
		const grant = this.#grant(grantId);
		if (!grant) return { kind: "unknown" };
		const verdict = refresh(grant, command, this.#now);
		if (verdict.kind === "rotated") {
			const { grant: rotated, ...answer } = verdict;
			this.#putGrant(rotated);
			return answer;
		}
		if (verdict.kind === "reused") {
			this.#putGrant(verdict.grant);
			return { kind: "reused" };
		}
		return verdict;
	}

	/**
	 * Whether what was issued under a grant (and, of it, the token `jti`, and those `before` that it was exchanged for) still counts;
	 * null where it does not.
	 */
	inspectGrant(
		grantId: string,
		query: { jti?: string; before?: readonly string[]; refresh?: Hash; notBefore: Seconds },
	): LiveGrant | null {
		const grant = this.#grant(grantId);
		if (!grant || (query.jti !== undefined && this.isTokenRevoked(query.jti, query.before))) return null;
		return liveGrant(grant, query, this.#now);
	}

	/**
	 * RFC 7009 §2.1 asks that the client be the one that the grant was given to; null is the subject itself. `unknown`: not
	 * there, or not that client's.
	 */
	revokeGrant(grantId: string, clientId: string | null): "revoked" | "unchanged" | "unknown" {
		const grant = this.#grant(grantId);
		if (!grant || (clientId !== null && grant.clientId !== clientId)) return "unknown";
		const tombstone = grants.revoke(grant, clientId === null ? "subject_request" : "client_request", this.#now);
		if (!tombstone) return "unchanged";
		this.#putGrant(tombstone);
		// Whoever takes it back wants to be asked before it is given again.
		if (clientId === null) this.#rows.delete("consent", grant.clientId);
		return "revoked";
	}

	/** What is to be said of these grants in a list, in their order. */
	grantStates(grantIds: readonly string[]): readonly grants.GrantState[] {
		return grantIds.map((id) => {
			const grant = this.#grant(id);
			return grant ? grants.stateOf(grant, this.#now) : "gone";
		});
	}

	/** What the subject allowed and still counts, in the order of ids: at most `limit` from the one after `after`. */
	listGrants(query: Page): readonly ListedGrant[] {
		return this.#list("grant", query, (grant) => {
			if (!grants.isLive(grant, 0, this.#now)) return null;
			const { id, clientId, accountId, scope, unchecked, resource, name, createdAt } = grant;
			const expiresAt = Math.min(grant.expiresAt, grant.refresh?.idleExpiresAt ?? grant.expiresAt);
			const optional = {
				...(unchecked && { unchecked }),
				...(resource && { resource }),
				...(name !== undefined && { name }),
			};
			return { id, clientId, accountId, scope, ...optional, createdAt, expiresAt };
		});
	}

	/**
	 * Ends all that the subject allowed a client in one account, codes that nobody has redeemed yet too. The ids of those that
	 * have ended.
	 */
	revokeGrantsTo(clientId: string, accountId: string): readonly string[] {
		// Whoever takes it back wants to be asked before it is given again.
		if (this.#rows.get("consent", clientId)?.accountId === accountId) this.#rows.delete("consent", clientId);
		return this.#endGrants({ party: clientId, accountId });
	}

	/** Ends every grant of the subject, those too whose code nobody has redeemed yet. The ids of those that have ended. */
	revokeGrants(): readonly string[] {
		const consents = [...this.#rows.list("consent", "")];
		for (const { clientId } of consents) this.#rows.delete("consent", clientId);
		return this.#endGrants({});
	}

	/** Whether an access token with no row of its own (that of a client acting for itself) was revoked, or one that it was got for. */
	isTokenRevoked(jti: string, before: readonly string[] = []): boolean {
		return [jti, ...before].some((each) => this.#rows.get("revoked_token", each) !== null);
	}

	// Consents

	consentTo(clientId: string): Consent | null {
		const consent = this.#rows.get("consent", clientId);
		return consent && this.#now < consent.expiresAt ? consent : null;
	}

	/** In the order of client ids, at most `limit` from the one after `after`. */
	listConsents(query: Page): readonly Consent[] {
		return this.#list("consent", query, (consent) => (this.#now < consent.expiresAt ? consent : null));
	}

	/** Forgets what was agreed to with a client, and ends all that it was given: the ids of those grants. */
	withdrawConsent(clientId: string): readonly string[] {
		this.#rows.delete("consent", clientId);
		return this.#endGrants({ party: clientId });
	}

	/** Ends one access token and leaves its grant (or session) alone. */
	revokeToken(jti: string, expiresAt: Seconds): void {
		const purgeAt = expiresAt + clockTtl;
		if (purgeAt > this.#now) this.#rows.put("revoked_token", jti, null, {}, purgeAt);
	}

	// Sessions (contract 001)

	login(proof: LoginProof, request: SessionLogin): LoggedIn {
		const state = proof.kind === "access_code" ? this.readKey() : null;
		const judged = judgeProof(proof, state, request.policies, this.#now);
		if (judged.kind !== "good") return judged;
		if (!request.offer) return { kind: "refused", reason: "no_access" };
		const { credential, accountId } = judged;
		const { sessionId, resource, minTtl, kids, notBefore, isFresh, offer } = request;
		const named = { credential, accountId, sessionId, ...(resource !== undefined && { resource }) };
		const lookup = sessionLookup(named);
		const found = this.#rows.find("session", lookup);
		// A token that was revoked alone is not handed out again, though its session may go on.
		const current = found && this.#rows.get("revoked_token", found.jti) ? null : found;
		// The edge may remember less than is permitted now: it looks again before a session that others use is ended.
		const isTooNarrow = current !== null && !isFresh && narrows(current, offer);
		const command = { ...named, minTtl, kids, notBefore, offer };
		const verdict = continueSession(current, command, this.#now);
		if (isTooNarrow || (verdict.kind === "started" && this.isTokenRevoked(verdict.session.sid))) {
			const ownerId = state?.ownerId ?? accountId;
			return { kind: "reoffer", ownerId, accountId, policies: request.policies?.ids ?? [] };
		}
		if (verdict.kind === "unsigned") return verdict;
		if (verdict.kind !== "same" && !found && !this.#hasRoomForSession()) return { kind: "full" };
		const used = state && this.#use(state, credential);
		if (used?.kind === "refused") return used;
		if (verdict.kind !== "same") {
			if (found && found.sid !== verdict.session.sid) this.#endSession(found);
			this.#rows.put("session", verdict.session.sid, lookup, verdict.session, verdict.session.expiresAt);
		}
		const { sid, payload, kid, signature, expiresAt } = verdict.session;
		return { kind: verdict.kind, sid, payload, kid, ...(signature && { signature }), expiresAt, accountId };
	}

	/** Null where the session, or the credential that opened it, no longer counts. */
	inspectSession(sid: string, query: { jti: string; notBefore: Seconds }): LiveSession | null {
		const session = this.#rows.get("session", sid);
		if (!session || this.isTokenRevoked(query.jti)) return null;
		return liveSession(session, this.readKey(), query.notBefore, this.#now);
	}

	/** In the order of their ids, at most `limit` from the one after `after`: of one credential and account, or all. */
	listSessions(query: ({ credential: string; accountId: string } | { all: true }) & Page): readonly Session[] {
		const of = "all" in query ? {} : { party: query.credential, accountId: query.accountId };
		return this.#list("session", query, (session) => (this.#now < session.expiresAt ? session : null), of);
	}

	/** A session may be ended by the credential and account that opened it; null is the subject itself. */
	revokeSession(sid: string, by: { credential: string; accountId: string } | null): "revoked" | "unknown" {
		const session = this.#rows.get("session", sid);
		if (!session) return "unknown";
		if (by && (session.credential !== by.credential || session.accountId !== by.accountId)) return "unknown";
		this.#endSession(session);
		return "revoked";
	}

	// Sign-ins

	openSignIn(signIn: Pick<SignIn, "id" | "hash" | "amr" | "within" | "through" | "unasked" | "shownAt" | "from">): {
		expiresAt: Seconds;
	} {
		const expiresAt = this.#now + signInTtl;
		this.#rows.put("sign_in", signIn.id, null, { ...signIn, authenticatedAt: this.#now, expiresAt }, expiresAt);
		return { expiresAt };
	}

	checkSignIn(id: string, hash: Hash): SignIn | null {
		const signIn = this.#rows.get("sign_in", id);
		return isSignedIn(signIn, hash, this.#now) ? signIn : null;
	}

	/**
	 * Whether somebody is signed in by it still, at a client that was given an id_token of that then: not where all that it had from before
	 * was taken back, even if it was allowed anew. Of what has run out there is nothing left to say so, and an edge
	 * of before does not say which client.
	 */
	hasSignIn(id: string, at: { readonly clientId: string; readonly issuedAt: Seconds } | null = null): boolean {
		const signIn = this.#rows.get("sign_in", id);
		if (signIn === null || this.#now >= signIn.expiresAt) return false;
		if (!at) return true;
		const theirs = [...this.#rows.list("grant", "", { party: at.clientId })];
		const given = theirs.filter((grant) => grant.identity?.sid === id && grant.createdAt <= at.issuedAt + clockLeeway);
		return given.length === 0 || given.some(({ phase }) => phase !== "revoked");
	}

	/** With all that was given in it and goes with it. */
	endSignIn(id: string): SignInsEnded {
		const isOpen = this.#rows.get("sign_in", id) !== null;
		return this.#endSignIns(new Set(isOpen ? [id] : []), [...this.#rows.listUnder("grant", id)]);
	}

	/** Those that still count, in the order of ids: at most `limit` from the one after `after`. */
	listSignIns(query: Page): readonly Omit<SignIn, "hash">[] {
		return this.#list("sign_in", query, (signIn) => {
			const { hash: _, ...shown } = signIn;
			return this.#now < signIn.expiresAt ? shown : null;
		});
	}

	/**
	 * Ends every sign-in and login session, in one transaction. Where something is spared, it is one sign-in, and the
	 * sessions of any credential but `sessionsOf`. Grants stay, but for those that go with a sign-in, be it one that has run out: that
	 * is no logout, so that they were still good.
	 */
	endEverything(but: { signIn: string; sessionsOf: string } | null): SignInsEnded {
		const signIns = [...this.#rows.list("sign_in", "")].filter(({ id }) => id !== but?.signIn);
		const sessions = [...this.#rows.list("session", "", but ? { party: but.sessionsOf } : {})];
		const given = [...this.#rows.listUnder("grant", "")].filter((grant) => grants.signInOf(grant) !== but?.signIn);
		const goOn = given.filter(({ phase }) => phase === "active").flatMap((grant) => grants.signInOf(grant) ?? []);
		const ended = this.#endSignIns(new Set([...signIns.map(({ id }) => id), ...goOn]), given);
		for (const session of sessions) this.#endSession(session);
		return ended;
	}

	// Logouts

	/** Of whoever belongs to an account no more: their sign-ins go on, and what they are signed in to for that account does not. */
	logOutOf(accountId: string): readonly Logout[] {
		return this.#noteLogouts([...this.#rows.list("grant", "", { accountId })], () => true);
	}

	/** Those that are to be told by now. */
	dueLogouts(): readonly Logout[] {
		return [...this.#rows.list("logout", "")].filter(({ dueAt }) => dueAt <= this.#now);
	}

	/** Whether the client is told again: after `failed`, for a while. Anything else is over. */
	logoutTried(id: string, outcome: "over" | "failed"): "over" | "again" {
		const logout = this.#rows.get("logout", id);
		const later = logout && outcome === "failed" ? againLater(logout, this.#now) : null;
		if (later) this.#putLogout(later);
		else this.#rows.delete("logout", id);
		return later ? "again" : "over";
	}

	// The key's verdict

	/**
	 * `from` is the address that the code came from. Where uses are counted, a call that broke and was repeated may have counted twice: so
	 * there are never more of them than there may be.
	 */
	checkKey(codeHash: Hash, accountId: string | null, from: string | null = null): ApiKeyCheck {
		const verdict = this.readKey();
		const check = checkApiKey(verdict, { codeHash, from }, accountId, this.#now);
		if (!verdict || check.kind === "refused") return check;
		const used = this.#use(verdict, check.code.id);
		if (used.kind === "refused") return used;
		const left = usesLeft(used.key, this.#now);
		return left ? { ...check, left } : check;
	}

	/** The whole verdict, as it stands here: for whoever manages the key. */
	readKey(): ApiKeyState | null {
		return this.#rows.get("key", "verdict");
	}

	changeKey(change: ApiKeyChange): ApiKeyChanged {
		const before = this.readKey();
		const changed = changeApiKey(before, change, this.#now);
		if (changed.kind !== "changed") return changed;
		this.#putKey(changed.verdict);
		if (before) this.#endSessions(before, changed.verdict);
		return changed;
	}

	/** The register has this `rev` now. */
	acknowledgeKey(rev: number): void {
		const verdict = this.readKey();
		if (verdict && verdict.copiedRev < rev) this.#putKey({ ...verdict, copiedRev: rev });
	}

	/** What the register has still to be told, or null. */
	uncopiedKey(): ApiKeyState | null {
		const state = this.readKey();
		return state && state.copiedRev < state.rev ? state : null;
	}

	// The end of an account

	/** Deletes what the subject holds or has allowed in one account, tombstones too: nothing of that account comes here again. */
	forgetAccount(accountId: string): void {
		// All are read before one is deleted: a cursor over rows that change may meet one twice.
		const given = [...this.#rows.list("grant", "", { accountId })];
		const sids = [...this.#rows.list("session", "", { accountId })].map(({ sid }) => sid);
		const clientIds = [...this.#rows.list("consent", "", { accountId })].map(({ clientId }) => clientId);
		this.#noteLogouts(given, () => true);
		for (const { id } of given) this.#rows.delete("grant", id);
		for (const sid of sids) this.#rows.delete("session", sid);
		for (const clientId of clientIds) this.#rows.delete("consent", clientId);
	}

	/**
	 * Deletes all of it, a key's tombstone too: for a subject of which nothing else is left, so that nobody can ask for it to be made
	 * anew. What stays, for some four hours at most, is who has still to be told.
	 */
	erase(): void {
		const sids = [...this.#rows.list("sign_in", "")].map(({ id }) => id);
		const given = sids.flatMap((sid) => [...this.#rows.listUnder("grant", sid)]);
		const waiting = [...this.#rows.list("logout", "")];
		this.#rows.clear();
		for (const logout of [...logoutsOf(given, this.#now), ...waiting]) this.#putLogout(logout);
	}

	#grant(id: string): Grant | null {
		return this.#rows.get("grant", id);
	}

	#isLive(id: string): boolean {
		const grant = this.#grant(id);
		return grant !== null && grants.isLive(grant, 0, this.#now);
	}

	#putGrant(grant: Grant): void {
		const sid = grants.signInOf(grant);
		const lookup = sid === null ? null : `${sid} ${grant.id}`;
		this.#rows.put("grant", grant.id, lookup, grant, grants.purgeAt(grant));
	}

	#putLogout(logout: Logout): void {
		this.#rows.put("logout", logout.id, null, logout, logout.dueAt);
	}

	/** `open` are those whose end is news, `given` what was given in any of them. */
	#endSignIns(open: ReadonlySet<string>, given: readonly Grant[]): SignInsEnded {
		for (const sid of open) this.#rows.delete("sign_in", sid);
		const ended = given.flatMap((grant) => grants.signedOut(grant, this.#now) ?? []);
		for (const grant of ended) this.#putGrant(grant);
		// A second call, after one that broke, tells what the first did.
		return { grants: ended.map(({ id }) => id), logouts: this.#noteLogouts(given, (sid) => open.has(sid)) };
	}

	/** What waits already is what it was; else it is new where `isNews` says so. */
	#noteLogouts(given: readonly Grant[], isNews: (sid: string) => boolean): readonly Logout[] {
		return logoutsOf(given, this.#now).flatMap((logout) => {
			const waiting = this.#rows.get("logout", logout.id);
			if (!waiting && isNews(logout.sid)) this.#putLogout(logout);
			return waiting ?? (isNews(logout.sid) ? logout : []);
		});
	}

	/** While its person was being asked. */
	#wasSignedOut(grant: Grant): boolean {
		const sid = grants.signInOf(grant);
		return sid !== null && this.#rows.get("sign_in", sid) === null;
	}

	#endGrants(of: Whose): readonly string[] {
		// All are read before one is written: a cursor over rows that change may meet one twice.
		const given = [...this.#rows.list("grant", "", of)];
		for (const grant of given) {
			const tombstone = grants.revoke(grant, "subject_request", this.#now);
			if (tombstone) this.#putGrant(tombstone);
		}
		// Those too that had ended before: a second call, after one that broke, tells what the first did.
		return given.map(({ id }) => id);
	}

	/** What is shown of the rows of a kind, where anything is. */
	#list<Kind extends RowKind, Shown>(
		kind: Kind,
		{ after, limit }: Page,
		show: (row: RowBodies[Kind]) => Shown | null,
		of: Whose = {},
	): readonly Shown[] {
		const found: Shown[] = [];
		for (const row of this.#rows.list(kind, after, of)) {
			if (found.length >= limit) break;
			const shown = show(row);
			if (shown) found.push(shown);
		}
		return found;
	}

	#putKey(verdict: ApiKeyState): void {
		// It stays for good: a deleted key's tombstone is what keeps it deleted. An uncopied one wakes the alarm.
		const purgeAt = verdict.copiedRev < verdict.rev ? this.#now + copyGrace : null;
		this.#rows.put("key", "verdict", null, verdict, purgeAt);
	}

	/** Counts it, where that is counted, and notes it. */
	#use(verdict: ApiKeyState, codeId: string) {
		const use = spendUse(verdict, this.#now);
		if (use.kind === "refused") return { ...use, ownerId: verdict.ownerId };
		const noted = useCode(use.key, codeId, this.#now) ?? use.key;
		if (noted !== verdict) this.#putKey(noted);
		return use;
	}

	/** What a disabled code, key or link had opened is over: enabled again, it opens anew (DESIGN §4.4). */
	#endSessions(before: ApiKeyState, after: ApiKeyState): void {
		const ended = closedBy(before, after, this.#now).flatMap((of) => [...this.#rows.list("session", "", of)]);
		for (const session of ended) this.#endSession(session);
	}

	/** For good: a login whose call broke after it had opened the session is repeated, and would open the same one again. */
	#endSession({ sid, expiresAt }: Session): void {
		this.#rows.delete("session", sid);
		if (this.#now < expiresAt) this.#rows.put("revoked_token", sid, null, {}, expiresAt);
	}

	#hasRoomForSession(): boolean {
		if (this.#rows.count("session") < sessionsPerSubject) return true;
		this.#rows.purge(this.#now);
		return this.#rows.count("session") < sessionsPerSubject;
	}
}

/** Whoever judges the token's end may have a slower clock: it must not find the token good again. */
const clockTtl: Seconds = 300;

/** How long the request has to copy a verdict to the register before the alarm does. */
const copyGrace: Seconds = 60;
