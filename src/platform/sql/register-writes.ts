import { type Api, foldedIdentifier } from "../../domain/api.ts";
import type { Client } from "../../domain/client.ts";
import type { AccessCode, ApiKey } from "../../domain/api-key.ts";
import type { Account } from "../../domain/account.ts";
import type { AuditEntry } from "../../domain/audit-entry.ts";
import type { Seconds } from "../../domain/brands.ts";
import type { Environment } from "../../domain/environment.ts";
import type { Install } from "../../domain/install.ts";
import type { Membership, Person } from "../../domain/person.ts";
import type { Policy } from "../../domain/policy.ts";
import type { RegisterRows } from "../../domain/ports/register.ts";
import type { SqlDatabase, SqlStatement } from "./database.ts";
import { storedPassword } from "./register-rows.ts";

// The statements that write the register. What is combined goes into one batch, which is one transaction.

/** In the order in which the rows name each other. What is there stays as it is; any other conflict is an error. */
export function additions(db: SqlDatabase, rows: RegisterRows): SqlStatement[] {
	const keep = "ON CONFLICT (id) DO NOTHING";
	return [
		...(rows.accounts ?? []).map((account) => insertAccount(db, account, null, keep)),
		...(rows.people ?? []).map((person) => insertPerson(db, person, keep)),
		...(rows.people ?? [])
			.filter(({ isOperator }) => isOperator)
			.map(({ id }) => insertOperator(db, id, 0, "ON CONFLICT (person_id) DO NOTHING")),
		...(rows.memberships ?? []).map((membership) =>
			insertMembership(db, membership, "ON CONFLICT (person_id, account_id) DO NOTHING"),
		),
		...(rows.clients ?? []).map((client) => insertClient(db, client, keep)),
		...(rows.environments ?? []).map((environment) => insertEnvironment(db, environment, keep)),
		...(rows.policies ?? []).map((policy) => insertPolicy(db, policy, keep)),
		...(rows.apis ?? []).map((api) => insertApi(db, api, keep)),
		...(rows.apiKeys ?? []).map((key) => insertApiKey(db, key, keep)),
		...(rows.accessCodes ?? []).map((code) => insertAccessCode(db, code, keep)),
	];
}

/** Fails as a whole where there is a first account already. */
export function firstAccount(db: SqlDatabase, account: Account, person: Person, entry: AuditEntry): SqlStatement[] {
	const administrator: Membership = {
		personId: person.id,
		accountId: account.id,
		role: "admin",
		state: "active",
		notBefore: 0,
	};
	return [
		db.prepare("INSERT INTO setup (id, account_id) VALUES (1, ?)").bind(account.id),
		insertAccount(db, account, entry.at),
		insertPerson(db, person),
		insertMembership(db, administrator),
		// Who sets a deployment up is the first to run it.
		insertOperator(db, person.id, entry.at),
		insertAudit(db, entry),
	];
}

/** `settled` is 1 where no code has to be redeemed. */
export function insertInstall(db: SqlDatabase, install: Install, settled: 0 | 1, onConflict = ""): SqlStatement {
	const { grantId, clientId, accountId, subject, scope, unchecked = [], createdAt, expiresAt } = install;
	return db
		.prepare(
			`INSERT INTO installs (grant_id, client_id, account_id, subject, scope, unchecked, created_at, expires_at, settled)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ${onConflict}`,
		)
		.bind(
			grantId,
			clientId,
			accountId,
			subject,
			JSON.stringify(scope),
			JSON.stringify(unchecked),
			createdAt,
			expiresAt,
			settled,
		);
}

export function insertAudit(db: SqlDatabase, entry: AuditEntry): SqlStatement {
	const { at, accountId, actor, action, target, address, detail } = entry;
	return db
		.prepare("INSERT INTO audit (at, account_id, actor, action, target, address, detail) VALUES (?, ?, ?, ?, ?, ?, ?)")
		.bind(at, accountId, actor, action, target, address, JSON.stringify(detail));
}

function insertAccount(db: SqlDatabase, account: Account, at: Seconds | null, onConflict = ""): SqlStatement {
	const { id, slug, name, state, notBefore, secondFactor = null } = account;
	const isSuspended = state === "suspended";
	return db
		.prepare(
			`INSERT INTO accounts (id, slug, name, state, not_before, suspended_at, created_at, second_factor)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?) ${onConflict}`,
		)
		.bind(id, slug, name, isSuspended ? "active" : state, notBefore, isSuspended ? 0 : null, at, secondFactor);
}

