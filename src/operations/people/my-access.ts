import type { Api } from "../../domain/api.ts";
import type { Seconds } from "../../domain/brands.ts";
import { loginStartOf } from "../../domain/client.ts";
import type { Consent } from "../../domain/consent.ts";
import type { ListedGrant, Page } from "../../domain/ledger-verdicts.ts";
import type { Session } from "../../domain/session.ts";
import { clientDisplayOf } from "../clients/client-display.ts";
import { audit, entryOf } from "../audit.ts";
import { auditPerson } from "../audit-person.ts";
import { type ListPage, pageOf, partOf } from "../list.ts";
import { type AnySignedIn, opens, type SignedIn } from "./sign-in.ts";
import { noteGrantEnd, noteGrantEndsOf } from "../clients/installs.ts";
import { accountNameOf } from "../lookups.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";
import { visibleTo } from "../targets.ts";

/** What a person holds: login sessions (contract 001), and what they allowed others. */
export interface MyAccess {
	readonly sessions: ListPage<Session & { readonly accountName: string }>;
	readonly grants: ListPage<MyGrant>;
	/** What they are not asked for again. */
	readonly consents: ListPage<MyConsent>;
}

export type MyGrant = ListedGrant & {
	/** Null for tokens that the person made for themselves (contract 002), and for a client that is gone. */
	readonly clientName: string | null;
	/** Where a client that nobody vouches for says that it comes from; null for any other. */
	readonly unverifiedHost: string | null;
	/** Where its answers go; null for a client that is gone. */
	readonly redirectHost: string | null;
	/** Where its own sign-in begins; null where nobody says. */
	readonly loginUrl: string | null;
	/** Whether it is one of the person's own API tokens. */
	readonly isOwn: boolean;
	readonly accountName: string;
	/** Whose words there are for what it may do. */
	readonly apis: readonly Api[];
};

export type MyConsent = Consent & Pick<MyGrant, Named>;

type Named = "clientName" | "unverifiedHost" | "redirectHost" | "loginUrl" | "accountName" | "apis";

/** The cursor of each list; null begins. */
export type MyPlaces = { readonly [List in keyof MyAccess]: string | null };

const pageSize = 50;

/** Of the account alone, for whoever came in by its provider. Null where one of the cursors is not of this person's list. */
export async function listMyAccess(me: AnySignedIn, from: MyPlaces, services: Services): Promise<MyAccess | null> {
	const { id } = me.person;
	const ledger = portsOf(services).ledgers.of(id);
	/** Whether it is from the time that they belong to its account: what went with a membership is there until it expires. */
	const counts = async (accountId: string, since: Seconds) => {
		if (!opens(me, accountId)) return false;
		const membership = await services.lookups.membership(id, accountId);
		return membership?.state === "active" && since >= membership.notBefore;
	};
	/** A list of the ledger, in the order of what `idOf` says, each row as `show` has it; null: not at all. */
	const list = <Row, Shown>(
		name: keyof MyPlaces,
		find: (page: Page) => Promise<readonly Row[]>,
		idOf: (row: Row) => string,
		show: (row: Row) => Promise<Shown | null> | Shown,
	) =>
		pageOf(`${name} ${id}`, from[name], services, async (after) => {
			const found = await find({ after: String(after?.[0] ?? ""), limit: pageSize + 1 });
			const { rows, next } = partOf(found, pageSize, (row) => [idOf(row)]);
			const shown = await Promise.all(rows.map(show));
			return { rows: shown.filter((row) => row !== null), next };
		});
	const [sessions, grants, consents] = await Promise.all([
		list(
			"sessions",
			(page) => ledger.listSessions({ all: true, ...page }),
			({ sid }) => sid,
			async (row) =>
				(await counts(row.accountId, row.startedAt))
					? { ...row, accountName: await accountNameOf(row.accountId, services.lookups) }
					: null,
		),
		list(
			"grants",
			(page) => ledger.listGrants(page),
			byId,
			async (grant) => ((await counts(grant.accountId, grant.createdAt)) ? named(grant, me, services) : null),
		),
		list(
			"consents",
			(page) => ledger.listConsents(page),
			({ clientId }) => clientId,
			async (consent) => ((await counts(consent.accountId, consent.agreedAt)) ? withNames(consent, services) : null),
		),
	]);
	return sessions && grants && consents && { sessions, grants, consents };
}

