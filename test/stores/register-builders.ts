import type { ClientNarrowing } from "../../src/domain/ports/clients.ts";
import type { MemberNarrowing } from "../../src/domain/ports/people.ts";
import type { NameWalk } from "../../src/domain/list-query.ts";
import { changeClient, type ClientChange, type ClientVerdict } from "../../src/domain/client-change.ts";
import type { ApiKeyRegister, KeyNarrowing, ListedApiKey, NamePosition } from "../../src/domain/ports/api-keys.ts";
import type { ClientRegister } from "../../src/domain/ports/clients.ts";
import type { Seconds } from "../../src/domain/brands.ts";
import type { Account } from "../../src/domain/account.ts";
import type { AuditEntry } from "../../src/domain/audit-entry.ts";
import { type Invitation, invitationTtl } from "../../src/domain/invitation.ts";
import type { Install } from "../../src/domain/install.ts";
import type { Role } from "../../src/domain/permission.ts";
import type { Passkey } from "../../src/domain/passkey.ts";
import type { Person } from "../../src/domain/person.ts";
import type { ProviderIdentity, SignInProvider } from "../../src/domain/sign-in-provider.ts";
import type { SubjectId } from "../../src/domain/subject.ts";
import type { TrustedIssuer } from "../../src/domain/trusted-issuer.ts";
import type { WebhookDelivery, WebhookEndpoint } from "../../src/domain/webhook.ts";
import type { Register, RegisterRows } from "../../src/domain/ports/register.ts";
import { hash, newId, newSubject, now, sealed } from "./builders.ts";

export function account(changes: Partial<Account> = {}): Account {
	const id = newId();
	return { id, slug: `slug-${id}`, name: "Acme", state: "active", notBefore: 0, ...changes };
}

export function person(changes: Partial<Person> = {}): Person {
	const id = newSubject();
	return { id, username: `user-${id}`, name: "Ada", passwordHash: "hash", state: "active", notBefore: 0, ...changes };
}

export async function addAccount(register: Register): Promise<Account> {
	const owner = account();
	await register.add({ accounts: [owner] });
	return owner;
}

/** Nothing that narrows a list of keys. */
export const everyKey: KeyNarrowing = {
	words: [],
	tag: null,
	type: null,
	state: null,
	expiresBefore: null,
	usedBefore: null,
	neverUsed: false,
	ids: null,
};

/** Nothing that narrows another list, from its beginning on. */
export const everyClient: ClientNarrowing = { q: null, state: null, kind: null };
export const everyMember: MemberNarrowing = { q: null, role: null, hasSecondFactor: null };
export const byName: NameWalk = { sort: "name", after: null, isBack: false, limit: 20 };
export const everyInstall = {
	narrowing: { q: null, isPending: null, subject: null },
	isOldestFirst: false,
	isBack: false,
	after: null,
	limit: 10,
} as const;

/** The keys of an account by name, after the one that is named. */
export async function keysByName(
	keyRegister: ApiKeyRegister,
	accountId: string,
	after: NamePosition | null,
	limit: number,
): Promise<readonly ListedApiKey[]> {
	const walk = { sort: "name", after: after && [after.name, after.id], isBack: false, limit } as const;
	return (await keyRegister.keys(accountId, everyKey, walk)).rows;
}

/** A person who belongs to the account. */
export async function addMember(register: Register, accountId: string, role: Role): Promise<Person> {
	const someone = person();
	const membership = { personId: someone.id, accountId, role, state: "active", notBefore: 0 } as const;
	await register.add({ people: [someone], memberships: [membership] });
	return someone;
}

/** An API of an account, or of the whole deployment: the name of its permission. */
export async function addApi(register: Register, accountId: string | null): Promise<string> {
	const id = newId();
	const named = { name: `${id}:read`, title: "Read", description: "", members: false, selfRegistered: false };
	const text = { identifier: `https://${id.toLowerCase()}.example`, name: id, description: "", permissions: [named] };
	await register.add({ apis: [{ id, accountId, ...text, tokenTtl: null, algorithm: null, servers: [] }] });
	return named.name;
}

/** One that is open. */
export function invitationOf(accountId: string, id = newId(), changes: Partial<Invitation> = {}): Invitation {
	const times = { createdAt: now(), expiresAt: now() + invitationTtl };
	const said = { role: "member", note: "", email: null, invitedBy: newSubject(), state: "open" } as const;
	return { id, accountId, ...said, ...times, ...changes };
}

export function trustedIssuer(changes: Partial<TrustedIssuer> = {}): TrustedIssuer {
	const id = newId();
	return {
		id,
		accountId: newId(),
		kind: "identity_provider",
		issuer: `https://${id}.example`,
		name: `Issuer ${id}`,
		algorithms: ["ES256"],
		clients: ["lkid_a"],
		subject: "email",
		tenant: null,
		rules: [],
		...changes,
	};
}

