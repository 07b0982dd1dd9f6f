import type { Sealed } from "../../src/domain/brands.ts";
import { beginningOf, day } from "../../src/domain/usage.ts";
import { hash, newId, newSubject, now, type Stores } from "./builders.ts";
import {
	addApi,
	addMember,
	auditEntry,
	install,
	invitationOf,
	passkeyOf,
	identityAt,
	person,
	registerRows,
	signInProvider,
	trustedIssuer,
	webhookDelivery,
	webhookEndpoint,
} from "./register-builders.ts";

/** An account with something of everything that one can have. `alone` belongs to nothing else, `elsewhere` to another one too. */
export async function addWholeAccount({ platform }: Pick<Stores, "platform">) {
	const { accountDomains, alerts, emailLinks, events, invitations, oneTimeCodes, passkeys, people } = platform;
	const { recovery, register } = platform;
	const { signInProviders, trustedIssuers, usage, webhookDeliveries, webhooks } = platform;
	const rows = registerRows();
	const [{ id }] = rows.accounts;
	const other = registerRows();
	const [{ id: otherId }] = other.accounts;
	await register.add(rows);
	await register.add(other);
	const [key, linked] = [rows.apiKeys[0].id, other.apiKeys[0].id];
	const code = { id: rows.accessCodes[0].id, hash: hash(newId()), enabled: true, createdAt: 1, expiresAt: 2 };
	const verdict = { state: "enabled", rev: 1, copiedRev: 0 } as const;
	const policies = { [id]: ["own"], [otherId]: ["other"] };
	await register.copyVerdict(key, { ...verdict, ownerId: id, codes: [code], policies }, 1);
	await register.copyVerdict(linked, { ...verdict, ownerId: otherId, codes: [], policies }, 1);

	const alone = person({ verifiedEmail: `${newId()}@mail.example`, profile: { email: "alone@mail.example" } });
	const role = { accountId: id, role: "admin", state: "active", notBefore: 0 } as const;
	await register.add({ people: [alone], memberships: [{ ...role, personId: alone.id }] });
	const elsewhere = await addMember(register, id, "admin");
	await register.add({ memberships: [{ ...role, accountId: otherId, personId: elsewhere.id }] });
	const { passwordHash: password } = alone;
	await recovery.replaceCodes(alone.id, { password, hashes: [hash(newId())], at: now() }, []);
	const codes = { sealedSecret: newId() as Sealed, lastStep: 1, at: now(), password };
	await oneTimeCodes.turnOn(alone.id, codes, []);
	const link = { kind: "admin", accountId: id, madeBy: elsewhere.id, password: hash("password") } as const;
	const times = { createdAt: now(), expiresAt: now() + 86_400 };
	await recovery.addLink({ ...link, ...times, id: newId(), hash: hash(newId()), personId: alone.id }, []);
	await passkeys.add(passkeyOf(alone.id), []);
	await people.noteWrongPassword(alone.id, now());
	const email = "alone@mail.example";
	await emailLinks.put({ personId: alone.id, hash: hash(newId()), email, expiresAt: now() + 100 });

	await addApi(register, id);
	const by = { personId: elsewhere.id, accountId: id, roles: ["admin"] } as const;
	await trustedIssuers.add(trustedIssuer({ accountId: id }), by, auditEntry({ accountId: id }));
	const provider = signInProvider({ accountId: id });
	await signInProviders.add(provider, { kind: "role", role: by }, auditEntry({ accountId: id }));
	for (const { id: personId } of [alone, elsewhere]) await signInProviders.link(identityAt(provider.id, personId), []);
	const domain = { accountId: id, domain: `${newId().toLowerCase()}.example`, providerId: provider.id };
	await accountDomains.add(
		{ ...domain, challenge: newId() },
		{ kind: "role", role: by },
		auditEntry({ accountId: id }),
	);
	await invitations.add(invitationOf(id), hash(newId()), null, auditEntry({ accountId: id }));
	const subject = alone.id;
	const here = install(id, { subject, unchecked: ["theirs:read"] });
	await register.addInstall(here, auditEntry({ accountId: id }));
	const [{ id: clientId }] = rows.clients;
	const there = install(otherId, { clientId, subject: newSubject() });
	await register.addInstall(there, auditEntry({ accountId: otherId }));
	const [today, cell] = [beginningOf(day, now()), { accountId: id, object: key, what: "check", count: 1 } as const];
	await usage.add({ id: newId(), at: now(), cells: [today, today - day].map((at) => ({ ...cell, at })) });
	await usage.fold(today, 0);
	await events.add([
		{
			id: newId(),
			accountId: id,
			type: "event",
			environmentId: newId(),
			environment: "shop/prod",
			receivedAt: now(),
			occurredAt: Date.now(),
			body: '{"text":"kept"}',
		},
	]);
	const seen = { kind: "failed_logins", subject: "s", target: "", count: 1, at: now(), detail: { n: 1 } } as const;
	const endpoint = webhookEndpoint({ accountId: id });
	await webhooks.add(endpoint, by, auditEntry({ accountId: id }));
	await register.addAudit(auditEntry({ accountId: id }));
	await webhookDeliveries.add([webhookDelivery(endpoint)], []);
	await alerts.raise([{ ...seen, id: newId(), accountId: id, isAwaited: true }]);
	return { id, slug: rows.accounts[0].slug, otherId, key, linked, alone, elsewhere, clientId, here, there };
}

/** The columns of these names in each table, as `table column`. */
export async function columnsOf(db: Stores["databases"]["register"], only?: readonly string[]) {
	const tables = await db
		.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf*' AND name NOT GLOB 'sqlite*'")
		.all<{ name: string }>();
	const found = await Promise.all(
		tables.results.map(async ({ name: table }) => {
			const { results } = await db.prepare(`PRAGMA table_info(${table})`).all<{ name: string }>();
			return results.map(({ name }) => ({ table, column: name }));
		}),
	);
	return found.flat().filter(({ column }) => only?.includes(column) ?? true);
}