function insertPerson(db: SqlDatabase, person: Person, onConflict = ""): SqlStatement {
	const { id, username, name, passwordHash, profile = {}, verifiedEmail, state, notBefore } = person;
	return db
		.prepare(
			`INSERT INTO people (id, username, name, password_hash, profile, verified_email, state, not_before)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?) ${onConflict}`,
		)
		.bind(
			id,
			username,
			name,
			storedPassword(passwordHash),
			JSON.stringify(profile),
			verifiedEmail ?? null,
			state,
			notBefore,
		);
}

function insertMembership(db: SqlDatabase, membership: Membership, onConflict = ""): SqlStatement {
	const { personId, accountId, role, verifiedEmail, state, notBefore } = membership;
	return db
		.prepare(
			`INSERT INTO memberships (person_id, account_id, role, verified_email, state, not_before)
			VALUES (?, ?, ?, ?, ?, ?) ${onConflict}`,
		)
		.bind(personId, accountId, role, verifiedEmail ?? null, state, notBefore);
}

function insertOperator(db: SqlDatabase, personId: string, since: number, onConflict = ""): SqlStatement {
	return db.prepare(`INSERT INTO operators (person_id, since) VALUES (?, ?) ${onConflict}`).bind(personId, since);
}

function insertClient(db: SqlDatabase, client: Client, onConflict: string): SqlStatement {
	return db
		.prepare(
			`INSERT INTO clients (id, account_id, kind, name, description, logo_svg, redirect_uris, auth_methods, secrets,
				grant_types, scope, rotation, access_token_ttl, state, not_before, options)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ${onConflict}`,
		)
		.bind(
			client.id,
			client.accountId,
			client.kind,
			client.name,
			client.description,
			client.logoSvg,
			JSON.stringify(client.redirectUris),
			JSON.stringify(client.authMethods),
			JSON.stringify(client.secrets),
			JSON.stringify(client.grantTypes),
			JSON.stringify(client.scope),
			client.rotation,
			client.accessTokenTtl,
			client.state,
			client.notBefore,
			JSON.stringify(client.options),
		);
}

function insertEnvironment(db: SqlDatabase, environment: Environment, onConflict: string): SqlStatement {
	const { id, accountId, workspace, name, keyVersion, enabled } = environment;
	return db
		.prepare(
			`INSERT INTO environments (id, account_id, workspace, name, key_version, enabled)
			VALUES (?, ?, ?, ?, ?, ?) ${onConflict}`,
		)
		.bind(id, accountId, workspace, name, keyVersion, enabled ? 1 : 0);
}

function insertPolicy(db: SqlDatabase, policy: Policy, onConflict: string): SqlStatement {
	const { id, accountId, name, description, permissions } = policy;
	return db
		.prepare(
			`INSERT INTO policies (id, account_id, name, description, permissions) VALUES (?, ?, ?, ?, ?) ${onConflict}`,
		)
		.bind(id, accountId, name, description, JSON.stringify(permissions));
}

function insertApi(db: SqlDatabase, api: Api, onConflict: string): SqlStatement {
	const { id, accountId, identifier, name, description, permissions, tokenTtl, algorithm, servers } = api;
	return db
		.prepare(
			`INSERT INTO apis (id, account_id, identifier, folded, name, description, permissions, token_ttl, algorithm, servers)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ${onConflict}`,
		)
		.bind(
			id,
			accountId,
			identifier,
			foldedIdentifier(identifier),
			name,
			description,
			JSON.stringify(permissions),
			tokenTtl,
			algorithm,
			JSON.stringify(servers),
		);
}

function insertApiKey(db: SqlDatabase, key: ApiKey, onConflict: string): SqlStatement {
	const { id, accountId, name, tags, type = "standard", createdAt } = key;
	return db
		.prepare(
			`INSERT INTO api_keys (id, account_id, name, tags, type, created_at) VALUES (?, ?, ?, ?, ?, ?) ${onConflict}`,
		)
		.bind(id, accountId, name, JSON.stringify(tags), type, createdAt);
}

function insertAccessCode(db: SqlDatabase, code: AccessCode, onConflict: string): SqlStatement {
	const { id, keyId, description, sealedSecret, visible = null } = code;
	return db
		.prepare(
			`INSERT INTO access_codes (id, key_id, description, sealed_secret, visible) VALUES (?, ?, ?, ?, ?) ${onConflict}`,
		)
		.bind(id, keyId, description, sealedSecret, visible);
}