export function webhookEndpoint(changes: Partial<WebhookEndpoint> = {}): WebhookEndpoint {
	const id = newId();
	return {
		id,
		accountId: newId(),
		url: `https://${id}.example/hook`,
		description: "",
		eventTypes: null,
		state: "on",
		disabledFor: null,
		sealedSecret: sealed("secret"),
		previous: null,
		createdAt: now(),
		...changes,
	};
}

export function webhookDelivery(
	{ id: endpointId, accountId }: Pick<WebhookEndpoint, "id" | "accountId">,
	changes: Partial<WebhookDelivery> = {},
): WebhookDelivery {
	const row = { type: "key.created", body: "{}", createdAt: now(), state: "waiting", tries: 0 } as const;
	return { endpointId, accountId, id: newId(), ...row, nextAt: now(), last: null, ...changes };
}

export function signInProvider(changes: Partial<SignInProvider> = {}): SignInProvider {
	const id = newId();
	return {
		id,
		accountId: newId(),
		kind: "oidc",
		issuer: `https://${id}.example`,
		clientId: "latchkey",
		name: `Provider ${id}`,
		sealedSecret: sealed("secret"),
		tokenAuth: "client_secret_post",
		scopes: ["openid", "email"],
		groupsClaim: "groups",
		groupRoles: [["staff", "member"]],
		justInTime: true,
		defaultRole: null,
		admits: "everybody",
		only: true,
		trustsAmr: true,
		state: "on",
		...changes,
	};
}

export function identityAt(providerId: string, personId: SubjectId, subject = newId()): ProviderIdentity {
	return { providerId, subject, personId, linkedAt: now(), lastUsedAt: null };
}

export function passkeyOf(personId: SubjectId, changes: Partial<Passkey> = {}): Passkey {
	return {
		id: newId(),
		personId,
		credentialId: newId(),
		key: { alg: "EdDSA", kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" },
		signCount: 0,
		isSynced: false,
		transports: [],
		name: "A passkey",
		createdAt: 1,
		lastUsedAt: null,
		...changes,
	};
}

export function auditEntry(changes: Partial<AuditEntry> = {}): AuditEntry {
	return {
		at: now(),
		accountId: null,
		actor: "system",
		action: `thing.${newId()}`,
		target: "target",
		address: "192.0.2.1",
		detail: { count: 1 },
		...changes,
	};
}

/** As an operation changes a client: of what stands there, and once more where others were quicker. */
export async function changeOf(
	clients: ClientRegister,
	id: string,
	accountId: string | null,
	change: ClientChange,
	at: Seconds,
	entry: AuditEntry,
): Promise<ClientVerdict | { kind: "unknown" | "name_taken" | "not_permitted" }> {
	const client = await clients.find(id, accountId);
	if (!client) return { kind: "unknown" };
	const { rev, ...there } = client;
	const verdict = changeClient(there, change, at);
	if (verdict.kind !== "changed") return verdict;
	const written = await clients.write({ ...verdict.client, rev }, null, entry);
	if (written === "overtaken") return changeOf(clients, id, accountId, change, at, entry);
	return written === "written" ? verdict : { kind: written };
}

export function install(accountId: string, changes: Partial<Install> = {}): Install {
	const grantId = newId();
	const createdAt = now();
	return {
		grantId,
		clientId: "client",
		accountId,
		subject: newSubject(),
		scope: ["events:read"],
		createdAt,
		expiresAt: createdAt + 60,
		...changes,
	};
}

/** One row of everything, that names each other. */
export function registerRows() {
	const owner = account();
	const key = { id: newSubject("key"), accountId: owner.id, name: "Key", tags: ["a", "b"], createdAt: now() };
	return {
		accounts: [owner],
		people: [person()],
		clients: [
			{
				id: newId(),
				accountId: owner.id,
				kind: "integration",
				name: "Radar",
				description: "Watches",
				logoSvg: "<svg/>",
				redirectUris: ["https://client.example/callback"],
				authMethods: ["client_secret_basic", "client_secret_post"],
				secrets: [{ hash: hash("secret"), version: 1, expiresAt: null }],
				grantTypes: ["authorization_code", "refresh_token"],
				scope: ["events:read"],
				rotation: "keep",
				accessTokenTtl: 3600,
				options: { requirePkce: true, jwks: { keys: [{ kty: "OKP" }] } },
				state: "active",
				notBefore: 5,
			},
		],
		environments: [
			{ id: newId(), accountId: owner.id, workspace: "shop", name: "prod", keyVersion: 1, enabled: true },
			{ id: newId(), accountId: owner.id, workspace: "shop", name: "dev", keyVersion: 2, enabled: true },
			{ id: newId(), accountId: owner.id, workspace: "shop", name: "old", keyVersion: 1, enabled: false },
		],
		policies: [{ id: newId(), accountId: owner.id, name: "Read", description: "Reads", permissions: ["events:read"] }],
		apiKeys: [key],
		accessCodes: [{ id: newId(), keyId: key.id, description: "Code", sealedSecret: null }],
	} as const satisfies RegisterRows;
}
