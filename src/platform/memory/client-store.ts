import { changeClient } from "../../domain/client-change.ts";
import { isSameName } from "../../domain/client-draft.ts";
import type { ClientRegister, ListedClient, ListedInstall } from "../../domain/ports/clients.ts";
import type { Client } from "../../domain/client.ts";
import type { AuditEntry } from "../../domain/audit-entry.ts";
import { joinStandings } from "../../domain/standing.ts";
import { parseSubject } from "../../domain/subject.ts";
import type { Seconds } from "../../domain/brands.ts";
import { fold, type InstallRow, type RegisterTables } from "./register-tables.ts";

export function memoryClients(tables: RegisterTables): ClientRegister {
	const log = (entry: AuditEntry) => {
		tables.audit = [...tables.audit, structuredClone(entry)];
	};
	const isNameTaken = ({ id, accountId, name }: Client) =>
		accountId !== null &&
		tables.clients.where(
			(other) =>
				other.id !== id && other.accountId === accountId && other.state === "active" && isSameName(other.name, name),
		).length > 0;
	const open = (clientId: string) =>
		tables.installs.where((install) => install.clientId === clientId && install.endedAt === undefined);
	return {
		async create(client, entry) {
			if (tables.clients.has(client.id)) return "id_taken";
			if (isNameTaken(client)) return "name_taken";
			tables.clients.insert(client);
			log(entry);
			return "created";
		},
		async register(client, entry, most) {
			tables.clients.insert(client);
			log(entry);
			const unclaimed = tables.clients.where((each) => registeredAt(each) !== null && !tables.keptClients.has(each.id));
			const oldest = unclaimed.toSorted(
				(a, b) => (registeredAt(b) ?? 0) - (registeredAt(a) ?? 0) || compare(b.id, a.id),
			);
			const beyond = new Set(oldest.slice(most).map(({ id }) => id));
			tables.clients.deleteWhere(({ id }) => beyond.has(id));
		},
		async keep(client, at) {
			const there = tables.clients.get(client.id);
			const isOpen = there === null ? client.options.isDocument === true : there.state === "active";
			if (!isOpen || client.accountId !== null) return;
			if (client.options.isDocument) tables.clients.set({ ...client, notBefore: there?.notBefore ?? 0 });
			tables.keptClients.set(client.id, at);
		},
		async purgeUnused({ unclaimedBefore, keptBefore }) {
			tables.clients.deleteWhere((client) => {
				const since = registeredAt(client);
				const keptAt = tables.keptClients.get(client.id);
				if (since === null || open(client.id).length > 0) return false;
				return keptAt === undefined ? since < unclaimedBefore : keptAt < keptBefore;
			});
		},
		async list(accountId, after, limit) {
			const rows = tables.clients.where((client) => client.accountId === accountId).toSorted(byName);
			return rows
				.filter((row) => after === null || byName(row, after) > 0)
				.slice(0, limit)
				.map(listed);
		},
		async change(id, accountId, change, now, entry) {
			const client = tables.clients.get(id);
			if (client?.accountId !== accountId) return { kind: "unknown" };
			const verdict = changeClient(client, change, now);
			if (verdict.kind !== "changed") return verdict;
			if (verdict.client.state === "active" && isNameTaken(verdict.client)) return { kind: "name_taken" };
			tables.clients.set(verdict.client);
			log(entry);
			return verdict;
		},

		async countInstalls(clientId, now) {
			const rows = open(clientId).filter((install) => install.expiresAt > now);
			return { grants: rows.length, accounts: new Set(rows.map((row) => row.accountId)).size };
		},
		async installs({ accountId, after, limit, now }) {
			return tables.installs
				.where((install) => install.accountId === accountId)
				.toSorted(byAge)
				.filter((install) => after === null || byAge(install, after) > 0)
				.flatMap((install) => shown(tables, install, now) ?? [])
				.slice(0, limit);
		},
		async install(grantId, accountId, now) {
			const install = tables.installs.get(grantId);
			return install?.accountId === accountId ? shown(tables, install, now) : null;
		},
		async endInstall(grantId, at, entry) {
			const install = tables.installs.get(grantId);
			if (!install || install.endedAt !== undefined) return;
			tables.installs.set({ ...install, endedAt: at });
			if (entry) log(entry);
		},
		async endInstallsOf({ subject, clientId }, at) {
			const given = tables.installs.where((each) => each.subject === subject && each.createdAt <= at);
			for (const install of given) {
				if (clientId !== null && install.clientId !== clientId) continue;
				if (install.endedAt === undefined) tables.installs.set({ ...install, endedAt: at });
			}
		},
		async installsOfEnded(limit) {
			const ended = tables.clients.where((client) => client.state === "ended");
			return ended
				.toSorted((a, b) => a.notBefore - b.notBefore)
				.flatMap(({ id }) => open(id).toSorted((a, b) => compare(a.grantId, b.grantId)))
				.slice(0, limit)
				.map(({ grantId, clientId, subject }) => ({ grantId, clientId, subject }));
		},
		async purgeEnded(before) {
			tables.clients.deleteWhere(
				({ id, state, notBefore }) => state === "ended" && notBefore > 0 && notBefore < before && open(id).length === 0,
			);
		},
	};
}

function registeredAt({ accountId, options }: Client): Seconds | null {
	return accountId === null ? (options.registeredAt ?? null) : null;
}

function listed({ logoSvg, ...client }: Client): ListedClient {
	return { ...client, hasLogo: logoSvg !== null };
}

function shown(tables: RegisterTables, install: InstallRow, now: Seconds): ListedInstall | null {
	const { grantId, subject, createdAt, expiresAt, scope, accountId } = install;
	if (install.endedAt !== undefined || expiresAt <= now) return null;
	const client = tables.clients.get(install.clientId);
	if (!client) return null;
	const owner = client.accountId === null ? null : tables.accounts.get(client.accountId);
	if (client.accountId !== null && owner?.state !== "active") return null;
	const isPerson = parseSubject(subject)?.kind === "person";
	const person = isPerson ? tables.people.get(subject) : null;
	const membership = isPerson ? tables.memberships.get(`${subject} ${accountId}`) : null;
	const standing = joinStandings([client, ...(isPerson ? [person, membership] : [])]);
	if (!standing || createdAt < standing.notBefore) return null;
	const { id, kind, name } = client;
	return {
		grantId,
		subject,
		createdAt,
		expiresAt,
		scope,
		client: { id, kind, name, hasLogo: client.logoSvg !== null, scope: client.scope, ownerName: owner?.name ?? null },
		person: person && membership && { name: person.name, username: person.username, role: membership.role },
	};
}

function byName(a: { name: string; id: string }, b: { name: string; id: string }): number {
	return compare(fold(a.name), fold(b.name)) || compare(a.id, b.id);
}

/** Newest first. */
function byAge(a: { createdAt: Seconds; grantId: string }, b: { createdAt: Seconds; grantId: string }): number {
	return b.createdAt - a.createdAt || compare(b.grantId, a.grantId);
}

function compare(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