function byId({ id }: { readonly id: string }): string {
	return id;
}

/** What the person agreed to with a client, as far as it is remembered. */
export async function findMyConsent(clientId: string, me: SignedIn, services: Services): Promise<MyConsent | null> {
	const consent = await portsOf(services).ledgers.of(me.person.id).consentTo(clientId);
	return consent && withNames(consent, services);
}

/** The client is asked about anew, and all that it was given has ended from the next request on. */
export async function withdrawMyConsent(
	{ clientId, accountId }: MyConsent,
	me: SignedIn,
	address: string | null,
	services: Services,
): Promise<void> {
	const { id } = me.person;
	const ended = await portsOf(services).ledgers.of(id).withdrawConsent(clientId);
	await noteGrantEndsOf({ subject: id, clientId, accountId: null }, ended, services);
	const by = { subject: id, accountId, address };
	await audit(entryOf(by, { action: "consent.withdraw", target: clientId }, services), services);
}

/** A grant of the person that still counts. */
export async function findMyGrant(grantId: string, me: AnySignedIn, services: Services): Promise<MyGrant | null> {
	const live = await portsOf(services).ledgers.of(me.person.id).inspectGrant(grantId, { notBefore: 0 });
	return live && opens(me, live.accountId) ? named({ ...live, id: grantId }, me, services) : null;
}

/** From the next request on, every token of the grant is dead. */
export async function revokeMyGrant(
	grant: MyGrant,
	me: AnySignedIn,
	address: string | null,
	services: Services,
): Promise<void> {
	const { id, accountId, clientId } = grant;
	if ((await portsOf(services).ledgers.of(me.person.id).revokeGrant(id, null)) !== "revoked") return;
	await noteGrantEnd(id, services);
	const by = { subject: me.person.id, accountId, address };
	await audit(entryOf(by, { action: "grant.revoke", target: id, detail: { client: clientId } }, services), services);
}

export async function revokeMyGrants(me: SignedIn, address: string | null, services: Services): Promise<void> {
	const { id } = me.person;
	const ended = await portsOf(services).ledgers.of(id).revokeGrants();
	await noteGrantEndsOf({ subject: id, clientId: null, accountId: null }, ended, services);
	await auditPerson(me.person, { action: "grants.revoke_all", target: id, address, detail: {} }, services);
}

export async function endMySession(
	sid: string,
	me: AnySignedIn,
	address: string | null,
	services: Services,
): Promise<"revoked" | "unknown"> {
	const ledger = portsOf(services).ledgers.of(me.person.id);
	const session = await ledger.inspectSession(sid, { jti: "", notBefore: 0 });
	if (!session || !opens(me, session.accountId)) return "unknown";
	if ((await ledger.revokeSession(sid, null)) === "unknown") return "unknown";
	const { accountId, credential } = session;
	const by = { subject: me.person.id, accountId, address };
	await audit(entryOf(by, { action: "session.revoke", target: sid, detail: { credential } }, services), services);
	return "revoked";
}

async function named(grant: ListedGrant, me: AnySignedIn, services: Services): Promise<MyGrant> {
	const isOwn = grant.clientId === me.person.id;
	if (!isOwn) return { ...(await withNames(grant, services)), isOwn };
	return { ...grant, ...nobody, isOwn, accountName: await accountNameOf(grant.accountId, services.lookups), apis: [] };
}

const nobody = { clientName: null, unverifiedHost: null, redirectHost: null, loginUrl: null };

async function withNames<Row extends { readonly clientId: string; readonly accountId: string }>(
	row: Row,
	services: Services,
): Promise<Row & Pick<MyGrant, Named>> {
	const [client, account, apis] = await Promise.all([
		services.lookups.client(row.clientId),
		accountNameOf(row.accountId, services.lookups),
		visibleTo(row.accountId, services),
	]);
	if (!client) return { ...row, ...nobody, accountName: account, apis };
	const [redirectUri] = client.redirectUris;
	const { name, unverifiedHost, redirectHost } = clientDisplayOf(client, redirectUri ?? "about:blank");
	return {
		...row,
		clientName: name,
		unverifiedHost,
		redirectHost: redirectUri === undefined ? null : redirectHost,
		loginUrl: loginStartOf(client, services.config.issuer),
		accountName: account,
		apis,
	};
}
