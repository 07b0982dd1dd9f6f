import type { Client } from "../../domain/client.ts";
import { isRole, type Role } from "../../domain/permission.ts";
import type { Account } from "../../domain/account.ts";
import type { Environment } from "../../domain/environment.ts";
import type { Membership, OneTimeCodes, Person, WrongPasswords } from "../../domain/person.ts";
import type { Policy } from "../../domain/policy.ts";
import { readStored } from "./stored-json.ts";

/** Rows of the register as D1 has them, and the values of the domain that they stand for. */

interface StandingRow {
	readonly state: "active" | "ended";
	readonly not_before: number;
}

export interface AccountRow extends StandingRow {
	readonly id: string;
	readonly slug: string;
	readonly name: string;
	readonly suspended_at: number | null;
	readonly second_factor?: string | null;
	/** Of {@link accountColumns} alone. */
	readonly only_through?: string | null;
	readonly has_webhooks?: 0 | 1;
}

export interface PersonRow extends StandingRow {
	readonly id: string;
	readonly username: string;
	readonly name: string;
	readonly password_hash: string;
	readonly profile: string;
	readonly verified_email: string | null;
	/** Since when they run the deployment. */
	readonly operator_since: number | null;
	readonly wrong_passwords: string | null;
	readonly one_time_codes: string | null;
}

export interface MembershipRow extends StandingRow {
	readonly person_id: string;
	readonly account_id: string;
	readonly role: string;
	readonly verified_email: string | null;
}

export interface ClientRow extends StandingRow {
	readonly id: string;
	readonly account_id: string | null;
	readonly kind: Client["kind"];
	readonly name: string;
	readonly description: string;
	readonly logo_svg: string | null;
	readonly redirect_uris: string;
	readonly auth_methods: string;
	readonly secrets: string;
	readonly grant_types: string;
	readonly scope: string;
	readonly rotation: Client["rotation"];
	readonly access_token_ttl: number;
	readonly options: string;
	/** Not read where it is of no use. */
	readonly used_at?: number | null;
}

export interface EnvironmentRow {
	readonly id: string;
	readonly account_id: string;
	readonly workspace: string;
	readonly name: string;
	readonly key_version: number;
	readonly enabled: 0 | 1;
}

export interface PolicyRow {
	readonly rev: number;
	readonly id: string;
	readonly account_id: string;
	readonly name: string;
	readonly description: string;
	readonly permissions: string;
}

/** With the provider that is the account's only way in (one that is off is none), and whether it has endpoints of webhooks. */
export const accountColumns = `accounts.*, (
	SELECT min(id) FROM sign_in_providers AS own
	WHERE own.account_id = accounts.id AND own.state = 'on' AND json_extract(own.terms, '$.only')
) AS only_through, EXISTS (SELECT 1 FROM webhook_endpoints WHERE account_id = accounts.id AND state = 'on') AS has_webhooks`;

export function toAccount(row: AccountRow): Account {
	const { id, slug, name, state, suspended_at, not_before, second_factor, only_through, has_webhooks } = row;
	const isSuspended = state === "active" && suspended_at !== null;
	// What a later version wrote asks for something at least.
	const demand = second_factor == null ? {} : ({ secondFactor: "required" } as const);
	const only = only_through == null ? {} : { onlyThrough: only_through };
	const told = has_webhooks === 1 ? ({ hasWebhooks: true } as const) : {};
	return {
		id,
		slug,
		name,
		state: isSuspended ? "suspended" : state,
		notBefore: not_before,
		...demand,
		...only,
		...told,
	};
}

/** Whole: what is left out here a person would seem not to have. */
export const personColumns = `people.*, (SELECT since FROM operators WHERE person_id = people.id) AS operator_since,
	(SELECT json_object('sealedSecret', sealed_secret, 'since', since) FROM one_time_codes
		WHERE person_id = people.id) AS one_time_codes,
	(SELECT json_object('count', count, 'firstAt', first_at, 'lastAt', last_at) FROM wrong_passwords
		WHERE person_id = people.id) AS wrong_passwords`;

export function toPerson(row: PersonRow): Person {
	const { id, username, name, password_hash, profile, operator_since, state, not_before } = row;
	const filled = profile === "{}" ? null : readStored<Person["profile"] | null>(profile, null, { table: "people", id });
	return {
		id,
		username,
		name,
		passwordHash: password_hash === "" ? null : password_hash,
		...(filled && { profile: filled }),
		...(row.verified_email !== null && { verifiedEmail: row.verified_email }),
		...(row.wrong_passwords !== null && { wrongPasswords: JSON.parse(row.wrong_passwords) as WrongPasswords }),
		...(row.one_time_codes !== null && { oneTimeCodes: JSON.parse(row.one_time_codes) as OneTimeCodes }),
		...(operator_since !== null && { isOperator: true }),
		state,
		notBefore: not_before,
	};
}

/** The column is never null: whoever has no password has the empty text there, which is no hash of any. */
export function storedPassword(hash: Person["passwordHash"]): string {
	return hash ?? "";
}

export function toMembership(row: MembershipRow): Membership {
	const { person_id, account_id, role, verified_email, state, not_before } = row;
	const verified = verified_email === null ? {} : { verifiedEmail: verified_email };
	return { personId: person_id, accountId: account_id, role: toRole(role), ...verified, state, notBefore: not_before };
}

/** What cannot be read opens nothing: no redirect URL, no way to authenticate. */
export function clientOfRow(row: ClientRow): Client {
	const read = <Value>(text: string, fallback: Value) => readStored(text, fallback, { table: "clients", id: row.id });
	return {
		id: row.id,
		accountId: row.account_id,
		kind: row.kind,
		name: row.name,
		description: row.description,
		logoSvg: row.logo_svg,
		redirectUris: read<Client["redirectUris"]>(row.redirect_uris, []),
		authMethods: read<Client["authMethods"]>(row.auth_methods, []),
		secrets: read<Client["secrets"]>(row.secrets, []),
		grantTypes: read<Client["grantTypes"]>(row.grant_types, []),
		scope: read<Client["scope"]>(row.scope, []),
		rotation: row.rotation,
		accessTokenTtl: row.access_token_ttl,
		options: read<Client["options"]>(row.options, {}),
		state: row.state,
		notBefore: row.not_before,
		...(row.used_at != null && { usedAt: row.used_at }),
	};
}

export function toEnvironment(row: EnvironmentRow): Environment {
	const { id, account_id, workspace, name, key_version, enabled } = row;
	return { id, accountId: account_id, workspace, name, keyVersion: key_version, enabled: enabled === 1 };
}

export function toPolicy({ id, account_id, name, description, permissions }: PolicyRow): Policy {
	const read = readStored<Policy["permissions"]>(permissions, [], { table: "policies", id });
	return { id, accountId: account_id, name, description, permissions: read };
}

/** A role that a later version wrote gives nothing here: better to fail than to guess. */
export function toRole(text: string): Role {
	if (!isRole(text)) throw new Error("a role that is not known");
	return text;
}
