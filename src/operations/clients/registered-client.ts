import { isClientSecret, isOurClientId, makeClientSecret } from "../../crypto/client-secret.ts";
import { isRegistrationToken, looksLikeRegistrationToken } from "../../crypto/registration-token.ts";
import type { ClientChange, ClientRefusal } from "../../domain/client-change.ts";
import { actsAlone } from "../../domain/client-grant-types.ts";
import { registrationMethods } from "../../domain/client-auth-methods.ts";
import type { Client } from "../../domain/client.ts";
import { strangersScope } from "../../domain/effective-scope.ts";
import type { Limited, NamedLimit } from "../../domain/limit.ts";
import type { AuditEntry } from "../../domain/audit-entry.ts";
import { takeTurn } from "../limits.ts";
import {
	accountsScope,
	nameOf,
	readRegistration,
	registered,
	type RegistrationError,
} from "../../domain/registration.ts";
import type { Clear } from "../../domain/brands.ts";
import type { Stored } from "../../domain/stored.ts";
import { entryOf } from "../audit.ts";
import { type Edit, untilWritten } from "../edit.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";
import { visibleTo } from "../targets.ts";
import { type ClientWritten, writeClient } from "./write-client.ts";

/**
 * RFC 7592 §2.1: the client, as it is registered now, to whoever shows its own registration access token. Null for another
 * token, and for a client that never was or has ended: nobody learns which ids there are.
 */
export async function findRegistered(id: string, token: string, services: Services): Promise<Stored<Client> | null> {
	const { serverKeys } = services;
	if (!looksLikeRegistrationToken(token) || !(await isOurClientId(id, serverKeys))) return null;
	// A token stays the same for as long as its client is there, so that a guess costs the register nothing.
	const known = await services.lookups.client(id);
	const stored = known?.options.registration;
	if (!stored || !(await isRegistrationToken(token, stored, serverKeys))) return null;
	const client = await portsOf(services).clients.find(id, known.accountId);
	// An administrator may have withdrawn the token since.
	if (client?.state !== "active" || client.options.registration?.hash !== stored.hash) return null;
	if (client.accountId === null) return client;
	// A client does not outlive the account that owns it.
	return (await services.lookups.account(client.accountId))?.state === "active" ? client : null;
}

export type Reregistered =
	/** `secret` is there for a client that needs one from now on, and had none. */
	| { readonly kind: "changed"; readonly client: Stored<Client>; readonly secret: Clear | null }
	| { readonly kind: "invalid"; readonly error: RegistrationError }
	| Limited
	/** It has ended in the meantime. */
	| { readonly kind: "gone" }
	/** It is not the one any more that whoever sends this had before them; or others change it all the time. */
	| { readonly kind: "stale" | "overtaken" };

/** Each change is written down twice, in the register and in its log: strangers do not decide how much of it there is. */
const changeLimit: NamedLimit = { name: "registration-change", attempts: 20, window: 3600 };

/** What only the answers of this server say of a client (RFC 7592 §2.2). */
const answersOnly = [
	"registration_access_token",
	"registration_client_uri",
	"client_secret_expires_at",
	"client_id_issued_at",
];

/** RFC 7592 §2.2: what was sent takes the place of all that was registered. */
export async function reregister(
	client: Client,
	sent: Readonly<Record<string, unknown>>,
	address: string | null,
	edit: Edit<Stored<Client>, object>,
	services: Services,
): Promise<Reregistered> {
	const { config, serverKeys, random } = services;
	if (sent.client_id !== client.id) return invalid("client_id must be that of the client");
	const forbidden = answersOnly.find((name) => sent[name] !== undefined);
	if (forbidden !== undefined) return invalid(`${forbidden} must not be sent`);
	if (sent.client_secret !== undefined && !(await isItsSecret(sent.client_secret, client, services))) {
		return invalid("client_secret is not that of the client");
	}
	const { accountId } = client;
	const visible = accountId === null ? null : await visibleTo(accountId, services);
	const read = readRegistration(sent, {
		own: config,
		methods: registrationMethods,
		registrableScope: visible ? accountsScope(visible) : strangersScope,
		isLimit: accountId !== null,
		mayActAlone: actsAlone(client),
	});
	if (!read.ok) return { kind: "invalid", error: read.error };
	const limited = await takeTurn({ limit: changeLimit, of: client.id }, services);
	if (limited) return limited;
	const registration = { ...registered(read.registration), name: nameOf(read.registration) };
	const made = await makeClientSecret(serverKeys, random);
	const change: ClientChange = { kind: "register", registration, secret: made.stored };
	const changed = await apply(client, change, { action: "client.edit", address }, edit, services);
	switch (changed.kind) {
		case "changed": {
			const isNew = changed.client.secrets.some(({ hash }) => hash === made.stored.hash);
			return { kind: "changed", client: changed.client, secret: isNew ? made.secret : null };
		}
		case "name_taken":
			return invalid("client_name is the name of another client of the account");
		case "unknown":
			return { kind: "gone" };
		case "stale":
		case "overtaken":
			return { kind: changed.kind };
		case "refused":
			return changed.reason === "ended" ? { kind: "gone" } : invalid(refusals.get(changed.reason) ?? changed.reason);
	}
}

const refusals = new Map<ClientRefusal, string>([
	["beyond", "scope and grant_types are more than before"],
	[
		"above_ceiling",
		"scope, redirect_uris, post_logout_redirect_uris, jwks and jwks_uri may have nothing that an administrator took away",
	],
]);

/** RFC 7592 §2.3: nothing that it was granted counts from now on (DESIGN §4.9: within 30 seconds). */
export async function deregister(
	client: Client,
	address: string | null,
	edit: Edit<Stored<Client>, object>,
	services: Services,
): Promise<"gone" | "stale" | "overtaken"> {
	const ended = await apply(client, { kind: "end" }, { action: "client.delete", address }, edit, services);
	return ended.kind === "stale" || ended.kind === "overtaken" ? ended.kind : "gone";
}

async function apply(
	{ id, accountId }: Client,
	change: ClientChange,
	{ action, address }: Pick<AuditEntry, "action" | "address">,
	edit: Edit<Stored<Client>, object>,
	services: Services,
): Promise<ClientWritten | { kind: "unknown" | "stale" | "overtaken" }> {
	const { clients } = portsOf(services);
	return untilWritten<ClientWritten | { kind: "unknown" | "stale" }>(async () => {
		const client = await clients.find(id, accountId);
		if (!client) return { kind: "unknown" };
		if ((await edit(client)) === "stale") return { kind: "stale" };
		const writing = {
			// By its own token: no role permits it.
			by: () => null,
			entryOf(_: Client, changed: string) {
				const detail: AuditEntry["detail"] = change.kind === "end" ? {} : { changed };
				return entryOf({ subject: id, accountId, address }, { action, target: id, detail }, services);
			},
		};
		return writeClient(client, change, writing, services);
	});
}

async function isItsSecret(shown: unknown, { secrets }: Client, services: Services): Promise<boolean> {
	return typeof shown === "string" && isClientSecret(shown, secrets, services.serverKeys, services.now());
}

function invalid(detail: string): Reregistered {
	return { kind: "invalid", error: { code: "invalid_client_metadata", detail } };
}
